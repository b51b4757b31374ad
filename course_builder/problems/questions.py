"""Questions and quizzes."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

_GOOD = """\
::: question {#q-harbour type=single}

Who runs the harbour?

- [x] The town <!--#town-->
- [ ] Nobody <!--#nobody-->

:::"""
_NO_KEY = _GOOD.replace("[x]", "[ ]")
_ORDER = """\
::: question {#q-order type=order}

Put the steps in order.

1. Ask <!--#ask-->
2. Build <!--#build-->
3. Count <!--#count-->

:::"""

_TEXT = """\
::: question {#q-text type=text}

Where do the boats lie?

::: answers

- `harbours?`

:::

:::"""
_GAP = """\
::: question {#q-gap type=gap}

Citizens tell a fact [once]{gap=how-often}.

:::"""
_GAP_ANSWERS = """\
::: question {{#q-gap type=gap}}

Citizens tell a fact [once]{{gap=how-often}}.

::: answers {{gap={}}}

- [ ] twice
  > That is what the principle replaces.

:::

:::"""
_HOTSPOT = """\
::: question {#q-hotspot type=hotspot}

Where is the harbour?

![A plan of the town with a harbour in the south and a hall in the north](assets/town.svg)

| Area                  | Shape            | Key |
|-----------------------|------------------|-----|
| South <!--#south-->   | circle 20 80 10  | x   |
| North <!--#north-->   | rect 50 10 20 20 |     |

:::"""
_ESSAY = """\
::: question {#q-essay type=essay points=2}

Describe the harbour.

::: rubric

| Criterion            | Points |
|----------------------|--------|
| It is true <!--#true-->  | 2 |

:::

:::"""
_POOL = f"""\
::: quiz {{#quiz-town title="The town"}}

::: pool {{draw=1}}

{_GOOD.replace("q-harbour", "q-pool-a")}

{_GOOD.replace("q-harbour", "q-pool-b")}

:::

:::"""


def _keys(*positions: int, right: str = "Two") -> str:
    """Write questions with three options, the right one at these places."""
    questions = []
    for name, position in zip(("north", "south", "east", "west"), positions, strict=True):
        texts = {"six": "Six", "ten": "Ten"}
        options = [f"- [ ] {text} <!--#{id_}-->" for id_, text in texts.items()]
        options.insert(position, f"- [x] {right} <!--#two-->")
        body = "\n".join(options)
        questions.append(f"::: question {{#q-{name} type=single}}\n\nHow many piers?\n\n{body}\n\n:::")
    return "\n\n".join(questions)


SUBJECT = Subject(
    "Questions",
    (
        Entry(
            code="answer-expression",
            meaning="a regular expression that cannot be read, or that no answer can match",
            why="Right answers would be marked as wrong.",
            mend="Correct it: docs/scoring.md shows what an expression may hold.",
            bad=_TEXT.replace("`harbours?`", "`(harbours?`"),
            good=_TEXT,
        ),
        Entry(
            code="answers-gap",
            meaning="a block `answers` of a gap that there is not, or a choice that the gap does not offer",
            why="Its feedback would reach nobody.",
            mend="Name a gap of the question: `::: answers {gap=word}`. A list offers what stands in its gap and in "
            "`wrong`.",
            bad=_GAP_ANSWERS.format("how-oft"),
            good=_GAP_ANSWERS.format("how-often"),
        ),
        Entry(
            code="gap-in-link",
            meaning="a gap inside the text of a link",
            why="Who wants to type into it would follow the link.",
            mend="Move the link before or after the gap.",
            bad=_GAP.replace("[once]{gap=how-often}", "[[once]{gap=how-often}](https://example.org)"),
            good=_GAP,
        ),
        Entry(
            code="hotspot-shape",
            meaning="an area of a picture whose shape cannot be read, or does not lie on the picture",
            why="Nobody could hit it.",
            mend="Write circle, ellipse, rect or polygon with numbers in per cent of the picture.",
            bad=_HOTSPOT.replace("rect 50 10 20 20", "rect 90 10 20 20"),
            good=_HOTSPOT,
        ),
        Entry(
            code="key-first",
            severity="warning",
            meaning="right options are the first ones more often than chance would have it",
            why=(
                "Print and exports keep the order of the options, and who sees the pattern need not know the answer. "
                "Counted are the single-choice questions of a module; the chance of as many or more is below 2%."
            ),
            mend="Move the right option in some of the questions.",
            bad=_keys(0, 0, 0, 0),
            good=_keys(0, 2, 1, 0),
        ),
        Entry(
            code="key-longest",
            severity="warning",
            meaning="right options are the longest ones more often than chance would have it",
            why=(
                "Authors explain what is right; learners who know nothing learn to choose the longest option. "
                "Counted are the single-choice questions of a module; the chance of as many or more is below 2%."
            ),
            mend="Shorten the right option, or say as much in the other ones.",
            bad=_keys(1, 2, 1, 2, right="As long as this"),
            good=_keys(1, 2, 1, 2),
        ),
        Entry(
            code="objective-unknown",
            meaning="a question names an objective that the module does not have",
            why="Nobody could say what the question tests.",
            mend="Write the id of an objective in `module.yaml`.",
            bad=_GOOD.replace("type=single", "type=single objective=name-thing"),
            good=_GOOD.replace("type=single", "type=single objective=name-things"),
        ),
        Entry(
            code="option-empty",
            meaning="an option that says nothing",
            why="A learner cannot choose it knowingly.",
            mend="Write its text, or delete it.",
            bad=_GOOD.replace(" Nobody", ""),
            good=_GOOD,
        ),
        Entry(
            code="option-first-line",
            meaning="an option that does not start on the line of its tick",
            why="On a Git host its tick stands alone, and its id belongs to nothing.",
            mend="Move its first words up; only code may start on a line below.",
            bad=_GOOD.replace("- [ ] Nobody <!--#nobody-->", "- [ ] <!--#nobody-->\n\n  Nobody"),
            good=_GOOD,
        ),
        Entry(
            code="option-twice",
            meaning="two options that say the same",
            why="A learner cannot tell them apart.",
            mend="Delete one.",
            bad=_GOOD.replace("Nobody", "The town"),
            good=_GOOD,
        ),
        Entry(
            code="pool-limit",
            meaning="pools that draw from more questions than a module has",
            why="A bank is read into the module at each pool that names it.",
            mend="Name each bank once, or make several modules.",
        ),
        Entry(
            code="pool-missing-bank",
            meaning="a pool that draws from a file that is not there",
            why="There would be nothing to draw.",
            mend="Correct the path: it is relative to the page; a leading / means the course's folder.",
            bad=_POOL.replace("draw=1", "draw=1 from=/bank/town.md"),
            good=_POOL,
        ),
        Entry(
            code="pool-points",
            meaning="questions of one pool that are worth different points",
            why="Two learners could not reach the same score.",
            mend="Give all questions of the pool the same points.",
            bad=_POOL.replace("{#q-pool-b type=single", "{#q-pool-b points=2 type=single"),
            good=_POOL,
        ),
        Entry(
            code="pool-small",
            severity="warning",
            meaning="a pool with fewer than twice the questions that are drawn",
            why="Most attempts look alike, so that a second one is mostly the first again.",
            mend="Add questions, or draw fewer.",
            bad=_POOL.replace("draw=1", "draw=2"),
            good=_POOL,
        ),
        Entry(
            code="pool-too-small",
            meaning="a pool with fewer questions than are drawn",
            why="No attempt could be complete.",
            mend="Add questions, or draw fewer.",
            bad=_POOL.replace("draw=1", "draw=3"),
            good=_POOL,
        ),
        Entry(
            code="pool-ungraded-question",
            meaning="a self-check in a pool",
            why="Pools are drawn for an attempt that is graded; a self-check would never be counted.",
            mend="Move it out of the pool, or take graded=no away.",
            bad=_POOL.replace("{#q-pool-b type=single", "{#q-pool-b graded=no type=single"),
            good=_POOL,
        ),
        Entry(
            code="question-body",
            meaning="a body that does not fit the question's type",
            why="The question could not be answered or scored.",
            mend="Write its options as the type wants them: docs/authoring.md shows each.",
            bad=_GOOD.replace("- [x]", "-").replace("- [ ]", "-"),
            good=_GOOD,
        ),
        Entry(
            code="question-due",
            severity="warning",
            is_on_request=True,
            meaning="the `verify=` date of a question has come; `check --due` lists it",
            why="Laws, figures and offices change: a question that was right teaches something wrong.",
            mend="Compare it with its source, then set a new date.",
            bad=_GOOD.replace("type=single", "type=single verify=2026-01-31"),
            good=_GOOD.replace("type=single", "type=single verify=2028-01-31"),
        ),
        Entry(
            code="question-quote-outside",
            meaning="a quote that stands between or after the options, not in one",
            why="It looks like feedback and would belong to no option.",
            mend="Indent it under its option; feedback to the whole question goes into a `feedback` block.",
            bad=_GOOD.replace("<!--#town-->", "<!--#town-->\n\n> Right.\n"),
            good=_GOOD.replace("<!--#town-->", "<!--#town-->\n  > Right."),
        ),
        Entry(
            code="question-too-short",
            meaning="fewer than two options, or three items to put in order",
            why="There is nothing to choose.",
            mend="Add what is missing.",
            bad=_ORDER.replace("3. Count <!--#count-->\n", ""),
            good=_ORDER,
        ),
        Entry(
            code="question-two-keys",
            meaning="a `single` question with more than one correct option",
            why="Whatever a learner ticks, one right answer stays unticked.",
            mend="Leave one tick, or make it type=multiple.",
            bad=_GOOD.replace("[ ]", "[x]"),
            good=_GOOD,
        ),
        Entry(
            code="question-type",
            meaning="a question type that there is not",
            why="The builder cannot know how to show and score it.",
            mend="Correct it; docs/authoring.md lists the types.",
            bad=_GOOD.replace("type=single", "type=singel"),
            good=_GOOD,
        ),
        Entry(
            code="question-without-key",
            meaning="a question without a correct option",
            why="Nobody could answer it rightly.",
            mend="Tick what is right: `- [x]`.",
            bad=_NO_KEY,
            good=_GOOD,
        ),
        Entry(
            code="question-without-stem",
            meaning="a question that asks nothing",
            why="A learner sees options and does not know what for.",
            mend="Write what is asked before the options.",
            bad=_GOOD.replace("Who runs the harbour?\n\n", ""),
            good=_GOOD,
        ),
        Entry(
            code="quiz-empty",
            meaning="a quiz without a question",
            why="A gradebook would get a column that nobody can fill.",
            mend="Put `question` blocks into it, or delete it.",
            bad="::: quiz {#harbour-quiz}\n\nGood luck!\n\n:::",
            good="::: quiz {#harbour-quiz}\n\n" + _GOOD + "\n\n:::",
        ),
        Entry(
            code="quiz-ungraded-question",
            meaning="a self-check in a quiz",
            why="Learners would believe that it counts.",
            mend="Move it out of the quiz, or take graded=no away.",
            bad="::: quiz {#harbour-quiz}\n\n" + _GOOD.replace("type=single", "type=single graded=no") + "\n\n:::",
            good="::: quiz {#harbour-quiz}\n\n" + _GOOD + "\n\n:::",
        ),
        Entry(
            code="rubric",
            meaning="a rubric that is not one table, or whose points are not the question's",
            why="A person could not give the points that the question promises.",
            mend="Write a table `Criterion | Points` that adds up to the question's points.",
            bad=_ESSAY.replace("| 2 |", "| 1 |"),
            good=_ESSAY,
        ),
    ),
)
