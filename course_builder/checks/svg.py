"""SVG files: pictures only. Opened on its own, an SVG is a document that could run scripts and load from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from course_builder.model import Course, Place, Problem

_ACTIVE = frozenset({"script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "audio", "video"})
_REFERENCES = frozenset({"href", "xlink:href", "src"})
_MEND = "Export it as a plain SVG, without scripts, entities and references to other files."


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each SVG that is not well-formed or holds more than a picture."""
    assets = {asset.path: asset for module in course.modules for asset in module.assets}
    for path, asset in sorted(assets.items()):
        if asset.media_type == "image/svg+xml":
            yield from (
                Problem(Place(path, line, column), "error", "svg-active", what, _MEND)
                for line, column, what in _found(asset.data)
            )


def _found(data: bytes) -> list[tuple[int, int, str]]:
    parser = expat.ParserCreate()
    found: list[tuple[int, int, str]] = []

    def note(what: str) -> None:
        found.append((parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, what))

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2].lower() in _ACTIVE:
            note(f"the element <{name}> does not belong in a picture")
        for key, value in attributes.items():
            if key.lower().startswith("on"):
                note(f"the attribute {key} would run a script")
            elif key.lower() in _REFERENCES and not value.strip().startswith(
                ("#", "data:image/png", "data:image/jpeg")
            ):
                note(f"the attribute {key} points out of the file")

    def entity(name: str, *_: object) -> None:
        note(f"the entity {name} is declared")

    parser.StartElementHandler = start
    parser.EntityDeclHandler = entity
    parser.ProcessingInstructionHandler = lambda target, _: note(f"the instruction <?{target}?> is not allowed")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        found.append((error.lineno, error.offset + 1, f"this is not well-formed: {expat.errors.messages[error.code]}"))
    return found
