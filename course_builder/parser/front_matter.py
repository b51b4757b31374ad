"""The YAML between ``---`` lines at the top of a page."""

from __future__ import annotations

from course_builder.parser.findings import Findings
from course_builder.parser.schemas import FrontMatter
from course_builder.parser.validation import validate
from course_builder.parser.yaml_text import read_yaml

_LINE = "---"


def split_front_matter(text: str, findings: Findings) -> tuple[FrontMatter, str]:
    """Return the front matter and the text, in which empty lines keep the numbers of all others."""
    lines = text.split("\n")
    if lines[0].rstrip() != _LINE:
        return FrontMatter(), text
    end = next((number for number in range(1, len(lines)) if lines[number].rstrip() == _LINE), None)
    if end is None:
        findings.error(
            (1, 1), "yaml-syntax", "the front matter is never closed", "End it with --- on a line of its own."
        )
        return FrontMatter(), text
    data = read_yaml("\n".join(lines[1:end]), findings, first_line=2)
    front_matter = validate(data, FrontMatter, findings, salvage={}) if data else FrontMatter()
    return front_matter, "\n" * (end + 1) + "\n".join(lines[end + 1 :])
