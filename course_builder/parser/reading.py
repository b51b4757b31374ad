"""The texts of a course while they are parsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from course_builder.model import Problem
from course_builder.parser.findings import Findings
from course_builder.sources import Sources


@dataclass(slots=True)
class Reading:
    """The texts of a course, with the problems of each file that was looked at."""

    sources: Sources
    findings: dict[str, Findings] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    """What ``{{name}}`` stands for in the course."""

    def text(self, path: str) -> str | None:
        """Return a text; ``None`` if it cannot be read, which is noted."""
        text = self.sources.texts[path]
        if isinstance(text, Problem):
            self.of(path).problems.append(text)
            return None
        return text

    def of(self, path: str) -> Findings:
        """Return the collection of problems of a file."""
        return self.findings.setdefault(path, Findings(path))
