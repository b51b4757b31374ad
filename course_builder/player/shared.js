// On a computer that several people use nothing is kept in the browser; the page says whether it is one.

/** Whether somebody said that this is a shared computer. */
export function isShared() {
  return "shared" in document.documentElement.dataset;
}

/** Forget all that pages of the tool have kept in this browser. */
export async function forgetKept() {
  for (const name of ["sessionStorage", "localStorage"]) {
    try {
      window[name].clear();
    } catch {
      // Storage is refused, so that there is nothing in it.
    }
  }
  try {
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    const workers = await navigator.serviceWorker.getRegistrations();
    await Promise.all(workers.map((worker) => worker.unregister()));
  } catch {
    // Likewise.
  }
}
