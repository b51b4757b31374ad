"""What earlier runs came to, as values: which of it still holds, and what to keep for the next run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from course_builder import cache
from course_builder.fingerprints import Fingerprints
from course_builder.found import Place, Problem, Silence
from course_builder.reader import Folder
from course_builder.results import Made, Options, Outline

Json = dict[str, Any]


class Records:
    """The records of one course; without a folder for them nothing is known and nothing is kept.

    Whatever is not as it should be in a record makes it no record.
    """

    def __init__(self, folder: Path | None, files: Folder) -> None:
        self._folder = folder
        self._files = files
        self._names = hashlib.sha256(repr((list(files.found), files.problems)).encode()).hexdigest()
        self._old: Json = cache.load(folder, files.root) if folder else {}
        self._new: Json = {kind: dict(self._old.get(kind, {})) for kind in _KINDS}
        self.fingerprints = Fingerprints(_fingerprints(self._old.get("files")))

    def outline(self, only: str | None) -> Outline | None:
        """Return what came of ``course.yaml``, if it still holds."""
        try:
            record = self._old["outlines"][only or ""]
            return _outline(record) if self._holds(record, "") else None
        except (KeyError, TypeError, ValueError):
            return None

    def keep_outline(self, only: str | None, outline: Outline, read: Fingerprints) -> None:
        """Keep what came of ``course.yaml``, and what was read for it."""
        self._keep("outlines", only or "", asdict(outline), "", read)

    def made(self, folder: str, outline: Outline, options: Options, output: Path | None) -> Made | None:
        """Return what came of a module, if it still holds and its package is where it is wanted."""
        try:
            record = self._old["modules"][folder]
            if not self._holds(record, outline.digest):
                return None
            made = _made(record)
            if output is None or (made.package is None and record["is_for_package"]):
                return made
            package = record["written"]
            file = output / str(made.package)
            is_there = package["path"] == str(file.absolute()) and package["options"] == asdict(options)
            return made if is_there and self.fingerprints.digest(str(file.absolute()), file) == package["sha"] else None
        except (KeyError, TypeError, ValueError):
            return None

    def keep_made(self, folder: str, made: Made, header: str, read: Fingerprints, *, is_for_package: bool) -> None:
        """Keep what came of a module, and what was read for it."""
        record = {**asdict(made), "is_for_package": is_for_package}
        self._keep("modules", folder, record, header, read)

    def keep_package(self, folder: str, options: Options, file: Path) -> None:
        """Keep where the package of a module was put."""
        path = str(file.absolute())
        self.fingerprints.forget(path)
        if record := self._new["modules"].get(folder):
            record["written"] = {"path": path, "options": asdict(options), "sha": self.fingerprints.digest(path, file)}

    def save(self) -> None:
        """Write the records, if there is anything new in them."""
        if self._folder is None:
            return
        kept = [*self._new["outlines"].values(), *self._new["modules"].values()]
        needed = {path for record in kept for path in (*record["reads"], record.get("written", {}).get("path"))}
        known = self.fingerprints.known.items()
        files = {path: [*stat, digest] for path, (stat, digest) in known if path in needed}
        records = {**self._new, "files": files}
        if any(records[key] != self._old.get(key) for key in records):
            cache.save(self._folder, self._files.root, records)

    def _keep(self, kind: str, name: str, record: Json, header: str, read: Fingerprints) -> None:
        self.fingerprints.add(read)
        reads = dict(read.noted())
        if None in reads.values():  # Why a file could not be read may change without a trace.
            self._new[kind].pop(name, None)
        else:
            self._new[kind][name] = {**record, "names": self._names, "header": header, "reads": reads}

    def _holds(self, record: Json, header: str) -> bool:
        return (
            record["names"] == self._names
            and record["header"] == header
            and all(
                path in self._files.found and self.fingerprints.digest(path, self._files.found[path]) == digest
                for path, digest in record["reads"].items()
            )
        )


_KINDS = ("outlines", "modules")


def _fingerprints(files: Any) -> Mapping[str, tuple[tuple[int, int, int, int], str]]:
    try:
        return {
            path: ((size, mtime, ctime, number), digest) for path, (size, mtime, ctime, number, digest) in files.items()
        }
    except (AttributeError, TypeError, ValueError):
        return {}


def _outline(record: Json) -> Outline:
    return Outline(tuple(record["folders"]), *_said(record), str(record["digest"]))


def _made(record: Json) -> Made:
    problems, silences, paths = _said(record)
    return Made(record["id"], record["version"], problems, silences, paths, record["package"], record["digest"])


def _said(record: Json) -> tuple[tuple[Problem, ...], tuple[Silence, ...], tuple[str, ...]]:
    return (
        tuple(Problem(**{**each, "place": Place(**each["place"])}) for each in record["problems"]),
        tuple(Silence(**{**each, "place": Place(**each["place"])}) for each in record["silences"]),
        tuple(record["paths"]),
    )
