"""Attributes in braces."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "Attributes",
    (
        Entry(
            code="attribute-missing",
            meaning="a block without a key that it needs",
            why="The builder cannot know what is meant.",
            mend="Write the key on the line that opens the block.",
            bad="::: details\n\nIt is old.\n\n:::",
            good="::: details {title=History}\n\nIt is old.\n\n:::",
        ),
        Entry(
            code="attribute-quotes",
            meaning='a value in quotation marks that are not straight `"`',
            why="Word processors make them; the value would end at its first space.",
            mend='Write key="…" with the straight mark on both sides.',
            bad="::: details {title=“The harbour”}\n\nIt is old.\n\n:::",
            good='::: details {title="The harbour"}\n\nIt is old.\n\n:::',
        ),
        Entry(
            code="attribute-syntax",
            meaning="something in braces that is no attribute",
            why="It would be lost, or shown as text.",
            mend='Write {#id .class key=value other="two words"} on one line.',
            bad="::: details {title=The harbour}\n\nIt is old.\n\n:::",
            good='::: details {title="The harbour"}\n\nIt is old.\n\n:::',
        ),
        Entry(
            code="attribute-twice",
            meaning="the same key, or a second id, in one pair of braces",
            why="Only one of them would count.",
            mend="Keep one of them.",
            bad="::: details {title=Harbour title=Pier}\n\nIt is old.\n\n:::",
            good="::: details {title=Harbour}\n\nIt is old.\n\n:::",
        ),
        Entry(
            code="attribute-unknown",
            meaning="a key that the block or element does not have",
            why="It would do nothing; often it is misspelt.",
            mend="Correct it, or take it away.",
            bad="::: details {title=Harbour colour=red}\n\nIt is old.\n\n:::",
            good="::: details {title=Harbour}\n\nIt is old.\n\n:::",
        ),
        Entry(
            code="attribute-value",
            meaning="a value that the key cannot have",
            why="The default would stand in its place without a word.",
            mend="Write a value that the message names.",
            bad=(
                "::: question {#q-harbour type=single points=many}\n\nWho runs it?\n\n"
                "- [x] The town <!--#town-->\n- [ ] Nobody <!--#nobody-->\n\n:::"
            ),
            good=(
                "::: question {#q-harbour type=single points=2}\n\nWho runs it?\n\n"
                "- [x] The town <!--#town-->\n- [ ] Nobody <!--#nobody-->\n\n:::"
            ),
        ),
    ),
)
