"""Courses in memory, for tests of what the parser and the checks make of a page."""

from __future__ import annotations

from collections.abc import Mapping

from course_builder.checks import run_checks
from course_builder.model import Course, Page, Problem
from course_builder.parser import parse_course
from course_builder.sources import Sources

PAGE = "modules/m1-town/page.md"
COURSE_YAML = """\
id: course
title: A course
language: en
licence: CC-BY-4.0
authors: [Someone]
modules: [m1-town]
"""
MODULE_YAML = """\
id: m1-town
version: 1.0.0
title: A module
summary: What it is about
duration: PT10M
objectives: [{id: see-things, text: Name what they see}]
pages: [page.md, other.md]
"""
OTHER = "# Another page\n\n## Notes <!--#notes-->\n\nText.\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def sources(files: Mapping[str, str | bytes]) -> Sources:
    """Put files into the folder of a small course with one module of two pages."""
    course: dict[str, str | bytes] = {
        "course.yaml": COURSE_YAML,
        "modules/m1-town/module.yaml": MODULE_YAML,
        PAGE: "# A page\n\nText.\n",
        "modules/m1-town/other.md": OTHER,
        **files,
    }

    def read(path: str) -> bytes:
        data = course[path]
        return data.encode() if isinstance(data, str) else data

    texts = {path: text for path, text in course.items() if isinstance(text, str)}
    return Sources(texts, frozenset(course), read)


def check(files: Mapping[str, str | bytes]) -> tuple[Course, list[Problem]]:
    """Parse and check such a course."""
    given = sources(files)
    parsed = parse_course(given)
    return parsed.course, sorted({*parsed.problems, *run_checks(parsed.course, given.files)})


def check_page(text: str, **files: str | bytes) -> tuple[Page, list[Problem]]:
    """Parse and check a page of such a course."""
    course, problems = check({PAGE: text, **files})
    return course.modules[0].pages[0], problems


def codes(problems: list[Problem]) -> list[str]:
    """Return the codes, in the order of the places."""
    return [problem.code for problem in problems]
