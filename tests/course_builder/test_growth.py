"""Small sources that would grow beyond measure, or keep the builder busy for hours: each is refused at its place."""

from __future__ import annotations

import json
import struct

import pytest

from course_builder.checks import run_checks
from course_builder.gltf import glb_mistake
from course_builder.image_size import image_size
from course_builder.model import Problem
from course_builder.parser import banks, parse_course
from course_builder.render import render_module
from course_builder.silencing import silence
from course_builder.webvtt import paragraphs, read_webvtt
from tests.course_builder.sources import COURSE_YAML, PAGE, check, check_page, codes, sources

FOLDER = "modules/m1-town"
QUESTION = """\
::: question {{#q-{number} type=single}}

Who?

- [x] One <!--#one-->
- [ ] Two <!--#two-->

::: hint

{text}

:::

:::

"""


def found(files: dict[str, str | bytes], code: str) -> list[Problem]:
    """Check a course; return the problems with a code, which have to be its only errors."""
    _, problems = check(files)
    assert {problem.code for problem in problems if problem.severity == "error"} == {code}
    return [problem for problem in problems if problem.code == code]


def test_a_long_file_that_is_taken_in_again_and_again() -> None:
    include = "::: include {src=/part.md}\n\n:::\n\n"
    files: dict[str, str | bytes] = {PAGE: "# A page\n\n" + include * 150, "part.md": "Words and words.\n\n" * 1_000}
    course, problems = check(files)
    limits = [problem for problem in problems if problem.code == "include-limit"]
    assert [problem.place.line for problem in limits] == [3 + 4 * 62]
    assert sum(len(token.content) for token in course.modules[0].pages[0].tokens) <= 1_000_000


def test_a_long_variable_that_is_used_again_and_again() -> None:
    text = "# A page\n\n" + ("{{a}} " * 50 + "\n\n") * 1_000
    course, problems = check({PAGE: text, "course.yaml": COURSE_YAML + f"variables: {{a: {'word ' * 390}}}\n"})
    [problem] = [problem for problem in problems if problem.code == "variable-limit"]
    assert problem.place.line == 3 + 2 * 3
    assert sum(len(token.content) for token in course.modules[0].pages[0].tokens) < 700_000
    block = '# A page\n\n::: details {title="' + "{{a}}" * 1_000 + '"}\n\n:::\n'
    course, _ = check({PAGE: block, "course.yaml": COURSE_YAML + f"variables: {{a: {'word ' * 390}}}\n"})
    [opening] = [token for token in course.modules[0].pages[0].tokens if token.type == "block_open"]
    assert len(opening.meta["block"].attributes["title"]) < 10_000


def test_a_long_footnote_that_every_hint_cites() -> None:
    page = "# A page\n\n" + "".join(QUESTION.format(number=number, text="Look[^a].") for number in range(300))
    page += f"[^a]: {'Words and words. ' * 1_000}\n"
    [problem] = found({PAGE: page}, "footnote-limit")
    assert problem.place.line == page.count("\n")


def test_a_long_definition_that_every_hint_uses() -> None:
    page = "# A page\n\n" + "".join(
        QUESTION.format(number=number, text="A [lake](term:lake).") for number in range(600)
    )
    glossary = f"# Glossary\n\n## A lake <!--#lake-->\n\n{'Water and water. ' * 110}\n"
    assert [problem.place.path for problem in found({PAGE: page, "glossary.md": glossary}, "term-limit")] == [PAGE]


def test_definitions_that_are_long_or_lead_to_many_others() -> None:
    page: dict[str, str | bytes] = {PAGE: "# A page\n\nA [lake](term:t0).\n"}
    terms = [f"## Term {number} <!--#t{number}-->\n\nA [term](term:t{number + 1}).\n" for number in range(60)]
    chain = "# Glossary\n\n" + "\n".join(terms) + "\n## Last <!--#t60-->\n\nThe end.\n"
    problems = found({**page, "glossary.md": chain}, "term-content")
    assert [problem.place.line for problem in problems] == [3 + 4 * number for number in range(10)]
    long = f"# Glossary\n\n## A lake <!--#t0-->\n\n{'Water. ' * 400}\n"
    assert [problem.place.line for problem in found({**page, "glossary.md": long}, "term-content")] == [5]


