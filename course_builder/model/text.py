"""What all values stand on: a run of text, and a place in a file."""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it.token import Token

Tokens = tuple[Token, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file and a position in it.

    ``path`` is relative to the course folder with ``/``; ``line`` and ``column`` count from 1, the column in
    characters.
    """

    path: str
    line: int = 1
    column: int = 1
