"""Tabs, text for one place only, private notes and checklists: as HTML that is whole without a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_builder.countries import country_name
from course_builder.model import Page
from course_builder.package import PackageError, read_package
from course_builder.package.write import package_members, write_package
from course_builder.render import render_module
from course_builder.sanitize import first_violation
from tests.course_builder.sources import COURSE_YAML, PAGE, check


def html(text: str, course: str = COURSE_YAML) -> str:
    parsed, problems = check({PAGE: f"# A page\n\n{text}\n", "course.yaml": course})
    assert problems == []
    made = render_module(parsed.modules[0]).pages[0].html
    assert first_violation(made) is None
    return made


def block(head: str, text: str) -> str:
    return f"::: {head}\n\n{text}\n\n:::\n"


TABS = block("tabs", block("tab {title=Town #in-town}", "Ask.") + "\n" + block('tab {title="A & B"}', "Wait."))


def test_tabs_are_titled_sections() -> None:
    assert html(TABS) == (
        '<div class="tabs">\n'
        '<section class="tab" id="in-town" aria-labelledby="tab_1">\n<p class="tab-title" id="tab_1">Town</p>\n'
        "<p>Ask.</p>\n</section>\n"
        '<section class="tab" aria-labelledby="tab_2">\n<p class="tab-title" id="tab_2">A &amp; B</p>\n'
        "<p>Wait.</p>\n</section>\n"
        "</div>"
    )


def test_text_for_one_medium_has_its_class() -> None:
    assert html(block("only {in=print}", "Sign.")) == '<div class="only only-print">\n<p>Sign.</p>\n</div>'


def test_text_for_a_country_says_so() -> None:
    text = block('only {country="fi|ee"}', "The act.") + "\n" + block("only {country=se}", "The law.")
    assert html(text) == (
        '<div class="only">\n<p class="only-title">Only for: Finland, Estonia</p>\n<p>The act.</p>\n</div>\n'
        '<div class="only">\n<p class="only-title">Only for: Sweden</p>\n<p>The law.</p>\n</div>'
    )


def test_a_course_for_one_country_shows_its_own_text_alone() -> None:
    text = block('only {country="fi|ee"}', "The act.") + "\n" + block("only {country=se}", "The law.")
    course = COURSE_YAML + "variables: {country: fi}\n"
    assert html(text, course) == '<div class="only">\n<p>The act.</p>\n</div>'


@pytest.mark.parametrize(
    ("language", "name"), [("fi", "Suomi"), ("et", "Soome"), ("sv-FI", "Finland"), ("fi-x-easy", "Suomi")]
)
def test_countries_have_names_in_the_language_of_the_course(language: str, name: str) -> None:
    assert country_name("fi", language) == name


def test_a_private_note_says_that_it_is_private() -> None:
    assert html(block("reflection {#my-town}", "What first?")) == (
        '<section class="reflection" id="my-town" data-reflection="my-town"'
        ' data-unsaved="This note is not kept when you leave the page." aria-label="Private note">\n'
        '<p class="reflection-title">Private note: only you see it</p>\n<p>What first?</p>\n</section>'
    )


def test_a_checklist_has_boxes_with_labels() -> None:
    assert html("- [ ] Ask *Aino* <!--#ask-aino-->\n- [x] Wait\n\n  and see\n") == (
        '<ul class="checklist">\n'
        '<li class="check" id="ask-aino">\n<p><input type="checkbox" id="check_1">'
        '<label for="check_1">Ask <em>Aino</em></label></p>\n</li>\n'
        '<li class="check">\n<p><input type="checkbox" id="check_2"><label for="check_2">Wait</label></p>\n'
        "<p>and see</p>\n</li>\n</ul>"
    )


@pytest.mark.parametrize(
    "forged",
    [
        '<input type="text" id="a">',
        '<input type="checkbox">',
        '<input type="checkbox" id="a" checked="">',
        '<input id="a" type="checkbox">',
        '<textarea id="a"></textarea>',
        '<label for="a" onclick="x()">b</label>',
    ],
)
def test_a_package_holds_no_other_form_fields(forged: str) -> None:
    assert first_violation(f"<p>{forged}</p>") is not None


def packaged(folder: Path, change: str = "") -> Page:
    parsed, _ = check({PAGE: "# A page\n\n" + block("reflection {#my-town}", "What first?")})
    module = parsed.modules[0]
    members = package_members(parsed, module, render_module(module))
    path = "content/en/page.html"
    members[path] = members[path].replace(b'data-reflection="my-town"', change.encode() or b'data-reflection="my-town"')
    write_package(members, folder / "m.zip", 0)
    return module.pages[0]


def test_a_package_names_the_private_notes_of_its_pages(tmp_path: Path) -> None:
    packaged(tmp_path)
    page = read_package(tmp_path / "m.zip").manifest.page("page")
    assert page is not None
    assert page.reflections == ("my-town",)


def test_a_package_whose_private_notes_differ_is_refused(tmp_path: Path) -> None:
    packaged(tmp_path, 'data-reflection="other"')
    with pytest.raises(PackageError, match="private notes"):
        read_package(tmp_path / "m.zip")
