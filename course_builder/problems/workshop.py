"""Sessions, worksheets, polls and boards."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

_STEP = "::: step {{minutes={}}}\n\nCheck in\n\n{}:::"
_SESSION = "::: session {{#kick-off minutes=20{}}}\n\n{}\n\n:::"
_FIELD = "::: worksheet {{#sheet}}\n\n{}\n\n:::"
_SIDE = "::: {}\n\nSay your name.\n\n:::\n\n"
_OWNER = "::: field {#owner type=text}\n\nWho owns it?\n\n:::"
_WHERE = "::: field {{#where type=choice}}\n\nWhere?\n\n{}\n\n:::"
_POLL = "::: poll {{#where type=single}}\n\n{}\n\n:::"
_TWO = "- here <!--#here-->\n- there <!--#there-->"
_COPY = "::: field {{#again type={} from={}}}\n\nWho owns it?\n\n:::"

SUBJECT = Subject(
    "Sessions, worksheets, polls and boards",
    (
        Entry(
            code="board-columns",
            meaning="a column of a board without a name, or two that are the same",
            why="Notes hang on their column.",
            mend='Name each column once, with | between them: columns="Keep|Change".',
            bad='::: board {#ideas columns="Keep|Keep"}\n\nWhat do we do?\n\n:::',
            good='::: board {#ideas columns="Keep|Change"}\n\nWhat do we do?\n\n:::',
        ),
        Entry(
            code="field-body",
            meaning="a field whose list or table is missing, or does not fit its type",
            why="People could not answer.",
            mend="End a choice with a list, a table with a header row; leave cells empty that people fill in.",
            bad=_FIELD.format(_WHERE.format("- [x] here <!--#here-->\n- [ ] there <!--#there-->")),
            good=_FIELD.format(_WHERE.format(_TWO)),
        ),
        Entry(
            code="field-without-label",
            meaning="a field that does not begin with a paragraph",
            why="Nobody knows what goes in; a screen reader says nothing.",
            mend="Begin it with a short paragraph that asks for what goes in.",
            bad=_FIELD.format("::: field {#owner type=text}\n\n:::"),
            good=_FIELD.format(_OWNER),
        ),
        Entry(
            code="footnote-in-label",
            meaning="a footnote in the label of a field, the first line of a step, or an option",
            why="Labels stand alone, in lists and in print, where no footnote follows.",
            mend="Cite it in the text below.",
            bad=_FIELD.format(_OWNER.replace("it?", "it?[^law]")) + "\n\n[^law]: The statute.",
            good=_FIELD.format(_OWNER.replace("it?", "it?\n\nSee the statute.[^law]")) + "\n\n[^law]: The statute.",
        ),
        Entry(
            code="heading-in-block",
            meaning="a heading in a session, worksheet, poll or board",
            why="Headings divide pages; in an agenda they break the outline that screen readers list.",
            mend="Use **bold** for a label.",
            bad=_SESSION.format("", "## Welcome\n\n" + _STEP.format(20, "")),
            good=_SESSION.format("", "**Welcome**\n\n" + _STEP.format(20, "")),
        ),
        Entry(
            code="item-empty",
            meaning="an option, a column or a row without a text",
            why="Nobody can choose it.",
            mend="Write it, or delete it.",
            bad=_POLL.format("Where?\n\n- here <!--#here-->\n- there <!--#there-->\n- <!--#none-->"),
            good=_POLL.format("Where?\n\n" + _TWO),
        ),
        Entry(
            code="item-twice",
            meaning="two options, columns or rows that say the same",
            why="People could not tell them apart.",
            mend="Reword or delete one of them.",
            bad=_POLL.format("Where?\n\n- here <!--#here-->\n- Here <!--#there-->"),
            good=_POLL.format("Where?\n\n" + _TWO),
        ),
        Entry(
            code="options-too-few",
            meaning="a choice of one option",
            why="It leaves no choice.",
            mend="Add another option, or ask differently.",
            bad=_FIELD.format(_WHERE.format("- here <!--#here-->")),
            good=_FIELD.format(_WHERE.format(_TWO)),
        ),
        Entry(
            code="passing-unknown",
            meaning="`passing` names a worksheet or session that the module does not have",
            why="Nobody could ever pass.",
            mend="Write the id of a `worksheet` or `session` block of the module.",
            at="module.yaml",
            bad="passing: {worksheets: [sheet]}",
            good="passing: {score: 70}",
        ),
        Entry(
            code="poll-body",
            meaning="a poll without a question, or without the list of its options",
            why="Nobody could answer.",
            mend="Write the question as a paragraph; single and multiple end with a list.",
            bad=_POLL.format("Where do ideas stop?"),
            good=_POLL.format("Where?\n\n" + _TWO),
        ),
        Entry(
            code="prefill-missing",
            meaning="`from=` names a field that there is not",
            why="The field would stay empty, and nobody would know why.",
            mend="Write module/worksheet.field of a module of this course.",
            bad=_FIELD.format(_OWNER + "\n\n" + _COPY.format("text", "m1-town/sheet.ovner")),
            good=_FIELD.format(_OWNER + "\n\n" + _COPY.format("text", "m1-town/sheet.owner")),
        ),
        Entry(
            code="prefill-prerequisite",
            meaning="`from=` names a field of a module that is no prerequisite",
            why="Who comes here first has nothing to fill in from.",
            mend="Add that module to `prerequisites` in module.yaml.",
        ),
        Entry(
            code="prefill-type",
            meaning="`from=` names a field whose entries do not fit",
            why="What people wrote could not be taken over.",
            mend="Give both fields the same type, and the same options, columns or scale.",
            bad=_FIELD.format(_OWNER + "\n\n" + _COPY.format("number", "m1-town/sheet.owner")),
            good=_FIELD.format(_OWNER + "\n\n" + _COPY.format("long", "m1-town/sheet.owner")),
        ),
        Entry(
            code="scale-labels",
            meaning="a scale whose labels fit neither its ends nor its points",
            why="Nobody knows which label belongs where.",
            mend='Name both ends, labels="never|always", or each point.',
            bad='::: poll {#sure type=scale labels="a|b|c"}\n\nHow sure are you?\n\n:::',
            good='::: poll {#sure type=scale labels="not at all|very"}\n\nHow sure are you?\n\n:::',
        ),
        Entry(
            code="scale-range",
            meaning="a scale with fewer than 2 or more than 11 points",
            why="It cannot be answered, or not on a phone.",
            mend="Write min= and max= with 2 to 11 points between them.",
            bad="::: poll {#sure type=scale min=5 max=1}\n\nHow sure are you?\n\n:::",
            good="::: poll {#sure type=scale min=1 max=5}\n\nHow sure are you?\n\n:::",
        ),
        Entry(
            code="session-body",
            meaning="text between or after the steps of a session",
            why="It belongs to no moment of the agenda.",
            mend="Move it into a step, or before the first one.",
            bad=_SESSION.format("", _STEP.format(20, "") + "\n\nBring a pen."),
            good=_SESSION.format("", "Bring a pen.\n\n" + _STEP.format(20, "")),
        ),
        Entry(
            code="session-empty",
            meaning="a session without a step",
            why="Nobody knows what happens.",
            mend="Put `step` blocks into it.",
            bad=_SESSION.format("", "Bring a pen."),
            good=_SESSION.format("", "Bring a pen.\n\n" + _STEP.format(20, "")),
        ),
        Entry(
            code="session-minutes",
            meaning="the minutes of the steps are not those of the session",
            why="The last step would fall off the end.",
            mend="Change a step, or the minutes of the session.",
            bad=_SESSION.format("", _STEP.format(25, "")),
            good=_SESSION.format("", _STEP.format(20, "")),
        ),
        Entry(
            code="step-one-sided",
            severity="warning",
            meaning="a step of a hybrid session says what happens in the room or on the call only",
            why="The others are left with nothing to do, which is how hybrid meetings lose people.",
            mend="Say in the other part what they do meanwhile.",
            bad=_SESSION.format("", _STEP.format(20, _SIDE.format("room"))),
            good=_SESSION.format("", _STEP.format(20, _SIDE.format("room") + _SIDE.format("remote"))),
        ),
        Entry(
            code="step-side",
            meaning="a part for people who are not in this session",
            why="The session's mode says that nobody is there.",
            mend="Take it out, or make the session hybrid.",
            bad=_SESSION.format(" mode=room", _STEP.format(20, _SIDE.format("remote"))),
            good=_SESSION.format(" mode=room", _STEP.format(20, "")),
        ),
        Entry(
            code="step-without-title",
            meaning="a step that does not begin with a paragraph",
            why="The agenda has no line for it.",
            mend="Begin it with a short paragraph that says what happens.",
            bad=_SESSION.format("", "::: step {minutes=20}\n\n- one\n- two\n\n:::"),
            good=_SESSION.format("", "::: step {minutes=20}\n\nCheck in\n\n- one\n- two\n\n:::"),
        ),
        Entry(
            code="worksheet-body",
            meaning="text between or after the fields of a worksheet",
            why="It belongs to no field, and gets lost on paper and in the form.",
            mend="Move it into the field that it explains, or before the first one.",
            bad=_FIELD.format(_OWNER + "\n\nThank you."),
            good=_FIELD.format("Thank you.\n\n" + _OWNER),
        ),
        Entry(
            code="worksheet-empty",
            meaning="a worksheet without a field",
            why="There is nothing to fill in.",
            mend="Put `field` blocks into it.",
            bad=_FIELD.format("Thank you."),
            good=_FIELD.format(_OWNER),
        ),
    ),
)
