"""How two texts are compared: what a keyboard or a phone makes of a text never decides, what it says does.

Every rule is spelled out, so that ``player/scoring/text.js`` can follow it letter by letter: nothing depends on the
locale of a machine.
"""

from __future__ import annotations

import unicodedata

from course_builder.scoring.letters import PLAIN, own_letters
from course_builder.scoring.result import ResponseError

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""All that Unicode calls white space."""

INVISIBLE = "\xad\u200b\u200e\u200f\u2060\ufeff"
"""Soft hyphen, zero-width space, direction marks, word joiner, byte order mark: they come with pasted text."""

_SAME = {
    "'": "‘’‚‛‹›′ʼ`´",
    '"': "“”„‟«»″",
    "-": "‐‑‒–—―−﹘﹣－",
    "...": "…",
    "ș": "ş",  # Older keyboards write Romanian with a cedilla.
    "ț": "ţ",
    "Ș": "Ş",
    "Ț": "Ţ",
}
TYPED = {ord(space): " " for space in SPACES} | {ord(each): None for each in INVISIBLE}
TYPED |= {ord(each): plain for plain, fancy in _SAME.items() for each in fancy}

_FIRST_MARK, _LAST_MARK = "\u0300", "\u036f"
"""The block of combining accents."""

LONGEST_LINE = 1_000
"""Characters of an answer in a text field."""


def read_text(response: object, longest: int = LONGEST_LINE) -> str:
    """Take a response that is a text; ``None`` is an empty one.

    Raises:
        ResponseError: if it is no text, too long, or holds what is not a character.
    """
    if response is None:
        return ""
    if not isinstance(response, str):
        raise ResponseError("The answer to this question is a text.")
    if len(response) > longest:
        raise ResponseError(f"The answer is longer than {longest} characters.")
    if any(each == "\0" or "\ud800" <= each <= "\udfff" for each in response):
        raise ResponseError("The answer holds what is not a character.")
    return response


def tidy(text: str) -> str:
    """Write a text with the characters of a plain keyboard, without space around it."""
    typed = unicodedata.normalize("NFC", text).translate(TYPED)
    # What stood between a letter and its accent may be gone.
    return unicodedata.normalize("NFC", typed).strip(" ")


def collapse(text: str) -> str:
    """Make one space of several, in a tidy text."""
    return " ".join(part for part in text.split(" ") if part)


def fold(text: str, language: str) -> str:
    """Leave out what does not count: how a text was typed, capitals, spaces, accents foreign to a language."""
    own = own_letters(language)
    # Letter by letter, because Python and JavaScript look around a letter in different ways.
    lower = "".join(each.lower() for each in collapse(tidy(text))).replace("ς", "σ")
    return lower if own is None else "".join(each if each in own else _plain(each) for each in lower)


def _plain(letter: str) -> str:
    taken_apart = unicodedata.normalize("NFD", letter)
    kept = (each for each in taken_apart if not _FIRST_MARK <= each <= _LAST_MARK)
    return "".join(PLAIN.get(each, each) for each in kept)
