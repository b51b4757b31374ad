"""Checks of language: sentences, abbreviations, foreign phrases, verbs; and keys that give themselves away."""

from __future__ import annotations

import pytest

from course_builder.checks.key_patterns import LEVEL, at_least
from course_builder.checks.languages import language_of
from course_builder.checks.sentences import MOST_WORDS
from course_builder.checks.verbs import is_measurable
from tests.course_builder.sources import PAGE, check, check_page, codes

FINNISH = [
    "Hyvää päivää ja tervetuloa kaikki",
    "Tämä on hyvä idea",
    "mitä mieltä olet siitä, että palvelu on verkossa",
    "Kuka omistaa idean, kun se on valmis?",
]
ESTONIAN = [
    "Tere tulemast meie linna",
    "See on hea mõte ja me teeme seda",
    "Kõik teenused on ühes kohas",
    "Kuidas me saame seda paremini teha?",
]
SWEDISH = [
    "Det är en bra idé",
    "Vad händer om vi inte gör det",
    "Alla tjänster på ett ställe och inte i tre",
    "Den som äger frågan har också tid för den",
]
ENGLISH = [
    "We are open to new ideas",
    "Where do ideas die?",
    "It stopped when…",
    "Jyväskylä, Tartu, Gävle",
    "Kuntaliitto and Sitra",
    "Sveriges Kommuner och Regioner",
    "go, go if, no",
    "Tallinn Declaration on eGovernment",
    "Hallamere Harbour Quay",
    "ja, nein, vielleicht",
    "Innovationsguiden",
    "Who owns innovation here?",
    "See me on Saturday",
]


@pytest.mark.parametrize(("phrases", "language"), [(FINNISH, "fi"), (ESTONIAN, "et"), (SWEDISH, "sv"), (ENGLISH, "en")])
def test_tells_the_languages_of_the_region_apart(phrases: list[str], language: str) -> None:
    assert {phrase: language_of(phrase, "en") for phrase in phrases} == dict.fromkeys(phrases, language)


@pytest.mark.parametrize("own", ["fi", "et", "sv"])
def test_a_language_is_not_foreign_to_itself(own: str) -> None:
    for phrase in {"fi": FINNISH, "et": ESTONIAN, "sv": SWEDISH}[own]:
        assert language_of(phrase, own) == own
    assert language_of("This is what the town and its people want", own) == "en"


def test_a_phrase_is_warned_of_where_it_stands_unless_it_is_marked() -> None:
    text = "# A page\n\nOne line.\nA sign says *Tervetuloa, satama on auki ja kahvila myös* there.\n"
    _, problems = check_page(text)
    assert [(problem.code, problem.place.line) for problem in problems] == [("phrase-without-lang", 4)]
    marked = text.replace("*Tervetuloa", "[*Tervetuloa").replace("myös*", "myös*]{lang=fi}")
    assert check_page(marked)[1] == []


def words(count: int, end: str = ".") -> str:
    return " ".join(["Word", *["word"] * (count - 1)]) + end


def test_counts_the_words_of_each_sentence() -> None:
    assert codes(check_page(f"# A page\n\n{words(MOST_WORDS)} {words(MOST_WORDS, '!”')} {words(3)}\n")[1]) == []
    _, problems = check_page(f"# A page\n\n{words(3)}\n{words(MOST_WORDS + 1)} {words(3)}\n")
    assert [(problem.code, problem.place.line) for problem in problems] == [("sentence-too-long", 4)]


def test_leaves_out_code_and_sources() -> None:
    page = f"# A page\n\nText.[^a] `{words(40)}`\n\n```\n{words(40)}\n```\n\n[^a]: {words(40)} See HELCOM.\n"
    assert check_page(page)[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "The Helsinki Commission (HELCOM) met. HELCOM agreed.",
        "HELCOM (the Helsinki Commission) met.",
        "HELCOM agreed. That is the Helsinki Commission (HELCOM).",
        "The OECD, the Organisation for Economic Co-operation and Development, met.",
        '<abbr title="Helsinki Commission">HELCOM</abbr> met. HELCOM agreed.',
        "The EU has PDF files. Part IV of XII. See `HELCOM`.",
        "STOP HERE AND READ.",
        "The project\nBETTER ended.",
    ],
)
def test_an_abbreviation_that_is_explained_or_known_is_fine(text: str) -> None:
    assert check_page(f"# A page\n\n{text}\n")[1] == []


def test_an_abbreviation_is_warned_of_once() -> None:
    _, problems = check_page("# A page\n\nHELCOM met.\n\nHELCOM agreed.\n")
    assert [(problem.code, problem.place.line) for problem in problems] == [("abbreviation-unexplained", 3)]


@pytest.mark.parametrize(
    ("language", "measurable", "vague"),
    [
        ("en", "Explain the five principles", "Understand how to explain the five principles"),
        ("en", "Rate your own organisation with evidence", "Be aware of evidence"),
        ("fi", "Osaa selittää viisi periaatetta", "Ymmärtää viisi periaatetta"),
        ("et", "Oskab selgitada viit põhimõtet", "Teab viit põhimõtet"),
        ("sv", "Kan förklara fem principer", "Förstår fem principer"),
    ],
)
def test_an_objective_has_a_verb_that_can_be_watched(language: str, measurable: str, vague: str) -> None:
    assert is_measurable(measurable, language)
    assert not is_measurable(vague, language)


def questions(count: int, key: int, texts: tuple[str, ...] = ("One way", "Two ways", "Six ways")) -> str:
    blocks = []
    for number in range(count):
        options = "".join(
            f"- [{'x' if index == key else ' '}] {text} <!--#way-{'abc'[index]}-->\n"
            for index, text in enumerate(texts)
        )
        blocks.append(f"::: question {{#q-{'abcdefgh'[number]} type=single}}\n\nHow?\n\n{options}\n:::\n")
    return "# A page\n\n" + "\n".join(blocks)


def test_keys_that_are_always_first_or_longest_are_warned_of_once() -> None:
    assert codes(check_page(questions(4, 0))[1]) == ["key-first"]
    longest = ("Short", "Quite a bit longer", "Short too")
    assert codes(check_page(questions(4, 1, longest))[1]) == ["key-longest"]
    _, problems = check({PAGE: questions(4, 0)})
    assert "4 of 4" in problems[0].message
    assert "`q-a`, `q-b`, `q-c`, `q-d`" in problems[0].hint


def test_few_questions_prove_nothing() -> None:
    assert check_page(questions(3, 0))[1] == []
    assert check_page(questions(6, 1))[1] == []


def test_the_probability_is_the_binomial_one() -> None:
    assert at_least(0, [0.5] * 10) == pytest.approx(1)
    assert at_least(10, [0.5] * 10) == pytest.approx(1 / 1024)
    assert at_least(8, [0.5] * 10) == pytest.approx((45 + 10 + 1) / 1024)
    assert at_least(2, [1 / 2, 1 / 3]) == pytest.approx(1 / 6)
    assert at_least(4, [1 / 3] * 4) < LEVEL < at_least(3, [1 / 3] * 3)
