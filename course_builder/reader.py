"""Source folder → texts and files. The only code that reads sources."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course_builder.found import Place, Problem
from course_builder.sources import COURSE_FILE, MODULES_FOLDER, Sources

TEXTS = (".md", ".yaml")
"""The endings of the files that are read as texts."""

Read = Callable[[str, Path], bytes]
"""Reads the file at a path of the course, which lies there."""


class NotACourseError(Exception):
    """There is no course where one was expected; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The names in a course folder; nothing was read yet."""

    root: Path
    found: Mapping[str, Path]
    """All files by their path in the course, in its order."""
    outside: tuple[str, ...]
    """Links that leave the folder."""


def find_course(folder: Path) -> tuple[Path, str | None]:
    """Return the course's folder, and the module's path in it if ``folder`` is a module.

    Raises:
        NotACourseError: if neither is the case.
    """
    if not folder.is_dir():
        reason = "is not a folder" if folder.exists() else "does not exist"
        raise NotACourseError(f"{folder} {reason}: name the folder of a course or of one of its modules")
    folder = folder.resolve()
    for parent in (folder, *folder.parents):
        if (parent / COURSE_FILE).is_file():
            inside = folder.relative_to(parent)
            if len(inside.parts) not in {0, 2} or (inside.parts and inside.parts[0] != "modules"):
                raise NotACourseError(f"{folder} is in the course {parent}, but is neither it nor one of its modules")
            return parent, inside.as_posix() if inside.parts else None
    raise NotACourseError(f"{folder} has no {COURSE_FILE}: name the folder of a course or of one of its modules")


def find_page(file: Path) -> tuple[Path, str]:
    """Return the folder to check for a Markdown file, its module's or else its course's, and its path in the course.

    Raises:
        NotACourseError: if the file is not there, or in no course.
    """
    if not file.is_file():
        raise NotACourseError(f"{file} does not exist: name a course, a module or a page")
    file = file.resolve()
    for parent in file.parents:
        if (parent / COURSE_FILE).is_file():
            inside = file.relative_to(parent)
            is_in_module = len(inside.parts) > 2 and inside.parts[0] == MODULES_FOLDER
            folder = parent.joinpath(*inside.parts[:2]) if is_in_module else parent
            return folder, unicodedata.normalize("NFC", inside.as_posix())
    raise NotACourseError(f"{file} is in no folder with a {COURSE_FILE}: name a page of a course")


def list_folder(root: Path) -> Folder:
    """List all files of a course folder."""
    root = root.resolve()
    found: dict[str, Path] = {}
    outside: list[str] = []
    for entry, path in _entries(str(root), ""):
        is_inside = not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(root)
        if not is_inside:
            outside.append(path)
        elif entry.is_file():
            found[path] = Path(entry.path)
    return Folder(root, {path: found[path] for path in sorted(found)}, tuple(sorted(outside)))


def sources_of(folder: Folder, read_file: Read = lambda _, file: file.read_bytes()) -> Sources:
    """Give what is in a folder; each file is read when it is first asked for."""

    def read(path: str) -> bytes:
        return read_file(path, folder.found[path])

    return Sources(
        texts=_Texts([path for path in folder.found if path.endswith(TEXTS)], read),
        files=frozenset(folder.found),
        read=read,
        problems=tuple(_leaves_the_course(path) for path in folder.outside),
    )


def read_folder(root: Path) -> Sources:
    """Give all texts of a course folder, and the names of all its files."""
    return sources_of(list_folder(root))


def _entries(folder: str, prefix: str) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Yield all files but hidden ones, and links to folders, which are not followed."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = prefix + unicodedata.normalize("NFC", entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(entry.path, f"{path}/")
        else:
            yield entry, path


class _Texts(Mapping[str, "str | Problem"]):
    """The texts of a folder, each read and decoded once, when it is first asked for."""

    def __init__(self, paths: list[str], read: Callable[[str], bytes]) -> None:
        self._read = read
        self._texts: dict[str, str | Problem | None] = dict.fromkeys(paths)

    def __getitem__(self, path: str) -> str | Problem:
        text = self._texts[path]
        if text is None:
            text = self._texts[path] = read_text(path, self._read)
        return text

    def __contains__(self, path: object) -> bool:
        return path in self._texts

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


def _leaves_the_course(path: str) -> Problem:
    return Problem(
        Place(path), "error", "link-outside", "this symbolic link leaves the course folder", "Copy what it points to."
    )


def read_text(path: str, read: Callable[[str], bytes]) -> str | Problem:
    """Read a text, its lines ended by a line feed; or say what keeps it from being read."""
    try:
        data = read(path)
    except OSError as error:
        return Problem(Place(path), "error", "file-unreadable", f"this file cannot be read: {error.strerror}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Problem(
            Place(path, line, column),
            "error",
            "file-not-utf-8",
            f"the byte {data[error.start]:#04x} here is not UTF-8",
            "Save the file in the encoding UTF-8.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
