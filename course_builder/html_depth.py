"""How deep raw HTML nests: what reads HTML as browsers do takes the square of the elements that are open at once."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.token import Token

from course_builder.html_comments import blank_comments
from course_builder.sanitize import tags
from course_builder.tokens import telling

MOST_OPEN = 100
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


def first_too_deep(run: Iterable[Token]) -> tuple[Token, int] | None:
    """Return the piece of raw HTML in which more than :data:`MOST_OPEN` elements are open, and where in it."""
    still_open: list[str] = []
    for token in telling(run):
        if token.type not in {"html_block", "html_inline"}:
            continue
        for tag in tags(blank_comments(token.content)):
            name = tag["name"].lower()
            if tag["end"]:
                # Another one's closing tag closes nothing: browsers keep what is not closed, or open it again.
                if still_open[-1:] == [name]:
                    still_open.pop()
            elif name not in _VOID:
                still_open.append(name)
                if len(still_open) > MOST_OPEN:
                    return token, tag.start()
    return None
