"""Headings, tables, footnotes, alerts, raw HTML: the text of a page."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "Text",
    (
        Entry(
            code="alert-unknown",
            meaning="a quote that starts with `[!…]` and is no alert",
            why="Learners would see the brackets as text, and no alert.",
            mend="Write [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] or [!CAUTION] alone on the first line of the quote.",
            bad="> [!INFO]\n> The desk opens at nine.",
            good="> [!NOTE]\n> The desk opens at nine.",
        ),
        Entry(
            code="class-unknown",
            meaning="a class that the design does not have",
            why="It would change nothing, or clash with the pages around the content.",
            mend="Use a class of the design, or none.",
            bad="The [harbour]{.huge} is old.",
            good="The [harbour]{.small} is old.",
        ),
        Entry(
            code="comment-not-closed",
            meaning="a comment that hides the rest of the page",
            why="Everything after it is missing for learners, and nothing shows that it is.",
            mend="End the comment with `-->`.",
            bad="<!-- Ask the harbour master.\n\nThe harbour is old.",
            good="<!-- Ask the harbour master. -->\n\nThe harbour is old.",
        ),
        Entry(
            code="footnote-limit",
            meaning="long footnotes that many texts of a page cite",
            why="Each question, option and hint shows the notes that it cites, so they grow beyond measure.",
            mend="Write the longest as text of the page.",
        ),
        Entry(
            code="footnote-missing",
            meaning="a footnote that is cited and not defined",
            why="The number would lead nowhere.",
            mend="Define the note on a line of its own: `[^name]: …`.",
            bad="The harbour is old.[^survey]",
            good="The harbour is old.[^survey]\n\n[^survey]: Survey of 2024.",
        ),
        Entry(
            code="footnote-twice",
            meaning="a footnote that is defined twice",
            why="Only one of the two notes would be shown.",
            mend="Give one of them another name.",
            bad="Old.[^survey]\n\n[^survey]: Survey of 2024.\n\n[^survey]: Survey of 2020.",
            good="Old.[^survey] Deep.[^older]\n\n[^survey]: Survey of 2024.\n\n[^older]: Survey of 2020.",
        ),
        Entry(
            code="footnote-unused",
            severity="warning",
            meaning="nothing cites this footnote",
            why="It is not shown, so a source that you meant to name is missing.",
            mend="Cite it in the text, or delete it.",
            bad="The harbour is old.\n\n[^survey]: Survey of 2024.",
            good="The harbour is old.[^survey]\n\n[^survey]: Survey of 2024.",
        ),
        Entry(
            code="heading-empty",
            meaning="a heading without text",
            why="Screen readers announce a heading and then nothing.",
            mend="Write its text, or delete it.",
            bad="##\n\nThe harbour is old.",
            good="## The harbour\n\nIt is old.",
        ),
        Entry(
            code="heading-in-question",
            meaning="a heading in a question; headings divide pages",
            why="Who jumps from heading to heading lands in the middle of a question.",
            mend="Use bold text for a label.",
            bad=(
                "::: question {#q-harbour type=single}\n\n## Harbour\n\nWho runs it?\n\n"
                "- [x] The town <!--#town-->\n- [ ] Nobody <!--#nobody-->\n\n:::"
            ),
            good=(
                "::: question {#q-harbour type=single}\n\n**Harbour**\n\nWho runs it?\n\n"
                "- [x] The town <!--#town-->\n- [ ] Nobody <!--#nobody-->\n\n:::"
            ),
        ),
        Entry(
            code="heading-missing",
            meaning="a page without a first-level heading",
            why="It is the page's title, in menus and in the browser's tab.",
            mend="Begin the page with `#` and its title.",
            at="page.md",
            bad="The harbour is old.",
            good="# The harbour\n\nIt is old.",
        ),
        Entry(
            code="heading-not-first",
            meaning="something stands before the first-level heading",
            why="The page's title is announced first; what stands above it is read as part of something else.",
            mend="Move the first-level heading to the top.",
            at="page.md",
            bad="It is old.\n\n# The harbour",
            good="# The harbour\n\nIt is old.",
        ),
        Entry(
            code="heading-order",
            meaning="a level is left out between two headings",
            why="Who hears the page believes that a section is missing.",
            mend="Use the next level below: `##` after `#`, `###` after `##`.",
            bad="### The pier\n\nIt is long.",
            good="## The pier\n\nIt is long.",
        ),
        Entry(
            code="heading-second-title",
            meaning="a second first-level heading",
            why="A page has one title.",
            mend="Write `##` for a section, or make it a page of its own.",
            bad="# The pier\n\nIt is long.",
            good="## The pier\n\nIt is long.",
        ),
        Entry(
            code="nesting-too-deep",
            meaning="lists or quotes that nest beyond reason",
            why="Nobody can follow them, and what lies deeper would be dropped.",
            mend="Flatten them.",
        ),
        Entry(
            code="raw-html",
            meaning="HTML that is not allowed, or that Markdown can write",
            why="The checks see Markdown; HTML beyond the allow-list is taken out for safety.",
            mend="Write it in Markdown, or take it away.",
            bad="The <font>harbour</font> is old.",
            good="The <mark>harbour</mark> is old.",
        ),
        Entry(
            code="table-row-too-long",
            meaning="a row with more cells than its header",
            why="The cells that are too many would be lost.",
            mend=r"Take one away; write `\|` for a pipe that is text.",
            bad="| Town | People |\n|---|---|\n| Hallamere | 15,000 | 3 |",
            good="| Town | People |\n|---|---|\n| Hallamere | 15,000 |",
        ),
        Entry(
            code="table-without-header",
            meaning="a column without a header",
            why="Who hears one cell at a time needs the header above it.",
            mend="Name each column in the first row; only the cell above the rows' names may be empty.",
            bad="| Town | |\n|---|---|\n| Hallamere | 15,000 |",
            good="| Town | People |\n|---|---|\n| Hallamere | 15,000 |",
        ),
    ),
)
