"""A course folder's files → :class:`Course`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from course_builder.accent import for_dark_pages
from course_builder.model import Author, Course, Framework, Place, Problem, Silence, Term, Theme
from course_builder.parser.between_modules import resolve_between
from course_builder.parser.findings import Findings
from course_builder.parser.glossary import parse_glossary, terms_of
from course_builder.parser.memory import Memory
from course_builder.parser.module import parse_module
from course_builder.parser.neighbours import read_neighbours
from course_builder.parser.reading import Reading
from course_builder.parser.schemas import CourseFile
from course_builder.parser.validation import validate
from course_builder.parser.yaml_text import YamlData
from course_builder.sources import COURSE_FILE, MODULE_FILE, MODULES_FOLDER, Sources


@dataclass(frozen=True, slots=True)
class Parsed:
    """What could be made of a course, the problems found on the way, and the files that were looked at."""

    course: Course
    problems: tuple[Problem, ...]
    paths: tuple[str, ...]
    silences: tuple[Silence, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """What stands beside the modules, for all of them alike; ``course`` is without them."""

    course: Course
    terms: Mapping[str, Term]
    """Those of the glossary by their ids."""
    folders: tuple[str, ...]
    """Those to parse."""
    listed: tuple[str, ...]
    """All that the course has."""
    problems: tuple[Problem, ...]
    paths: tuple[str, ...]
    silences: tuple[Silence, ...]


def parse_course(sources: Sources, only: str | None = None, memory: Memory | None = None) -> Parsed:
    """Parse a course, or one of its modules.

    Args:
        sources: the course folder.
        only: path of the module in it, such as ``modules/m1-readiness``; all if there is none.
        memory: what was parsed before, and will be the next time.
    """
    header = parse_header(sources, only, memory)
    parsed = [parse_one(header, folder, sources, memory) for folder in header.folders]
    modules = tuple(module for each in parsed for module in each.course.modules)
    return Parsed(
        replace(parsed[0].course if only is not None and parsed else header.course, modules=modules),
        tuple(chain(header.problems, *(each.problems for each in parsed))),
        tuple(dict.fromkeys(chain(header.paths, *(each.paths for each in parsed)))),
        tuple(chain(header.silences, *(each.silences for each in parsed))),
    )


def parse_header(sources: Sources, only: str | None = None, memory: Memory | None = None) -> Header:
    """Parse ``course.yaml`` and the glossary, and say which modules are to be parsed."""
    reading = Reading(sources, memory)
    findings = reading.of(COURSE_FILE)
    data = reading.yaml(COURSE_FILE)
    file = _course_file(data, sources, findings)
    course = Course(
        id=file.id,
        title=file.title,
        description=file.description,
        languages=(file.language,),
        licence=file.licence,
        authors=tuple(Author(author.name, author.orcid, author.url) for author in file.authors),
        modules=(),
        frameworks=tuple(Framework(each.id, each.version, each.title, each.url) for each in file.frameworks),
        variables=file.variables,
        hosts=tuple(file.hosts),
        theme=_theme(file, data or YamlData({})),
    )
    folders = tuple(_folders(file, data or YamlData({}), only, reading))
    reading.variables = file.variables
    terms = parse_glossary(reading)
    problems = (*sources.problems, *reading.problems())
    listed = tuple(f"{MODULES_FOLDER}/{name}" for name in file.modules)
    return Header(course, terms, folders, listed, problems, tuple(reading.findings), tuple(reading.silences()))


def parse_one(header: Header, folder: str, sources: Sources, memory: Memory | None = None) -> Parsed:
    """Parse one module of a course; what it gives depends on these arguments alone, and not on the last.

    Args:
        header: of the course.
        folder: path of the module in it.
        sources: the course folder.
        memory: what was parsed before, and will be the next time.
    """
    reading = Reading(sources, memory, variables=header.course.variables)
    module = parse_module(folder, header.course.languages[0], reading)
    module = replace(module, terms=terms_of(module, header.terms, reading))
    neighbours = read_neighbours(module, header.listed, reading)
    resolve_between(module, neighbours, reading)
    whole = replace(header.course, modules=(module,), neighbours=neighbours)
    return Parsed(whole, tuple(reading.problems()), tuple(reading.findings), tuple(reading.silences()))


def _course_file(data: YamlData | None, sources: Sources, findings: Findings) -> CourseFile:
    folders = sorted(path.split("/")[1] for path in sources.files if _is_module_file(path))
    salvage = {
        "id": "course",
        "title": "Course",
        "language": "en",
        "licence": "unknown",
        "authors": ["unknown"],
        "modules": folders or ["none"],
    }
    if data is None:
        return CourseFile.model_validate(salvage)
    file = validate(data, CourseFile, findings, salvage)
    later = [language for language in file.languages if language != file.language]
    if later:
        message = f"translations ({', '.join(later)}) are not in this version of the builder"
        findings.error(data.place(("languages",)), "yaml-later", message, f"List only `{file.language}` for now.")
    return file


def _theme(file: CourseFile, data: YamlData) -> Theme | None:
    if file.theme is None:
        return None
    accent = file.theme.accent.lower()
    dark = (file.theme.accent_dark or for_dark_pages(accent)).lower()
    return Theme(accent, dark, Place(COURSE_FILE, *data.place(("theme",))))


def _is_module_file(path: str) -> bool:
    parts = path.split("/")
    return len(parts) == 3 and parts[0] == MODULES_FOLDER and parts[2] == MODULE_FILE


def _folders(file: CourseFile, data: YamlData, only: str | None, reading: Reading) -> Iterator[str]:
    listed = [f"{MODULES_FOLDER}/{folder}" for folder in file.modules]
    if only is not None and only not in listed:
        listed.append(only)
        reading.of(COURSE_FILE).warning(
            data.place(("modules",)), "module-unlisted", f"`{only}` is not among the modules", "Add it to `modules`."
        )
    for index, folder in enumerate(listed):
        if only is not None and folder != only:
            continue
        if f"{folder}/{MODULE_FILE}" in reading.sources.texts:
            yield folder
        elif data.value:
            reading.of(COURSE_FILE).error(
                data.place(("modules", index)),
                "module-missing",
                f"there is no file {folder}/{MODULE_FILE}",
                "Write the name of a folder in modules/, or create that file.",
            )
