"""Headings: the page's title and the anchors."""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.token import Token

from course_builder.tokens import anchor_of, plain_text


def take_title(tokens: list[Token]) -> tuple[str, list[Token]]:
    """Return the plain text of the first-level heading that opens the page, and the tokens after it.

    A page that opens otherwise has no title, and keeps all its tokens for the checks to speak about.
    """
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        return plain_text(tokens[1].children or ()), tokens[3:]
    return "", tokens


def give_anchors(tokens: list[Token], taken: Iterable[str]) -> None:
    """Give each heading without an id the anchor made from its text, with a number where that one is taken."""
    used = set(taken)
    counts: dict[str, int] = {}
    for index, token in enumerate(tokens):
        if token.type != "heading_open" or "id" in token.attrs:
            continue
        base = anchor_of(plain_text(tokens[index + 1].children or ()))
        if not base:
            continue
        anchor, number = base, counts.get(base, 0)
        while anchor in used:
            number += 1
            anchor = f"{base}-{number}"
        counts[base] = number
        used.add(anchor)
        token.attrs["id"] = anchor
        token.meta["is_made_from_text"] = True
