"""Core rule for ``Table: caption``: such a paragraph above a table becomes its caption."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_PREFIX = "Table: "


def captions_plugin(md: MarkdownIt) -> None:
    """Move captions into their tables, before their text is parsed."""
    md.core.ruler.after("block", "captions", _captions)


def _captions(state: StateCore) -> None:
    tokens = state.tokens
    if not any(token.type == "inline" and token.content.startswith(_PREFIX) for token in tokens):
        return
    moved: list[Token] = []
    index = 0
    while index < len(tokens):
        if _is_caption(tokens, index):
            _, text, _, table = tokens[index : index + 4]
            text.content = text.content.removeprefix(_PREFIX).strip()
            moved += [table, Token("caption_open", "caption", 1, block=True), text]
            moved.append(Token("caption_close", "caption", -1, block=True))
            index += 4
        else:
            moved.append(tokens[index])
            index += 1
    state.tokens = moved


def _is_caption(tokens: list[Token], index: int) -> bool:
    return (
        index + 3 < len(tokens)
        and tokens[index].type == "paragraph_open"
        and tokens[index + 3].type == "table_open"
        and tokens[index + 1].content.startswith(_PREFIX)
    )
