"""What is in files, known without reading those that were not touched since.

A file is known again by its size, its times and its number on the disk. These say nothing about a file that was changed
so recently that a further change could bear the same time: such a file is read again, the next time too.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

COARSEST_CLOCK_NS = 2_000_000_000
"""The coarsest times that a file system in use has: those of FAT."""

Stat = tuple[int, int, int, int]
"""Size, time of the content, time of the entry, and number on the disk."""


class Fingerprints:
    """Digests of files by their path, as far as they are known from before, and what becomes known now."""

    def __init__(self, known: Mapping[str, tuple[Stat, str]]) -> None:
        self._known = dict(known)
        self._found: dict[str, str | None] = {}

    @property
    def known(self) -> Mapping[str, tuple[Stat, str]]:
        """What may be believed the next time."""
        return self._known

    def digest(self, path: str, file: Path) -> str | None:
        """Return the digest of what is in a file now; ``None`` if it cannot be read."""
        if path not in self._found:
            self._found[path] = self._digest(path, file)
        return self._found[path]

    def read(self, path: str, file: Path) -> bytes:
        """Read a file and note what is in it; one that changed since it was read before counts as unreadable.

        Raises:
            OSError: if it cannot be read.
        """
        before = self._found.get(path, ...)
        self._found[path] = None
        # What is written between the two lines makes the stat too old, so that the file is read again: never too new.
        stat, now = _stat(file), time.time_ns()
        data = file.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        self._note(path, stat, now, digest if before in {..., digest} else None)
        return data

    def forget(self, path: str) -> None:
        """Look at a file anew when it is next asked for: it was written."""
        self._found.pop(path, None)
        self._known.pop(path, None)

    def noted(self) -> Mapping[str, str | None]:
        """Return the digests of all files that were asked for; ``None`` for one that could not be read."""
        return self._found

    def join(self, other: Fingerprints) -> None:
        """Count what was read for something among what was read here, where it is used."""
        for path, digest in other._found.items():
            if self._found.setdefault(path, digest) != digest:  # Two states of a file went into one thing.
                self._found[path] = None
                self._known.pop(path, None)
            elif path in other._known:
                self._known[path] = other._known[path]

    def add(self, other: Fingerprints) -> None:
        """Take over what another process came to know."""
        for path, digest in other._found.items():
            self._found[path] = digest
            if path in other._known:
                self._known[path] = other._known[path]
            else:
                self._known.pop(path, None)

    def _digest(self, path: str, file: Path) -> str | None:
        try:
            if path in self._known and self._known[path][0] == _stat(file):
                return self._known[path][1]
            self.read(path, file)
        except OSError:
            self._known.pop(path, None)
            return None
        return self._found[path]

    def _note(self, path: str, stat: Stat, now: int, digest: str | None) -> None:
        self._found[path] = digest
        if digest is not None and max(stat[1], stat[2]) + COARSEST_CLOCK_NS < now:
            self._known[path] = stat, digest
        else:
            self._known.pop(path, None)


def _stat(file: Path) -> Stat:
    found = os.stat(file)  # noqa: PTH116 - this runs for every file of a course, and a Path's own takes twice as long.
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
