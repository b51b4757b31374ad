"""Images: each says in words what it shows."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from markdown_it.token import Token

from course_builder.model import Course, Page, Problem
from course_builder.tokens import place_of, plain_text, runs, telling

_FILE_NAME = re.compile(r"[\w.-]+\.[A-Za-z0-9]{2,5}")
_SAYS_NOTHING = frozenset({"image", "picture", "photo", "figure", "graphic", "alt", "alt text", "screenshot", "img"})


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each image without a real alternative text, or from elsewhere."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for token in telling(run):
                    if token.type == "image":
                        yield from _image(token, page)


def _image(token: Token, page: Page) -> Iterator[Problem]:
    place = place_of(page.path, token)
    source = str(token.attrs["src"])
    alt = plain_text(token.children or ())
    is_decorative = "decorative" in str(token.attrs.get("class", "")).split()
    if not source:
        yield Problem(place, "error", "image-without-file", "this image has no file", "Write ![alt](assets/file.svg).")
    elif re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", source) and not source.startswith("asset:"):
        hint = "Copy it into assets/: pages load nothing from elsewhere."
        yield Problem(place, "error", "image-from-elsewhere", f"`{source[:80]}` is not in the course", hint)
    if is_decorative:
        if alt:
            hint = "Leave the brackets empty, or take .decorative away."
            yield Problem(place, "error", "image-decorative", "a decorative image with an alternative text", hint)
    elif not alt:
        hint = "Say in its square brackets what it shows, or write `{.decorative}` behind it if that does not matter."
        yield Problem(place, "error", "image-without-alt", "this image has no alternative text", hint)
    elif _is_no_description(alt, source):
        hint = "Say what the image shows and why it is here."
        yield Problem(place, "error", "image-alt", f"`{alt}` does not say what the image shows", hint)


def _is_no_description(alt: str, source: str) -> bool:
    name = posixpath.basename(unquote(source))
    stem = posixpath.splitext(name)[0]
    folded = alt.lower().strip(" .")
    return folded in _SAYS_NOTHING or folded in {name.lower(), stem.lower()} or bool(_FILE_NAME.fullmatch(alt))
