"""What all values stand on: a run of text, and a place in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from course_builder.found import Place as Place

if TYPE_CHECKING:  # Problems are shown without the parser, which takes a while to import.
    from markdown_it.token import Token

Tokens: TypeAlias = "tuple[Token, ...]"
