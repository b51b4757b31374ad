"""A module's folder → :class:`Module`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from course_builder.media_types import media_type_of
from course_builder.model import Asset, Competence, Module, Objective, Page, Passing, Place, Question
from course_builder.parser.banks import Banks
from course_builder.parser.findings import Findings, did_you_mean
from course_builder.parser.front_matter import split_front_matter
from course_builder.parser.links import Targets, resolve_ids
from course_builder.parser.page import Draft, parse_bank, parse_page
from course_builder.parser.reading import Reading
from course_builder.parser.schemas import AssetEntry, ModuleFile
from course_builder.parser.text import Surroundings
from course_builder.parser.validation import validate
from course_builder.parser.yaml_text import YamlData, read_yaml
from course_builder.sources import MODULE_FILE
from course_builder.tokens import plain_text, runs, targets

_UNREAD = "\x00"
"""The text of an objective that stands in where ``objectives`` could not be read; no YAML can hold it."""


def parse_module(folder: str, language: str, reading: Reading) -> Module:
    """Parse a module with all its pages; what its ``module.yaml`` does not tell is made up, so that pages are seen."""
    path = f"{folder}/{MODULE_FILE}"
    findings = reading.of(path)
    text = reading.text(path)
    data = read_yaml(text, findings) if text is not None else None
    is_read = data is not None
    data = data or YamlData({})
    file = _module_file(folder, data if is_read else None, reading)
    _report_languages(file, language, data, findings)
    pages = _pages(folder, file, data, reading)
    return Module(
        id=file.id,
        version=file.version,
        title=file.title,
        summary=file.summary,
        duration=file.duration,
        language=language,
        objectives=_objectives(file, path, data),
        prerequisites=tuple(file.prerequisites),
        passing=_passing(file, path, data),
        pages=pages,
        assets=tuple(_assets(folder, pages, file.assets, data, reading)),
        path=folder,
    )


def _module_file(folder: str, data: YamlData | None, reading: Reading) -> ModuleFile:
    texts = reading.sources.texts
    names = sorted(posixpath.basename(path) for path in texts if posixpath.dirname(path) == folder)
    salvage = {
        "id": "module",
        "version": "0.0.0",
        "title": "Module",
        "summary": "Unknown",
        "duration": "PT0M",
        "objectives": [{"id": "unread", "text": _UNREAD}],
        "pages": [name for name in names if name.endswith(".md")] or ["none.md"],
    }
    if data is None:
        return ModuleFile.model_validate(salvage)
    return validate(data, ModuleFile, reading.of(f"{folder}/{MODULE_FILE}"), salvage)


def _report_languages(file: ModuleFile, language: str, data: YamlData, findings: Findings) -> None:
    """Report languages in which the course is not written; without a list the module has all of the course's."""
    for index, each in enumerate(file.languages):
        if each != language:
            place = data.place(("languages", index))
            findings.error(place, "language-unknown", f"the course has no language `{each}`", f"It has {language}.")


def _passing(file: ModuleFile, path: str, data: YamlData) -> Passing:
    return Passing(
        score=file.passing.score,
        pages=file.passing.pages,
        worksheets=tuple(file.passing.worksheets),
        sessions=tuple(file.passing.sessions),
        place=Place(path, *data.place(("passing",))),
    )


def _objectives(file: ModuleFile, path: str, data: YamlData) -> tuple[Objective, ...]:
    """Return the objectives; none if what stands there could not be read."""
    return tuple(
        Objective(
            objective.id,
            objective.text,
            tuple(Competence(each.framework, each.version, each.id, each.level) for each in objective.competences),
            Place(path, *data.place(("objectives", index))),
        )
        for index, objective in enumerate(file.objectives)
        if objective.text != _UNREAD
    )


def _pages(folder: str, file: ModuleFile, data: YamlData, reading: Reading) -> tuple[Page, ...]:
    drafts = list(_drafts(folder, file, data, reading))
    found = Targets({draft.path: draft.id for draft in drafts}, reading.sources.files, reading.sources.read)
    around = Surroundings(found, reading.text, reading.of, reading.variables)
    banks = _banks(around, reading)
    pages = tuple(parse_page(draft, around, banks, reading.of(draft.path)) for draft in drafts)
    resolve_ids(pages, file.id, {page.path: reading.of(page.path) for page in pages})
    listed = {f"{folder}/{name}" for name in file.pages} | _used(pages).keys()
    # What was looked at and is no page was taken in by one.
    for path in sorted(reading.sources.texts.keys() - listed - reading.findings.keys()):
        if posixpath.dirname(path) == folder and path.endswith(".md"):
            reading.of(f"{folder}/{MODULE_FILE}").warning(
                data.place(("pages",)),
                "page-unlisted",
                f"`{posixpath.basename(path)}` is in the folder, but not among the pages",
                "Add it to `pages`, or delete the file.",
            )
    return pages


def _banks(around: Surroundings, reading: Reading) -> Banks:
    def parse(path: str, page: str, quiz: str | None) -> list[Question]:
        text = reading.text(path)
        return parse_bank(path, text, page, quiz, around) if text is not None else []

    return Banks(frozenset(path for path in reading.sources.texts if path.endswith(".md")), parse)


def _drafts(folder: str, file: ModuleFile, data: YamlData, reading: Reading) -> Iterator[Draft]:
    for index, name in enumerate(file.pages):
        path = f"{folder}/{name}"
        if path not in reading.sources.texts:
            if ("pages", index) in data.places:
                there = [posixpath.basename(other) for other in reading.sources.texts if other.startswith(f"{folder}/")]
                reading.of(f"{folder}/{MODULE_FILE}").error(
                    data.place(("pages", index)),
                    "page-missing",
                    f"there is no file `{name}` in {folder}",
                    did_you_mean(name, there, "Create it, or take it off the list."),
                )
        elif (text := reading.text(path)) is not None:
            front_matter, markdown = split_front_matter(text, reading.of(path))
            yield Draft(path, front_matter.id or name.removesuffix(".md"), front_matter, markdown)


def _assets(
    folder: str, pages: tuple[Page, ...], entries: Mapping[str, AssetEntry], data: YamlData, reading: Reading
) -> Iterator[Asset]:
    alts = _used(pages)
    credited = {posixpath.normpath(posixpath.join(folder, path)): entry for path, entry in entries.items()}
    for path, name in zip(credited, entries, strict=True):
        if path not in reading.sources.files:
            reading.of(f"{folder}/{MODULE_FILE}").error(
                data.place(("assets", name)),
                "asset-missing",
                f"there is no file `{name}` in {folder}",
                did_you_mean(name, (file.removeprefix(f"{folder}/") for file in reading.sources.files), "Correct it."),
            )
    for path in sorted(alts):
        entry = credited.get(path, AssetEntry())
        data_of_file = reading.sources.read(path)
        yield Asset(path, data_of_file, media_type_of(path), alts[path], entry.licence, entry.author)


def _used(pages: tuple[Page, ...]) -> dict[str, str]:
    """Return the files that the pages show or offer, with the first alternative text of each."""
    alts: dict[str, str] = {}
    for page in pages:
        for run in runs(page):
            for token, address in targets(run):
                if address.startswith("asset:"):
                    path = address.removeprefix("asset:").partition("#")[0]
                    alts[path] = alts.get(path) or plain_text(token.children or ())
    return alts
