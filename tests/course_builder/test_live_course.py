"""A course that is written while it is previewed: what a save shows, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_builder.build import check
from course_builder.parser import parse_course
from course_builder.parser.memory import Memory
from course_builder.preview.answers import Answers
from course_builder.preview.folder import Folder
from course_builder.preview.live import LiveCourse, LivePage
from course_builder.preview.pages import read_page
from course_builder.preview.templating import render
from course_builder.problems import PROBLEMS, Entry
from course_builder.reader import read_folder
from course_builder.render import render_module
from tests.preview.course import FILES, write_course

TOWN = "modules/m1-town"
TAKES_IN = """\
# A town

{{town}} and [a lake](term:lake).

::: include {src=part.md}

:::

::: quiz {#a-quiz title="A quiz"}

::: pool {draw=1 from=/bank/towns.md}

:::

:::
"""
BANK = """\
# Towns

::: question {#q-bank type=single}

Which one?

- [x] Valga <!--#valga-->
- [ ] Peipus <!--#peipus-->

:::
"""
VIDEO = """# A town

::: media {src=assets/talk.mp4 captions=assets/talk.vtt transcript=assets/talk.md description=none}

A talk.

:::
"""
COURSE, MODULE = FILES["course.yaml"], FILES["modules/m1-town/module.yaml"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course")


@pytest.fixture
def live(root: Path) -> LiveCourse:
    course = LiveCourse(root)
    course.page("m1-town", "page")
    return course


def save(live: LiveCourse, name: str, text: str) -> None:
    file = live.root / name
    file.write_text(text, encoding="utf-8")
    live.refresh([file])


def html(page: LivePage | None) -> str:
    assert page is not None
    assert page.shown is not None
    return page.shown.package.fragment("en", page.shown.entry.id).html


def test_shows_what_was_saved(live: LiveCourse) -> None:
    save(live, f"{TOWN}/page.md", "# A town\n\nNobody decides.\n")
    assert html(live.page("m1-town", "page")) == "<p>Nobody decides.</p>"


def test_a_broken_page_keeps_its_last_good_version(live: LiveCourse) -> None:
    save(live, f"{TOWN}/page.md", "# A town\n\n::: quiz {#q}\n")
    page = live.page("m1-town", "page")
    assert "Who decides?" in html(page)
    assert page is not None
    assert not page.is_newest
    assert [problem.code for problem in page.problems] == ["block-not-closed"]
    assert "Back to" in html(live.page("m1-town", "other"))


def test_a_page_that_is_no_text_any_more_keeps_its_last_good_version(live: LiveCourse) -> None:
    file = live.root / TOWN / "page.md"
    for data in (b"# A town\n\n\xff\xfe", b"\x00" * 10):
        file.write_bytes(data)
        live.refresh([file])
        page = live.page("m1-town", "page")
        assert "Who decides?" in html(page)
        assert page is not None
        assert not page.is_newest
        assert page.problems or page.obstacle
    file.unlink()
    live.refresh([file])
    assert live.page("m1-town", "page") is None


def test_a_course_that_loses_its_file_goes_on_and_says_so(live: LiveCourse) -> None:
    file = live.root / "course.yaml"
    text = file.read_text()
    file.unlink()
    live.refresh([file])
    assert "Who decides?" in html(live.page("m1-town", "page"))
    assert live.modules() == ("m1-town", "m2-lake")
    assert [problem.message for problem in live.problems()] == ["there is no course.yaml"]
    save(live, "course.yaml", text)
    assert live.problems() == ()


def test_a_page_that_breaks_before_anybody_saw_it_has_its_last_good_version_too(live: LiveCourse) -> None:
    save(live, f"{TOWN}/other.md", "# Another page\n\n::: quiz {#q}\n")
    assert "Back to" in html(live.page("m1-town", "other"))


def test_a_page_that_was_never_without_errors_is_shown_as_far_as_possible(root: Path) -> None:
    (root / TOWN / "page.md").write_text("# A town\n\nGone: [there](nowhere.md).\n", encoding="utf-8")
    page = LiveCourse(root).page("m1-town", "page")
    assert "Gone" in html(page)
    assert page is not None
    assert [problem.code for problem in page.problems] == ["link-missing-file"]


def test_a_mended_page_is_shown_again(live: LiveCourse) -> None:
    save(live, f"{TOWN}/page.md", "# A town\n\n::: quiz {#q}\n")
    save(live, f"{TOWN}/page.md", "# A town\n\nMended.\n")
    page = live.page("m1-town", "page")
    assert html(page) == "<p>Mended.</p>"
    assert page is not None
    assert page.is_newest


def test_a_page_whose_front_matter_breaks_is_found_under_the_id_that_it_had(live: LiveCourse) -> None:
    save(live, f"{TOWN}/page.md", "---\nid: the-town\n---\n# A town\n\nText.\n")
    assert html(live.page("m1-town", "the-town")) == "<p>Text.</p>"
    save(live, f"{TOWN}/page.md", "---\nid: [\n---\n# A town\n\nOther text.\n")
    assert html(live.page("m1-town", "the-town")) == "<p>Text.</p>"


def test_a_new_page_is_there_once_it_is_listed(live: LiveCourse) -> None:
    save(live, f"{TOWN}/new.md", "# New\n\nNew text.\n")
    assert live.page("m1-town", "new") is None
    yaml = (live.root / TOWN / "module.yaml").read_text().replace("other.md", "other.md, new.md")
    save(live, f"{TOWN}/module.yaml", yaml)
    assert html(live.page("m1-town", "new")) == "<p>New text.</p>"


def test_a_deleted_page_is_gone(live: LiveCourse) -> None:
    file = live.root / TOWN / "other.md"
    file.unlink()
    live.refresh([file])
    assert live.page("m1-town", "other") is None
    assert "page-missing" in [problem.code for problem in live.problems()]


def test_a_changed_asset_changes_the_pages_that_show_it(live: LiveCourse) -> None:
    before = html(live.page("m1-town", "other"))
    save(live, f"{TOWN}/assets/dot.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    after = html(live.page("m1-town", "other"))
    assert after != before
    assert 'width="9"' in after


def test_what_is_said_about_the_module_reaches_its_pages(live: LiveCourse) -> None:
    yaml = (live.root / TOWN / "module.yaml").read_text().replace("Describe things", "Draw a map")
    save(live, f"{TOWN}/module.yaml", yaml)
    page = live.page("m1-town", "page")
    assert page is not None
    assert page.shown is not None
    assert page.shown.package.manifest.objectives[0].text == {"en": "Draw a map"}


def test_a_renamed_folder_is_read_anew(live: LiveCourse) -> None:
    folder = live.root / "modules/m2-lake"
    live.page("m2-lake", "shore")
    renamed = folder.rename(folder.with_name("m2-sea"))
    live.refresh([folder, renamed])
    assert live.modules() == ("m1-town", "m2-sea")
    assert live.page("m2-lake", "shore") is None


def test_the_order_of_modules_is_that_of_the_course_and_titles_need_no_look(live: LiveCourse) -> None:
    course = live.root / "course.yaml"
    save(live, "course.yaml", course.read_text().replace("[m1-town, m2-lake]", "[m2-lake, m3-none]"))
    assert live.modules() == ("m2-lake", "m1-town")
    assert [live.title(name) for name in live.modules()] == ["The lake", "The town"]
    save(live, "modules/m2-lake/module.yaml", "{id: x, title: In one line}\n")
    assert live.title("m2-lake") == "In one line"
    save(live, "modules/m2-lake/module.yaml", "id: x\ntitle: >-\n  In two\n  lines: so\npages:\n- a.md\n")
    assert live.title("m2-lake") == "In two lines: so"
    for broken in ("title: [\n", "- a list\n", "title:\n  more: x\n", "title: ' '\n", ""):
        save(live, "modules/m2-lake/module.yaml", broken)
        save(live, "course.yaml", broken)
        assert live.modules() == ("m1-town", "m2-lake")
        assert live.title("m2-lake") == "m2-lake"


def test_no_note_for_facilitators_is_in_what_a_build_renders(live: LiveCourse) -> None:
    module = live.module("m1-town")
    page = live.page("m1-town", "page")
    assert module is not None
    assert page is not None
    assert page.shown is not None
    note = "Ask who was there."
    assert note in page.shown.package.fragment("en", "page").html
    built = next(each for each in render_module(module).pages if each.id == "page")
    assert note not in built.html
    assert "data-for" not in built.html
    assert "data-place" not in built.html
    assert note in built.facilitator[0]


MISTAKES = [each for each in PROBLEMS.values() if each.bad]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.code)
def test_a_page_with_any_mistake_is_shown_or_its_last_good_version_is(live: LiveCourse, mistake: Entry) -> None:
    """The bad example of each problem, saved on a page that was shown before: something is always shown."""
    before = live.page("m1-town", "page")
    assert before is not None
    assert before.shown is not None
    bad = mistake.bad if mistake.bad.startswith(("---", "# ")) else f"# A town\n\n{mistake.bad}"
    save(live, f"{TOWN}/page.md", bad)
    for _ in range(2):
        view = read_page(live, "m1-town", "page", Answers()) or read_page(live, "m1-town", "town", Answers())
        if view is not None:  # Else its id is another one now.
            assert view.shown_at is not None
            render("preview/page.html", page=view)
        live.check()
    fresh = LiveCourse(live.root)
    fresh.check()
    for each in fresh.module("m1-town").pages:  # type: ignore[union-attr]  # a module is there whatever its pages hold.
        view = read_page(fresh, "m1-town", each.id, Answers())
        assert view is not None
        render("preview/page.html", page=view)


def test_finds_the_problems_that_check_finds(live: LiveCourse) -> None:
    save(live, f"{TOWN}/page.md", "# A town\n\n### Too deep\n\n![](assets/dot.svg)\n\n[here](other.md)\n")
    live.check()
    assert live.problems() == check(live.root / TOWN).problems
    assert len(live.problems()) >= 3


def test_what_is_remembered_gives_what_parsing_anew_gives(root: Path) -> None:
    """Each kind of change to a course, one after the other, with one memory for all."""
    memory = Memory()
    folder = Folder(root)
    for what, name, text in (
        ("nothing", "course.yaml", COURSE),
        ("a page", f"{TOWN}/page.md", "# A town\n\n[By id](id:m1-town/part) and [gone](gone.md)\n"),
        ("the page that an id stands on", f"{TOWN}/other.md", "# Another\n\n## Part <!--#part-->\n"),
        ("that page's id", f"{TOWN}/other.md", "---\nid: more\n---\n# Another\n\n## Part <!--#part-->\n"),
        (
            "the file that a link missed",
            f"{TOWN}/gone.md",
            "# Gone\n\n<!-- quiet: link-text: it is short -->\n[here](page.md)\n",
        ),
        ("the list of pages", f"{TOWN}/module.yaml", MODULE.replace("other.md", "other.md, gone.md")),
        ("an id that goes", f"{TOWN}/other.md", "# Another\n\n## Part\n"),
        ("a file that goes", f"{TOWN}/gone.md", None),
        ("a video", f"{TOWN}/page.md", VIDEO),
        ("its transcript", f"{TOWN}/assets/talk.md", "Anna: Hello.\n"),
        ("what it may take in", f"{TOWN}/page.md", TAKES_IN),
        ("a page that is taken in", f"{TOWN}/part.md", "One part.\n"),
        ("that page", f"{TOWN}/part.md", "Another part, [gone](nowhere.md).\n"),
        ("a term", "glossary.md", "# Glossary\n\n## Lake <!--#lake-->\n\nMuch water.\n"),
        ("its definition", "glossary.md", "# Glossary\n\n## Lake <!--#lake-->\n\nStill water.\n"),
        ("a bank", "bank/towns.md", BANK),
        ("its question", "bank/towns.md", BANK.replace("Valga", "Võru")),
        ("a variable", "course.yaml", COURSE + "variables: {town: Narva}\n"),
        ("its value", "course.yaml", COURSE + "variables: {town: Tartu}\n"),
        ("the course", "course.yaml", COURSE + "hosts: [x.test]\n"),
        ("YAML that breaks", f"{TOWN}/module.yaml", "id: [\n"),
    ):
        if text is None:
            (root / name).unlink()
        else:
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        folder.refresh([root / name])
        remembered = parse_course(folder.sources, None, memory)
        anew = parse_course(read_folder(root))
        assert sorted(remembered.problems) == sorted(anew.problems), what
        assert remembered.course == anew.course, what
        assert remembered.silences == anew.silences, what


def test_a_footnote_that_is_not_defined_is_shown_as_it_was_written(root: Path) -> None:
    text = "# A town\n\nOld[^none], deep[^survey], wide[^none].\n\n[^survey]: Survey of 2024[^nowhere].\n"
    (root / TOWN / "page.md").write_text(text, encoding="utf-8")
    page = LiveCourse(root).page("m1-town", "page")
    assert "Old[^none], deep<sup" in html(page)
    assert "Survey of 2024[^nowhere]" in html(page)
    assert html(page).count('class="footnote-ref"') == 1


def test_a_footnote_in_the_glossary_does_not_break_the_pages_that_use_it(root: Path) -> None:
    (root / "glossary.md").write_text("# Glossary\n\n## A lake <!--#lake-->\n\nWater[^deep].\n", encoding="utf-8")
    (root / TOWN / "page.md").write_text("# A town\n\nBy [a lake](term:lake).\n", encoding="utf-8")
    assert "Water[^deep]" in html(LiveCourse(root).page("m1-town", "page"))


DEEP = "# A town\n\n" + "<div>\n" * 5_000 + "\nToo deep.\n"


def test_html_that_nests_without_end_is_not_rendered_but_the_last_good_version_is(live: LiveCourse) -> None:
    assert "Who decides?" in html(live.page("m1-town", "page"))
    save(live, f"{TOWN}/page.md", DEEP)
    page = live.page("m1-town", "page")
    assert "Who decides?" in html(page)
    assert page is not None
    assert not page.is_newest
    assert page.obstacle == "more than 100 HTML elements are open at once"
    assert live.check()
    assert [problem.code for problem in live.problems()].count("raw-html") == 1


def test_html_that_always_nested_without_end_is_not_shown(root: Path) -> None:
    for text in (DEEP, f"{DEEP}\n[gone](nowhere.md)\n"):
        (root / TOWN / "page.md").write_text(text, encoding="utf-8")
        page = LiveCourse(root).page("m1-town", "page")
        assert page is not None
        assert page.shown is None
        assert page.obstacle or page.problems


def test_a_page_that_would_repeat_definitions_beyond_measure_is_not_shown(root: Path) -> None:
    hint = (
        "::: question {{#q-{0} type=single}}\n\nWho?\n\n- [x] One <!--#one-->\n- [ ] Two <!--#two-->\n\n{1}\n\n:::\n\n"
    )
    link = "::: hint\n\nBy [a lake](term:lake).\n\n:::"
    glossary = f"# Glossary\n\n## A lake <!--#lake-->\n\n{'Water and water. ' * 110}\n"
    (root / "glossary.md").write_text(glossary, encoding="utf-8")
    text = "# A town\n\n" + "".join(hint.format(number, link) for number in range(600))
    (root / TOWN / "page.md").write_text(text, encoding="utf-8")
    page = LiveCourse(root).page("m1-town", "page")
    assert page is not None
    assert page.shown is None
    assert [problem.code for problem in page.problems] == ["term-limit"]
