"""What a module has to know of the others in its course: only what something in it points at."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from course_builder.model import Module, Neighbour
from course_builder.parser.between_modules import owners
from course_builder.parser.links import holders_of
from course_builder.parser.module import parse_pages, read_module_file
from course_builder.parser.reading import Reading
from course_builder.sources import MODULE_FILE, Sources


def read_neighbours(module: Module, folders: Iterable[str], reading: Reading) -> tuple[Neighbour, ...]:
    """Read the other modules of a course, the pages of those that this one points at; none if it points at none.

    Their problems are not asked for. What is read serves all modules that ask for it.

    Args:
        module: one of the course.
        folders: of all its modules.
        reading: of the module.
    """
    fields = (field for sheet in module.workshop.worksheets for field in sheet.fields)
    wanted = owners(module) | {field.prefill.module for field in fields if field.prefill is not None}
    wanted.discard(module.id)
    if not wanted:
        return ()
    texts = reading.sources.texts
    others = [folder for folder in folders if folder != module.path and f"{folder}/{MODULE_FILE}" in texts]
    known = {folder: _ask(folder, reading, with_pages=False) for folder in others}
    # Where one is not there, what all of them hold may say which was meant.
    is_right = wanted <= {neighbour.id for neighbour in known.values()}
    return tuple(
        _ask(folder, reading, with_pages=True) if not is_right or neighbour.id in wanted else neighbour
        for folder, neighbour in known.items()
    )


def _ask(folder: str, reading: Reading, *, with_pages: bool) -> Neighbour:
    make = partial(_read, folder, reading, with_pages=with_pages)
    return reading.sources.once(("neighbour", folder, with_pages), make)


def _read(folder: str, of: Reading, sources: Sources, *, with_pages: bool) -> Neighbour:
    reading = Reading(sources, of.memory, variables=of.variables)
    file, data = read_module_file(folder, reading)
    if not with_pages:
        return Neighbour(file.id, file.title, tuple(file.prerequisites))
    pages = parse_pages(folder, file, data, reading)
    worksheets = tuple(sheet for page in pages for sheet in page.workshop.worksheets)
    return Neighbour(file.id, file.title, tuple(file.prerequisites), holders_of(pages), worksheets)
