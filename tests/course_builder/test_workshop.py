"""Sessions, worksheets, polls and boards: on the page, and in the package."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from course_builder.checks import run_checks
from course_builder.model.workshop import FIELD_TYPES, POLL_TYPES, WHO
from course_builder.package import Package, PackageError, is_public, read_package
from course_builder.package.write import write_package
from course_builder.parser import parse_course
from course_builder.render import render_module
from course_builder.render.words import words
from course_builder.render.workshop_words import WORKSHOP_WORDS
from course_builder.sanitize import first_violation
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, sources
from tests.course_builder.workshop_sample import TEXT, workshop_course, workshop_members

GOOD = workshop_members()
PAGE_HTML = GOOD["content/en/page.html"].decode()


def opened(folder: Path, members: dict[str, bytes]) -> Package:
    write_package(members, folder / "p.zip", 0)
    return read_package(folder / "p.zip")


# On the page.


def test_the_page_is_within_the_allow_list_whichever_engine_sanitises() -> None:
    module = workshop_course().modules[0]
    assert first_violation(PAGE_HTML) is None
    assert render_module(module, "bleach").pages[0].html == render_module(module, "nh3").pages[0].html


def test_a_session_is_an_agenda_that_says_when_how_long_and_who() -> None:
    assert (
        '<section class="session" id="kick-off" aria-labelledby="kick-off_title" data-session="kick-off">' in PAGE_HTML
    )
    assert '<h3 class="session-title" id="kick-off_title">Ninety minutes &lt;short&gt;</h3>' in PAGE_HTML
    assert '<p class="kind">25 minutes · In the room and on the call</p>' in PAGE_HTML
    assert re.findall(r'<p class="step-time"><b>(.*)</b> <span>(.*)</span></p>', PAGE_HTML) == [
        ("0–10", "10 minutes"),
        ("10–25", "15 minutes"),
    ]
    assert (
        '<p class="step-title">Say where <em>ideas</em> stop</p>\n<p class="step-who">Teams, the sponsor</p>'
        in PAGE_HTML
    )
    assert '<p class="side-title">In the room</p>\n<p>Raise a hand.</p>' in PAGE_HTML


def test_a_footnote_stands_in_the_part_that_cites_it() -> None:
    intro = PAGE_HTML[: PAGE_HTML.index('<ol class="agenda">')]
    assert 'href="#kick-off_intro_fn_1"' in intro
    assert '<li id="kick-off_intro_fn_1"><p>The statute.' in intro


def test_notes_for_facilitators_reach_no_learner() -> None:
    secrets = [path for path, data in GOOD.items() if b"SECRET" in data]
    assert secrets == ["private/keys.json"]
    assert not is_public("private/keys.json")


def test_a_worksheet_asks_in_words_and_leaves_room_on_paper() -> None:
    assert (
        '<li class="field field-text" data-field="owner">\n<p class="field-label">Who <strong>owns</strong> it?</p>'
        in PAGE_HTML
    )
    assert (
        '<p class="field-kind">a few words · needed</p>\n<p>One name.</p>\n<div class="space space-text">' in PAGE_HTML
    )
    assert "a number · hours a week · filled in for you from an earlier worksheet" in PAGE_HTML
    assert "<li><b>0</b> never</li>\n<li><b>1</b></li>" in PAGE_HTML
    assert '<tr><th scope="row">Sponsor</th><td></td></tr>\n<tr class="blank"><td></td><td></td></tr>' in PAGE_HTML


def test_a_worksheet_without_a_title_takes_the_page_s_below_the_last_heading() -> None:
    assert '<h3 class="worksheet-title" id="sheet_title">The kick-off</h3>' in PAGE_HTML


def test_polls_and_boards_stand_in_their_step() -> None:
    first, second = PAGE_HTML.split('<li class="step">')[1:]
    assert '<section class="poll" id="stop" aria-label="Poll" data-poll="stop">' in first
    assert '<p class="column-title">Keep &amp; like</p>' in second
    assert "Board · 3 votes each" in second


def test_a_search_finds_what_learners_see() -> None:
    found = json.loads(GOOD["search/en.json"])[0]["text"]
    assert [phrase for phrase in ("Raise a hand", "At the desk", "Who owns it?") if phrase not in found] == []


@pytest.mark.parametrize("language", ["en", "fi", "et", "sv"])
def test_every_language_has_all_words(language: str) -> None:
    assert WORKSHOP_WORDS[language].keys() == WORKSHOP_WORDS["en"].keys()
    named = [f"field-{each}" for each in FIELD_TYPES] + [f"poll-{each}" for each in POLL_TYPES]
    assert {*named, *(f"who-{each}" for each in WHO), "NOTE"} <= words(language).keys()
    english = {key for key, word in WORKSHOP_WORDS["en"].items() if WORKSHOP_WORDS[language][key] == word}
    assert language == "en" or english == {"from-to"}


# In the package.


def test_the_manifest_says_all_that_a_tool_needs(tmp_path: Path) -> None:
    manifest = opened(tmp_path, GOOD).manifest
    (session,) = manifest.sessions
    assert (session.minutes, session.mode, [step.minutes for step in session.steps]) == (25, "hybrid", [10, 15])
    assert session.steps[0].who == ("teams", "sponsor")
    assert session.steps[0].room == {"en": "<p>Raise a hand.</p>"}
    assert [(step.polls, step.boards) for step in session.steps] == [(("stop",), ()), ((), ("ideas",))]
    (sheet,) = manifest.worksheets
    owner, hours, rating, ratings = sheet.fields
    assert (owner.label, owner.required) == ({"en": "Who <strong>owns</strong> it?"}, True)
    assert (hours.unit, hours.prefill) == ({"en": "hours a week"}, "m1-town/sheet.rating")
    assert rating.scale is not None
    assert (rating.scale.low, rating.scale.high, rating.scale.labels) == (0, 4, {"en": ("never", "always")})
    assert [column.id for column in ratings.columns] == ["", "rating"]
    assert [row.id for row in ratings.rows] == ["sponsor"]
    assert [(option.id, option.text["en"]) for option in manifest.polls[0].options] == [
        ("desk", "At the desk"),
        ("drawer", "In a drawer"),
    ]
    assert (manifest.boards[0].votes, manifest.boards[0].columns[0].text) == (3, {"en": "Keep &amp; like"})
    assert manifest.pages[0].polls == ("stop",)
    assert (manifest.passing.worksheets, manifest.passing.sessions) == (("sheet",), ("kick-off",))


def test_notes_are_kept_by_session_and_step(tmp_path: Path) -> None:
    notes = opened(tmp_path, GOOD).session_notes("en")["kick-off"]
    assert notes.session == ("<p>SECRET-A Be there early.</p>",)
    assert notes.steps == ((), ("<p>SECRET-B The call first.</p>",))


def test_a_sheet_names_the_release_it_is_from_and_a_new_version_changes_no_page(tmp_path: Path) -> None:
    made = opened(tmp_path, GOOD)
    assert '<span class="release">A module · m1-town 1.0.0</span>' in made.fragment("en", "page").html
    assert "1.0.0" not in PAGE_HTML


def ids(text: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(workshop_members(text)["ids.json"])
    return found


def test_ids_tell_a_change_of_words_from_one_that_entries_cannot_survive() -> None:
    before = ids(TEXT)
    kinds = {
        "kick-off": "session",
        "sheet": "worksheet",
        "sheet/owner": "field",
        "stop": "poll",
        "ideas": "board",
        "stop/desk": "option",
        "ideas/change": "column",
        "sheet/ratings/rating": "column",
        "sheet/ratings/sponsor": "row",
    }
    assert {id_: before[id_]["kind"] for id_ in kinds} == kinds
    reworded = ids(TEXT.replace("Who **owns** it?", "Who owns this?"))["sheet/owner"]
    assert reworded["key_digest"] == before["sheet/owner"]["key_digest"]
    assert reworded["text_digest"] != before["sheet/owner"]["text_digest"]
    retyped = ids(TEXT.replace("#owner type=text", "#owner type=long"))["sheet/owner"]
    assert retyped["key_digest"] != before["sheet/owner"]["key_digest"]
    shorter = ids(TEXT.replace("max=4", "max=5"))["sheet/rating"]
    assert shorter["key_digest"] != before["sheet/rating"]["key_digest"]


def manifest_with(change: str, value: object) -> dict[str, bytes]:
    """Change one place in ``module.json``, written as ``worksheets.0.id``."""
    manifest = json.loads(GOOD["module.json"])
    *path, last = [int(step) if step.isdigit() else step for step in change.split(".")]
    inner = manifest
    for step in path:
        inner = inner[step]
    inner[last] = value
    return {**GOOD, "module.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    ("change", "value", "reason"),
    [
        ("worksheets", [], "worksheets of the page page do not agree"),
        ("worksheets.0.id", "other", "worksheets of the page page do not agree"),
        ("worksheets.0.id", "../x", "id '../x' is not made of"),
        ("worksheets.0.id", "kick-off", "id is used twice"),
        ("worksheets.0.page", "none", "entry sheet in module.json stands on a page that"),
        ("worksheets.0.fields", [], r"fields in content/en/page\.html are not those"),
        ("worksheets.0.fields.0.id", "sponsor", r"fields in content/en/page\.html are not those"),
        ("worksheets.0.fields.0.id", "hours", "sheet field id is used twice"),
        ("worksheets.0.fields.0.type", "secret", "type 'secret', which there is not"),
        ("worksheets.0.fields.0.type", "choice", "does not fit its type choice"),
        ("worksheets.0.fields.0.type", "table", "columns or rows that do not fit"),
        ("worksheets.0.fields.0.prefill", "https://example.org", "no field's address"),
        ("worksheets.0.fields.0.label", {"en": "<script>"}, "<script>"),
        ("worksheets.0.fields.0.label", {"fi": "Kuka?"}, "language that the package does not have"),
        ("worksheets.0.fields.0.label", "Who?", "label"),
        ("worksheets.0.fields.2.scale.high", 900, "no such points"),
        ("worksheets.0.fields.2.scale.labels", {"en": ["a", "b", "c"]}, "no such points or labels"),
        ("worksheets.0.fields.3.rows.0.text", {"en": "<img src=\"../../assets/none.png\">"}, r"none\.png"),
        ("worksheets.0.intro", {"en": "</section>"}, "an end </section>"),
        ("sessions.0.minutes", 90, "do not add up"),
        ("sessions.0.steps", [], "do not add up"),
        ("sessions.0.mode", "online", "mode"),
        ("sessions.0.steps.0.who", ["all"], "people in a step"),
        ("sessions.0.steps.0.polls", ["none"], "poll or board that its page does not have"),
        ("sessions.0.steps.0.title", {"en": "<script>"}, "<script>"),
        ("polls.0.type", "quiz", "type 'quiz'"),
        ("polls.0.options", [], "does not fit its type single"),
        ("polls.0.options.0.id", "drawer", "stop option id is used twice"),
        ("boards.0.columns", [], "has no column"),
        ("boards.0.text", {"en": "<p onclick=\"x\">a</p>"}, "onclick"),
        ("pages.0.polls", [], "polls of the page page do not agree"),
        ("passing.worksheets", ["none"], "Passing takes"),
        ("passing.sessions", ["none"], "Passing takes"),
    ],
)  # fmt: skip
def test_refuses_a_manifest_whose_workshop_does_not_agree(
    tmp_path: Path, change: str, value: object, reason: str
) -> None:
    with pytest.raises(PackageError, match=reason):
        opened(tmp_path, manifest_with(change, value))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (' data-session="kick-off"', "", "sessions in"),
        (' data-worksheet="sheet"', ' data-worksheet="other"', "worksheets in"),
        (' data-poll="stop"', "", "polls in"),
        (' data-board="ideas"', ' data-board="stop"', "boards in"),
        (' data-field="owner"', ' data-field="hours"', "fields in"),
    ],
)
def test_refuses_a_page_whose_workshop_is_another_one(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert old in PAGE_HTML
    with pytest.raises(PackageError, match=reason):
        opened(tmp_path, {**GOOD, "content/en/page.html": PAGE_HTML.replace(old, new).encode()})


@pytest.mark.parametrize(
    "notes",
    [
        {"none": {"session": [], "steps": []}},
        {"kick-off": {"session": [], "steps": [[]]}},
        {"kick-off": {"session": ["<script>"], "steps": [[], []]}},
        {"kick-off": {"session": [], "steps": [[], ["<script>"]]}},
    ],
)
def test_refuses_notes_that_fit_no_session_or_are_active(tmp_path: Path, notes: object) -> None:
    keys = {**json.loads(GOOD["private/keys.json"]), "sessions": {"en": notes}}
    with pytest.raises(PackageError, match=r"do not fit any session|<script>"):
        opened(tmp_path, {**GOOD, "private/keys.json": json.dumps(keys).encode()})


# Prefills from other modules.

SECOND_YAML = MODULE_YAML.replace("m1-town", "m2-card").replace("[page.md, other.md]", "[page.md]")


def page_with_owner(sheet: str, **keys: str) -> str:
    attributes = "".join(f" {key.strip('_')}={value}" for key, value in keys.items())
    field = f"::: field {{#owner type=text{attributes}}}\n\nWho?\n\n:::"
    return f"# A page\n\n::: worksheet {{#{sheet}}}\n\n{field}\n\n:::\n"


TWO_MODULES = {
    "course.yaml": COURSE_YAML.replace("[m1-town]", "[m1-town, m2-card]"),
    "modules/m1-town/page.md": page_with_owner("sheet"),
    "modules/m2-card/page.md": page_with_owner("card", from_="m1-town/sheet.owner"),
    "modules/m2-card/module.yaml": SECOND_YAML,
}


def problems_of_second(yaml: str = "", only: str | None = "modules/m2-card") -> list[str]:
    files = {**TWO_MODULES, "modules/m2-card/module.yaml": SECOND_YAML + yaml}
    given = sources(files)
    parsed = parse_course(given, only)
    problems = {*parsed.problems, *run_checks(parsed.course, given.files)}
    return sorted(problem.code for problem in problems if problem.place.path.startswith("modules/m2-card"))


@pytest.mark.parametrize("only", [None, "modules/m2-card"])
def test_a_prefill_from_another_module_is_found_whether_or_not_that_one_is_built(only: str | None) -> None:
    assert problems_of_second("prerequisites: [m1-town]\n", only) == []
    assert problems_of_second("", only) == ["prefill-prerequisite"]


def test_a_module_is_a_prerequisite_through_others_too() -> None:
    files = {
        **TWO_MODULES,
        "course.yaml": COURSE_YAML.replace("[m1-town]", "[m1-town, m2-card, m3-way]"),
        "modules/m3-way/module.yaml": MODULE_YAML.replace("m1-town", "m3-way").replace(
            "[page.md, other.md]", "[page.md]"
        )
        + "prerequisites: ['m1-town@>=1.0']\n",
        "modules/m3-way/page.md": "# Way\n\nText.\n",
    }
    files["modules/m2-card/module.yaml"] += "prerequisites: [m3-way]\n"
    parsed = parse_course(sources(files), "modules/m2-card")
    assert [
        problem.code for problem in run_checks(parsed.course, sources(files).files) if "prefill" in problem.code
    ] == []
