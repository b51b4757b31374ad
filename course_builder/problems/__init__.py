"""The catalogue of problems: every code with what it means, why it matters and how to mend it.

A new code: add an ``Entry`` to the file of its subject, in the order of the codes, then run ``make problems``, which
writes ``docs/problems.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from course_builder.problems import (
    attributes,
    blocks,
    course_files,
    files,
    formulas,
    glossary,
    ids,
    images,
    language,
    links,
    media,
    questions,
    shared_text,
    silences,
    text,
    workshop,
)
from course_builder.problems.entry import Entry, Subject

SUBJECTS: tuple[Subject, ...] = (
    text.SUBJECT,
    language.SUBJECT,
    formulas.SUBJECT,
    shared_text.SUBJECT,
    glossary.SUBJECT,
    links.SUBJECT,
    images.SUBJECT,
    files.SUBJECT,
    media.SUBJECT,
    attributes.SUBJECT,
    blocks.SUBJECT,
    questions.SUBJECT,
    workshop.SUBJECT,
    ids.SUBJECT,
    course_files.SUBJECT,
    silences.SUBJECT,
)

PROBLEMS: Mapping[str, Entry] = MappingProxyType(
    {entry.code: entry for subject in SUBJECTS for entry in subject.entries}
)

__all__ = ["PROBLEMS", "SUBJECTS", "Entry", "Subject"]
