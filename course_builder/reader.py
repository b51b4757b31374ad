"""Source folder → texts and files. The only code that reads sources."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course_builder.found import Place, Problem
from course_builder.sources import COURSE_FILE, MODULES_FOLDER, Once, Sources
from course_builder.texts import read_text, unreadable

TEXTS = (".md", ".yaml")
"""The endings of the files that are read as texts."""

_MOST_IN_MEMORY = 200_000_000
"""What any file may have, in bytes; ``checks/assets.py`` is stricter, and says so where the file is used."""

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
    problems: tuple[Problem, ...]
    """Files that cannot be used, by what they are called or where they lie."""


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
            return parent, unicodedata.normalize("NFC", inside.as_posix()) if inside.parts else None
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
    """List all files of a course folder but hidden ones; links to folders are not followed."""
    root = root.resolve()
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    folders = [(str(root), "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as entries:
                shown = sorted(
                    (entry for entry in entries if not entry.name.startswith(".")), key=lambda each: each.name
                )
        except OSError as error:
            problems.append(unreadable(prefix.rstrip("/"), error))
            continue
        for entry in shown:
            # A name in another encoding has no letters here for the bytes that are not UTF-8.
            path = prefix + unicodedata.normalize("NFC", os.fsencode(entry.name).decode(errors="replace"))
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, f"{path}/"))
            elif (problem := _refused(entry, path, root, found)) is not None:
                problems.append(problem)
            elif _is_file(entry):
                found[path] = Path(entry.path)
    return Folder(root, {path: found[path] for path in sorted(found)}, tuple(sorted(problems)))


def _is_file(entry: os.DirEntry[str]) -> bool:
    # Of a link that leads to itself, an entry would not say that it is no file, but raise.
    return os.path.isfile(entry.path) if entry.is_symlink() else entry.is_file()  # noqa: PTH113 - no Path is made.


def _refused(entry: os.DirEntry[str], path: str, root: Path, found: Mapping[str, Path]) -> Problem | None:
    if entry.is_symlink() and not Path(os.path.realpath(entry.path)).is_relative_to(root):
        message = "this symbolic link leaves the course folder"
        return Problem(Place(path), "error", "link-outside", message, "Copy what it points to.")
    if "\ufffd" in path:
        return Problem(Place(path), "error", "file-name", "the name of this file is not in UTF-8", "Rename it.")
    if path in found:
        hint = "They differ only in how letters are composed: rename one."
        return Problem(Place(path), "error", "file-name", "two files have this name", hint)
    return None


def sources_of(
    folder: Folder, read_file: Read = lambda _, file: file.read_bytes(), shared: Once | None = None
) -> Sources:
    """Give what is in a folder; each file is read when it is first asked for."""

    def read(path: str) -> bytes:
        file = folder.found[path]
        if file.stat().st_size > _MOST_IN_MEMORY:
            raise OSError(errno.EFBIG, f"more than {_MOST_IN_MEMORY // 1_000_000} MB are too much to read", str(file))
        return read_file(path, file)

    return Sources(
        texts=_Texts([path for path in folder.found if path.endswith(TEXTS)], read),
        files=frozenset(folder.found),
        read=read,
        problems=folder.problems,
        shared=shared,
    )


def read_folder(root: Path) -> Sources:
    """Give all texts of a course folder, and the names of all its files."""
    return sources_of(list_folder(root))


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
