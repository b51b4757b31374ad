"""``course-builder ids``: ids made from words, and nothing else changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course_builder.cli import main
from course_builder.model import Place
from course_builder.new_ids import with_ids
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, OTHER

PAGE = """\
# A page

::: quiz {title="What you know"}

::: question {type=single}

Which office keeps the harbour's accounts?

- [x] The **harbour** master's office
  > Right.
- [ ] The town's library <!-- a note -->
- [ ] Nobody <!--#nobody-->

:::

:::

::: question {#q-order type=order}

Put the steps in order.

1. Ask the [users](other.md)
2. Build it
3. 42

:::
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def page(tmp_path: Path) -> Path:
    module = tmp_path / "modules" / "m1-town"
    module.mkdir(parents=True)
    (tmp_path / "course.yaml").write_text(COURSE_YAML)
    (module / "module.yaml").write_text(MODULE_YAML)
    (module / "other.md").write_text(OTHER)
    (module / "page.md").write_text(PAGE)
    return module / "page.md"


def without_ids(text: str) -> str:
    text = re.sub(r" ?<!--#[a-z0-9-]*-->", "", text)
    return re.sub(r"\{#[a-z0-9-]* ", "{", text)


def test_writes_every_missing_id_from_words(page: Path) -> None:
    assert run("ids", "check", page).output.count("id-missing") == 7
    result = run("ids", "--write", page.parents[2])
    assert result.exit_code == 0, result.output
    text = page.read_text()
    assert '::: quiz {#know title="What you know"}' in text
    assert "::: question {#office-keeps-harbour type=single}" in text
    assert "- [x] The **harbour** master's office <!--#harbour-master-office-->" in text
    assert "- [ ] The town's library <!-- a note --> <!--#town-library-->" in text
    assert "1. Ask the [users](other.md) <!--#ask-users-->" in text
    assert "3. 42 <!--#no-42-->" in text
    assert run("check", page).output == "no problems in 1 file\n"


def test_a_report_names_the_command_that_mends_them(page: Path) -> None:
    root = page.parents[2]
    last = run("check", root).output.splitlines()[-2]
    words = last.partition(": course-builder ")[2].split()
    assert words[:2] == ["ids", "--write"]
    assert run(*words).exit_code == 0
    assert "ids --write" not in run("check", root).output


def test_changes_nothing_else_whatever_the_line_ends(page: Path) -> None:
    for newline, start in (("\n", ""), ("\r\n", "\ufeff"), ("\r", "")):
        text = start + PAGE.replace("\n", newline)
        page.write_bytes(text.encode())
        assert run("ids", "--write", page.parents[2]).exit_code == 0
        written = page.read_bytes().decode()
        assert written != text
        assert without_ids(written) == without_ids(text)


def test_the_second_time_there_is_nothing_to_do(page: Path) -> None:
    run("ids", "--write", page.parents[2])
    written = page.read_bytes()
    result = run("ids", "--write", page.parents[2])
    assert (result.output, page.read_bytes()) == ("no problems in 4 files\n", written)


def test_the_same_text_gets_the_same_ids(page: Path) -> None:
    texts = []
    for _ in range(2):
        page.write_text(PAGE)
        run("ids", "--write", page.parents[2])
        texts.append(page.read_text())
    assert texts[0] == texts[1]


def test_an_id_of_a_release_is_never_used_again(page: Path) -> None:
    releases = page.parent / "releases"
    releases.mkdir()
    (releases / "1.0.0.json").write_text(json.dumps({"ids": {"office-keeps-harbour": {"state": "retired"}}}))
    run("ids", "--write", page.parents[2])
    assert "{#office-keeps-harbour " not in page.read_text()
    assert "{#office-keeps-harbour-accounts " in page.read_text()


def test_ids_of_the_whole_module_are_taken(page: Path) -> None:
    (page.parent / "other.md").write_text(OTHER + "\n## More <!--#office-keeps-harbour-->\n\nText.\n")
    run("ids", "--write", page.parents[2])
    assert "{#office-keeps-harbour " not in page.read_text()
    assert run("check", page.parents[2]).output == "no problems in 4 files\n"


YES_AND_NO = """\
# A page

::: question {#q-ships type=single}

Are there ships?

- [x] Yes
- [ ] No

:::

:::: group {#about-town}

A town has people.

::: question {#q-people type=table}

Who lives here?

| | Yes | No |
|---|:-:|:-:|
| No | x | |
| People <!--#yes--> | x | |

:::

::::

::: poll {#where type=single}

Do you live here?

```text
- in code <!--#no-->
::: question {#q type=single}
```

- Yes
- No

:::
"""


def test_ids_of_options_differ_within_their_question_and_need_no_more(page: Path) -> None:
    page.write_text(YES_AND_NO)
    result = run("ids", "--write", page.parents[2])
    text = page.read_text()
    assert text.count("Yes <!--#yes-->\n") == 2, result.output
    assert "- [ ] No <!--#no-->\n" in text
    assert "| | Yes <!--#yes-other--> | No <!--#no-other--> |" in text
    assert "| No <!--#no--> | x | |" in text
    assert "- No <!--#no-->\n" in text
    assert run("ids", "check", page.parents[2]).exit_code == 0


def test_an_id_that_a_question_had_in_a_release_is_not_used_in_it_again(page: Path) -> None:
    page.write_text(YES_AND_NO)
    releases = page.parent / "releases"
    releases.mkdir()
    frozen = {"questions": {"q-ships": {"options": ["yes", "no"]}, "q-people": {"options": []}}}
    (releases / "1.0.0.json").write_text(json.dumps(frozen))
    run("ids", "--write", page.parents[2])
    text = page.read_text()
    assert "- [x] Yes <!--#yes-other-->\n" in text
    assert "- Yes <!--#yes-->\n" in text


def test_says_how_it_is_used(page: Path) -> None:
    for arguments in (["ids", page], ["ids", "check"], ["ids", "check", page, "--write"], ["ids", "a", page]):
        assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("| A ship | swims <!--#swims--> |", 1, "| A ship <!--#ship--> | swims <!--#swims--> |"),
        ("| A ship <!--#ship--> | swims |", 1, "| A ship <!--#ship--> | swims <!--#swims--> |"),
        ("| A ship | swims |", 12, "| A ship | swims <!--#swims--> |"),
        (r"| A \| B | x |", 1, r"| A \| B <!--#b--> | x |"),
        ("A ship | swims", 1, "A ship <!--#ship--> | swims"),
        ("> ::: question", 3, "> ::: question {#only-text-here}"),
        ("::: field {type=text}", 1, "::: field {#only-text-here type=text}"),
        ("- [ ] Hyvää päivää", 1, "- [ ] Hyvää päivää <!--#hyvaa-paivaa-->"),
        ("- [ ] Гавань", 1, "- [ ] Гавань <!--#only-text-here-->"),
    ],
)
def test_an_id_stands_where_the_language_wants_it(line: str, column: int, expected: str) -> None:
    text, written = with_ids(f"{line}\n\nOnly text here\n", [Place("page.md", 1, column)], set(), {})
    assert text == f"{expected}\n\nOnly text here\n"
    assert len(written) == 1
