"""What the reader hands to the parser: a course folder's texts, names and bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from course_builder.found import Problem

COURSE_FILE = "course.yaml"
MODULE_FILE = "module.yaml"
MODULES_FOLDER = "modules"


@dataclass(frozen=True, slots=True)
class Sources:
    """A course folder. All paths are relative to it, with ``/`` and in Unicode's composed form (NFC)."""

    texts: Mapping[str, str | Problem]
    """Markdown and YAML files: their text with ``\\n`` at line ends, or what kept it from being read."""
    files: frozenset[str]
    """All files, the texts among them."""
    read: Callable[[str], bytes]
    """Gives the bytes of one of ``files``."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the folder itself, such as a link that leaves it."""
