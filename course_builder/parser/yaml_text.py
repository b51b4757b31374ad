"""YAML text → plain data with the place of every key and value.

Scalars stay text (``version: 1.10`` is not the number 1.1); the models say what they mean. Aliases are refused, since a
few lines of them unfold into gigabytes.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from course_builder.parser.findings import Findings
from course_builder.parser.silences import take_silences_of_yaml

MAX_CHARACTERS = 250_000
_MAX_DEPTH = 20

_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that can be written as ``"\\x00"``, and that no page, no database and no other format takes."""

Path = tuple[str | int, ...]


@dataclass(slots=True)
class YamlData:
    """Plain data (``dict``, ``list``, ``str``, ``None``) and the line and column of each piece, by its path."""

    value: Any
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> tuple[int, int]:
        """Return where a piece stands, or else the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


def read_yaml(text: str, findings: Findings, first_line: int = 1) -> YamlData | None:
    """Read YAML that starts on a given line of its file; ``None`` if it cannot be read at all."""
    if len(text) > MAX_CHARACTERS:
        findings.error(
            (first_line, 1), "yaml-syntax", f"this is longer than {MAX_CHARACTERS} characters", "Shorten it."
        )
        return None
    take_silences_of_yaml(text, findings, first_line)
    try:
        node = _compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (first_line + mark.line, mark.column + 1) if mark else (first_line, 1)
        findings.error(place, "yaml-syntax", _sentence(error), "Check the indentation, the colons and the quotes here.")
        return None
    except (YAMLError, ValueError, OverflowError, RecursionError) as error:
        reason = "it nests too deeply" if isinstance(error, RecursionError) else str(error).split("\n", 1)[0]
        findings.error((first_line, 1), "yaml-syntax", f"this is not YAML: {reason}", "Write `key: value` lines.")
        return None
    reader = _Reader(findings, first_line)
    data = YamlData({} if node is None else reader.read(node, ()))
    data.places = reader.places
    return data


def _compose(text: str) -> Node | None:
    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = _MAX_DEPTH
    yaml.Composer = _Composer
    with warnings.catch_warnings(action="ignore", category=ReusedAnchorWarning):  # All aliases are refused below.
        node: Node | None = yaml.compose(text)
    return node


class _Alias(ScalarNode):
    """``*name``, as it stands."""


class _Composer(Composer):
    """Composes aliases as nodes of their own: none is unfolded, and each is reported where it stands."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose the next node."""
        if not self.parser.check_event(AliasEvent):
            return super().compose_node(parent, index)
        event = self.parser.get_event()
        return _Alias("alias", event.anchor, start_mark=event.start_mark, end_mark=event.end_mark)


def _sentence(error: MarkedYAMLError) -> str:
    said = " ".join(part for part in (error.context, error.problem) if part)
    return f"this is not YAML: {said}"


class _Reader:
    """Walks the nodes of one document."""

    def __init__(self, findings: Findings, first_line: int) -> None:
        self._findings = findings
        self._first_line = first_line
        self.places: dict[Path, tuple[int, int]] = {}

    def read(self, node: Node, path: Path) -> Any:
        """Return a node as plain data."""
        place = self._place(node)
        self.places.setdefault(path, place)
        if isinstance(node, _Alias):
            self._findings.error(place, "yaml-syntax", "aliases (*name) are not allowed here", "Write the value out.")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node) if isinstance(node, ScalarNode) else None

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            is_word = isinstance(key_node, ScalarNode) and not isinstance(key_node, _Alias)
            key = self._clean(str(key_node.value), key_node) if is_word else ""
            place = self._place(key_node)
            if not is_word:
                self._findings.error(place, "yaml-syntax", "a key has to be a word", "Write `key: value`.")
            elif key in data:
                line = self.places[(*path, key)][0]
                message = f"the key `{key}` stands here twice, first on line {line}"
                self._findings.error(place, "yaml-key-twice", message, "Keep one of them.")
            else:
                self.places[(*path, key)] = place
                data[key] = self.read(value_node, (*path, key))
        return data

    def _place(self, node: Node) -> tuple[int, int]:
        return self._first_line + node.start_mark.line, node.start_mark.column + 1

    def _scalar(self, node: ScalarNode) -> str | None:
        is_plain = node.style is None
        # The parser marks where folded text (`>`) was broken, in case somebody writes the file back.
        value = str(node.value).replace("\a", "") if node.style == ">" else str(node.value)
        return None if is_plain and value in {"", "~", "null", "Null", "NULL"} else self._clean(value, node)

    def _clean(self, text: str, node: Node) -> str:
        if (found := _NO_TEXT.search(text)) is None:
            return text
        message = f"the character U+{ord(found[0]):04X} stands here, which belongs in no text"
        self._findings.error(self._place(node), "yaml-syntax", message, "Take it away.")
        return _NO_TEXT.sub("\ufffd", text)
