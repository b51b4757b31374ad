"""Values from outside that can be kept."""

from __future__ import annotations

from typing import TypeGuard


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value of JSON is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_storable(value: object) -> TypeGuard[str]:
    """Whether a value is a string a database takes: no null characters, no halves of surrogate pairs."""
    if not isinstance(value, str) or "\x00" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
