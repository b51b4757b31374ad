"""Banks: Markdown files of questions that pools draw from."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from course_builder.model import Fence, Question
from course_builder.parser.findings import Findings, did_you_mean

ParseBank = Callable[[str, str, str | None], list[Question]]
"""(path of the bank, page, quiz) → its questions, as if they stood on that page."""


@dataclass(slots=True)
class Banks:
    """The banks that a module draws from; each is parsed once."""

    paths: frozenset[str]
    """All Markdown files of the course."""
    parse: ParseBank
    _known: dict[str, list[Question]] = field(default_factory=dict)

    def questions(self, fence: Fence, page: str, quiz: str | None, findings: Findings) -> list[Question]:
        """Give the questions of the bank that a pool names with ``from``."""
        name = fence.attributes.get("from")
        if name is None:
            return []
        base = "" if name.startswith("/") else posixpath.dirname(findings.path)
        path = posixpath.normpath(posixpath.join(base, name.lstrip("/")))
        if path not in self.paths:
            known = [posixpath.relpath(each, base or ".") for each in sorted(self.paths)]
            hint = did_you_mean(name, known, "A path is relative to this file; a leading / means the course's folder.")
            findings.error(fence.place, "pool-missing-bank", f"there is no file `{name}` to draw from", hint)
            return []
        if path not in self._known:
            self._known[path] = self.parse(path, page, quiz)
        return [replace(question, page=page, quiz=quiz) for question in self._known[path]]
