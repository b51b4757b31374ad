"""A module in two languages, made by hand: two sources with one structure, each built, then joined."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course_builder.make import make
from course_builder.package import read_package
from course_builder.package.write import write_package

SOURCES = Path(__file__).parents[2] / "sources" / "two-languages"
_SAME_EPOCH = 315_532_800


def build_two_languages(folder: Path) -> Path:
    """Build the module and give its package, whose source language is English."""
    members: dict[str, bytes] = {}
    for language in ("en", "fi"):
        checked, [built] = make(SOURCES / language, folder / language)
        assert not checked.has_errors, checked.problems
        package = read_package(built.path)
        for name in package.members:
            data = package.member(name)
            is_in_both = name in members and name.endswith(".json") and members[name] != data
            members[name] = _join(members[name], data) if is_in_both else data
    path = folder / "bridges-1.0.0.module.zip"
    write_package(members, path, _SAME_EPOCH)
    return path


def _join(first: bytes, second: bytes) -> bytes:
    return json.dumps(_joined(json.loads(first), json.loads(second)), sort_keys=True).encode()


def _joined(first: Any, second: Any) -> Any:
    """Put texts by language together; what is of no language is the same in both, or the first one's."""
    if isinstance(first, dict) and isinstance(second, dict):
        return {
            key: _joined(first.get(key, second.get(key)), second.get(key, first.get(key))) for key in first | second
        }
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return [_joined(*pair) for pair in zip(first, second, strict=True)]
    return first
