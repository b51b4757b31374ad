"""Other hosts: pages load from one only if the course allows it, and only once a learner asks."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from course_builder.model import Course, Embed, Media, Place, Problem, Tokens
from course_builder.tokens import runs, telling


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each block that would load from a host that ``course.yaml`` does not allow."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for shown, is_on_page in _from_elsewhere(run, is_page=run is page.tokens):
                    yield from _address(shown.source, shown.place, course)
                    if not is_on_page:
                        hint = "Put it on the page itself, or copy it into the course."
                        message = "nothing can be loaded from another host here"
                        yield Problem(shown.place, "error", "host-place", message, hint)


def _from_elsewhere(run: Tokens, *, is_page: bool) -> Iterator[tuple[Media | Embed, bool]]:
    """Yield what would be loaded from another host, and whether it stands on the page for all to see."""
    notes = 0
    for token in telling(run):
        if token.type in {"block_open", "block_close"} and token.meta["block"].name == "facilitator":
            notes += token.nesting
        shown: Media | Embed | None = token.meta.get("media") or token.meta.get("embed")
        if shown is not None and shown.source and not shown.source.startswith("asset:"):
            yield shown, is_page and not notes


def _address(address: str, place: Place, course: Course) -> Iterator[Problem]:
    try:
        parts = urlsplit(address)
        host = parts.netloc
        is_plain = parts.hostname is not None and "@" not in host and not set(address) & set(" \\\"'<>")
    except ValueError:
        parts, host, is_plain = None, "", False
    if parts is None or parts.scheme != "https" or not is_plain:
        hint = "Write an address that starts with https://."
        yield Problem(place, "error", "host-address", f"`{address[:80]}` cannot be shown in a page", hint)
    elif host not in course.hosts:
        hint = f"Add `{host}` to `hosts` in course.yaml, if learners may be sent there."
        message = f"pages may not load from `{host}`"
        yield Problem(place, "error", "host-unknown", message, hint)
