"""Included files: what golden files cannot show, for it is about many files and about what is not reported."""

from __future__ import annotations

from tests.course_builder.sources import PAGE, check, codes

FOLDER = "modules/m1-town"


def include(path: str) -> str:
    return f"::: include {{src={path}}}\n\n:::\n"


def test_files_that_double_at_each_level_end_early() -> None:
    levels = {f"shared/{level}.md": "\n".join(2 * [include(f"{level + 1}.md")]) for level in range(30)}
    _, problems = check({PAGE: "# A page\n\n" + include("/shared/0.md"), **levels, "shared/30.md": "Text.\n"})
    assert set(codes(problems)) == {"include-limit"}


def test_a_file_that_a_page_takes_in_need_not_be_listed() -> None:
    files: dict[str, str | bytes] = {PAGE: "# A page\n\n" + include("part.md"), f"{FOLDER}/part.md": "Text.\n"}
    assert check(files)[1] == []
    assert codes(check({f"{FOLDER}/part.md": "Text.\n"})[1]) == ["page-unlisted"]


def test_a_problem_in_a_file_that_two_pages_take_in_is_told_once() -> None:
    page = "# A page\n\n" + include("part.md")
    _, problems = check({PAGE: page, f"{FOLDER}/other.md": page, f"{FOLDER}/part.md": "![](assets/no.svg)\n"})
    places = [(problem.place.path, problem.code) for problem in problems]
    assert places == [(f"{FOLDER}/part.md", "image-without-alt"), (f"{FOLDER}/part.md", "link-missing-file")]


def test_footnotes_of_an_included_file_belong_to_the_page() -> None:
    course, problems = check(
        {PAGE: "# A page\n\n" + include("part.md"), f"{FOLDER}/part.md": "Text.[^a]\n\n[^a]: Why.\n"}
    )
    assert problems == []
    assert any(token.type == "footnote_block_open" for token in course.modules[0].pages[0].tokens)
