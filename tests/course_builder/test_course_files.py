"""``course.yaml`` and ``module.yaml``: every mistake with its place, none of them hiding another."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from course_builder.accent import GROUNDS, too_faint
from course_builder.model import Framework
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, PAGE, check, codes

MODULE = "modules/m1-town/module.yaml"


def told(files: dict[str, str | bytes]) -> list[str]:
    """Return the problems of the YAML files as ``line:column code hint``."""
    _, problems = check(files)
    return [
        f"{problem.place.line}:{problem.place.column} {problem.code}: {problem.message}. {problem.hint}"
        for problem in problems
        if problem.place.path.endswith(".yaml")
    ]


def test_a_good_course_has_no_problems() -> None:
    course, problems = check({})
    assert problems == []
    assert course.modules[0].objectives[0].id == "see-things"
    assert [page.id for page in course.modules[0].pages] == ["page", "other"]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("id", "Course One", "1:1 yaml-value: `id` cannot be `Course One`. It has to be an id: small letters"),
        ("title", "", "2:1 yaml-value: `title` is empty. It has to be text."),
        ("title", "[a]", "2:1 yaml-value: `title` is wrong. It has to be text."),
        ("language", "English", "3:1 yaml-value: `language` cannot be `English`. It has to be a language tag"),
        ("licence", "free for all!", "4:1 yaml-value: `licence` cannot be `free for all!`. It has to be an SPDX"),
        ("authors", "Someone", "5:1 yaml-value: `authors` cannot be `Someone`. It has to be a list"),
        ("authors", "[]", "5:1 yaml-value: `authors` is wrong. It has to be filled in."),
        ("authors", "[{name: A, orcid: 1}]", "5:21 yaml-value: `orcid` cannot be `1`. It has to be an ORCID iD"),
        ("authors", "[{nam: A}]", "5:12 yaml-unknown-key: there is no key `nam` here. Did you mean `name`?"),
        ("modules", "[../other]", "6:11 yaml-value: `entry 1` cannot be `../other`. It has to be the name of a folder"),
    ],
)
def test_reports_a_wrong_value_in_course_yaml(key: str, value: str, expected: str) -> None:
    lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in COURSE_YAML.splitlines()]
    assert any(problem.startswith(expected) for problem in told({"course.yaml": "\n".join(lines)}))


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("versions: 1", "8:1 yaml-unknown-key: there is no key `versions` here. Did you mean `version`?"),
        ("passing: {score: 101}", "8:11 yaml-value: `score` cannot be `101`. It has to be at most 100."),
        ("passing: {pages: some}", "8:11 yaml-value: `pages` cannot be `some`. It has to be a whole number or 'all'."),
        ("passing: {sessions: [Kick off]}", "8:22 yaml-value: `entry 1` cannot be `Kick off`. It has to be an id"),
        ("languages: [en, fi]", "8:17 language-unknown: the course has no language `fi`. It has en."),
        ("prerequisites: [Other]", "8:17 yaml-value: `entry 1` cannot be `Other`. It has to be the id of a module"),
        ("assets: {assets/no.svg: {author: A}}", "8:10 asset-missing: there is no file `assets/no.svg`"),
        ("title: Again", "8:1 yaml-key-twice: the key `title` stands here twice, first on line 3."),
        ("passing: &a {score: 70}\nassets: *a", "9:9 yaml-syntax: aliases (*name) are not allowed here."),
    ],
)
def test_reports_a_wrong_line_in_module_yaml(added: str, expected: str) -> None:
    assert any(problem.startswith(expected) for problem in told({MODULE: f"{MODULE_YAML}{added}\n"}))


def test_a_misspelt_key_is_not_reported_as_missing_too() -> None:
    text = MODULE_YAML.replace("pages:", "page:")
    found = [line for line in told({MODULE: text}) if "yaml-" in line]
    assert [line.partition(": ")[2] for line in found] == ["there is no key `page` here. Did you mean `pages`?"]


@pytest.mark.parametrize("version", ["1.0", "1", "v1.0.0", "1.0.0-beta", "01.0.0", "1.0.٣"])
def test_refuses_versions_that_are_not_three_numbers(version: str) -> None:
    text = MODULE_YAML.replace("1.0.0", version)
    assert "yaml-value" in codes(check({MODULE: text})[1])


@pytest.mark.parametrize("duration", ["40", "PT", "P", "40M", "PT40", "PT1.5H", "P1M"])
def test_refuses_durations_that_are_not_iso_8601(duration: str) -> None:
    text = MODULE_YAML.replace("PT10M", duration)
    assert "yaml-value" in codes(check({MODULE: text})[1])


def test_a_version_that_yaml_would_read_as_a_number_keeps_its_digits() -> None:
    course, _ = check({MODULE: MODULE_YAML.replace("title: A module", "title: 1.10")})
    assert course.modules[0].title == "1.10"


@pytest.mark.parametrize("text", ["title: [", "\tid: x", "- a\n- b", "just text", "a: 'b", "[" * 3000, "a: \x07", "{"])
def test_pages_are_checked_beside_a_broken_module_yaml(text: str) -> None:
    _, problems = check({MODULE: text, PAGE: "# A page\n\n![](missing.png)\n"})
    found = {(problem.place.path, problem.code) for problem in problems}
    assert (PAGE, "image-without-alt") in found
    assert any(path == MODULE and code.startswith("yaml-") for path, code in found)


def test_modules_are_checked_beside_a_broken_course_yaml() -> None:
    _, problems = check({"course.yaml": "title: [", PAGE: "no title\n"})
    assert {(problem.place.path, problem.code) for problem in problems} == {
        ("course.yaml", "yaml-syntax"),
        (PAGE, "heading-missing"),
    }


def test_names_missing_modules_and_pages_where_they_are_listed() -> None:
    problems = told(
        {
            "course.yaml": COURSE_YAML.replace("[m1-town]", "\n  - m1-town\n  - m2-none"),
            MODULE: MODULE_YAML.replace("other.md", "othr.md"),
        }
    )
    assert [problem.partition(".")[0] for problem in problems] == [
        "8:5 module-missing: there is no file modules/m2-none/module",
        "7:1 page-unlisted: `other",
        "7:18 page-missing: there is no file `othr",
    ]
    assert problems[2].endswith("Did you mean `other.md`?")


def test_refuses_translations_for_now() -> None:
    assert told({"course.yaml": COURSE_YAML + "languages: [en, fi]\n"}) == [
        "7:1 yaml-later: translations (fi) are not in this version of the builder. List only `en` for now."
    ]


def test_the_same_id_in_two_pages_is_reported_in_the_second() -> None:
    _, problems = check({PAGE: "# A page\n\n## Notes <!--#notes-->\n"})
    assert [(problem.code, problem.place.path, problem.message) for problem in problems] == [
        (
            "id-twice",
            "modules/m1-town/other.md",
            "the id `notes` is used twice in the module, first at modules/m1-town/page.md:3",
        )
    ]


def test_folded_text_is_joined_with_spaces_only() -> None:
    module = MODULE_YAML.replace("summary: What it is about", "summary: >\n  What it\n  is about")
    course, problems = check({MODULE: module})
    assert problems == []
    assert course.modules[0].summary.strip() == "What it is about"


COURSE_KEYS = """\
frameworks: [{id: DigComp, version: "2.2", url: "https://example.org/digcomp"}]
variables: {town: Hallamere, people: "15,000"}
hosts: [media.example.org]
theme: {accent: "#0B5468"}
"""


def test_reads_what_a_course_may_say_about_itself() -> None:
    course, problems = check({"course.yaml": COURSE_YAML + COURSE_KEYS})
    assert problems == []
    assert course.frameworks == (Framework("DigComp", "2.2", None, "https://example.org/digcomp"),)
    assert course.variables == {"town": "Hallamere", "people": "15,000"}
    assert course.hosts == ("media.example.org",)
    assert course.theme is not None
    assert course.theme.accent == "#0b5468"
    assert not list(too_faint(course.theme.accent_dark, "dark"))


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("variables: {1st: a}", "7:13 yaml-value: `1st` cannot be `1st`. It has to be a word of letters"),
        ("variables: {town: }", "7:13 yaml-value: `town` is empty. It has to be text."),
        ('variables: {town: "a\\n\\nb"}', "7:13 yaml-value: `town` cannot be"),
        ("hosts: ['https://example.org']", "7:9 yaml-value: `entry 1` cannot be `https://example.org`. It has to be a"),
        ("theme: {accent: teal}", "7:9 yaml-value: `accent` cannot be `teal`. It has to be a colour of six"),
        ("theme: {acent: '#000000'}", "7:9 yaml-unknown-key: there is no key `acent` here. Did you mean `accent`?"),
        (
            "theme: {accent: '#7fd0e0'}",
            "7:1 accent-contrast: `#7fd0e0` on the paper of light pages (#fbfaf7) has a contrast of 1.6:1",
        ),
        (
            "theme: {accent: '#0b5468', accent_dark: '#0b5468'}",
            "7:1 accent-contrast: `#0b5468` on the surface of dark pages (#18222b) has a contrast of 1.9:1",
        ),
        ("frameworks: [{id: DigComp}]", "7:14 yaml-missing-key: `version` is missing. Add version: …"),
    ],
)
def test_reports_a_wrong_line_in_course_yaml(added: str, expected: str) -> None:
    assert any(problem.startswith(expected) for problem in told({"course.yaml": f"{COURSE_YAML}{added}\n"}))


def test_competences_are_of_a_framework_that_the_course_lists() -> None:
    competence = 'competences: [{framework: DigComp, version: "2.1", id: "5.2"}]'
    module = MODULE_YAML.replace("text: Name what they see}", f"text: Name what they see, {competence}}}")
    assert told({"course.yaml": COURSE_YAML + COURSE_KEYS, MODULE: module}) == [
        "6:14 framework-unknown: `frameworks` in course.yaml has no `DigComp 2.1`. Did you mean `DigComp 2.2`?"
    ]
    assert told({MODULE: module}) == []


def test_the_grounds_of_an_accent_are_those_of_the_design() -> None:
    tokens = (Path(__file__).parents[2] / "course_builder" / "player" / "tokens.css").read_text(encoding="utf-8")
    light, _, dark = tokens.partition("@media (prefers-color-scheme: dark)")
    for scheme, sheet in (("light", light), ("dark", dark)):
        for ground, value in GROUNDS[scheme].items():
            assert f"--{ground}: {value};" in sheet


def test_aliases_that_unfold_into_gigabytes_are_refused_and_not_unfolded() -> None:
    names = "abcdefghij"
    bomb = "a: &a [lol, lol, lol]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise(names)
    )
    found = told(
        {
            "course.yaml": COURSE_YAML + bomb,
            MODULE: MODULE_YAML.replace("A module", "&t A module").replace("What it is about", "*t"),
        }
    )
    aliases = [problem for problem in found if "aliases (*name) are not allowed here" in problem]
    assert len(aliases) == 9 * 9 + 1
    places = {problem.partition(" ")[0] for problem in aliases}
    assert {"8:8", "8:12", "16:40"} <= places
