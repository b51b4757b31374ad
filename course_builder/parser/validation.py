"""Plain data → a model, with every mistake at its line and column."""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from course_builder.parser.findings import Findings, did_you_mean
from course_builder.parser.yaml_text import Path, YamlData

FileModel = TypeVar("FileModel", bound=BaseModel)

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "list_type": "a list, one `- …` a line",
    "dict_type": "a mapping, one `key: …` a line",
    "model_type": "a mapping, one `key: …` a line",
}


def validate(data: YamlData, model: type[FileModel], findings: Findings, salvage: dict[str, Any]) -> FileModel:
    """Return the model; where a key is wrong or missing, its problem is noted and ``salvage`` stands in for it.

    So a mistake in one key hides no problem in the rest, nor in other files. ``salvage`` holds valid values for all
    required keys.
    """
    try:
        return model.model_validate(data.value)
    except ValidationError as error:
        # A value that fits no member of a union is reported once, by the last of them.
        mistakes = {_known_path(details["loc"], data): details for details in error.errors(include_url=False)}
    unknown = {path for path, details in mistakes.items() if details["type"] == "extra_forbidden"}
    for path, details in mistakes.items():
        if details["type"] != "missing" or not _is_misspelt(path, unknown):
            _report(details, path, model, data, findings)
    wrong = {path[0] for path in mistakes if path}
    known = data.value.items() if isinstance(data.value, dict) else ()
    return model.model_validate({**salvage, **{key: value for key, value in known if key not in wrong}})


def _is_misspelt(missing: Path, unknown: set[Path]) -> bool:
    """Whether a key that is missing is there under a name that is nearly its own, which is reported by itself."""
    beside = [str(path[-1]) for path in unknown if path[:-1] == missing[:-1]]
    return bool(missing) and bool(difflib.get_close_matches(str(missing[-1]), beside, n=1))


def _known_path(location: tuple[int | str, ...], data: YamlData) -> Path:
    """Leave out the parts of a location that name a member of a union, which no author wrote."""
    path: Path = ()
    for index, part in enumerate(location):
        is_last = index + 1 == len(location)
        if (*path, part) in data.places or (is_last and isinstance(_at(data.value, path), dict)):
            path = (*path, part)
    return path


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _report(details: ErrorDetails, path: Path, model: type[BaseModel], data: YamlData, findings: Findings) -> None:
    place = data.place(path)
    name = (
        str(path[-1]) if path and isinstance(path[-1], str) else f"entry {int(path[-1]) + 1}" if path else "this file"
    )
    around = _model_at(model, path[:-1])
    kind = details["type"]
    if kind == "extra_forbidden":
        known = around.model_fields if around else {}
        hint = did_you_mean(name, known, f"There are {', '.join(known)}.")
        findings.error(place, "yaml-unknown-key", f"there is no key `{name}` here", hint)
    elif kind == "missing":
        findings.error(place, "yaml-missing-key", f"`{name}` is missing", f"Add {name}: …")
    else:
        findings.error(place, "yaml-value", _objection(name, details["input"]), _mend(details))


def _objection(name: str, value: Any) -> str:
    if value is None:
        return f"`{name}` is empty"
    return f"`{name}` cannot be `{value}`" if isinstance(value, str) and len(value) < 60 else f"`{name}` is wrong"


def _mend(details: ErrorDetails) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind in _KINDS:
        return f"It has to be {_KINDS[kind]}."
    if kind in {"string_too_short", "too_short"}:
        return "It has to be filled in."
    if kind == "string_too_long":
        return f"It has to be at most {context['max_length']} characters long."
    if kind == "greater_than_equal":
        return f"It has to be at least {context['ge']}."
    if kind == "less_than_equal":
        return f"It has to be at most {context['le']}."
    if kind == "literal_error":
        return f"It has to be a whole number or {context['expected']}."
    # Our own types say it in the message.
    return details["msg"]


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Return the model that a piece of the data has to follow."""
    found: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, str) and found is not None and part in found.model_fields:
            found = next(_models(found.model_fields[part].annotation), found)
    return found


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models(argument)
