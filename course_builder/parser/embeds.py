"""Blocks that show something of another kind: ``media``, ``scene`` and ``embed``."""

from __future__ import annotations

from collections.abc import Callable

from markdown_it.token import Token

from course_builder.model import Embed, Fence
from course_builder.parser.findings import Findings
from course_builder.parser.links import Targets
from course_builder.parser.media import read_media
from course_builder.parser.scenes import read_scene
from course_builder.tokens import end_of

_READERS = {"media": read_media, "scene": read_scene}


def read_embeds(tokens: list[Token], targets: Targets, findings: Callable[[str], Findings]) -> list[Token]:
    """Understand these blocks wherever they stand; each is one of the model's values in its ``block_open``.

    ``findings`` gives the problems of the file in which a block stands: its paths are relative to it.
    """
    read: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        name = token.meta["block"].name if token.type == "block_open" else ""
        if name in _READERS:
            end = end_of(tokens, index)
            inner = read_embeds(tokens[index + 1 : end], targets, findings)
            read += _READERS[name]([token, *inner, tokens[end]], targets, findings(token.meta["block"].place.path))
            index = end + 1
        else:
            read.append(_read_embed(token) if name == "embed" else token)
            index += 1
    return read


def _read_embed(token: Token) -> Token:
    fence: Fence = token.meta["block"]
    written = fence.attributes
    embed = Embed(written.get("src", ""), written.get("title", "").strip(), fence.place)
    return token.copy(meta={**token.meta, "embed": embed})
