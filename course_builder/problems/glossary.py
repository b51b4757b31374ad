"""The glossary of a course and the links to its terms."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "The glossary",
    (
        Entry(
            code="link-missing-term",
            meaning="a link to a term that the glossary does not have",
            why="There would be nothing to explain it.",
            mend="Correct the id, or add the term to `glossary.md`.",
            bad="The [pier](term:pier) is long.",
            good="The pier, where ships land, is long.",
        ),
        Entry(
            code="term-content",
            meaning="a long definition, or one with more than words, lists, and links to the web or to other terms",
            why="It is shown in a small box beside any page, where nothing else has room.",
            mend="Move the rest to a page.",
        ),
        Entry(
            code="term-id",
            meaning="a term without an id, or with one that cannot be",
            why="Nothing could link to it.",
            mend="End its heading with `<!--#word-->`.",
        ),
        Entry(
            code="term-in-option",
            meaning="a term linked in an option of a question",
            why="In an option, following the link and choosing the option are the same tap.",
            mend="Link the term in the question's text.",
        ),
        Entry(
            code="term-limit",
            meaning="long definitions that many texts of a page use",
            why="Each question, option and hint carries the definitions of its terms, so they grow beyond measure.",
            mend="Link each term where it is used first.",
        ),
        Entry(
            code="term-twice",
            meaning="two terms with the same id",
            why="Links could mean either.",
            mend="Join the two, or give one of them another id.",
        ),
        Entry(
            code="term-without-definition",
            meaning="a term that nothing explains",
            why="Its box would be empty.",
            mend="Write what it means below its heading.",
        ),
    ),
)
