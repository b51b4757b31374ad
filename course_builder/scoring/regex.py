r"""Regular expressions of authors: RFC 9485 (I-Regexp), the whole answer, in linear time.

The parser is strict where RE2 takes more than the RFC (``\d``, ``a+?``, ``^``), and writes what it read anew for RE2.
``player/scoring/regex.js`` has the same parser, and a matcher of its own. Beyond the RFC: ``\p{Cn}`` is refused,
because which characters do not exist yet depends on the version of Unicode, and so are expressions that are too large.

Source: RFC 9485, sections 3 and 5; errata as of 2026.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from course_builder.scoring.text import INVISIBLE, TYPED

LONGEST = 500
"""Characters of an expression."""
LARGEST = 1_000
"""Characters that an expression may look for once its repetitions are written out."""
DEEPEST = 50
"""Groups within groups."""

_ESCAPED = {each: each for each in r"()*+-.?[\]^{|}"} | {"n": "\n", "r": "\r", "t": "\t"}
_SPECIAL = frozenset("()*+.?[\\]{|}")
_CATEGORIES = {"L": "lmotu", "M": "cen", "N": "dlo", "P": "cdefios", "Z": "lps", "S": "ckmo", "C": "cfo"}


class RegexError(ValueError):
    """What is wrong with an expression, as the end of a sentence that begins "The expression"."""


def regex_mistake(pattern: str) -> str | None:
    """Say what is wrong with an author's expression, as the end of a sentence that begins "The expression"; or nothing.

    This is stricter than matching: it names what is allowed and can never match an answer, too.
    """
    try:
        compiled(pattern, is_exact=False)
    except RegexError as error:
        return str(error)
    if pattern.startswith("^") or (pattern.endswith("$") and not pattern.endswith(r"\$")):
        return "looks for ^ or $ as a character: leave it out, the whole answer is compared anyway, or write [$]"
    for each in unicodedata.normalize("NFC", pattern):
        if ord(each) in TYPED and each != " ":
            plain = TYPED[ord(each)]
            instead = f"write {plain!r}" if plain is not None and each not in INVISIBLE else "leave it out"
            return f"holds {unicodedata.name(each, 'a control character')}, which no answer does: {instead}"
    return None


def matches(pattern: str, text: str, *, is_exact: bool) -> bool:
    """Whether an expression matches all of a tidy text; capitals count only where it is exact."""
    return compiled(pattern, is_exact=is_exact)(text)


@lru_cache(maxsize=2048)
def compiled(pattern: str, *, is_exact: bool) -> Callable[[str], bool]:
    """Make an expression ready for matching.

    Raises:
        RegexError: if it is none of RFC 9485.
    """
    import re2

    source = _Parser(unicodedata.normalize("NFC", pattern)).parse()
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.case_sensitive = is_exact
    try:
        expression: Any = re2.compile(source, options)
    except re2.error as error:
        raise RegexError("is too large") from error
    return lambda text: expression.fullmatch(text) is not None


@dataclass(slots=True)
class _Parser:
    """A recursive descent: each method reads one rule of the RFC's grammar; sizes count what is looked for."""

    pattern: str
    at: int = 0
    depth: int = 0

    def parse(self) -> str:
        if len(self.pattern) > LONGEST:
            raise RegexError(f"is longer than {LONGEST} characters")
        if any("\ud800" <= each <= "\udfff" for each in self.pattern):
            raise RegexError("holds what is not a character")
        source, _ = self._alternatives()
        if self.at < len(self.pattern):
            raise RegexError(f"closes a group at position {self.at + 1} that it did not open")
        return source

    @property
    def _next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1 : self.at]

    def _alternatives(self) -> tuple[str, int]:
        branches, size = [], 1
        while True:
            pieces = []
            while self._next not in {"", "|", ")"}:
                piece, added = self._piece()
                pieces.append(piece)
                size += added
                if size > LARGEST:
                    raise RegexError("is too large: its repetitions look for too many characters")
            branches.append("".join(pieces))
            if self._next != "|":
                return "|".join(branches), size
            self._take()

    def _piece(self) -> tuple[str, int]:
        atom, size = self._atom()
        if self._next and self._next in "*+?":
            return f"{atom}{self._take()}", size
        if self._next != "{":
            return atom, size
        quantifier, times = self._quantifier()
        return atom + quantifier, size * max(times, 1)

    def _quantifier(self) -> tuple[str, int]:
        start = self.at
        end = self.pattern.find("}", start)
        low, comma, high = self.pattern[start + 1 : max(end, start)].partition(",")
        numbers = [low] + ([high] if high else [])
        if not all(number.isascii() and number.isdigit() and len(number) <= 4 for number in numbers):
            raise RegexError(f"has a repetition at position {start + 1} that is none: write {{2}}, {{2,}} or {{2,4}}")
        self.at = end + 1
        counts = [int(number) for number in numbers]
        if counts[-1] < counts[0]:
            raise RegexError(f"repeats at position {start + 1} at least more often than at most")
        if counts[-1] > LARGEST:
            raise RegexError("is too large: its repetitions look for too many characters")
        return "{" + str(counts[0]) + comma + (str(counts[1]) if high else "") + "}", counts[-1]

    def _atom(self) -> tuple[str, int]:
        position = self.at + 1
        each = self._take()
        if each == "(":
            return self._group(position)
        if each == ".":
            return r"[^\n\r]", 1
        if each == "[":
            return self._class(position), 1
        if each == "\\":
            return self._escape(), 1
        if each in _SPECIAL:
            self._refuse(each, position)
        return _literal(each), 1

    def _group(self, position: int) -> tuple[str, int]:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RegexError(f"has more than {DEEPEST} groups within each other")
        source, size = self._alternatives()
        if self._take() != ")":
            raise RegexError(f"opens a group at position {position} that it does not close")
        self.depth -= 1
        return f"(?:{source})", size

    def _escape(self) -> str:
        position = self.at
        each = self._take()
        if each and each in "pP":
            return rf"\{each}{{{self._category(position)}}}"
        return _literal(self._escaped(each, position))

    def _escaped(self, each: str, position: int) -> str:
        if each not in _ESCAPED:
            instead = {"d": ": write [0-9]", "w": r": write [\p{L}\p{N}_]", "s": ": write a space"}.get(each, "")
            raise RegexError(f"has the escape \\{each} at position {position}, which RFC 9485 does not have{instead}")
        return _ESCAPED[each]

    def _category(self, position: int) -> str:
        end = self.pattern.find("}", self.at)
        name = self.pattern[self.at + 1 : max(end, self.at)]
        is_known = name[:1] in _CATEGORIES and (len(name) == 1 or (len(name) == 2 and name[1] in _CATEGORIES[name[0]]))
        if self._next != "{" or not name or not is_known:
            raise RegexError(rf"has a category at position {position} that is none: write \p{{L}}, \p{{Nd}} or another")
        self.at = end + 1
        return name

    def _class(self, position: int) -> str:
        start = "[^" if self._next == "^" else "["
        self.at += start == "[^"
        parts = []
        if self._next == "-":
            parts.append(_literal(self._take()))
        while self._next not in {"", "]"}:
            if self._next == "-" and parts and self.pattern[self.at + 1 : self.at + 2] == "]":
                parts.append(_literal(self._take()))
            elif self._next == "\\" and self.pattern[self.at + 1 : self.at + 2] in {"p", "P"}:
                self._take()
                parts.append(self._escape())
            else:
                parts.append(self._range())
        if self._take() != "]":
            raise RegexError(f"opens a character class at position {position} that it does not close")
        if not parts:
            raise RegexError(f"has an empty character class at position {position}")
        return f"{start}{''.join(parts)}]"

    def _range(self) -> str:
        position = self.at + 1
        first = self._class_character()
        if self._next != "-" or self.pattern[self.at + 1 : self.at + 2] == "]":
            return _literal(first)
        self._take()
        last = self._class_character()
        if last < first:
            raise RegexError(f"has a range at position {position} that ends before it begins")
        return f"{_literal(first)}-{_literal(last)}"

    def _class_character(self) -> str:
        position = self.at + 1
        each = self._take()
        if each == "\\":
            return self._escaped(self._take(), position)
        if not each or each in "-[]":
            self._refuse(each or "[", position)
        return each

    def _refuse(self, each: str, position: int) -> NoReturn:
        raise RegexError(rf"has a stray {each} at position {position}: write \{each} for the character itself")


def _literal(each: str) -> str:
    return each if each.isalnum() else f"\\x{{{ord(each):x}}}"
