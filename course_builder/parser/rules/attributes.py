"""Inline rules for attributes: ``[text]{.class}`` and braces after an image, a link or code.

Braces that hold no attributes stay text. Where they plainly were meant as attributes, what is wrong with them is kept
in ``env["attribute_mistakes"]``, by the content of the inline token.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from course_builder.parser.attributes import Attributes, parse_attributes

_LOOKS_LIKE_ATTRIBUTES = re.compile(r"\{\s*(?:[#.][\w-]|[A-Za-z][\w-]*=)")
_BEFORE_BRACES = {"image": 0, "code_inline": 0, "link_close": -1}


def attributes_plugin(md: MarkdownIt) -> None:
    """Parse spans and the attributes that follow an inline element."""
    md.inline.ruler.after("link", "span", _span)
    md.inline.ruler.push("attributes", _after_element)


def _span(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    label_end = state.md.helpers.parseLinkLabel(state, state.pos, False)
    if label_end < 0:
        return False
    attributes = _braces(state, label_end + 1)
    if attributes is None:
        return False
    if not silent:
        maximum = state.posMax
        token = state.push("span_open", "span", 1)
        token.meta["offset"] = state.pos
        _apply(token, attributes)
        state.pos, state.posMax = state.pos + 1, label_end
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = maximum
    state.pos = attributes.end
    return True


def _after_element(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "{" or state.pending or not state.tokens:
        return False
    target = _element(state.tokens)
    attributes = _braces(state, state.pos) if target else None
    if target is None or attributes is None:
        return False
    state.pos = attributes.end
    _apply(target, attributes)
    return True


def _element(tokens: list[Token]) -> Token | None:
    """Return the element that the last token ends, if it may carry attributes."""
    last = tokens[-1]
    if last.type not in _BEFORE_BRACES:
        return None
    if last.nesting == 0:
        return last
    return next((token for token in reversed(tokens) if token.type == "link_open" and token.level == last.level), None)


def _braces(state: StateInline, start: int) -> Attributes | None:
    if not state.src.startswith("{", start) or not _LOOKS_LIKE_ATTRIBUTES.match(state.src, start):
        return None
    attributes = parse_attributes(state.src, start)
    if attributes.mistake is None:
        return attributes
    state.env.setdefault("attribute_mistakes", {}).setdefault(state.src, set()).add(attributes.mistake)
    return None


def _apply(token: Token, attributes: Attributes) -> None:
    """Keep what was written; ``checks`` says which classes and keys there are."""
    if attributes.id:
        token.attrs["id"] = attributes.id
    if attributes.classes:
        token.attrs["class"] = " ".join(attributes.classes)
    token.meta["attributes"] = attributes.values
