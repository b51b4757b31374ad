"""Sentences: short enough to be understood at first reading, in a second language too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course_builder.model import Problem
from course_builder.prose import Passage

MOST_WORDS = 25
FEWEST_CHARACTERS = 2 * MOST_WORDS
"""A shorter text has no sentence of more words."""
_END = re.compile(r"""(?<=[.!?…])["”’»)\]]*\s+(?=["“‘«(\[]*[A-ZÅÄÖÕÜŠŽ0-9])""")
_WORD = re.compile(r"\w[\w'’.,:/-]*")


def check(passage: Passage) -> Iterator[Problem]:
    """Yield a warning for each sentence that is too long."""
    if len(passage.text.split()) <= MOST_WORDS:
        return
    start = 0
    for end in [*(match.start() for match in _END.finditer(passage.text)), len(passage.text)]:
        sentence = passage.text[start:end]
        words = len(_WORD.findall(sentence))
        if words > MOST_WORDS:
            offset = start + len(sentence) - len(sentence.lstrip())
            message = f"a sentence of {words} words: “{_beginning(sentence)} …”"
            hint = f"Make two of it: {MOST_WORDS} words are what is understood at first reading."
            yield Problem(passage.place(offset), "warning", "sentence-too-long", message, hint)
        start = end


def _beginning(sentence: str) -> str:
    return " ".join(sentence.split()[:5])
