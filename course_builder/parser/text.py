"""One Markdown file → tokens: the steps that look at a file alone, and the files that it takes in."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it.token import Token

from course_builder.model import Fence
from course_builder.parser.blocks import match_blocks
from course_builder.parser.comments import take_comments
from course_builder.parser.findings import Findings
from course_builder.parser.links import Targets, resolve_addresses, target_of
from course_builder.parser.markdown import parse_markdown
from course_builder.parser.stray_fences import report_stray_fences
from course_builder.parser.tables import report_long_rows
from course_builder.parser.variables import fill_attributes
from course_builder.tokens import end_of, mark_path

MAX_INCLUDES = 200
"""Files that one page takes in, those in other ones too: a few that take in each other twice would fill the disk."""
MAX_DEPTH = 20
"""Files that take in one another in a row."""
MAX_CHARACTERS = 1_000_000
"""What these may have in all, their variables filled in."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a Markdown file may refer to."""

    targets: Targets
    texts: Callable[[str], str | None]
    """Gives a Markdown file of the course, or ``None`` if it cannot be read, which is noted."""
    findings: Callable[[str], Findings]
    """Gives the collection of problems of a file."""
    variables: Mapping[str, str] = field(default_factory=dict)


def read_text(text: str, findings: Findings, around: Surroundings) -> list[Token]:
    """Return the tokens of a file, with those of the files that it takes in.

    The paths in each are relative to it, and so are the problems: tokens of another file carry ``meta["path"]``.
    """
    return _Reader(around).read(text, findings)


class _Reader:
    """Reads a file and counts what it takes in."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._open: list[str] = []
        self._count = 0
        self._characters = 0

    def read(self, text: str, findings: Findings) -> list[Token]:
        tokens = parse_markdown(text, findings, self._around.variables)
        report_long_rows(tokens, text, findings)
        tokens = match_blocks(take_comments(tokens, findings), findings)
        report_stray_fences(tokens, findings)
        fill_attributes(tokens, self._around.variables, findings)
        resolve_addresses(tokens, self._around.targets, findings)
        self._open.append(findings.path)
        whole = list(self._with_includes(tokens, findings))
        self._open.pop()
        return whole

    def _with_includes(self, tokens: list[Token], findings: Findings) -> Iterator[Token]:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "block_open" and token.meta["block"].name == "include":
                end = end_of(tokens, index)
                _report_content(tokens[index + 1 : end], token.meta["block"], findings)
                yield from self._included(token.meta["block"], findings)
                index = end
            else:
                yield token
            index += 1

    def _included(self, fence: Fence, findings: Findings) -> list[Token]:
        source = fence.attributes.get("src", "")
        path = target_of(unquote(source), findings.path)
        self._count += 1
        if not source:
            return []  # ``fences.py`` reported what is missing.
        if path not in self._around.targets.files or not path.endswith(".md"):
            folder = posixpath.dirname(findings.path)
            known = (posixpath.relpath(each, folder) for each in self._around.targets.files if each.endswith(".md"))
            hint = findings.near(source, known, "Paths are relative to this file; a leading / means the course.")
            findings.error(fence.place, "include-missing", f"there is no Markdown file `{source}`", hint)
        elif path in self._open:
            chain = " → ".join([*self._open[self._open.index(path) :], path])
            findings.error(fence.place, "include-cycle", f"files take in each other: {chain}", "Take one of them out.")
        elif len(self._open) > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} files take in one another here"
            findings.error(fence.place, "include-limit", message, "Write it in fewer files.")
        elif self._count > MAX_INCLUDES:
            message = f"this page takes in more than {MAX_INCLUDES} files"
            findings.error(fence.place, "include-limit", message, "Write it in fewer files.")
        elif self._characters <= MAX_CHARACTERS and (text := self._around.texts(path)) is not None:
            included = self.read(text, self._around.findings(path))
            self._characters += sum(len(token.content) for token in included)
            if self._characters <= MAX_CHARACTERS:
                mark_path(included, path)
                return included
            message = f"the files that this page takes in have more than {MAX_CHARACTERS:,} characters"
            findings.error(fence.place, "include-limit", message, "Make several pages of it.")
        return []


def _report_content(content: list[Token], fence: Fence, findings: Findings) -> None:
    if content:
        message = "an `include` holds nothing of its own"
        findings.error(fence.place, "include-content", message, "Move the text out of it.")
