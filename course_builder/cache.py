"""What earlier runs came to, in one file per course, outside of it.

A record is believed if everything that it was made from is as it was: the builder and what it stands on, the names of
the course's files, the header, and the content of every file that was read. It is JSON, so that a file from somebody
else can run nothing, and it starts with its own digest, so that a damaged one is no record at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from course_builder import __version__

_VERSION = 1
"""Of the records' own shape."""


def default_folder() -> Path:
    """Return where a person's caches are kept: where ``COURSE_BUILDER_CACHE`` says, or as is usual on this system."""
    if named := os.environ.get("COURSE_BUILDER_CACHE"):
        return Path(named)
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "course-builder"


def load(folder: Path, root: Path) -> dict[str, Any]:
    """Return the records of a course; none if there are none, or they are damaged, foreign or of another builder."""
    try:
        file = _file(folder, root)
        if hasattr(os, "getuid") and file.stat().st_uid != os.getuid():
            return {}
        digest, _, text = file.read_bytes().partition(b"\n")
        if digest.decode("ascii", "replace") != hashlib.sha256(text).hexdigest():
            return {}
        records = json.loads(text)
    except (OSError, ValueError, RecursionError):
        return {}
    return records if isinstance(records, dict) and records.get("builder") == _builder() else {}


def save(folder: Path, root: Path, records: dict[str, Any]) -> None:
    """Keep the records of a course, in one step; where that cannot be done, the next run has more to do."""
    text = json.dumps({**records, "builder": _builder()}, separators=(",", ":")).encode()
    unfinished: Path | None = None
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle, name = tempfile.mkstemp(dir=folder)
            unfinished = Path(name)
            with os.fdopen(handle, "wb") as stream:
                stream.write(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
            unfinished.replace(_file(folder, root))
        except BaseException:
            if unfinished is not None:
                unfinished.unlink(missing_ok=True)
            raise


def _file(folder: Path, root: Path) -> Path:
    return folder / f"{hashlib.sha256(os.fsencode(root)).hexdigest()[:32]}.json"


def _builder() -> str:
    """Name this builder: its version, its own files, Python, and all packages beside it with their versions."""
    digest = hashlib.sha256()
    about = (_VERSION, __version__, sys.version, platform.machine(), zlib.ZLIB_RUNTIME_VERSION, *sorted(_own_files()))
    digest.update(repr(about).encode())
    for folder in sys.path:
        with suppress(OSError):
            names = os.listdir(folder or ".")  # noqa: PTH208 - only the names are wanted.
            digest.update(repr(sorted(name for name in names if name.endswith((".dist-info", ".egg-info")))).encode())
    return digest.hexdigest()


def _own_files(folder: str = os.path.dirname(__file__)) -> Iterator[tuple[str, int, int]]:  # noqa: PTH120 - no Path.
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name not in {"__pycache__", "vendor", "node_modules"}:
                yield from _own_files(entry.path)
            elif entry.is_file():
                stat = entry.stat()
                yield entry.path, stat.st_size, stat.st_mtime_ns
