"""Answering in the preview: tries, hints, pools and quizzes, scored as in the tool."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict

from course_builder.preview.answers import Answers, Browsers
from course_builder.preview.key_words import key_in_words
from course_builder.preview.live import LiveCourse
from course_builder.preview.pages import read_page, read_sheet
from course_builder.preview.sheet import Sheet
from tests.preview.course import write_course

TRIES = """\
# A town

::: question {#q-town type=single graded=no tries=2}

Which one is a town?

- [x] Narva <!--#narva-->
- [ ] Peipus <!--#peipus-->
- [ ] Valgjärv <!--#valga-->

::: hint

It has houses.

:::

:::
"""
QUIZ = """\
# A town

::: quiz {#q-all title="A quiz" minutes=4}

::: question {#q-town type=single}

Which one is a town?

- [x] Narva <!--#narva-->
- [ ] Peipus <!--#peipus-->

:::

::: question {#q-lakes type=multiple points=2 partial=each}

Which are lakes?

- [x] Peipus <!--#peipus-->
- [ ] Narva <!--#narva-->

:::

:::
"""


@pytest.fixture
def live(tmp_path: Path) -> LiveCourse:
    return LiveCourse(write_course(tmp_path / "course"))


def write(live: LiveCourse, text: str) -> None:
    file = live.root / "modules/m1-town/page.md"
    file.write_text(text, encoding="utf-8")
    live.refresh([file])


def sheet_of(live: LiveCourse, answers: Answers) -> Sheet:
    sheet = read_sheet(live, "m1-town", "page", answers)
    assert sheet is not None
    return sheet


def choose(sheet: Sheet, question: str, option: str) -> MultiDict[str, str]:
    return MultiDict({f"q-{question}": sheet.ask(question).name_of[option]})


def test_a_check_uses_a_try_and_gives_feedback(live: LiveCourse) -> None:
    write(live, TRIES)
    sheet = sheet_of(live, Answers())
    sheet.check("q-town", choose(sheet, "q-town", "peipus"))
    view = sheet.show("q-town")
    assert (view.result_label, view.is_locked) == ("Not right.", False)
    assert "try 2 of 2" in view.worth
    sheet.check("q-town", choose(sheet, "q-town", "narva"))
    assert (sheet.show("q-town").result_label, sheet.show("q-town").is_locked) == ("Right.", True)


def test_no_try_is_used_without_an_answer(live: LiveCourse) -> None:
    write(live, TRIES)
    sheet = sheet_of(live, Answers())
    sheet.check("q-town", MultiDict())
    assert sheet.show("q-town").notice == "Choose an answer first."
    assert "try 1 of 2" in sheet.show("q-town").worth


def test_no_more_tries_than_there_are(live: LiveCourse) -> None:
    write(live, TRIES)
    sheet = sheet_of(live, Answers())
    for option in ("peipus", "valga", "narva"):
        sheet.check("q-town", choose(sheet, "q-town", option))
    assert sheet.answers.of("m1-town", "q-town").tries_used == 2


def test_a_hint_opens_and_keeps_the_choice(live: LiveCourse) -> None:
    write(live, TRIES)
    sheet = sheet_of(live, Answers())
    sheet.hint("q-town", choose(sheet, "q-town", "peipus"))
    view = sheet.show("q-town")
    assert "It has houses." in view.hints[0]
    assert [option.is_chosen for option in view.options if "Peipus" in option.html] == [True]


def test_a_hint_does_not_judge_an_answer_that_was_changed(live: LiveCourse) -> None:
    write(live, TRIES)
    sheet = sheet_of(live, Answers())
    sheet.check("q-town", choose(sheet, "q-town", "peipus"))
    sheet.hint("q-town", choose(sheet, "q-town", "narva"))
    assert sheet.show("q-town").result_label == ""


def test_the_same_answer_again_is_no_further_try(live: LiveCourse) -> None:
    write(live, TRIES)
    sheet = sheet_of(live, Answers())
    for _ in range(2):
        sheet.check("q-town", choose(sheet, "q-town", "peipus"))
    assert sheet.answers.of("m1-town", "q-town").tries_used == 1


def test_a_quiz_is_scored_when_it_is_submitted(live: LiveCourse) -> None:
    write(live, QUIZ)
    sheet = sheet_of(live, Answers())
    assert [(quiz.points, quiz.minutes) for quiz in sheet.quizzes] == [("3 points", "about 4 minutes")]
    form = choose(sheet, "q-town", "narva")
    form.setlist("q-q-lakes", [sheet.ask("q-lakes").name_of[each] for each in ("peipus", "narva")])
    sheet.submit("q-all", form)
    assert [quiz.score for quiz in sheet.quizzes] == ["2 of 3 points"]
    assert sheet.show("q-town").is_locked


def test_an_answer_that_the_author_took_away_counts_as_none(live: LiveCourse) -> None:
    write(live, TRIES)
    answers = Answers()
    sheet = sheet_of(live, answers)
    sheet.check("q-town", choose(sheet, "q-town", "peipus"))
    write(live, TRIES.replace("#peipus", "#the-lake"))
    assert sheet_of(live, answers).show("q-town").result_label == ""


def test_an_answer_that_the_page_does_not_offer_is_not_taken(live: LiveCourse) -> None:
    write(live, TRIES)
    sheet = sheet_of(live, Answers())
    sheet.check("q-town", MultiDict({"q-q-town": "narva"}))
    assert sheet.show("q-town").notice == "The question changed meanwhile. Answer it again."
    assert sheet.answers.of("m1-town", "q-town").tries_used == 0


def test_names_and_order_stay_while_the_author_writes(live: LiveCourse) -> None:
    write(live, TRIES)
    answers = Answers()
    before = sheet_of(live, answers).ask("q-town").drawn
    write(live, TRIES.replace("Which one", "Which of them"))
    assert sheet_of(live, answers).ask("q-town").drawn == before


def test_the_key_is_said_in_words(live: LiveCourse) -> None:
    write(live, QUIZ)
    asked = sheet_of(live, Answers()).ask("q-lakes")
    assert key_in_words(asked.text, asked.key) == ("Peipus",)


def test_each_browser_has_answers_of_its_own() -> None:
    browsers = Browsers()
    first, answers = browsers.find("")
    second, others = browsers.find("made up")
    assert first != second
    assert answers is not others
    assert browsers.find(first) == (first, answers)
    browsers.forget(first)
    assert browsers.find(first)[1] is not answers


def test_graded_questions_of_no_quiz_are_tried_page_by_page(live: LiveCourse) -> None:
    """Learners submit them together; here the other pages go on, and each says so."""
    loose = TRIES.replace(" graded=no tries=2", "").replace("#q-town", "#q-NAME")
    write(live, loose.replace("NAME", "town"))
    other = live.root / "modules/m1-town/other.md"
    other.write_text(loose.replace("NAME", "other"), encoding="utf-8")
    live.refresh([other])
    answers = Answers()
    here, there = (read_sheet(live, "m1-town", page, answers) for page in ("page", "other"))
    assert here is not None
    assert there is not None
    here.submit("module", choose(here, "q-town", "narva"))
    assert [quiz.score for quiz in here.quizzes] == ["1 of 1 point"]
    assert [quiz.score for quiz in there.quizzes] == [""]
    view = read_page(live, "m1-town", "page", answers)
    assert view is not None
    assert view.further_pages == 1


UPLOAD = """\
# A town

::: question {#q-plan type=upload files=2 graded=no}

Hand in your plan.

:::
"""


def test_the_preview_keeps_the_names_of_files_and_not_the_files(live: LiveCourse) -> None:
    write(live, UPLOAD)
    sheet = sheet_of(live, Answers())
    sheet.files("q-plan", MultiDict([("f-q-plan", "plan.pdf"), ("f-q-plan", "map.pdf"), ("f-q-plan", "third.pdf")]))
    view = sheet.show("q-plan")
    assert [file.name for file in view.handed] == ["plan.pdf", "map.pdf"]
    assert view.notice == "The question takes 2. The others were left out."
    sheet.files("q-plan", MultiDict([("remove", "plan.pdf")]))
    assert [file.name for file in sheet.show("q-plan").handed] == ["map.pdf"]
    sheet.check("q-plan", MultiDict())
    assert sheet.show("q-plan").result_state == "waiting"
