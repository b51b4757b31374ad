"""Words of an author that silence a check at one place: ``<!-- quiet: code: reason -->``, in YAML ``# quiet: …``."""

from __future__ import annotations

import re

from course_builder.model import Silence
from course_builder.parser.findings import Findings

_MARKDOWN = re.compile(r"<!--\s*quiet(?=[\s:]|--)(?P<rest>.*?)-->", re.DOTALL)
_YAML = re.compile(r"(?:^|(?<=\s))#\s*quiet(?=[\s:]|$)(?P<rest>.*)")
_REST = re.compile(r"\s*:\s*(?P<code>[A-Za-z0-9-]+)(?:\s*:\s*|\s+|$)(?P<reason>.*)", re.DOTALL)


def take_silence(comment: str, line: int, column: int, findings: Findings, *, is_alone: bool) -> bool:
    """Note what a comment in Markdown silences; return whether it is such a comment at all.

    Args:
        comment: from ``<!--`` to ``-->``.
        line: where it starts.
        column: where it starts.
        findings: of the file.
        is_alone: whether it has its lines to itself, and so speaks of what follows.
    """
    match = _MARKDOWN.fullmatch(comment)
    if match is None:
        return False
    end = line + comment.count("\n")
    _note(match["rest"], (line, column), end + 1 if is_alone else end, findings, is_alone=is_alone)
    return True


def take_silences_of_yaml(text: str, findings: Findings, first_line: int) -> None:
    """Note what the comments of a YAML text silence: their own line, or alone on one, the next."""
    if "quiet" not in text:
        return
    for number, line in enumerate(text.split("\n"), first_line):
        if match := _YAML.search(line):
            is_alone = not line[: match.start()].strip()
            place = number, match.start() + 1
            _note(match["rest"], place, number + 1 if is_alone else number, findings, is_alone=is_alone)


def _note(rest: str, place: tuple[int, int], line: int, findings: Findings, *, is_alone: bool) -> None:
    match = _REST.fullmatch(rest)
    if match is None:
        findings.error(
            place,
            "silence-syntax",
            "this comment does not say which problem it silences",
            "Write quiet: code: reason, with the code that the report names.",
        )
        return
    reason = " ".join(match["reason"].split())
    findings.silences.append(Silence(findings.place(place), match["code"], reason, line, is_alone))
