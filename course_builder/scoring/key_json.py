"""A key as plain JSON, for ``player/scoring/``, which scores where there is no Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from course_builder.scoring.key import Key

_NAMES = {"is_regex": "regex", "is_exact": "exact"}


def key_json(key: Key) -> dict[str, Any]:
    """Give a key as dictionaries, lists and strings.

    The names are those of :class:`Key`; a written answer has ``accepted`` and ``foreseen``, lists of ``{text, regex}``,
    and ``exact``, as ``private/keys.json`` has them. A fraction is a string, ``"5/2"``. What equals its default is left
    out.
    """
    plain: dict[str, Any] = _plain(key)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if is_dataclass(value):
        return {
            _NAMES.get(each.name, each.name): _plain(member)
            for each in fields(value)
            if (member := getattr(value, each.name)) != each.default and member not in ((), {})
        }
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    return value