def test_a_bank_that_many_pools_draw_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banks, "MOST_QUESTIONS", 100)
    bank = "# Bank\n\n" + "".join(QUESTION.format(number=number, text="Look.") for number in range(20))
    page = "# A page\n\n" + "::: pool {draw=1 from=/bank.md}\n\n:::\n\n" * 10
    course, problems = check({PAGE: page, "bank.md": bank})
    assert [problem.place.line for problem in problems if problem.code == "pool-limit"] == [23, 27, 31, 35, 39]
    assert len(course.modules[0].questions) == 100


def test_many_broken_links_in_a_course_of_many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, str | bytes] = {f"files/{number}.txt": b"x" for number in range(300)}
    looks = 0

    def look(*_: object, **__: object) -> list[str]:
        nonlocal looks
        looks += 1
        return []

    monkeypatch.setattr("course_builder.parser.findings.difflib.get_close_matches", look)
    _, problems = check_page("# A page\n\n" + "".join(f"[To {n}](no{n}.md), " for n in range(2_000)), **files)
    assert codes(problems).count("link-missing-file") == 2_000
    assert looks == 100


def test_many_silences_and_many_problems_are_matched_by_their_lines() -> None:
    long = "It is " + "very " * 30 + "old. <!-- quiet: sentence-too-long: it is a quote -->\n\n"
    given = sources({PAGE: "# A page\n\n" + long * 5_000})
    parsed = parse_course(given)
    problems = [*parsed.problems, *run_checks(parsed.course, given.files)]
    assert codes(problems) == ["sentence-too-long"] * 5_000
    heard = silence(problems, parsed.silences, given.texts, is_whole=True)
    assert (len(heard.problems), len(heard.silenced)) == (0, 5_000)


def test_many_cues_become_one_paragraph() -> None:
    times = [f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(20_000)]
    cues = "".join(f"{time}.000 --> {time}.900\nWord\n\n" for time in times)
    [(voice, words)] = paragraphs(read_webvtt(f"WEBVTT\n\n{cues}")[0])
    assert (voice, len(words)) == ("", 20_000 * 5 - 1)


@pytest.mark.parametrize(
    "encoding", ["nope", "utf-7", "punycode", "idna", "rot13", "utf-16", "cp437", "big5", "base64"]
)
def test_a_picture_in_an_encoding_that_is_none_is_reported(encoding: str) -> None:
    svg = f'<?xml version="1.0" encoding="{encoding}"?><svg xmlns="http://www.w3.org/2000/svg"/>'.encode()
    page = "# A page\n\n![A plan](assets/plan.svg)\n"
    _, problems = check_page(page, **{f"{FOLDER}/assets/plan.svg": svg})
    assert {problem.code for problem in problems} <= {"svg-active"}


def test_a_picture_of_a_size_that_is_none_has_no_size() -> None:
    for size in ("9" * 400, "1e9", "-1", "0"):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} 9"/>'
        assert image_size(svg.encode(), "image/svg+xml") is None


@pytest.mark.parametrize("uri", [5, ["x"], {"a": 1}, None, True])
def test_a_model_whose_address_is_no_text_is_refused(uri: object) -> None:
    document = json.dumps({"asset": {"version": "2.0"}, "images": [{"uri": uri}]}).encode()
    document += b" " * (-len(document) % 4)
    glb = struct.pack("<4sIIII", b"glTF", 2, 20 + len(document), len(document), 0x4E4F534A) + document
    assert glb_mistake(glb) is not None


def test_what_is_refused_can_be_rendered_in_the_preview_all_the_same() -> None:
    page = "# A page\n\n" + "".join(QUESTION.format(number=number, text="Look[^a].") for number in range(3))
    course, problems = check({PAGE: page + f"[^a]: {'Words and words. ' * 10}\n"})
    assert not [problem for problem in problems if problem.severity == "error"]
    assert render_module(course.modules[0]).pages
