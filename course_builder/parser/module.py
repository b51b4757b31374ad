"""A module's folder → :class:`Module`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from course_builder.media_types import media_type_of
from course_builder.model import Asset, Competence, Module, Objective, Page, Passing, Place, Problem, Question
from course_builder.parser.banks import Banks
from course_builder.parser.findings import Findings, did_you_mean
from course_builder.parser.front_matter import split_front_matter
from course_builder.parser.links import Targets, resolve_ids, target_of
from course_builder.parser.page import Draft, parse_bank, parse_page
from course_builder.parser.reading import Reading
from course_builder.parser.schemas import AssetEntry, ModuleFile
from course_builder.parser.text import Surroundings
from course_builder.parser.validation import validate
from course_builder.parser.yaml_text import YamlData
from course_builder.sources import MODULE_FILE, MODULES_FOLDER
from course_builder.tokens import plain_text, runs, targets

_TAKES_IN = re.compile(r"from=|:{3,}[ \t]*include\b")
"""What takes other files into a page: banks, and pages in pages."""
_UNREAD = "\x00"
"""The text of an objective that stands in where ``objectives`` could not be read; no YAML can hold it."""


def parse_module(folder: str, language: str, reading: Reading) -> Module:
    """Parse a module with all its pages; what its ``module.yaml`` does not tell is made up, so that pages are seen."""
    path = f"{folder}/{MODULE_FILE}"
    file, data = read_module_file(folder, reading)
    _report_languages(file, language, data, reading.of(path))
    pages = parse_pages(folder, file, data, reading)
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


def read_module_file(folder: str, reading: Reading) -> tuple[ModuleFile, YamlData]:
    """Read ``module.yaml``, and say where in it each thing stands."""
    path, texts = f"{folder}/{MODULE_FILE}", reading.sources.texts
    data = reading.yaml(path)
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
        return ModuleFile.model_validate(salvage), YamlData({})
    return validate(data, ModuleFile, reading.of(path), salvage), data


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


def parse_pages(folder: str, file: ModuleFile, data: YamlData, reading: Reading) -> tuple[Page, ...]:
    """Parse the pages of a module; report Markdown beside them that no page uses."""
    drafts = list(_drafts(folder, file, data, reading))
    found = Targets({draft.path: draft.id for draft in drafts}, reading.sources.files, reading.sources.read)
    around = Surroundings(found, reading.text, reading.of, reading.variables)
    banks = _banks(around, reading)
    shared = None if reading.memory is None else _shared(reading.sources.texts)
    pages = tuple(_page(draft, around, banks, shared, reading) for draft in drafts)
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


def _shared(texts: Mapping[str, str | Problem]) -> list[tuple[str, str | Problem]]:
    """Return the texts that stand beside the modules; to ask for one is to read it, so those of modules are not."""
    return [(path, texts[path]) for path in texts if not path.startswith(f"{MODULES_FOLDER}/")]


def _page(draft: Draft, around: Surroundings, banks: Banks, shared: object, reading: Reading) -> Page:
    """Parse a page, or give it as it was parsed before from the same text, names and files.

    ``shared`` is what every page of the course may use: variables, the glossary.
    """
    found = around.targets

    def make(findings: Findings) -> _Made:
        read: dict[str, bytes] = {}
        elsewhere: dict[str, Findings] = {}

        def noted(path: str) -> bytes:
            read[path] = found.read(path)
            return read[path]

        def findings_of(path: str) -> Findings:
            return findings if path == draft.path else elsewhere.setdefault(path, Findings(path))

        own = replace(around, targets=replace(found, read=noted), findings=findings_of)
        page = parse_page(draft, own, banks, findings)
        return _Made(page, read, elsewhere, needs_others=_needs_others(draft, page))

    made_from = draft, found.pages, found.files, around.variables, shared
    made = reading.step("page", draft.path, made_from, make, lambda made: made.is_still_right(found))
    for path, findings in made.elsewhere.items():
        reading.of(path).extend(findings)
    return made.page


@dataclass(frozen=True, slots=True)
class _Made:
    """A page with the files that it was made from besides its own, and what was found in these."""

    page: Page
    read: Mapping[str, bytes]
    elsewhere: Mapping[str, Findings]
    needs_others: bool

    def is_still_right(self, found: Targets) -> bool:
        """Tell whether the page would be the same again; one that needs other pages or banks is parsed each time."""
        return not self.needs_others and all(found.read(path) == data for path, data in self.read.items())


def _needs_others(draft: Draft, page: Page) -> bool:
    """Tell whether other pages decide what a page is: by links by id, which are filled in later, or by its blocks."""
    has_links_by_id = any(address.startswith("id:") for run in runs(page) for _, address in targets(run))
    return has_links_by_id or _TAKES_IN.search(draft.text) is not None


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
            front_matter, markdown = reading.step("front matter", path, text, partial(split_front_matter, text))
            yield Draft(path, front_matter.id or name.removesuffix(".md"), front_matter, markdown)


def _assets(
    folder: str, pages: tuple[Page, ...], entries: Mapping[str, AssetEntry], data: YamlData, reading: Reading
) -> Iterator[Asset]:
    alts = _used(pages)
    credited = {target_of(name, f"{folder}/{MODULE_FILE}"): entry for name, entry in entries.items()}
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
                    path = address.removeprefix("asset:")
                    alts[path] = alts.get(path) or plain_text(token.children or ())
    return alts
