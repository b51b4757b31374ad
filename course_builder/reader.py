"""Source folder → texts and files. The only code that reads sources."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from course_builder.model import Place, Problem
from course_builder.sources import COURSE_FILE, MODULES_FOLDER, Sources

TEXTS = frozenset({".md", ".yaml"})
"""The endings of the files that are read as texts."""


class NotACourseError(Exception):
    """There is no course where one was expected; the message says what to do."""


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


def read_folder(root: Path) -> Sources:
    """Read all texts of a course folder, and the names of all its files."""
    root = root.resolve()
    found: dict[str, Path] = {}
    outside: list[str] = []
    for file in _files(root):
        path = unicodedata.normalize("NFC", file.relative_to(root).as_posix())
        if not file.resolve().is_relative_to(root):
            outside.append(path)
        elif file.is_file():
            found[path] = file
    return Sources(
        texts={path: read_text(path, found[path]) for path in sorted(found) if found[path].suffix in TEXTS},
        files=frozenset(found),
        read=lambda path: found[path].read_bytes(),
        problems=tuple(_leaves_the_course(path) for path in sorted(outside)),
    )


def _files(root: Path) -> Iterator[Path]:
    """Yield all files but hidden ones, and links to folders, which are not followed."""
    for folder, subfolders, names in os.walk(root):
        links = [name for name in subfolders if Path(folder, name).is_symlink()]
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        yield from (Path(folder, name) for name in (*names, *links) if not name.startswith("."))


def _leaves_the_course(path: str) -> Problem:
    return Problem(
        Place(path), "error", "link-outside", "this symbolic link leaves the course folder", "Copy what it points to."
    )


def read_text(path: str, file: Path) -> str | Problem:
    """Read a text, its lines ended by a line feed; or say what keeps it from being read."""
    try:
        data = file.read_bytes()
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
