"""Links by id to other modules of a course."""

from __future__ import annotations

from course_builder.model import Problem
from course_builder.parser import parse_course
from course_builder.render import render_module
from course_builder.sanitize import first_violation
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, PAGE, check, sources

OTHER = "modules/m2-shore"
TWO: dict[str, str | bytes] = {
    "course.yaml": COURSE_YAML.replace("[m1-town]", "[m1-town, m2-shore]"),
    f"{OTHER}/module.yaml": MODULE_YAML.replace("m1-town", "m2-shore")
    .replace("[page.md, other.md]", "[shore.md]")
    .replace("A module", "The *shore*"),
    f"{OTHER}/shore.md": "# The shore\n\n## Piers <!--#piers-->\n\nText.\n",
}


def linked(address: str) -> dict[str, str | bytes]:
    return {**TWO, PAGE: f"# A page\n\nSee [the piers]({address}).\n"}


def told(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.message, problem.hint) for problem in problems]


def test_a_link_names_the_module_and_the_place() -> None:
    course, problems = check(linked("id:m2-shore/piers"))
    assert problems == []
    html = render_module(course.modules[0]).pages[0].html
    assert first_violation(html) is None
    assert html == (
        '<p>See <a data-module="m2-shore" data-place="shore#piers">the piers</a> '
        "<small>(module “The *shore*”)</small>.</p>"
    )


def test_one_module_alone_links_to_its_neighbours() -> None:
    given = sources(linked("id:m2-shore/shore"))
    parsed = parse_course(given, only="modules/m1-town")
    assert parsed.problems == ()
    assert 'data-place="shore"' in render_module(parsed.course.modules[0]).pages[0].html


def test_reports_modules_and_ids_that_are_not_there() -> None:
    assert told(check(linked("id:m2-shor/piers"))[1]) == [
        ("link-other-module", "the course has no module `m2-shor`", "Did you mean `m2-shore`?")
    ]
    assert told(check(linked("id:m2-shore/peers"))[1]) == [
        ("link-missing-id", "nothing in the module `m2-shore` has the id `peers`", "Did you mean `piers`?")
    ]


def test_a_path_to_a_page_of_another_module_is_mended_by_its_id() -> None:
    ((code, _, hint),) = told(check(linked("../m2-shore/shore.md"))[1])
    assert code == "link-other-module"
    assert hint.endswith("write id:module/page.")
