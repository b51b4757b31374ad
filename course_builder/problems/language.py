"""Language: what is easy to read, to hear and to understand."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

_LONG = (
    "The harbour master, who has worked in the town for many years and knows each of the piers, writes down every ship"
    " that comes in during the night."
)

SUBJECT = Subject(
    "Language",
    (
        Entry(
            code="abbreviation-unexplained",
            severity="warning",
            meaning="an abbreviation that the module never writes out",
            why="Who is new to the field, or reads in a second language, stops here and looks it up, or gives up.",
            mend="Write it out at its first use: the long form, then the abbreviation in parentheses.",
            bad="The plan follows the rules of HELCOM.",
            good="The plan follows the rules of the Helsinki Commission (HELCOM).",
        ),
        Entry(
            code="objective-verb",
            severity="warning",
            meaning="an objective without a verb that says what somebody could watch a learner do",
            why="Nobody can see “understand”: nobody can tell whether the objective was reached.",
            mend="Begin with a verb such as explain, choose, compare or plan.",
            at="module.yaml",
            bad="objectives: [{id: know-harbour, text: Know the harbour}]",
            good="objectives: [{id: describe-harbour, text: Describe the harbour}]",
        ),
        Entry(
            code="phrase-without-lang",
            severity="warning",
            meaning="a quoted or italic phrase in another language that is not marked as such",
            why="A screen reader pronounces it by the wrong rules, so that nobody understands it.",
            mend="Mark it: `[hyvää päivää]{lang=fi}`.",
            bad="A sign says “Tervetuloa, satama on auki ja kahvila myös”.",
            good="A sign says “[Tervetuloa, satama on auki ja kahvila myös]{lang=fi}”.",
        ),
        Entry(
            code="sentence-too-long",
            severity="warning",
            meaning="a sentence of more than 25 words",
            why="At first reading, in a second language or by ear, its beginning is forgotten before it ends.",
            mend="Make two of it.",
            bad=_LONG,
            good="The harbour master has worked here for many years. Every ship that comes at night is written down.",
        ),
    ),
)
