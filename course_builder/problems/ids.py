"""Ids: learners' data hangs on them."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "Ids",
    (
        Entry(
            code="id-grammar",
            meaning="an id that is not small letters, digits and hyphens, first a letter",
            why="Ids stand in addresses and databases, where other characters break.",
            mend="Write small letters, digits and hyphens.",
            bad="## The harbour <!--#The_Harbour-->\n\nIt is old.",
            good="## The harbour <!--#the-harbour-->\n\nIt is old.",
        ),
        Entry(
            code="id-missing",
            meaning="a question, quiz, worksheet, field, session, poll, board, option, column or row without an id",
            why="Answers hang on ids; without one they would be lost with the next change of the text.",
            mend="Run `course-builder ids --write`, or write an id made from words.",
            bad=(
                "::: question {#q-harbour type=single}\n\nWho runs it?\n\n"
                "- [x] The town\n- [ ] Nobody <!--#nobody-->\n\n:::"
            ),
            good=(
                "::: question {#q-harbour type=single}\n\nWho runs it?\n\n"
                "- [x] The town <!--#town-->\n- [ ] Nobody <!--#nobody-->\n\n:::"
            ),
        ),
        Entry(
            code="id-place",
            meaning="an id where nothing takes it",
            why="What you meant to name has no name.",
            mend="Write it at the end of the first line of a heading, a list item or a cell.",
            bad="The harbour is old. <!--#harbour-->",
            good="## The harbour <!--#harbour-->\n\nIt is old.",
        ),
        Entry(
            code="id-reserved",
            meaning="a quiz with the id that the builder gives to the module's own",
            why="The two would share a column in the gradebook.",
            mend="Choose another word.",
            bad=(
                "::: quiz {#module}\n\n::: question {#q-harbour type=single}\n\nWho runs it?\n\n"
                "- [x] The town <!--#town-->\n- [ ] Nobody <!--#nobody-->\n\n:::\n\n:::"
            ),
            good=(
                "::: quiz {#harbour-quiz}\n\n::: question {#q-harbour type=single}\n\nWho runs it?\n\n"
                "- [x] The town <!--#town-->\n- [ ] Nobody <!--#nobody-->\n\n:::\n\n:::"
            ),
        ),
        Entry(
            code="id-syntax",
            meaning="an id that is written differently: `<!-- #a -->`, or `{#a}` after a heading",
            why="It would be a comment, or text that learners see.",
            mend="Write `<!--#a-->` at the end of the line.",
            bad="## The harbour {#harbour}\n\nIt is old.",
            good="## The harbour <!--#harbour-->\n\nIt is old.",
        ),
        Entry(
            code="id-twice",
            meaning="the same id twice in the module, or twice in a question, worksheet, field or poll",
            why="Answers and links would belong to two things at once.",
            mend="Give one of them another word; never the one that was published first.",
            bad="## The harbour <!--#harbour-->\n\nIt is old.\n\n## The pier <!--#harbour-->\n\nIt is long.",
            good="## The harbour <!--#harbour-->\n\nIt is old.\n\n## The pier <!--#pier-->\n\nIt is long.",
        ),
    ),
)
