"""Attributes of our own, which an author cannot forge: they are put in after sanitising.

While rendering, an element that will get such attributes carries a mark as its id. The mark is made from a digest of
the author's text, so no text can contain its own mark.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from markdown_it.token import Token

from course_builder.render.attributes import attributes_html

_MARK = re.compile(r' id="(m[0-9a-f]{24})-([0-9]+)"')
_PLACE = re.compile(rf"<span{_MARK.pattern}></span>")


class OwnAttributes:
    """The marks of one run of text."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        digest = hashlib.sha256()
        for token in tokens:
            digest.update(token.content.encode())
        self._mark = f"m{digest.hexdigest()[:24]}"
        self._attributes: list[str] = []
        self._markup: dict[int, str] = {}

    def place(self, html: str) -> str:
        """Give an element that stands for markup of ours, such as a formula, which no sanitiser needs to know."""
        self._markup[len(self._attributes)] = html
        return f'<span id="{self.mark({})}"></span>'

    def mark(self, attributes: Mapping[str, object]) -> str:
        """Give the id that stands for these attributes; one whose value is ``None`` is left out."""
        self._attributes.append(attributes_html(attributes))
        return f"{self._mark}-{len(self._attributes) - 1}"

    def put_in(self, html: str) -> str:
        """Replace the marks in sanitised HTML.

        Raises:
            ValueError: if an element that carried a mark is gone, because raw HTML around it swallowed it.
        """
        if not self._attributes:
            return html
        found: set[int] = set()

        def markup(mark: re.Match[str]) -> str:
            number = int(mark[2])
            if mark[1] != self._mark or number not in self._markup:
                return mark[0]
            found.add(number)
            return self._markup[number]

        def attributes(mark: re.Match[str]) -> str:
            number = int(mark[2])
            if mark[1] != self._mark:
                return mark[0]
            found.add(number)
            return self._attributes[number]

        finished = _MARK.sub(attributes, _PLACE.sub(markup, html))
        if len(found) != len(self._attributes):
            raise ValueError("raw HTML swallows what stands after it")
        return finished
