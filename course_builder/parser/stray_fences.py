"""Lines that start with ``:::`` and ended up as text: in a paragraph, a raw HTML block."""

from __future__ import annotations

from markdown_it.token import Token

from course_builder.html_comments import blank_comments
from course_builder.model import Place
from course_builder.parser.findings import Findings


def report_stray_fences(tokens: list[Token], findings: Findings) -> None:
    """Report each such line; one that should close a block, where that block opened."""
    opened: list[Place] = []
    for token in tokens:
        if token.type == "block_open":
            opened.append(token.meta["block"].place)
        elif token.type == "block_close":
            opened.pop()
        elif token.type in {"inline", "html_block"} and ":::" in token.content and token.map:
            for number in _stray_lines(token):
                line = token.map[0] + number + 1
                text = token.content.split("\n")[number].strip()
                is_close = not text.strip(":")
                findings.error(
                    opened[-1] if is_close and opened else (line, 1),
                    "block-in-text",
                    f"line {line} starts with ::: but ended up as text",
                    "Put it at the margin of its list item or quote, with an empty line before and after.",
                )


def _stray_lines(token: Token) -> list[int]:
    content = blank_comments(token.content) if token.type == "html_block" else token.content
    return [number for number, line in enumerate(content.split("\n")) if line.lstrip().startswith(":::")]
