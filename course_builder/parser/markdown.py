"""Markdown text → markdown-it tokens: CommonMark, GitHub's additions and ours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from course_builder.parser.findings import Findings
from course_builder.parser.rules.attributes import attributes_plugin
from course_builder.parser.rules.captions import captions_plugin
from course_builder.parser.rules.fence import fence_plugin
from course_builder.parser.rules.figures import figures_plugin
from course_builder.parser.rules.formulas import formulas_plugin
from course_builder.parser.rules.places import InlinePlaces, places_plugin
from course_builder.parser.rules.variables import variables_plugin
from course_builder.parser.variables import report_variables

MAX_NESTING = 40
"""Lists and quotes in each other; markdown-it drops what lies deeper, so ``parse_markdown`` reports it."""


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  The name is markdown-it's.
        """Accept every address: ``checks/links.py`` names the bad ones instead of leaving them as text."""
        return True


@cache
def _markdown() -> MarkdownIt:
    md = _Markdown("gfm-like2", {"linkify": False, "maxNesting": MAX_NESTING})
    md.disable("linkify")
    md.use(deflist_plugin)
    md.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    md.use(formulas_plugin)
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    md.use(attributes_plugin)
    md.use(captions_plugin)
    md.use(variables_plugin)
    md.use(places_plugin)
    md.use(figures_plugin)
    md.use(fence_plugin)
    return md


def parse_markdown(text: str, findings: Findings, variables: Mapping[str, str] | None = None) -> list[Token]:
    """Return the tokens of a text, footnote definitions in their places."""
    env: dict[str, Any] = {"variables": variables or {}}
    tokens = _markdown().parse(text, env)
    report_variables(tokens, env, text, variables or {}, findings)
    _report_attributes(tokens, env, text, findings)
    _report_nesting(tokens, findings)
    return tokens


def _report_nesting(tokens: list[Token], findings: Findings) -> None:
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        if token.level >= MAX_NESTING - 1:
            message = f"lists or quotes nest more than {MAX_NESTING // 2} deep"
            findings.error((line, 1), "nesting-too-deep", message, "Flatten them.")
            return


def _report_attributes(tokens: list[Token], env: dict[str, Any], text: str, findings: Findings) -> None:
    mistakes = env.get("attribute_mistakes")
    if not mistakes:
        return
    lines = text.split("\n")
    for token in tokens:
        if token.type == "inline" and token.content in mistakes:
            places = InlinePlaces(token, lines)
            for mistake in mistakes[token.content]:
                findings.error(places.of(mistake.offset), mistake.code, mistake.message, mistake.hint)
