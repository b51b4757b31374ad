"""The texts of a course while they are parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from course_builder.model import Problem, Silence
from course_builder.parser.findings import Findings
from course_builder.parser.memory import Memory
from course_builder.parser.yaml_text import YamlData, read_yaml
from course_builder.sources import Sources

_T = TypeVar("_T")


@dataclass(slots=True)
class Reading:
    """The texts of a course, with the problems of each file that was looked at."""

    sources: Sources
    memory: Memory | None = None
    """What was parsed before; nothing is kept without it."""
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

    def yaml(self, path: str) -> YamlData | None:
        """Return what a YAML file says; ``None`` if it cannot be read, which is noted."""
        text = self.text(path)
        return None if text is None else self.step("yaml", path, text, lambda findings: read_yaml(text, findings))

    def of(self, path: str) -> Findings:
        """Return the collection of problems of a file."""
        return self.findings.setdefault(path, Findings(path))

    def step(
        self,
        name: str,
        path: str,
        made_from: object,
        make: Callable[[Findings], _T],
        is_still_right: Callable[[_T], bool] = lambda value: True,
    ) -> _T:
        """Take a step with a file, or give what it gave before: see :meth:`Memory.recall`."""
        findings = self.of(path)
        if self.memory is None:
            return make(findings)
        return self.memory.recall((name, path), made_from, make, findings, is_still_right)

    def problems(self) -> Iterator[Problem]:
        """Yield the problems of all files."""
        return chain.from_iterable(each.problems for each in self.findings.values())

    def silences(self) -> Iterator[Silence]:
        """Yield what the comments of all files silence."""
        return chain.from_iterable(each.silences for each in self.findings.values())
