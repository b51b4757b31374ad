"""Variables of the course: what is wrong with their use, and those in the attributes of blocks."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from markdown_it.token import Token

from course_builder.html_comments import blank_comments
from course_builder.model import Fence
from course_builder.parser.findings import Findings
from course_builder.parser.rules.places import InlinePlaces
from course_builder.parser.rules.variables import MOST_FILLED, VARIABLE, Unknown
from course_builder.tokens import place_of

_LONGEST = 2_000
"""What an attribute may have, in characters, if variables are to be filled in."""


def report_variables(
    tokens: Iterable[Token], env: Mapping[str, Any], text: str, variables: Mapping[str, str], findings: Findings
) -> None:
    """Report names without a value, and variables in raw HTML, which are not filled in."""
    lines = text.split("\n")
    unknown: list[Unknown] = env.get("unknown_variables", [])
    places: dict[int, InlinePlaces] = {}
    for each in unknown:
        if id(each.token) not in places:
            places[id(each.token)] = InlinePlaces(each.token, lines)
        _report_unknown(each.name, places[id(each.token)].of(each.offset), variables, findings)
    if (overfull := env.get("overfull")) is not None:
        message = f"variables fill in more than {MOST_FILLED:,} characters before this"
        findings.error(
            place_of(findings.path, overfull), "variable-limit", message, "Write the text once, and link to it."
        )
    for token in tokens:
        if token.type == "html_block" and (found := VARIABLE.search(blank_comments(token.content))):
            findings.error(
                place_of(findings.path, token),
                "variable-in-html",
                f"`{found[0]}` stands in raw HTML, where it is not filled in",
                "Put an empty line before and after the text, so that it is Markdown.",
            )


def fill_attributes(tokens: list[Token], variables: Mapping[str, str], findings: Findings) -> None:
    """Fill in variables in the attributes of fenced blocks."""
    for token in tokens:
        if token.type == "block_open":
            fence: Fence = token.meta["block"]
            if any("{{" in value for value in fence.attributes.values()):
                token.meta["block"] = dataclasses.replace(fence, attributes=_filled(fence, variables, findings))


def _filled(fence: Fence, variables: Mapping[str, str], findings: Findings) -> dict[str, str]:
    def value(match: re.Match[str]) -> str:
        if match["name"] not in variables:
            _report_unknown(match["name"], (fence.place.line, fence.place.column), variables, findings)
        return variables.get(match["name"], match[0])

    filled = {key: VARIABLE.sub(value, written) for key, written in fence.attributes.items() if len(written) < _LONGEST}
    return {**fence.attributes, **filled}


def _report_unknown(name: str, place: tuple[int, int], variables: Mapping[str, str], findings: Findings) -> None:
    there_are = f"There are {', '.join(sorted(variables))}." if variables else "The course has none."
    hint = findings.near(name, variables, f"{there_are} Add it to `variables` in course.yaml.")
    findings.error(place, "variable-unknown", f"the course has no variable `{name}`", hint)
