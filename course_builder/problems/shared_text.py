"""Variables and included files: text that stands once and is shown in many places."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "Variables and included files",
    (
        Entry(
            code="include-content",
            meaning="an `include` with text of its own",
            why="Only the file is taken in; the text would be lost.",
            mend="Move the text out of the block.",
            bad="::: include {src=other.md}\n\nThe harbour is old.\n\n:::",
            good="The harbour is old.",
        ),
        Entry(
            code="include-cycle",
            meaning="files that take in each other",
            why="The page would never end.",
            mend="Take one of the `include` blocks out.",
            bad="::: include {src=page.md}\n\n:::",
            good="The page is written out.",
        ),
        Entry(
            code="include-limit",
            meaning="a page that takes in more files, or longer ones, than is reasonable",
            why="Files that take in each other several times grow beyond measure.",
            mend="Write the text in fewer files, or make several pages of it.",
        ),
        Entry(
            code="include-missing",
            meaning="an `include` of a file that is not there, or is no Markdown",
            why="The text would be missing for learners.",
            mend="Correct `src`: a path from this file, or from the course where it starts with `/`.",
            bad="::: include {src=parts/harbour.md}\n\n:::",
            good="The harbour is old.",
        ),
        Entry(
            code="variable-in-html",
            meaning="a variable in raw HTML, where it is not filled in",
            why="Learners would see the braces.",
            mend="Put an empty line before and after the text, so that it is Markdown.",
            bad="<div>\nWrite to {{office}}.\n</div>",
            good="<div>\n\nWrite to the office.\n\n</div>",
        ),
        Entry(
            code="variable-limit",
            meaning="variables that fill in more text than a page has",
            why="A long text behind a short name grows beyond measure where it is used often.",
            mend="Write the text once, and link to it.",
        ),
        Entry(
            code="variable-unknown",
            meaning="a variable that `course.yaml` does not have",
            why="Learners would see the braces.",
            mend="Correct its name, or add it to `variables` in `course.yaml`.",
            bad="Write to {{ office }}.",
            good="Write to the harbour office.",
        ),
    ),
)
