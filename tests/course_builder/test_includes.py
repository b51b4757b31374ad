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


def test_files_that_take_in_themselves_or_each_other_are_named_with_their_ring() -> None:
    rings: dict[str, dict[str, str | bytes]] = {
        f"{PAGE} → {PAGE}": {PAGE: "# A page\n\n" + include("page.md")},
        "a.md → b.md → c.md → a.md": {
            PAGE: "# A page\n\n" + include("/a.md"),
            **{f"{name}.md": f"Text.\n\n{include(f'{other}.md')}" for name, other in ("ab", "bc", "ca")},
        },
        "a.md → a.md": {
            PAGE: "# A page\n\n" + include("/a.md"),
            "a.md": "> " + include("./x/../a.md").replace("\n", "\n> "),
        },
    }
    for ring, files in rings.items():
        [problem] = check(files)[1]
        assert (problem.code, problem.message) == ("include-cycle", f"files take in each other: {ring}")
        assert problem.place.line in {1, 3}


def test_files_that_take_in_one_another_without_end_are_refused_where_it_is_too_deep() -> None:
    files = {f"shared/{level}.md": include(f"{level + 1}.md") for level in range(300)}
    [problem] = check({PAGE: "# A page\n\n" + include("/shared/0.md"), **files, "shared/300.md": "Text.\n"})[1]
    assert (problem.code, problem.place.path) == ("include-limit", "shared/19.md")
