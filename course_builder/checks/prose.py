"""The checks of language, over one reading of each page; footnotes, which name sources, are left out."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.checks import abbreviations, languages, sentences
from course_builder.model import Course, Problem
from course_builder.prose import passages


def check(course: Course) -> Iterator[Problem]:
    """Yield a warning for each long sentence, unexplained abbreviation and phrase in another language."""
    for module in course.modules:
        read = [passage for page in module.pages for passage in passages(page)]
        for passage in read:
            # Most passages are a word or two in the cell of a table.
            if len(passage.text) >= sentences.FEWEST_CHARACTERS:
                yield from sentences.check(passage)
            if len(passage.text) >= languages.FEWEST_CHARACTERS:
                yield from languages.check(passage, module.language)
        yield from abbreviations.check(read)
