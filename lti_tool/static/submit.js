/** Sends the one form of the page that goes on by itself; without scripts there is its button. */
document.querySelector("[data-submits]").submit();
