"""Where a preview begins: the page that was named, or the one that was saved last."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course_builder.reader import NotACourseError, find_course
from course_builder.sources import MODULE_FILE, MODULES_FOLDER


@dataclass(frozen=True, slots=True)
class Start:
    """A course, and the page of it to begin with, if there is any; ``page`` is a path in the course."""

    root: Path
    page: str | None


def find_start(target: Path) -> Start:
    """Find the course that a folder or a page belongs to.

    Args:
        target: the folder of a course or of one of its modules, or a page.

    Raises:
        NotACourseError: if it is none of these; the message says what to do.
    """
    if not target.is_file():
        root, module = find_course(target)
        return Start(root, _newest(root, module))
    if target.suffix != ".md":
        raise NotACourseError(f"{target} is no page: name a file that ends in .md, or a folder")
    root, module = find_course(target.parent)
    if module is None:
        raise NotACourseError(f"{target} is in no module: name a page that a module.yaml lists, or a folder")
    return Start(root, f"{module}/{target.name}")


def _newest(root: Path, module: str | None) -> str | None:
    """Find the page that was saved last, which is most likely the one being written."""
    pages = sorted(
        (page.stat().st_mtime_ns, page.relative_to(root).as_posix())
        for folder in ([root / module] if module else sorted((root / MODULES_FOLDER).glob("*")))
        if (folder / MODULE_FILE).is_file()
        for page in folder.glob("*.md")
        if page.is_file()
    )
    return pages[-1][1] if pages else None
