"""Core rule for figures: the title of an image that stands alone in its paragraph becomes a caption, in Markdown."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_WRITTEN_TITLE = re.compile(r"""(?s)\s(?P<quote>["'])(?P<title>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)\s*\)""")


def figures_plugin(md: MarkdownIt) -> None:
    """Parse captions; the plugin that remembers places has to come before, to see them too."""
    md.core.ruler.after("inline", "figures", _figures)


def _figures(state: StateCore) -> None:
    tokens: list[Token] = []
    for token in state.tokens:
        tokens.append(token)
        if token.type == "inline" and (image := _lone_image(token)):
            tokens += _caption(image, token, state)
    state.tokens = tokens


def _lone_image(inline: Token) -> Token | None:
    """Give the image that is all of a paragraph, beside comments, if it has a title."""
    shown = [child for child in inline.children or () if not _is_unseen(child)]
    is_figure = len(shown) == 1 and shown[0].type == "image" and "title" in shown[0].attrs
    return shown[0] if is_figure else None


def _is_unseen(child: Token) -> bool:
    if child.type == "html_inline":
        return child.content.startswith("<!--")
    return child.type == "softbreak" or (child.type == "text" and not child.content.strip())


def _caption(image: Token, inline: Token, state: StateCore) -> list[Token]:
    title = str(image.attrs.pop("title"))
    # The title comes with its escapes resolved; as Markdown they have to stand as they were written.
    written = [found["title"] for found in _WRITTEN_TITLE.finditer(inline.content)]
    content = next((each for each in written if unescapeAll(each) == title), title)
    children: list[Token] = []
    state.md.inline.parse(content, state.md, state.env, children)
    return [
        Token("figcaption_open", "figcaption", 1, block=True),
        Token("inline", "", 0, content=content, map=inline.map, level=inline.level, block=True, children=children),
        Token("figcaption_close", "figcaption", -1, block=True),
    ]
