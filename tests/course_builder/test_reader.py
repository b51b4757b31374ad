"""Reading a folder: encodings, line ends, links that leave it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from course_builder.build import check
from course_builder.reader import NotACourseError, find_course, read_folder
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, OTHER, PAGE, SVG


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small course on disk."""
    root = tmp_path / "course"
    module = root / "modules" / "m1-town"
    (module / "assets").mkdir(parents=True)
    (root / "course.yaml").write_text(COURSE_YAML)
    (module / "module.yaml").write_text(MODULE_YAML)
    (module / "page.md").write_text("# A page\n\n![A town by the sea](assets/town.svg)\n")
    (module / "other.md").write_text(OTHER)
    (module / "assets" / "town.svg").write_bytes(SVG)
    return root


def codes(course: Path) -> list[tuple[str, str]]:
    return [(problem.place.path, problem.code) for problem in check(course).problems]


def test_finds_the_course_of_a_module(course: Path) -> None:
    assert find_course(course) == (course, None)
    assert find_course(course / "modules" / "m1-town") == (course, "modules/m1-town")


@pytest.mark.parametrize("folder", ["..", "modules", "modules/m1-town/assets", "modules/m1-town/page.md", "nowhere"])
def test_says_where_there_is_no_course(course: Path, folder: str) -> None:
    with pytest.raises(NotACourseError, match="course"):
        find_course(course / folder)


def test_a_file_with_bom_and_crlf_is_the_same_as_one_without(course: Path) -> None:
    plain = check(course).course
    for path in [*course.rglob("*.md"), *course.rglob("*.yaml")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert check(course).problems == ()
    assert check(course).course == plain


def test_a_file_that_is_not_utf_8_is_named_with_line_and_column(course: Path) -> None:
    (course / PAGE).write_bytes("# A page\n\nCafé\n".encode("latin-1"))
    problem = next(problem for problem in check(course).problems if problem.code == "file-not-utf-8")
    assert (problem.place.path, problem.place.line, problem.place.column) == (PAGE, 3, 4)


def test_a_link_that_leaves_the_course_is_refused_and_not_read(course: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_bytes(SVG)
    (course / "modules" / "m1-town" / "assets" / "town.svg").unlink()
    (course / "modules" / "m1-town" / "assets" / "town.svg").symlink_to(secret)
    (course / "elsewhere").symlink_to(tmp_path, target_is_directory=True)
    assert ("modules/m1-town/assets/town.svg", "link-outside") in codes(course)
    assert ("elsewhere", "link-outside") in codes(course)
    assert (PAGE, "link-missing-file") in codes(course)
    assert check(course).course.modules[0].assets == ()


def test_a_link_within_the_course_is_a_file_like_others(course: Path) -> None:
    file = course / "modules" / "m1-town" / "assets" / "town.svg"
    file.rename(course / "shared.svg")
    file.symlink_to(course / "shared.svg")
    assert codes(course) == []


def test_a_name_in_decomposed_letters_is_found_by_a_link_in_composed_ones(course: Path) -> None:
    name = "kylätie.svg"
    file = course / "modules" / "m1-town" / "assets" / "town.svg"
    file.rename(file.with_name(unicodedata.normalize("NFD", name)))
    (course / PAGE).write_text(f"# A page\n\n![A town by the sea](assets/{unicodedata.normalize('NFC', name)})\n")
    assert codes(course) == []


def test_hidden_files_are_not_part_of_a_course(course: Path) -> None:
    (course / "modules" / "m1-town" / ".notes.md").write_text("not UTF-8: \xff", encoding="latin-1")
    (course / ".git").mkdir()
    (course / ".git" / "HEAD").write_text("x")
    assert not any(".git" in path or ".notes" in path for path in read_folder(course).files)
    assert codes(course) == []


def test_a_module_that_the_course_does_not_list_is_checked_with_a_warning(course: Path) -> None:
    (course / "course.yaml").write_text(COURSE_YAML.replace("m1-town", "m2-other"))
    problems = check(course / "modules" / "m1-town").problems
    assert [(problem.severity, problem.code, problem.place.line) for problem in problems] == [
        ("warning", "module-unlisted", 6)
    ]


def test_a_file_that_cannot_be_read_is_a_problem_of_its_own(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "other.md":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (course / PAGE).write_text("No title.\n")
    assert codes(course)[-2:] == [("modules/m1-town/other.md", "file-unreadable"), (PAGE, "heading-missing")]
