"""Banks: Markdown files of questions that pools draw from."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from course_builder.model import Fence, Question
from course_builder.parser.findings import Findings
from course_builder.parser.links import target_of

MOST_QUESTIONS = 20_000
"""What the pools of a module may draw from, a bank counted at each pool that names it."""
ParseBank = Callable[[str, str, str | None], list[Question]]
"""(path of the bank, page, quiz) → its questions, as if they stood on that page."""


@dataclass(slots=True)
class Banks:
    """The banks that a module draws from; each is parsed once."""

    paths: frozenset[str]
    """All Markdown files of the course."""
    parse: ParseBank
    _known: dict[str, list[Question]] = field(default_factory=dict)
    _count: int = 0

    def questions(self, fence: Fence, page: str, quiz: str | None, findings: Findings) -> list[Question]:
        """Give the questions of the bank that a pool names with ``from``."""
        name = fence.attributes.get("from")
        if name is None:
            return []
        path = target_of(unquote(name), findings.path)
        if path not in self.paths:
            known = (posixpath.relpath(each, posixpath.dirname(findings.path)) for each in sorted(self.paths))
            hint = findings.near(name, known, "A path is relative to this file; a leading / means the course's folder.")
            findings.error(fence.place, "pool-missing-bank", f"there is no file `{name}` to draw from", hint)
            return []
        if path not in self._known:
            self._known[path] = self.parse(path, page, quiz)
        self._count += len(self._known[path])
        if self._count > MOST_QUESTIONS:
            message = f"the pools of this module draw from more than {MOST_QUESTIONS:,} questions"
            findings.error(fence.place, "pool-limit", message, "Name each bank once, or make several modules.")
            return []
        return [replace(question, page=page, quiz=quiz) for question in self._known[path]]
