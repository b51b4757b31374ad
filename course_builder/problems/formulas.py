"""Formulas and code."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "Formulas and code",
    (
        Entry(
            code="code-language",
            meaning="code in a language that cannot be highlighted",
            why="It is shown without colours, which help to read it.",
            mend="Write the name of the language as Pygments knows it, or `text`.",
            severity="warning",
            bad="```pyton\nprint(1)\n```",
            good="```python\nprint(1)\n```",
        ),
        Entry(
            code="formula-brace",
            meaning="a brace in a formula that opens or closes nothing",
            why="What belongs together in the formula is not clear.",
            mend=r"Close it, or write `\{` or `\}` for a brace that is shown.",
            bad="It covers $x^{2$.",
            good="It covers $x^{2}$.",
        ),
        Entry(
            code="formula-command",
            meaning="a command in a formula that there is not, or that is not for formulas here",
            why="Learners would see its name, or something that browsers draw differently.",
            mend=r"Correct it; write a word as `\text{word}`, a function's name as `\operatorname{name}`.",
            bad=r"It is $\frc{a}{b}$.",
            good=r"It is $\frac{a}{b}$.",
        ),
        Entry(
            code="formula-syntax",
            meaning="a formula that cannot be read",
            why="It could not be shown.",
            mend=r"Give each command what it takes: `\frac{above}{below}`, `x_{1}`, `50\,\%`.",
            bad=r"It is $\frac{a}$.",
            good=r"It is $\frac{a}{b}$.",
        ),
    ),
)
