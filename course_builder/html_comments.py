"""Comments in HTML, found in one pass: a regular expression would start anew at each ``<!--`` that is never closed."""

from __future__ import annotations

from collections.abc import Iterator

OPEN, CLOSE = "<!--", "-->"


def comments(html: str) -> Iterator[tuple[int, int]]:
    """Yield where each closed comment begins and ends."""
    end = 0
    while (start := html.find(OPEN, end)) >= 0:
        close = html.find(CLOSE, start + len(OPEN))
        if close < 0:
            return
        end = close + len(CLOSE)
        yield start, end


def blank_comments(html: str) -> str:
    """Put spaces in the place of comments, so that everything else keeps its line and column."""
    pieces: list[str] = []
    position = 0
    for start, end in comments(html):
        pieces.append(html[position:start])
        pieces.append("".join("\n" if character == "\n" else " " for character in html[start:end]))
        position = end
    pieces.append(html[position:])
    return "".join(pieces)
