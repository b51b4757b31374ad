"""Comments that silence a problem."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "Silences",
    (
        Entry(
            code="silence-refused",
            meaning="a comment silences an error that cannot be silenced",
            why="Learners would meet the error.",
            mend="Mend what is wrong, and delete the comment.",
            bad="<!-- quiet: link-missing-file: it comes next week -->\n\nSee [the plan](plan.md).",
            good="See [the other page](other.md).",
        ),
        Entry(
            code="silence-syntax",
            meaning="a comment that begins with “quiet” and does not say which problem",
            why="Nothing is silenced.",
            mend="Write `<!-- quiet: code: reason -->`, in YAML `# quiet: code: reason`.",
            bad="<!-- quiet -->\n\nText.",
            good="<!-- Quietly does it. -->\n\nText.",
        ),
        Entry(
            code="silence-unknown",
            meaning="a comment silences a problem that there is not",
            why="Nothing is silenced.",
            mend="Write the code that the report names.",
            bad="<!-- quiet: footnote-unusd: kept for the next edition -->\n\n[^a]: A note.",
            good="<!-- quiet: footnote-unused: kept for the next edition -->\n\n[^a]: A note.",
        ),
        Entry(
            code="silence-unused",
            severity="warning",
            meaning="a comment silences a problem that is not there",
            why="The next author wonders what was wrong here, and a new problem would go unseen.",
            mend="Delete the comment, or move it to the line before what it speaks of.",
            bad="<!-- quiet: footnote-unused: kept for the next edition -->\n\nText.[^a]\n\n[^a]: A note.",
            good="Text.[^a]\n\n[^a]: A note.",
        ),
        Entry(
            code="silence-without-reason",
            meaning="a problem is silenced without a reason",
            why="Nobody can judge later whether the silence is still right.",
            mend="Write the reason after the code.",
            bad="<!-- quiet: footnote-unused -->\n\n[^a]: A note.",
            good="<!-- quiet: footnote-unused: kept for the next edition -->\n\n[^a]: A note.",
        ),
    ),
)
