"""A course folder in memory, which reads again only what changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from course_builder.model import Place, Problem
from course_builder.reader import TEXTS, read_folder
from course_builder.sources import COURSE_FILE, Sources
from course_builder.texts import read_text

_NO_COURSE = Problem(
    Place(COURSE_FILE), "error", "file-unreadable", f"there is no {COURSE_FILE}", "Put it back: a course has one."
)


class Folder:
    """Holds the sources of a course; what they hold is a value, and a change gives another one."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._disk = read_folder(self.root)
        self._bytes: dict[str, bytes] = {}
        self._moved: dict[str, Path] = {}
        self.sources = self._with(dict(self._disk.texts), self._disk.files)

    def refresh(self, changed: Iterable[Path]) -> frozenset[str]:
        """Read again what changed, and give the paths in the course that are concerned.

        Args:
            changed: absolute paths, as whoever watches the folder names them; the folder's own stands for everything.
        """
        texts, files = dict(self.sources.texts), set(self.sources.files)
        concerned: set[str] = set()
        for file in changed:
            if file == self.root:
                return self._read_all()
            path = self._path(file)
            if path is None:
                continue
            if file.is_dir() or (not file.exists() and any(known.startswith(f"{path}/") for known in files)):
                return self._read_all()
            concerned.add(path)
            self._bytes.pop(path, None)
            texts.pop(path, None)
            if file.is_file() and file.resolve().is_relative_to(self.root):
                files.add(path)
                self._moved[path] = file
                if file.suffix in TEXTS:
                    texts[path] = read_text(path, self._read)
            else:
                files.discard(path)
        if concerned:
            same_files = self.sources.files == files
            self.sources = self._with(texts, self.sources.files if same_files else frozenset(files))
        return frozenset(concerned)

    def _read_all(self) -> frozenset[str]:
        """Read everything: a folder came, went or got another name."""
        before = self.sources
        self._disk = read_folder(self.root)
        self._bytes, self._moved = {}, {}
        self.sources = self._with(dict(self._disk.texts), self._disk.files)
        differing = {path for path, text in self.sources.texts.items() if before.texts.get(path) != text}
        return frozenset(differing | (before.files ^ self.sources.files))

    def _path(self, file: Path) -> str | None:
        """Name a file as the course does; ``None`` for what is none of its files."""
        if not file.is_relative_to(self.root):
            return None
        inside = file.relative_to(self.root)
        if not inside.parts or any(part.startswith(".") for part in inside.parts):
            return None
        return unicodedata.normalize("NFC", inside.as_posix())

    def _with(self, texts: Mapping[str, str | Problem], files: frozenset[str]) -> Sources:
        if COURSE_FILE not in texts:
            texts = {**texts, COURSE_FILE: _NO_COURSE}
        return Sources(texts, files, self._read, self._disk.problems)

    def _read(self, path: str) -> bytes:
        """Give a file's bytes: the same object as long as it does not change, so that assets compare fast."""
        if path not in self._bytes:
            moved = self._moved.get(path)
            self._bytes[path] = moved.read_bytes() if moved else self._disk.read(path)
        return self._bytes[path]
