"""Rows with more cells than their table's header: markdown-it would drop what is too much without a word."""

from __future__ import annotations

import re

from markdown_it.token import Token

from course_builder.parser.findings import Findings
from course_builder.plurals import counted

_PREFIX = re.compile(r"^[\s>]*\|?")
_LAST = re.compile(r"(?<!\\)\|$")
_CELL_END = re.compile(r"(?<!\\)\|")


def report_long_rows(tokens: list[Token], text: str, findings: Findings) -> None:
    """Report each row of a table that has more cells than the header."""
    lines: list[str] = []
    columns = 0
    for token in tokens:
        if token.type == "thead_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and token.map and columns:
            lines = lines or text.split("\n")
            cells = _count_cells(lines[token.map[0]])
            if cells > columns:
                findings.error(
                    (token.map[0] + 1, 1),
                    "table-row-too-long",
                    f"this row has {counted(cells, 'cell')}, its header {columns}",
                    r"Take one away; write \| for a pipe that is text, in code too.",
                )


def _count_cells(line: str) -> int:
    row = _PREFIX.sub("", line, count=1).rstrip()
    return len(_CELL_END.findall(_LAST.sub("", row))) + 1
