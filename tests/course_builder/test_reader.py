"""Reading a folder: encodings, line ends, links that leave it."""

from __future__ import annotations

import os
import unicodedata
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_builder.build import check
from course_builder.cli import main
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


@pytest.mark.parametrize("end", [b"\r\n", b"\r"], ids=["CRLF", "CR"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_a_file_with_a_bom_and_other_line_ends_is_the_same_as_one_without(
    start: bytes, end: bytes, course: Path
) -> None:
    (course / PAGE).write_text("---\nminutes: 3\n---\n# A page\n\n::: details {title=x}\n\n- a\n\n      code\n\n:::\n")
    plain = check(course).course
    for path in [*course.rglob("*.md"), *course.rglob("*.yaml")]:
        path.write_bytes(start + path.read_bytes().replace(b"\n", end))
    assert [problem.code for problem in check(course).problems] == ["asset-unused"]
    assert check(course).course == plain


def test_a_file_that_is_not_utf_8_is_named_with_line_and_column(course: Path) -> None:
    (course / PAGE).write_bytes("# A page\n\nCafé\n".encode("latin-1"))
    problem = next(problem for problem in check(course).problems if problem.code == "file-not-utf-8")
    assert (problem.place.path, problem.place.line, problem.place.column) == (PAGE, 3, 4)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_the_byte_that_is_not_utf_8_is_named_whatever_stands_before_it(course: Path, start: bytes, end: bytes) -> None:
    (course / PAGE).write_bytes(start + "# Ä page".encode() + end + end + b"Caf\xe9 \xfe" + end)
    [problem] = (problem for problem in check(course).problems if problem.code == "file-not-utf-8")
    assert (problem.place.line, problem.place.column) == (3, 4)
    assert problem.message == "the byte 0xe9 here is not UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["course.yaml", "modules/m1-town/module.yaml", PAGE])
def test_a_file_in_utf_16_is_told_to_be_in_another_encoding(course: Path, encoding: str, name: str) -> None:
    (course / name).write_bytes((course / name).read_text().encode(encoding))
    found = check(course)
    problem = next(problem for problem in found.problems if problem.place.path == name)
    assert (problem.code, problem.place.line) == ("file-not-utf-8", 1)
    assert problem.hint == "Save the file in the encoding UTF-8."


@pytest.mark.parametrize("name", ["course.yaml", "modules/m1-town/module.yaml", PAGE, "glossary.md", "bank.md"])
def test_a_text_of_five_megabytes_is_refused_with_the_limit_and_a_mend(course: Path, name: str) -> None:
    (course / PAGE).write_text("# A page\n\n::: pool {draw=1 from=/bank.md}\n\n:::\n")
    (course / name).write_bytes(b"# Words\n" + b"words " * 900_000)
    [problem] = (problem for problem in check(course).problems if problem.code == "file-too-long")
    assert (problem.place.path, problem.place.line) == (name, 1)
    assert problem.message == "this file has 5,400,008 bytes; a text may have 1,000,000"
    assert problem.hint == "Write it in several files."


def test_more_brackets_than_a_page_has_are_refused_at_the_first_one_too_many(course: Path) -> None:
    (course / PAGE).write_text("# A page\n\n" + "[" * 19_999 + "\n\nText and [[.\n")
    [problem] = [each for each in check(course).problems if each.code == "file-too-long"]
    assert (problem.place.path, problem.place.line, problem.place.column) == (PAGE, 5, 11)
    assert problem.message == "this file has more than 20,000 opening brackets"


def test_a_file_that_no_memory_holds_is_not_read(course: Path) -> None:
    with (course / PAGE).open("wb") as stream:
        stream.truncate(10**12)
    assert (PAGE, "file-unreadable") in codes(course)


def test_a_link_that_leads_to_itself_is_no_file(course: Path) -> None:
    (course / "ring.md").symlink_to(course / "ring.md")
    (course / "modules" / "m1-town" / "assets" / "town.svg").unlink()
    (course / "modules" / "m1-town" / "assets" / "town.svg").symlink_to("town.svg")
    assert (PAGE, "link-missing-file") in codes(course)


def test_folders_in_each_other_without_end_are_listed(course: Path) -> None:
    depth = 1_500
    with chdir(course):
        for _ in range(depth):
            Path("a").mkdir()
            os.chdir("a")
        Path("page.txt").write_text("x")
        assert len(read_folder(course).files) == 6
        assert codes(course) == []
        Path("page.txt").unlink()
        for _ in range(depth):  # Else whoever removes the folders meets the same limit.
            os.chdir("..")
            Path("a").rmdir()


def test_a_name_in_another_encoding_is_reported_and_can_be_printed(course: Path) -> None:
    (course / "modules" / "m1-town" / os.fsdecode(b"caf\xe9.md")).write_text("# Caf\u00e9\n")
    (course / os.fsdecode(b"\xff")).mkdir()
    (course / os.fsdecode(b"\xff") / "x.md").write_text("x")
    assert codes(course) == [("modules/m1-town/caf\ufffd.md", "file-name"), ("\ufffd/x.md", "file-name")]
    for form in ("text", "json", "github"):
        result = CliRunner().invoke(main, ["check", str(course), "--format", form])
        assert result.exit_code == 1
        assert "caf\ufffd.md" in result.output


def test_two_names_that_differ_only_in_their_composition_are_reported(course: Path) -> None:
    for form in ("NFC", "NFD"):
        (course / "modules" / "m1-town" / unicodedata.normalize(form, "kylä.txt")).write_text(form)
    assert ("modules/m1-town/kylä.txt", "file-name") in codes(course)


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
