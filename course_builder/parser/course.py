"""A course folder's files → :class:`Course`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from course_builder.accent import for_dark_pages
from course_builder.model import Author, Course, Framework, Module, Place, Problem, Silence, Theme
from course_builder.parser.between_modules import points_elsewhere, resolve_between
from course_builder.parser.findings import Findings
from course_builder.parser.glossary import parse_glossary, terms_of
from course_builder.parser.memory import Memory
from course_builder.parser.module import parse_module
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


def parse_course(sources: Sources, only: str | None = None, memory: Memory | None = None) -> Parsed:
    """Parse a course, or one of its modules.

    Args:
        sources: the course folder.
        only: path of the module in it, such as ``modules/m1-readiness``; all if there is none.
        memory: what was parsed before, and will be the next time.
    """
    reading = Reading(sources, memory)
    findings = reading.of(COURSE_FILE)
    data = reading.yaml(COURSE_FILE)
    file = _course_file(data, sources, findings)
    reading.variables = file.variables
    terms = parse_glossary(reading)
    modules = tuple(
        replace(module, terms=terms_of(module, terms, reading))
        for module in _modules(file, data or YamlData({}), only, reading)
    )
    neighbours = tuple(_neighbours(file, modules, reading)) if only is not None else ()
    resolve_between(modules, neighbours, reading)
    course = Course(
        id=file.id,
        title=file.title,
        description=file.description,
        languages=(file.language,),
        licence=file.licence,
        authors=tuple(Author(author.name, author.orcid, author.url) for author in file.authors),
        modules=modules,
        frameworks=tuple(Framework(each.id, each.version, each.title, each.url) for each in file.frameworks),
        variables=file.variables,
        hosts=tuple(file.hosts),
        theme=_theme(file, data or YamlData({})),
        neighbours=neighbours,
    )
    problems = chain(sources.problems, *(each.problems for each in reading.findings.values()))
    silences = tuple(silence for each in reading.findings.values() for silence in each.silences)
    return Parsed(course, tuple(problems), tuple(reading.findings), silences)


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


def _modules(file: CourseFile, data: YamlData, only: str | None, reading: Reading) -> Iterator[Module]:
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
            yield parse_module(folder, file.language, reading)
        elif data.value:
            reading.of(COURSE_FILE).error(
                data.place(("modules", index)),
                "module-missing",
                f"there is no file {folder}/{MODULE_FILE}",
                "Write the name of a folder in modules/, or create that file.",
            )


def _neighbours(file: CourseFile, modules: tuple[Module, ...], reading: Reading) -> Iterator[Module]:
    """Read the other modules where something points at one of them; their problems are not asked for."""
    known = {module.id for module in modules}
    fields = [field for module in modules for sheet in module.workshop.worksheets for field in sheet.fields]
    is_alone = all(field.prefill is None or field.prefill.module in known for field in fields)
    if is_alone and not points_elsewhere(modules):
        return
    paths = {module.path for module in modules}
    for folder in (f"{MODULES_FOLDER}/{name}" for name in file.modules):
        if folder not in paths and f"{folder}/{MODULE_FILE}" in reading.sources.texts:
            yield parse_module(folder, file.language, Reading(reading.sources, reading.memory))
