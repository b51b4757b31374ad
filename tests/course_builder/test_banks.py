"""Pools that draw from a bank: its questions, its problems in its own file, and what it may hold."""

from __future__ import annotations

from tests.course_builder.sources import PAGE, SVG, check

BANK = """\
# Questions about the town

Notes for those who write here.

::: question {#q-bank-a type=truefalse}

Is the [harbour](../modules/m1-town/other.md) large?

- [x] Yes, ![a plan](plan.svg) shows it. <!--#yes-->
- [ ] No <!--#no-->

:::

::: question {#q-bank-b type=number answer=7}

How many boats?[^a]

:::

[^a]: Counted in spring.
"""
QUIZ = """\
# A page

::: quiz {#quiz-town title="The town"}

::: question {#q-own type=truefalse}

Is there a town?

- [x] Yes <!--#yes-->
- [ ] No <!--#no-->

:::

::: pool {draw=1 from=/bank/town.md}

:::

:::
"""


def told(**files: str | bytes) -> list[str]:
    _, problems = check({"bank/town.md": BANK, "bank/plan.svg": SVG, PAGE: QUIZ, **files})
    return [f"{each.place.path}:{each.place.line}:{each.place.column} {each.code}" for each in problems]


def test_draws_from_a_file_of_the_course() -> None:
    course, problems = check({"bank/town.md": BANK, "bank/plan.svg": SVG, PAGE: QUIZ})
    assert problems == []
    module = course.modules[0]
    [quiz] = module.quizzes
    assert quiz.questions == ("q-own", "q-bank-a", "q-bank-b")
    assert [(pool.questions, pool.draw) for pool in quiz.pools] == [(("q-bank-a", "q-bank-b"), 1)]
    assert [(each.page, each.quiz) for each in module.questions] == [("page", "quiz-town")] * 3
    assert "bank/plan.svg" in [asset.path for asset in module.assets]


def test_a_path_may_be_relative_to_the_page() -> None:
    assert told(**{PAGE: QUIZ.replace("/bank/", "../../bank/")}) == []


def test_reports_what_is_wrong_in_a_bank_in_the_bank() -> None:
    broken = BANK.replace("plan.svg", "none.svg").replace("[^a]:", "[^b]:").replace("../modules", "../mod")
    assert told(**{"bank/town.md": broken}) == [
        "bank/town.md:7:8 link-missing-file",
        "bank/town.md:9:12 link-missing-file",
        "bank/town.md:16:16 footnote-missing",
        "bank/town.md:20:1 footnote-unused",
    ]


def test_checks_the_text_of_a_bank_in_the_bank() -> None:
    broken = BANK.replace("[harbour](../modules/m1-town/other.md)", "[here](https://example.org)")
    assert told(**{"bank/town.md": broken.replace("![a plan]", "![]")}) == [
        "bank/town.md:7:8 link-text",
        "bank/town.md:9:12 image-without-alt",
    ]


def test_reports_quizzes_and_pools_in_a_bank() -> None:
    assert told(**{"bank/town.md": f"# Title\n\n{QUIZ}"}).count("bank/town.md:5:1 block-place") == 1


def test_a_bank_may_be_drawn_from_twice_in_other_modules_only() -> None:
    twice = QUIZ.replace("\n:::\n\n:::\n", "\n:::\n\n::: pool {draw=1 from=/bank/town.md}\n\n:::\n\n:::\n")
    assert "bank/town.md:5:1 id-twice" in told(**{PAGE: twice})
