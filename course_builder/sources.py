"""What the reader hands to the parser: a course folder's texts, names and bytes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from course_builder.found import Problem

_T = TypeVar("_T")

COURSE_FILE = "course.yaml"
MODULE_FILE = "module.yaml"
MODULES_FOLDER = "modules"


class Once(Protocol):
    """Makes something of a course's sources, if nobody asked for it before."""

    def __call__(self, key: Hashable, make: Callable[[Sources], _T]) -> _T:
        """Give what was made under this key."""
        ...


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
    shared: Once | None = None
    """Where what several modules need is made, if not here."""
    _made: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, key: Hashable, make: Callable[[Sources], _T]) -> _T:
        """Give what a function makes of these sources; it is made once, however many modules ask for it."""
        if self.shared is not None:
            return self.shared(key, make)
        if key not in self._made:
            self._made[key] = make(self)
        made: _T = self._made[key]
        return made
