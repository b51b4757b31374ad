"""Make a course: module by module, in several processes where there is much to do; then publish all at once.

A course's problems are those of its header, of each of its modules, and those between modules. So building a course is
the same as building each of its modules, and the order in which they are done makes no difference.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from course_builder.fingerprints import Fingerprints
from course_builder.garbage import collecting_rarely
from course_builder.interrupts import uninterrupted
from course_builder.pool import each, processors
from course_builder.reader import Folder, find_course, list_folder, sources_of
from course_builder.records import Records
from course_builder.results import Built, Checked, Made, Options, Outline
from course_builder.sources import Sources

if TYPE_CHECKING:  # Where nothing changed, the parser is not needed.
    from course_builder.parser import Header

_T = TypeVar("_T")
_PAGES_WORTH_A_PROCESS = 30
"""Below, starting processes takes longer than they save."""


def make(
    folder: Path,
    output: Path | None,
    options: Options | None = None,
    workers: int | None = None,
    cache: Path | None = None,
) -> tuple[Checked, tuple[Built, ...]]:
    """Check a course, or the module whose folder is given, and write its packages if there are no errors.

    All packages are made before the first is put in place, each in one step: a failure leaves the last good output.

    Args:
        folder: of the course or the module.
        output: the folder for the packages, which is made if it is not there; without one nothing is written.
        options: how packages are written.
        workers: how many processes may work; as many as there are processors if it is not said.
        cache: the folder where what came of the modules is kept; without one all of them are made anew.

    Raises:
        NotACourseError: if the folder is neither a course nor a module.
        OSError: if a file that a page shows cannot be read, or the output cannot be written.
    """
    root, only = find_course(folder)
    files = list_folder(root)
    options = options or Options()
    records = Records(cache, files)
    outline = records.outline(only) or _read_outline(files, only, records)
    made = {name: found for name in outline.folders if (found := records.made(name, outline, options, output))}
    stale = [name for name in outline.folders if name not in made]
    with _staging(output if stale else None) as staging:
        if stale:
            work = _Work(files, only, options, staging)
            with collecting_rarely(), closing(each(work, stale, workers or _worth(stale, files))) as results:
                for name, one, read in results:
                    records.keep_made(name, one, work.digest, read, is_for_package=output is not None)
                    made[name] = one
        checked = _checked(outline, {name: made[name] for name in outline.folders}, files, is_whole=only is None)
        built = (
            ()
            if output is None or checked.has_errors
            else tuple(_built(made[name], output) for name in outline.folders)
        )
        if built and staging is not None and output is not None:
            packages = {name: output / str(made[name].package) for name in stale}
            with uninterrupted():
                for file in packages.values():
                    (staging / file.name).replace(file)
            for name, file in packages.items():
                records.keep_package(name, options, file)
    records.save()
    return checked, built


def _read_outline(files: Folder, only: str | None, records: Records) -> Outline:
    from course_builder.parser import parse_header

    read = Fingerprints({})
    header = parse_header(sources_of(files, read.read), only)
    outline = Outline(header.folders, header.problems, header.silences, header.paths, _digest(header))
    records.keep_outline(only, outline, read)
    return outline


def _digest(header: Header) -> str:
    return sha256(repr((header.course, header.terms, header.listed, header.silences)).encode()).hexdigest()


def _checked(outline: Outline, made: Mapping[str, Made], files: Folder, *, is_whole: bool) -> Checked:
    problems = {*outline.problems, *(problem for one in made.values() for problem in one.problems)}
    if len({one.id for one in made.values()}) < len(made):
        from course_builder.checks.ids import check_modules

        problems |= set(check_modules((folder, one.id) for folder, one in made.items()))
    paths = tuple(dict.fromkeys([*outline.paths, *(path for one in made.values() for path in one.paths)]))
    silences = [*outline.silences, *(each for one in made.values() for each in one.silences)]
    if not silences:
        return Checked(files.root, tuple(sorted(problems)), paths)
    from course_builder.silencing import silence

    heard = silence(problems, silences, sources_of(files).texts, is_whole=is_whole)
    return Checked(files.root, heard.problems, paths, heard.silenced)


def _built(one: Made, output: Path) -> Built:
    return Built(one.id, one.version, output / str(one.package), str(one.digest))


def _worth(stale: Sequence[str], files: Folder) -> int:
    """Return how many processes are worth starting."""
    places = tuple(f"{folder}/" for folder in stale)
    pages = sum(path.endswith(".md") and path.startswith(places) for path in files.found)
    return 1 if pages < _PAGES_WORTH_A_PROCESS else processors()


class _Work:
    """Makes one module; this is what other processes are given to do."""

    def __init__(self, files: Folder, only: str | None, options: Options, staging: Path | None) -> None:
        from course_builder.build import make_module
        from course_builder.parser import parse_header

        self._make = make_module
        self._header: Header = parse_header(sources_of(files), only)
        self.digest = _digest(self._header)
        """Of what the modules are made with, should ``course.yaml`` have changed since it was first looked at."""
        self._shared = _Shared(files)
        self._options = options
        self._staging = staging

    def __call__(self, folder: str) -> tuple[str, Made, Fingerprints]:
        read = Fingerprints({})
        made = self._make(self._header, folder, self._shared.sources(read), self._options, self._staging)
        return folder, made, read


class _Shared:
    """Makes what several modules need, once in this process, and remembers what was read for it."""

    def __init__(self, files: Folder) -> None:
        self._files = files
        self._made: dict[Hashable, tuple[Any, Fingerprints]] = {}

    def sources(self, read: Fingerprints) -> Sources:
        """Give the course's files to something; what is read for it is noted, what was read for others included."""

        def once(key: Hashable, make: Callable[[Sources], _T]) -> _T:
            if key not in self._made:
                own = Fingerprints({})
                self._made[key] = make(self.sources(own)), own
            value, own = self._made[key]
            read.join(own)
            made: _T = value
            return made

        return sources_of(self._files, read.read, once)


@contextmanager
def _staging(output: Path | None) -> Iterator[Path | None]:
    """Give a folder beside the output's files, from where each can be put in place in one step."""
    if output is None:
        yield None
        return
    made = _make_folder(output)
    staging = Path(tempfile.mkdtemp(prefix=".course-builder-", dir=output))
    try:
        yield staging
    finally:
        with uninterrupted():
            shutil.rmtree(staging, ignore_errors=True)
            for folder in made:
                if not any(folder.iterdir()):
                    folder.rmdir()


def _make_folder(folder: Path) -> Sequence[Path]:
    """Make a folder and those around it; return those that were not there, from the inside."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing
