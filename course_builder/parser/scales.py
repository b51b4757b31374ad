"""The scale of a field or poll: ``min= max= labels="one end|the other"``."""

from __future__ import annotations

import re

from course_builder.model import Fence
from course_builder.model.workshop import Scale
from course_builder.parser.findings import Findings
from course_builder.plurals import counted

_WHOLE = re.compile(r"-?\d{1,3}", re.ASCII)
_MOST_POINTS = 11


def read_scale(fence: Fence, findings: Findings) -> Scale:
    """Read a scale; it goes from 1 to 5 where the author says nothing."""
    low, high = _whole("min", 1, fence, findings), _whole("max", 5, fence, findings)
    points = high - low + 1
    if not 2 <= points <= _MOST_POINTS:
        message = f"a scale from {low} to {high}"
        hint = f"A scale has 2 to {_MOST_POINTS} points: min=0 max=4."
        findings.error(fence.place, "scale-range", message, hint)
    labels = tuple(label.strip() for label in fence.attributes.get("labels", "").split("|"))
    if labels == ("",):
        labels = ()
    elif len(labels) not in {2, points} or not all(labels):
        message = f"{counted(len(labels), 'label')} for a scale of {points} points"
        hint = 'Name both ends, labels="never|always", or each point.'
        findings.error(fence.place, "scale-labels", message, hint)
    return Scale(low, high, labels)


def _whole(key: str, default: int, fence: Fence, findings: Findings) -> int:
    text = fence.attributes.get(key)
    if text is None:
        return default
    if _WHOLE.fullmatch(text):
        return int(text)
    findings.error(fence.place, "attribute-value", f"`{key}` cannot be `{text}`", "Write a whole number.")
    return default
