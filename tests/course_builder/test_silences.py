"""Silencing a problem at one place, by code, with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_builder.build import check
from course_builder.cli import main
from course_builder.results import Checked
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, OTHER

NOTE = "[^a]: A note that nothing cites."
QUIET = "<!-- quiet: footnote-unused: kept for the next edition -->"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    module = tmp_path / "modules" / "m1-town"
    module.mkdir(parents=True)
    (tmp_path / "course.yaml").write_text(COURSE_YAML)
    (module / "module.yaml").write_text(MODULE_YAML)
    (module / "other.md").write_text(OTHER)
    return tmp_path


def check_page(folder: Path, text: str) -> Checked:
    (folder / "modules" / "m1-town" / "page.md").write_text(f"# A page\n\nText.\n\n{text}\n")
    return check(folder)


def codes(checked: Checked) -> tuple[list[str], list[str]]:
    return [problem.code for problem in checked.problems], [problem.code for problem in checked.silenced]


@pytest.mark.parametrize(
    "text",
    [
        f"{QUIET}\n\n{NOTE}",
        f"{QUIET}\n{NOTE}",
        f"<!-- quiet: footnote-unused:\n     kept for the\n     next edition -->\n\n{NOTE}",
        f"{QUIET}\n\n\n\n{NOTE}\n[^b]: Another one.",
        f"<!-- quiet: footnote-unused kept for the next edition -->\n\n{NOTE}",
        f"<!--quiet: footnote-unused: kept--><!-- and a note -->\n\n{NOTE}",
    ],
)
def test_silences_what_stands_in_the_block_that_follows(folder: Path, text: str) -> None:
    left, silenced = codes(check_page(folder, text))
    assert left == []
    assert set(silenced) == {"footnote-unused"}


def test_silences_the_line_on_which_it_stands(folder: Path) -> None:
    left, silenced = codes(check_page(folder, f"{NOTE} {QUIET}"))
    assert (left, silenced) == ([], ["footnote-unused"])


def test_silences_nothing_beyond_the_block(folder: Path) -> None:
    left, silenced = codes(check_page(folder, f"{QUIET}\n\n[^b]: One.\n\n{NOTE}"))
    assert (left, silenced) == (["footnote-unused"], ["footnote-unused"])


def test_before_a_fenced_block_it_speaks_of_all_of_it(folder: Path) -> None:
    inner = "::: details {title=Inner}\n\nHELCOM met.\n\n```\n:::\n```\n\n:::"
    outer = f"::: details {{title=More}}\n\n{inner}\n\nOSPAR too.\n\n:::"
    text = f"<!-- quiet: abbreviation-unexplained: we all know it -->\n\n{outer}\n\nSo did IMO."
    left, silenced = codes(check_page(folder, text))
    assert (left, silenced) == (["abbreviation-unexplained"], ["abbreviation-unexplained"] * 2)


def test_an_id_may_stand_on_either_side_of_it(folder: Path) -> None:
    for line in (f"## Pier <!--#pier--> {QUIET}", f"## Pier {QUIET} <!--#pier-->"):
        checked = check_page(folder, f"{line}\n\nSee [the pier](#pier).")
        assert codes(checked)[0] == ["silence-unused"]
        _, heading, *_ = checked.course.modules[0].pages[0].tokens[3:]
        assert "".join(child.content for child in heading.children or ()) == "Pier"


def test_in_code_it_is_text(folder: Path) -> None:
    checked = check_page(folder, f"```\n{QUIET}\n```\n\n`{QUIET}`\n\n{NOTE}")
    assert codes(checked) == (["footnote-unused"], [])


def test_a_comment_in_yaml_silences_its_line_or_the_next(folder: Path) -> None:
    page = folder / "modules" / "m1-town" / "page.md"
    page.write_text("# A page\n\nText.\n")
    module = page.with_name("module.yaml")
    text = module.read_text().replace("pages: [page.md, other.md]", "pages: [page.md]")
    module.write_text(text.replace("[page.md]", "[page.md]  # quiet: page-unlisted: for next year"))
    assert codes(check(folder)) == ([], ["page-unlisted"])
    module.write_text(text.replace("pages:", "# quiet: page-unlisted: for next year\npages:"))
    assert codes(check(folder)) == ([], ["page-unlisted"])
    module.write_text(text.replace("pages:", "# quiet: page-unlisted\npages:"))
    assert codes(check(folder)) == (["silence-without-reason", "page-unlisted"], [])


def test_a_silence_that_is_wrong_silences_nothing(folder: Path) -> None:
    left, silenced = codes(check_page(folder, f"<!-- quiet: footnote-unused -->\n\n{NOTE}"))
    assert (left, silenced) == (["silence-without-reason", "footnote-unused"], [])


def test_checking_one_module_does_not_call_a_silence_unused(folder: Path) -> None:
    check_page(folder, f"{QUIET}\n\nText.")
    assert codes(check(folder / "modules" / "m1-town")) == ([], [])


def test_reports_count_what_was_silenced(folder: Path) -> None:
    check_page(folder, f"{QUIET}\n\n{NOTE}")
    assert CliRunner().invoke(main, ["check", str(folder)]).output == "no problems in 4 files (1 silenced)\n"
    report = json.loads(CliRunner().invoke(main, ["check", str(folder), "--format", "json"]).output)
    assert [problem["code"] for problem in report["silenced"]] == ["footnote-unused"]
