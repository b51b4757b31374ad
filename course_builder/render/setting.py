"""What the rules of the renderer need to know about the run of text that they render."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from course_builder.model import Term
from course_builder.render.addresses import Addresses
from course_builder.render.own import OwnAttributes


@dataclass(slots=True)
class Run:
    """What the rules need to know about the run of text that they render.

    ``prefix`` keeps ids of our own making apart from those of the other runs that a page shows.
    """

    own: OwnAttributes
    words: Mapping[str, str]
    prefix: str = ""
    footnotes: Mapping[int, Sequence[Token]] = field(default_factory=dict)
    citations: dict[int, int] = field(default_factory=dict)
    """How often each footnote was cited so far."""
    cited: list[int] = field(default_factory=list)
    """The footnotes in the order in which they were cited first."""
    numbers: dict[int, int] = field(default_factory=dict)
    """By which the reader knows each footnote; the first cited is number 1."""
    tables: int = 0
    scenes: int = 0
    tabs: int = 0
    glossary: Mapping[str, Term] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    """Those that were linked so far."""
    boxes: int = 0
    addresses: Addresses = field(default_factory=lambda: Addresses(()))
    language: str = "en"

    def cite(self, footnote: int) -> None:
        """Note a citation of a footnote."""
        if footnote not in self.citations:
            self.cited.append(footnote)
            self.numbers[footnote] = len(self.cited)
        self.citations[footnote] = self.citations.get(footnote, 0) + 1

    def id(self, kind: str, *numbers: int | str) -> str:
        """Make an id; the underscore keeps it apart from those made from words."""
        return self.prefix + "_".join([kind, *map(str, numbers)])
