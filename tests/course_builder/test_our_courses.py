"""The courses of this repository: nothing is wrong with them, and the guide shows what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from course_builder.build import check
from course_builder.editor_schemas import json_schema
from course_builder.make import make
from course_builder.model import QUESTION_TYPES
from course_builder.package import read_package
from course_builder.parser.kinds import BLOCKS
from course_builder.parser.schemas import CourseFile, FrontMatter, ModuleFile
from course_builder.problems import PROBLEMS

COURSES = Path(__file__).parents[2] / "courses"
GUIDE = COURSES / "authoring-guide"
FOLDERS = sorted(path.parent for path in COURSES.glob("*/course.yaml"))
_SHOWN = re.compile(r"^(`{3,})markdown\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_SHOWN_YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^(`{3,})[a-z]*\n(.*?)^\1$|`([^`\n]+)`", re.MULTILINE | re.DOTALL)


def sources() -> dict[str, str]:
    return {path.relative_to(GUIDE).as_posix(): path.read_text(encoding="utf-8") for path in GUIDE.rglob("*.md")}


def without_markdown_shown(text: str) -> str:
    return _SHOWN.sub("", text)


def test_there_are_courses() -> None:
    assert GUIDE in FOLDERS
    assert len(FOLDERS) >= 2


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_is_wrong(folder: Path) -> None:
    """Neither errors nor warnings, and nothing had to be silenced."""
    checked = check(folder)
    assert checked.problems == ()
    assert checked.silenced == ()


def test_the_guide_builds(tmp_path: Path) -> None:
    _, [built] = make(GUIDE, tmp_path)
    assert read_package(built.path).manifest.id == "m1-write-a-module"


def test_the_guide_does_what_it_shows() -> None:
    """What stands in a box of Markdown stands in the course as source too, letter by letter."""
    texts = sources()
    written = "\n".join(map(without_markdown_shown, texts.values()))
    shown = [match[2] for text in texts.values() for match in _SHOWN.finditer(text)]
    assert len(shown) > 40
    for example in shown:
        assert example in written, f"the guide shows this, and does not do it:\n{example}"


def test_the_guide_shows_every_block_and_question_type() -> None:
    shown = "\n".join(match[2] for text in sources().values() for match in _SHOWN.finditer(text))
    assert set(re.findall(r"^:::+ ([a-z]+)", shown, re.MULTILINE)) == set(BLOCKS)
    assert set(re.findall(r"::: question \{[^}]*type=([a-z]+)", shown)) == set(QUESTION_TYPES)


def yaml_shown() -> list[str]:
    return [box for text in sources().values() for box in _SHOWN_YAML.findall(without_markdown_shown(text))]


def test_the_guide_shows_its_own_course_and_module_whole() -> None:
    boxes = yaml_shown()
    for file in (GUIDE / "course.yaml", *GUIDE.glob("modules/*/module.yaml")):
        assert file.read_text(encoding="utf-8") in boxes, f"the guide does not show {file.name} as it is"


def test_the_other_yaml_that_the_guide_shows_is_valid() -> None:
    """Each box fits into one of the three files, in the place of what the guide's own says."""
    yaml = YAML(typ="base")
    own = [
        (CourseFile, yaml.load(GUIDE / "course.yaml")),
        (ModuleFile, yaml.load(next(GUIDE.glob("modules/*/module.yaml")))),
        (FrontMatter, {}),
    ]
    for box in yaml_shown():
        shown = yaml.load(box.removeprefix("---\n").removesuffix("---\n"))
        [(model, file)] = [(model, file) for model, file in own if shown.keys() <= model.model_fields.keys()][:1]
        model.model_validate({**file, **shown})


def words_of_code() -> set[str]:
    """What the guide shows as code, in boxes or in lines, word by word."""
    texts = ["".join(match.groups("")) for text in sources().values() for match in _CODE.finditer(text)]
    return {word for text in texts for word in re.findall(r"[\w-]+", text)}


def test_the_guide_names_every_key_of_the_three_files() -> None:
    schemas = [json.loads(json_schema(kind)) for kind in ("course", "module", "page")]
    parts = [part for schema in schemas for part in (schema, *schema.get("$defs", {}).values())]
    keys = {key for part in parts for key in part.get("properties", {})}
    assert {"pages", "objectives", "theme", "languages", "accent_dark", "orcid"} <= keys
    assert sorted(keys - words_of_code()) == []


def test_the_guide_names_every_key_of_every_block() -> None:
    keys = {key for kind in BLOCKS.values() for key in kind.keys}
    shown = "\n".join(text for text in sources().values())
    named = set(re.findall(r"[`{ ]([a-z]+)=", shown)) | set(re.findall(r"`([a-z]+)`", shown))
    assert sorted(keys - named) == []


def test_the_guide_names_codes_of_problems_that_there_are() -> None:
    text = sources()["modules/m1-write-a-module/for-everybody.md"]
    table = text.partition("## What the checks watch")[2].partition("\n## ")[0]
    codes = re.findall(r"`([a-z]+(?:-[a-z]+)+)`", table)
    assert len(codes) > 12
    assert set(codes) - {"course-builder"} <= PROBLEMS.keys()
