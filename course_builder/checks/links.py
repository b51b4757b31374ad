"""Links: where they lead and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from course_builder.model import Course, Module, Page, Problem, Tokens
from course_builder.tokens import anchors, place_of, plain_text, runs

SCHEMES = ("https", "http", "mailto", "tel")
_OUR_SCHEMES = ("page", "asset", "id", "module", "term")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
SAYS_NOTHING = frozenset(
    (
        *(
            "here",
            "click here",
            "click",
            "this",
            "this link",
            "link",
            "more",
            "read more",
            "learn more",
            "see more",
            "page",
        ),
        *("tässä", "täältä", "tästä", "klikkaa tästä", "linkki", "lue lisää", "lisää"),
        *("siin", "siit", "klõpsa siin", "vajuta siia", "link", "loe edasi", "loe lähemalt", "rohkem"),
        *("här", "klicka här", "länk", "denna länk", "läs mer", "mer"),
    )
)
"""Link texts that mean nothing when they are read alone, as screen readers list them."""


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each link that leads nowhere or says nothing."""
    for module in course.modules:
        known = {page.id: anchors(page) for page in module.pages}
        for page in module.pages:
            for run in runs(page):
                for opening, text in _links(run):
                    yield from _address(opening, page, module, known)
                    yield from _text(opening, text, page)


def _links(run: Tokens) -> Iterator[tuple[Token, Sequence[Token]]]:
    for token in run:
        children = token.children or []
        for index, child in enumerate(children):
            if child.type == "link_open":
                end = next(i for i in range(index, len(children)) if children[i].type == "link_close")
                yield child, children[index + 1 : end]


def _address(opening: Token, page: Page, module: Module, known: dict[str, set[str]]) -> Iterator[Problem]:
    address = str(opening.attrs["href"])
    place = place_of(page.path, opening)
    scheme = _SCHEME.match(address)
    if not address:
        yield Problem(place, "error", "link-empty", "this link leads nowhere", "Write its address: [text](address).")
    elif address.startswith(("#", "page:")):
        target, _, anchor = address.removeprefix("page:").partition("#")
        if anchor and anchor not in known.get(target or page.id, ()):
            where = f"the page `{target}`" if target else "this page"
            message = f"there is no `#{anchor}` on {where}"
            hint = "The part after # is the id of a heading or block, or a heading's text in small letters."
            yield Problem(place, "error", "link-missing-anchor", message, hint)
    elif address.startswith("//") or (scheme and scheme[1].lower() not in (*SCHEMES, *_OUR_SCHEMES)):
        known_schemes = ", ".join(f"{scheme}:" for scheme in SCHEMES)
        hint = f"An address is a path in the course, or starts with one of {known_schemes}."
        yield Problem(place, "error", "link-scheme", f"`{address}` cannot be an address", hint)


def _text(opening: Token, text: Sequence[Token], page: Page) -> Iterator[Problem]:
    place = place_of(page.path, opening)
    words = plain_text(text)
    if not words:
        hint = "Write what is behind it: [text](address)."
        yield Problem(place, "error", "link-without-text", "this link has no text", hint)
    elif words.lower().strip(" .:!…→»>") in SAYS_NOTHING:
        hint = "Say what is behind the link, so that its text makes sense alone."
        yield Problem(place, "error", "link-text", f"`{words}` does not say where this link leads", hint)
