"""What the readers of blocks share: the page on which a block stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from course_builder.model import Fence, Tokens
from course_builder.parser.findings import Findings
from course_builder.parser.footnotes import Footnotes
from course_builder.tokens import place_of, walk


@dataclass(frozen=True, slots=True)
class OnPage:
    """A page while its blocks are read."""

    id: str
    title: str
    footnotes: Footnotes
    findings: Findings

    def run(self, tokens: Sequence[Token]) -> Tokens:
        """Return a run of text with the footnotes that it cites."""
        self._report_headings(tokens)
        return self.footnotes.append(list(tokens))

    def label(self, inline: Token) -> Tokens:
        """Return a text of one line, which has no room for footnotes."""
        for token in walk([inline]):
            if token.type == "footnote_ref":
                self.findings.error(
                    place_of(self.findings.path, token),
                    "footnote-in-label",
                    "a footnote in a label",
                    "Cite it in the text below the label.",
                )
        return self.footnotes.append([inline])

    def part(self, fence: Fence, tokens: Sequence[Token]) -> Tokens:
        """Return the text of a block that has to have some."""
        if not tokens:
            self.findings.error(
                fence.place, "block-empty", f"this `{fence.name}` is empty", "Write its text, or delete it."
            )
        return self.run(tokens)

    def _report_headings(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type == "heading_open":
                self.findings.error(
                    place_of(self.findings.path, token),
                    "heading-in-block",
                    "a heading in a session, worksheet, poll or board",
                    "Use **bold** for a label; headings divide pages.",
                )
