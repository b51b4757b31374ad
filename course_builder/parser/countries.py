"""``only`` blocks of a course that is for one country: those of others go, those of its own need no label."""

from __future__ import annotations

import dataclasses

from markdown_it.token import Token

from course_builder.model import Fence
from course_builder.tokens import end_of


def keep_own_country(tokens: list[Token], country: str | None) -> list[Token]:
    """Take out what is for other countries, if ``variables`` of the course names its ``country``."""
    if country is None:
        return tokens
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        fence = _only_block(tokens[index])
        countries = fence.attributes.get("country", "").split("|") if fence else [""]
        if countries == [""] or fence is None:
            kept.append(tokens[index])
        elif country.lower() in countries:
            attributes = {key: value for key, value in fence.attributes.items() if key != "country"}
            block = dataclasses.replace(fence, attributes=attributes)
            kept.append(tokens[index].copy(meta={**tokens[index].meta, "block": block, "is_own_country": True}))
        else:
            index = end_of(tokens, index)
        index += 1
    return kept


def _only_block(token: Token) -> Fence | None:
    fence: Fence | None = token.meta.get("block") if token.type == "block_open" else None
    return fence if fence is not None and fence.name == "only" else None
