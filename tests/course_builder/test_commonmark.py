"""The examples of CommonMark: our parser gives the tokens that markdown-it gives with the same plugins.

Where a rule of ours makes a difference on purpose, the example is named with the reason.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from course_builder.parser.findings import Findings
from course_builder.parser.markdown import MAX_NESTING, parse_markdown
from tests.conftest import skip_unless_in_ci
from tests.course_builder.sources import PAGE

SPECIFICATION = Path(__file__).parents[1] / "node_modules" / "commonmark-spec" / "spec.txt"
_EXAMPLE = re.compile(r"^`{32} example\n(?P<markdown>.*?)^\.\n.*?^`{32}$", re.MULTILINE | re.DOTALL)
_OURS = {"line", "column", "attributes", "written"}
"""What our rules note on a token that is markdown-it's own."""

CAPTION = "the title of an image that stands alone becomes its caption, in Markdown"
DIFFERENT = dict.fromkeys((572, 573, 576, 577, 584, 585, 586, 588, 589, 591), CAPTION)
"""Examples by number, each with the reason why ours differs; blocks, attributes and variables of ours are in none."""


@cache
def examples() -> tuple[str, ...]:
    text = SPECIFICATION.read_text(encoding="utf-8")
    return tuple(example["markdown"].replace("→", "\t") for example in _EXAMPLE.finditer(text))


@cache
def plain() -> MarkdownIt:
    """Set markdown-it up as we do, with the plugins of others alone."""
    md = MarkdownIt("gfm-like2", {"linkify": False, "maxNesting": MAX_NESTING})
    md.disable("linkify")
    md.use(deflist_plugin)
    md.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    return md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)


def simplified(token: Token) -> dict[str, Any]:
    """Give a token without what our rules note on it."""
    meta = {key: value for key, value in token.meta.items() if key not in _OURS}
    children = [simplified(child) for child in token.children] if token.children is not None else None
    return {**token.as_dict(children=False), "meta": meta, "children": children}


def differs(markdown: str) -> bool:
    ours = parse_markdown(markdown, Findings(PAGE))
    return [simplified(token) for token in ours] != [simplified(token) for token in plain().parse(markdown)]


@pytest.fixture(autouse=True)
def _specification() -> None:
    if not SPECIFICATION.exists():
        skip_unless_in_ci("there are no examples of CommonMark: run `npm ci` in tests/")


def test_there_are_all_examples() -> None:
    assert len(examples()) == 652


def test_our_parser_gives_the_tokens_of_markdown_it_but_where_we_mean_it() -> None:
    found = {number for number, markdown in enumerate(examples(), 1) if differs(markdown)}
    assert found == DIFFERENT.keys()
