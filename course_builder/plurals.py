"""Numbers with their nouns, in the English of the commands and problems."""

from __future__ import annotations

from fractions import Fraction


def counted(number: int | Fraction | str, noun: str) -> str:
    """Write a number and its noun: ``1 error``, ``2 errors``, ``1,200 bytes``.

    Args:
        number: a text stands for a number that is written in a way of its own, such as ``1/2``.
        noun: in the singular; its plural ends in ``s``.
    """
    written = f"{number:,}" if isinstance(number, int) else str(number)
    return f"{written} {noun}" if written == "1" else f"{written} {noun}s"
