"""Values of a block's attributes: numbers, shares, yes and no."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from fractions import Fraction

from course_builder.model import Fence
from course_builder.parser.findings import Findings

_NUMBER = re.compile(r"\d{1,6}(?:\.\d{1,6})?|\d{1,6}/[1-9]\d{0,5}", re.ASCII)
_SIGNED = re.compile(r"-?(?:\d{1,12}(?:\.\d{1,9})?|\d{1,9}/[1-9]\d{0,8})", re.ASCII)
_COUNT = re.compile(r"[1-9]\d{0,3}", re.ASCII)


class Values:
    """Reads the attributes of one block; each wrong value is reported and replaced by the default."""

    def __init__(self, fence: Fence, findings: Findings) -> None:
        self._fence = fence
        self._findings = findings

    def text(self, key: str) -> str | None:
        """Return the value as it stands."""
        return self._fence.attributes.get(key)

    def number(self, key: str, default: Fraction) -> Fraction:
        """Return an exact number above 0."""
        value = self._number(key, "a number above 0, such as 2, 0.5 or 1/2")
        return default if value is None else value

    def signed(self, key: str) -> Fraction | None:
        """Return an exact number, which may be 0 or less."""
        text = self.text(key)
        if text is None:
            return None
        if match := _SIGNED.fullmatch(text.replace("\u2212", "-")):
            return Fraction(match[0])
        self._wrong(key, text, "Write a number such as 42, -1.5 or 1/3.")
        return None

    def share(self, key: str) -> Fraction:
        """Return an exact number from 0 to 1; 0 where there is none."""
        value = self._number(key, "a share from 0 to 1, such as 1/4 or 0.25", is_share=True)
        return value or Fraction(0)

    def count(self, key: str, default: int | None) -> int | None:
        """Return a whole number from 1."""
        text = self.text(key)
        if text is None:
            return default
        if _COUNT.fullmatch(text):
            return int(text)
        self._wrong(key, text, "Write a whole number from 1.")
        return default

    def yes(self, key: str, *, default: bool) -> bool:
        """Return the answer to a yes-or-no key."""
        return self.choice(key, ("yes", "no"), "yes" if default else "no") == "yes"

    def choice(self, key: str, known: Collection[str], default: str) -> str:
        """Return one of the known words."""
        text = self.text(key)
        if text is None or text in known:
            return text or default
        self._wrong(key, text, self._findings.near(text, known, f"Write one of {', '.join(known)}."))
        return default

    def date(self, key: str) -> str | None:
        """Return an ISO 8601 date, checked."""
        text = self.text(key)
        if text is None:
            return None
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            self._wrong(key, text, "Write a date as 2027-01-31.")
            return None

    def _number(self, key: str, expected: str, *, is_share: bool = False) -> Fraction | None:
        text = self.text(key)
        if text is None:
            return None
        value = Fraction(text) if _NUMBER.fullmatch(text) else None
        if value is None or (value > 1 if is_share else value == 0):
            self._wrong(key, text, f"Write {expected}.")
            return None
        return value

    def _wrong(self, key: str, text: str, hint: str) -> None:
        self._findings.error(self._fence.place, "attribute-value", f"`{key}` cannot be `{text}`", hint)
