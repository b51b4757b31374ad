"""SVG files: pictures only. Opened on its own, an SVG is a document that could run scripts and load from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from course_builder.model import Course, Place, Problem

_ACTIVE = frozenset({"script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "audio", "video"})
_REFERENCES = frozenset({"href", "xlink:href", "src"})
_INSIDE = ("#", "data:image/png", "data:image/jpeg")
_LOADS = re.compile(r"@import|url\(\s*[\"']?(?!\s*(?:#|data:image/(?:png|jpeg)))", re.IGNORECASE)
_MEND = "Export it as a plain SVG, without scripts, entities and references to other files."

Found = tuple[int, int, str]
"""Line, column and what is wrong there."""


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each SVG that is not well-formed or holds more than a picture."""
    assets = {asset.path: asset for module in course.modules for asset in module.assets}
    for path, asset in sorted(assets.items()):
        if asset.media_type == "image/svg+xml":
            yield from (
                Problem(Place(path, line, column), "error", "svg-active", what, _MEND)
                for line, column, what in _found(asset.data)
            )


def _found(data: bytes) -> list[Found]:
    picture = _Picture()
    try:
        picture.parser.Parse(data, True)
    except expat.ExpatError as error:
        what = f"this is not well-formed: {expat.errors.messages[error.code]}"
        picture.found.append((error.lineno, error.offset + 1, what))
    except (LookupError, ValueError):
        picture.found.append((1, 1, "this is in an encoding that not every browser knows"))
    return picture.found


class _Picture:
    """Notes what does not belong in a picture while expat reads it."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction

    def _note(self, what: str) -> None:
        self.found.append((self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1, what))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2].lower() in _ACTIVE:
            self._note(f"the element <{name}> does not belong in a picture")
        for key, value in attributes.items():
            if key.lower().startswith("on"):
                self._note(f"the attribute {key} would run a script")
            elif key.lower() in _REFERENCES and not value.strip().startswith(_INSIDE):
                self._note(f"the attribute {key} points out of the file")
            elif _LOADS.search(value):
                self._note(f"the attribute {key} loads from elsewhere")

    def _text(self, text: str) -> None:
        if _LOADS.search(text):
            self._note("a style sheet loads from elsewhere")

    def _entity(self, name: str, *_: object) -> None:
        self._note(f"the entity {name} is declared")

    def _instruction(self, target: str, _: str) -> None:
        self._note(f"the instruction <?{target}?> is not allowed")
