"""Classes come from the design system; attributes are those that an element takes."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from course_builder.model import Course, Page, Place, Problem
from course_builder.sanitize import AUTHOR_CLASSES, allowed_value
from course_builder.tokens import place_of, runs, telling

_KEYS = {
    "span_open": frozenset({"lang", "dir"}),
    "link_open": frozenset({"lang", "dir", "hreflang"}),
    "code_inline": frozenset({"lang"}),
    "image": frozenset({"lang", "width", "height"}),
}
_VALUES = {
    "lang": "Write a language tag such as fi.",
    "hreflang": "Write a language tag such as fi.",
    "dir": "Write ltr, rtl or auto.",
    "width": "Write a number of pixels.",
    "height": "Write a number of pixels.",
}


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each class and each attribute of a span, link or image that there is not."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for token in telling(run):
                    if token.type == "block_open" or "attributes" in token.meta:
                        yield from _token(token, page)


def _token(token: Token, page: Page) -> Iterator[Problem]:
    if token.type == "block_open":
        fence = token.meta["block"]
        yield from _classes(fence.classes, fence.place)
    else:
        place = place_of(page.path, token)
        yield from _classes(str(token.attrs.get("class", "")).split(), place)
        known = _KEYS[token.type]
        for key, value in token.meta["attributes"].items():
            if key not in known:
                message = f"`{key}` is no attribute of this element"
                yield Problem(place, "error", "attribute-unknown", message, f"There are {', '.join(sorted(known))}.")
            elif allowed_value(token.tag, key, value) is None:
                message = f"`{key}` cannot be `{value}`"
                yield Problem(place, "error", "attribute-value", message, _VALUES[key])


def _classes(classes: Iterable[str], place: Place) -> Iterator[Problem]:
    for name in classes:
        if name not in AUTHOR_CLASSES:
            near = difflib.get_close_matches(name, sorted(AUTHOR_CLASSES), n=1)
            hint = f"Did you mean `.{near[0]}`?" if near else f"There are {', '.join(sorted(AUTHOR_CLASSES))}."
            yield Problem(place, "error", "class-unknown", f"the design has no class `{name}`", hint)
