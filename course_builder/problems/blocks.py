"""Fenced blocks."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

_QUESTION = """\
::: question {{#q-harbour type=single}}

Who runs it?

- [x] The town <!--#town-->
- [ ] Nobody <!--#nobody-->

{}

:::"""

_TABS = """\
::: tabs

::: tab {{title={}}}

It is old.

:::

::: tab {{title={}}}

It is new.

:::

:::"""

SUBJECT = Subject(
    "Blocks",
    (
        Entry(
            code="block-empty",
            meaning="a block without the text that it is for",
            why="A learner who opens a hint, perhaps for points, finds nothing.",
            mend="Write its text, or delete it.",
            bad=_QUESTION.format("::: hint\n\n:::"),
            good=_QUESTION.format("::: hint\n\nWho pays for it?\n\n:::"),
        ),
        Entry(
            code="block-in-text",
            meaning="a line starts with `:::` but ended up as text",
            why="Learners would see the colons, and the block ends somewhere else.",
            mend="Put it at the margin of its list item or quote, with an empty line before and after.",
            bad="<div>\n::: details {title=History}\n</div>",
            good="::: details {title=History}\n\nIt is old.\n\n:::",
        ),
        Entry(
            code="block-not-closed",
            meaning="a block that is never closed",
            why="It swallows what comes after it.",
            mend="End it with `:::` on a line of its own, in the same list item or quote.",
            bad="::: details {title=History}\n\nIt is old.",
            good="::: details {title=History}\n\nIt is old.\n\n:::",
        ),
        Entry(
            code="block-not-open",
            meaning="a closing line where no block is open",
            why="Perhaps the line that opens the block was lost.",
            mend="Delete the line, or open a block before it in the same list item or quote.",
            bad="It is old.\n\n:::",
            good="It is old.",
        ),
        Entry(
            code="block-place",
            meaning="a block where it cannot stand",
            why="Its meaning depends on what is around it: a hint belongs to a question.",
            mend="Move it to where the message says.",
            bad="::: hint\n\nWho pays for it?\n\n:::",
            good=_QUESTION.format("::: hint\n\nWho pays for it?\n\n:::"),
        ),
        Entry(
            code="block-syntax",
            meaning="words that do not belong on the line that opens a block",
            why="They would be lost.",
            mend='Write ::: name {#id key=value other="two words"}.',
            bad="::: details History\n\nIt is old.\n\n:::",
            good="::: details {title=History}\n\nIt is old.\n\n:::",
        ),
        Entry(
            code="block-twice",
            meaning="a second block where there can be one: a solution, a feedback for an outcome, a `room` part",
            why="Only one of them would be shown.",
            mend="Join the two.",
            bad=_QUESTION.format("::: solution\n\nThe town.\n\n:::\n\n::: solution\n\nSince 1990.\n\n:::"),
            good=_QUESTION.format("::: solution\n\nThe town, since 1990.\n\n:::"),
        ),
        Entry(
            code="block-unknown",
            meaning="a block that there is not",
            why="The builder cannot know what is meant.",
            mend="Correct its name; docs/authoring.md lists the blocks.",
            bad="::: detials {title=History}\n\nIt is old.\n\n:::",
            good="::: details {title=History}\n\nIt is old.\n\n:::",
        ),
        Entry(
            code="block-without-blank-line",
            meaning="a `:::` line that touches the text beside it",
            why="On a Git host the two run together, and slips go unseen.",
            mend="Leave an empty line before and after each line of colons.",
            bad="::: details {title=History}\nIt is old.\n:::",
            good="::: details {title=History}\n\nIt is old.\n\n:::",
        ),
        Entry(
            code="tab-twice",
            meaning="two tabs with the same title",
            why="Nobody could tell which one to open.",
            mend="Give one of them another title.",
            bad=_TABS.format("Town", "Town"),
            good=_TABS.format("Town", "Region"),
        ),
        Entry(
            code="tabs-content",
            meaning="something among tabs that stands in none",
            why="It would belong to no tab, and be lost between them.",
            mend="Put it into a `tab`, or before the tabs.",
            bad=_TABS.format("Town", "Region").replace("::: tabs\n", "::: tabs\n\nChoose one.\n"),
            good="Choose one.\n\n" + _TABS.format("Town", "Region"),
        ),
        Entry(
            code="tabs-too-few",
            meaning="fewer than two tabs",
            why="There is nothing to choose from.",
            mend="Write a second `tab`, or use `details`.",
            bad="::: tabs\n\n::: tab {title=Town}\n\nIt is old.\n\n:::\n\n:::",
            good=_TABS.format("Town", "Region"),
        ),
    ),
)
