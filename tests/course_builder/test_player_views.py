"""What the player shows of each question type in each state, as places without a tool around show it."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from gettext import NullTranslations
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from course_builder.model import QUESTION_TYPES, NumberAnswer, Pattern, Written
from course_builder.package import Feedback, Package, read_package
from course_builder.player import words
from course_builder.player.answers import answer_in_words
from course_builder.player.asked import Asked, draw_question
from course_builder.player.language import English
from course_builder.player.parts import letter, words_of
from course_builder.player.vendor import PLAYER
from course_builder.player.views import Around, Given, QuestionView, show_question
from course_builder.scoring import Response, score
from tests.course_builder.question_samples import ALL
from tests.course_builder.samples import module, package, page, place_of_question

SEED = bytes(range(16))
ENGLISH = English()

RIGHT: dict[str, Response] = {
    "single": "reuse",
    "multiple": ["reuse"],
    "truefalse": "true",
    "number": "5 km",
    "text": "Once-only",
    "order": ["reuse", "copies", "nothing"],
    "match": {"owner": "decides", "clerk": "writes"},
    "gap": {"how-often": "once", "what": "principle"},
    "table": {"permit": "yes", "building": "no"},
    "survey": {"once": "yes", "twice": "no"},
    "hotspot": ["5,5"],
    "essay": "Because.",
}
WRONG: dict[str, Response] = {
    "single": "nothing",
    "multiple": ["nothing"],
    "truefalse": "false",
    "number": "7",
    "text": "data minimisation",
    "order": ["nothing", "copies", "reuse"],
    "match": {"owner": "writes"},
    "gap": {"how-often": "twice"},
    "table": {"permit": "no"},
    "hotspot": ["counter", "99,1"],
}


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PLAYER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(NullTranslations(), newstyle=True)
    return made


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory):
    """Ask a question of a type."""
    folder = tmp_path_factory.mktemp("types")

    @cache
    def read(type_: str) -> Package:
        asked = replace(ALL[type_], id="q")
        made = module([page([place_of_question("q")], [asked])])
        return read_package(package(Path(folder), made, f"{type_}.zip"))

    def ask(type_: str) -> Asked:
        read_now = read(type_)
        text, key = read_now.question("en", "q"), read_now.key("q")
        drawn = draw_question(text, key, SEED)
        return Asked(text, key, drawn, read_now.feedback("en", "q"), read_now.solution("en", "q"))

    return ask


def view(asked: Asked, response: Response = None, *, is_scored: bool = False, **around: object) -> QuestionView:
    result = score(asked.key, response) if is_scored else None
    given = Given(response, result, tries_used=int(is_scored))
    return show_question(asked, given, Around(form_id="f", check_url="/c", hint_url="/h", **around), ENGLISH)


def html(shown: QuestionView) -> str:
    template = environment().from_string('{% from "player/question.html" import question %}{{ question(view) }}')
    return template.render(view=shown)


@pytest.mark.parametrize("type_", QUESTION_TYPES)
def test_each_type_is_a_form_before_answering(asking, type_):
    shown = html(view(asking(type_)))
    assert ('name="r-q"' in shown) is (type_ != "upload")
    assert 'class="note question-result' not in shown
    assert shown.count("<section") == shown.count("</section>") == 1


@pytest.mark.parametrize("type_", QUESTION_TYPES)
def test_no_type_shows_an_id_of_a_part_or_anything_of_its_key_before_answering(asking, type_):
    asked = asking(type_)
    shown = html(view(asked))
    for part in (*asked.text.options, *asked.text.items):
        assert f'"{part.id}"' not in shown
    for secret in ("Why ", "Once only.", "That is another principle.", "A model"):
        assert secret not in shown


@pytest.mark.parametrize("type_", RIGHT)
def test_what_is_held_back_after_submitting_shows_the_answer_and_nothing_of_the_key(asking, type_):
    shown = view(asking(type_), RIGHT[type_], is_scored=True, is_submitted=True, shows_results=False)
    assert shown.is_locked
    assert (shown.result_label, shown.result_state, shown.solution, shown.right) == ("", "", None, None)
    text = html(shown)
    for secret in ("Why ", "Once only.", "That is another principle.", "A model", "is-right", "is-wrong", "Right"):
        assert secret not in text
    assert 'class="note question-result' not in text


def test_how_sure_one_is_can_be_said_until_nothing_can_be_changed(asking):
    asked = asking("single")
    assert "How sure" not in html(view(asked))
    shown = html(view(asked, asks_how_sure=True, how_sure=2))
    assert 'name="sure-q" value="2" form="f" checked' in shown
    locked = html(view(asked, RIGHT["single"], is_scored=True, is_submitted=True, asks_how_sure=True, how_sure=1))
    assert "How sure you were: a guess" in locked
    assert "<fieldset" not in locked


@pytest.mark.parametrize("type_", RIGHT)
def test_a_right_answer_closes_the_question(asking, type_):
    shown = view(asking(type_), RIGHT[type_], is_scored=True)
    assert shown.is_locked
    assert 'name="r-q"' not in html(shown)
    assert "<select" not in html(shown)
    assert '<input type="text"' not in html(shown)


@pytest.mark.parametrize("type_", WRONG)
def test_what_would_have_been_right_is_said_at_the_end_only(asking, type_):
    asked = asking(type_)
    open_ = replace(asked, key=replace(asked.key, tries=3), text=replace(asked.text, tries=3))
    said = ("Right would be", "you missed it", "The right order")
    assert not any(each in html(view(open_, WRONG[type_], is_scored=True)) for each in said)
    assert any(each in html(view(asked, WRONG[type_], is_scored=True)) for each in said)


def test_the_areas_of_a_picture_are_drawn_at_the_end_only(asking):
    asked = asking("hotspot")
    open_ = replace(asked, key=replace(asked.key, tries=3), text=replace(asked.text, tries=3))
    assert "<svg" not in html(view(asked)) + html(view(open_, ["counter"], is_scored=True))
    drawn = view(asked, ["counter", "99,1"], is_scored=True).image
    kinds = re.findall(r'<g class="is-(\w+)"><title>(.*?)</title><(\w+) class="halo"', drawn)
    assert sorted(kinds) == [("missed", "The door.", "rect"), ("wrong", "The counter.", "ellipse")]
    assert drawn.index("<img") < drawn.index("<svg") < drawn.index("</span>")


def test_a_gap_speaks_to_a_foreseen_error(asking):
    asked = asking("gap")
    foreseen = Written((Pattern("once"),), (Pattern("never"), Pattern("twice")))
    key = replace(asked.key, written={**asked.key.written, "how-often": foreseen})
    asked = replace(asked, key=key, feedback=Feedback(options={"how-often.foreseen-2": "<p>Once is enough.</p>"}))
    for answer, said in (("Twice", "Once is enough."), ("never", None), ("thrice", None)):
        [gap, other] = view(asked, {"how-often": answer, "what": "law"}, is_scored=True).items
        assert gap.state == "wrong"
        assert (said or "") in gap.feedback
        assert bool(gap.feedback) is bool(said)
        assert not other.feedback


def test_a_foreseen_error_has_its_own_words(asking):
    assert "That is another principle." in html(view(asking("text"), "data minimisation", is_scored=True))


def test_nothing_in_an_answer_becomes_markup(asking):
    for type_, answer in (("number", "<b>1</b>"), ("text", '"><b>'), ("essay", "</textarea><b>")):
        for is_final in (False, True):
            assert "<b>" not in html(view(asking(type_), answer, is_submitted=is_final))
    gaps = {"how-often": "<b>once</b>"}
    assert "<b>" not in html(view(asking("gap"), gaps))
    assert "<b>" not in "".join(answer_in_words(asking("gap").text, gaps, ENGLISH))


def test_files_are_taken_where_there_is_somewhere_to_put_them(asking):
    shown = html(view(asking("upload"), files_url="/f"))
    assert '<input type="file"' in shown
    assert 'accept=".pdf"' in shown
    assert "up to 2 files · pdf · up to 10 MB each" in shown
    assert 'type="file"' not in html(view(asking("upload")))


@pytest.mark.parametrize(
    ("response", "readings"), [("1,000", ("1000", "1")), ("1 000", None), ("soon", ()), ("", None), ("5 km", None)]
)
def test_a_number_is_asked_back_if_it_does_not_read_in_one_way(asking, response, readings):
    unclear = view(asking("number"), response).unclear
    assert (unclear.readings if unclear else None) == readings


def test_a_penalty_is_told_before_it_matters():
    def worth(tries_used: int, tries: int | None = 3) -> str:
        return words.worth(ENGLISH, Fraction(2), tries, tries_used, Fraction(1, 2), is_graded=True, is_locked=False)

    assert worth(0) == "2 points · try 1 of 3 · each further try costs 0.5 points"
    assert worth(2) == "2 points · try 3 of 3"
    assert worth(0, tries=None) == "2 points · each further try costs 0.5 points"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (NumberAnswer(Fraction(-5, 2)), "-2.5 km"),
        (NumberAnswer(Fraction(10_000), Fraction(1, 2)), "10000 (anything from 9999.5 to 10000.5) km"),
        (NumberAnswer(minimum=Fraction(1), maximum=Fraction(2)), "from 1 to 2 km"),
        (NumberAnswer(minimum=Fraction(1)), "at least 1 km"),
        (NumberAnswer(maximum=Fraction(1, 3)), "at most 0.333333333 km"),
    ],
)
def test_a_right_number_is_written_as_one_would_answer_it(number, said):
    assert words.right_number(ENGLISH, number, "km") == said


def test_right_hand_sides_have_letters_and_their_words_where_nothing_is_lost():
    assert [letter(each) for each in (1, 26, 27, 52, 53)] == ["A", "Z", "AA", "AZ", "BA"]
    assert words_of("The <em>council</em>") == "The council"
    assert words_of('<img src="x" alt="A map">') == ""
