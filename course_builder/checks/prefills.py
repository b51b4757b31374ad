"""Prefills: a field that is filled in from another one finds it, and can take what stands there."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from course_builder.model import Course, Module, Neighbour, Problem
from course_builder.model.workshop import Field, Named, Prefill

_TAKES: Mapping[str, frozenset[str]] = {
    "text": frozenset({"text", "number", "date", "choice", "link"}),
    "long": frozenset({"text", "long", "number", "date", "choice", "people", "link"}),
    "number": frozenset({"number", "scale"}),
    "choices": frozenset({"choice", "choices"}),
}
"""What a field of a type can take over; the types that are not here, only from their own kind."""


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each ``from=`` that leads nowhere, or to something that does not fit."""
    modules = {module.id: module for module in (*course.neighbours, *map(_as_neighbour, course.modules))}
    for module in course.modules:
        for worksheet in module.workshop.worksheets:
            for field in worksheet.fields:
                if field.prefill is not None:
                    is_itself = (module.id, worksheet.id, field.id) == _path(field.prefill)
                    yield from _prefill(field, field.prefill, module, modules, is_itself=is_itself)


def _as_neighbour(module: Module) -> Neighbour:
    return Neighbour(module.id, module.title, module.prerequisites, worksheets=module.workshop.worksheets)


def _path(prefill: Prefill) -> tuple[str, str, str]:
    return prefill.module, prefill.worksheet, prefill.field


def _prefill(
    field: Field, prefill: Prefill, module: Module, modules: Mapping[str, Neighbour], *, is_itself: bool
) -> Iterator[Problem]:
    source = modules.get(prefill.module)
    found = _find(prefill, source)
    if is_itself or found is None:
        message = f"nothing has the address `{prefill}`" if not is_itself else f"`{prefill}` is this field itself"
        yield Problem(field.place, "error", "prefill-missing", message, _known(prefill, modules, is_itself=is_itself))
    elif prefill.module != module.id and prefill.module not in _prerequisites(module, modules):
        message = f"`{prefill.module}` is no prerequisite of `{module.id}`, so people may come here without it"
        hint = f"Add {prefill.module} to `prerequisites` in module.yaml."
        yield Problem(field.place, "error", "prefill-prerequisite", message, hint)
    elif what := _misfit(field, found):
        hint = "Give both fields the same type and the same options, columns or scale."
        yield Problem(field.place, "error", "prefill-type", f"`{prefill}` {what}", hint)


def _find(prefill: Prefill, module: Neighbour | None) -> Field | None:
    if module is None:
        return None
    fields = (field for sheet in module.worksheets if sheet.id == prefill.worksheet for field in sheet.fields)
    return next((field for field in fields if field.id == prefill.field), None)


def _known(prefill: Prefill, modules: Mapping[str, Neighbour], *, is_itself: bool) -> str:
    known = [
        f"{module.id}/{sheet.id}.{field.id}"
        for module in modules.values()
        for sheet in module.worksheets
        for field in sheet.fields
    ]
    near = difflib.get_close_matches(str(prefill), known, n=1, cutoff=0.7)
    return (
        f"Did you mean `{near[0]}`?"
        if near and not is_itself
        else "Write module/worksheet.field of a module of this course."
    )


def _prerequisites(module: Module, modules: Mapping[str, Neighbour]) -> set[str]:
    """Give the modules that come before this one, those before them included."""
    found: set[str] = set()
    waiting: list[Module | Neighbour] = [module]
    while waiting:
        for name in (prerequisite.partition("@")[0] for prerequisite in waiting.pop().prerequisites):
            if name not in found:
                found.add(name)
                waiting += [modules[name]] if name in modules else []
    return found


def _misfit(field: Field, source: Field) -> str | None:
    if source.type not in _TAKES.get(field.type, frozenset({field.type})):
        return f"is of type {source.type}, which a field of type {field.type} cannot take"
    if field.options and not _ids(source.options) <= _ids(field.options):
        return "has options that this field does not have"
    if field.type == "table" and (_ids(source.columns), _ids(source.rows)) != (_ids(field.columns), _ids(field.rows)):
        return "has other columns or rows"
    scales = field.scale, source.scale
    if scales[0] and scales[1] and (scales[0].low, scales[0].high) != (scales[1].low, scales[1].high):
        return "has another scale"
    return None


def _ids(items: tuple[Named, ...]) -> set[str]:
    return {item.id for item in items}
