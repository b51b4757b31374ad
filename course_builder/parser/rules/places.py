"""Rules that remember where inline elements stand, since markdown-it keeps lines of blocks only.

An element's first token gets ``meta["line"]`` and ``meta["column"]``, both counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, autolink, html_inline, image, link
from markdown_it.token import Token
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote.index import footnote_ref

InlineRule = Callable[[StateInline, bool], bool]


def places_plugin(md: MarkdownIt) -> None:
    """Wrap the rules of the elements that the checks speak about."""
    rules: dict[str, InlineRule] = {
        "link": link,
        "image": image,
        "autolink": autolink,
        "html_inline": html_inline,
        "math_inline": math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True),
        "footnote_ref": partial(footnote_ref, always_match=True),
    }
    for name, rule in rules.items():
        md.inline.ruler.at(name, partial(_remember, rule))
    md.core.ruler.after("inline", "places", _places)


def _remember(rule: InlineRule, state: StateInline, silent: bool) -> bool:
    offset, count = state.pos, len(state.tokens)
    if not rule(state, silent):
        return False
    if not silent:
        first = next(token for token in state.tokens[count:] if token.type != "text")
        first.meta["offset"] = offset
    return True


def _places(state: StateCore) -> None:
    lines = state.src.split("\n")
    for token in state.tokens:
        if token.type != "inline" or token.map is None:
            continue
        for child in token.children or ():
            if "offset" in child.meta:
                child.meta["line"], child.meta["column"] = locate(token, child.meta.pop("offset"), lines)


def locate(inline: Token, offset: int, lines: list[str]) -> tuple[int, int]:
    """Return line and column in the file of an offset in an inline token's content."""
    first_line = inline.map[0] if inline.map else 0
    content = inline.content
    if (written := inline.meta.get("written")) is not None:
        content, offset = written.content, written.offset(offset)
    before = content[:offset]
    line = first_line + before.count("\n")
    start = before.rfind("\n") + 1
    text = content[start:].split("\n", 1)[0]
    if line >= len(lines):
        return first_line + 1, 1
    column = lines[line].find(text)
    if column < 0:  # A table cell in which a pipe was escaped, or a tab that was expanded.
        return line + 1, max(lines[line].find(text[offset - start :].split("|", 1)[0]), 0) + 1
    return line + 1, column + offset - start + 1
