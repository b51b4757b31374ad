"""A name added to a list of a YAML file, with nothing else in the file changed."""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


def with_entry(text: str, key: str, entry: str) -> str | None:
    """Return YAML in which a top-level list has one more entry; ``None`` if there is no such list to add to."""
    node = _list(text, key)
    if node is None or not node.value:
        return None
    last = node.value[-1]
    end = last.end_mark.index
    if node.flow_style:
        return f"{text[:end]}, {entry}{text[end:]}"
    line_end = min(position for position in (text.find("\n", end), len(text)) if position >= 0)
    indent = " " * node.start_mark.column
    newline = "\r\n" if "\r\n" in text else "\n"
    head = text[:line_end].removesuffix("\r")
    return f"{head}{newline}{indent}- {entry}{text[len(head) :]}"


def _list(text: str, key: str) -> SequenceNode | None:
    try:
        root: Node | None = YAML(typ="rt", pure=True).compose(text)
    except YAMLError:
        return None
    if not isinstance(root, MappingNode):
        return None
    return next(
        (
            value
            for name, value in root.value
            if isinstance(name, ScalarNode) and name.value == key and isinstance(value, SequenceNode)
        ),
        None,
    )


def is_name(text: str) -> bool:
    """Tell whether a text can be an id and a file's name."""
    return re.fullmatch(r"[a-z][a-z0-9-]*", text) is not None
