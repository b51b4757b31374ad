"""Courses that nobody wrote, from their files to their packages: no crash, and always a problem with a place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from course_builder.checks import run_checks
from course_builder.package import Package
from course_builder.package.format import digest_of, format_files
from course_builder.package.verify import verify_content
from course_builder.package.write import package_members
from course_builder.parser import parse_course
from course_builder.parser.blocks import match_blocks
from course_builder.parser.findings import Findings
from course_builder.parser.markdown import parse_markdown
from course_builder.render import render_module
from tests.course_builder.fuzzing import assert_located, many
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, OTHER, PAGE, SVG, sources
from tests.course_builder.test_hostile_sources import LINES
from tests.course_builder.test_hostile_sources import YAML as YAML_LINES

MODULE = "modules/m1-town/module.yaml"
KITCHEN_SINK = Path(__file__).parents[1] / "sources" / "kitchen-sink"
FILES: dict[str, str | bytes] = {
    "course.yaml": COURSE_YAML + "variables: {town: Tartu}\n",
    MODULE: MODULE_YAML,
    PAGE: "# A page\n\nText.\n",
    "modules/m1-town/other.md": OTHER,
    "modules/m1-town/assets/town.svg": SVG,
    "glossary.md": "# Glossary\n\n## A lake <!--#lake-->\n\nWater.\n",
    "bank/town.md": "# Bank\n",
    "shared/part.md": "Text.\n",
}


def kitchen_sink(*pages: str) -> dict[str, str | bytes]:
    """Read the course with every block and type; only some pages of its first module, where they are named."""
    files: dict[str, str | bytes] = {}
    for path in sorted(path for path in KITCHEN_SINK.rglob("*") if path.is_file()):
        is_text = path.suffix in {".md", ".yaml"}
        files[path.relative_to(KITCHEN_SINK).as_posix()] = path.read_text() if is_text else path.read_bytes()
    if pages:
        listed = {f"modules/m1-text/{page}" for page in pages}
        files = {path: text for path, text in files.items() if not path.startswith("modules/m2-")}
        files = {
            path: text
            for path, text in files.items()
            if not path.endswith(".md") or path.count("/") != 2 or path in listed
        }
        files["course.yaml"] = str(files["course.yaml"]).replace("[m1-text, m2-questions]", "[m1-text]")
        module = re.sub(
            r"pages: .*", f"pages: [{', '.join(pages)}]", str(files["modules/m1-text/module.yaml"]), count=1
        )
        files["modules/m1-text/module.yaml"] = module.partition("passing:")[0]
    return files


MORE_LINES = st.sampled_from(
    [
        "::: include {src=/shared/part.md}\n\n:::",
        "::: include {src=page.md}\n\n:::",
        "::: pool {draw=1 from=/bank/town.md}\n\n:::",
        "::: pool {draw=2}",
        "::: question {#q-gap type=gap}",
        "::: question {#q-match type=match}",
        "::: question {#q-number type=number tolerance=1/3}",
        "::: question {#q-text type=text}",
        "::: question {#q-table type=table}",
        "::: question {#q-spot type=hotspot}",
        "::: question {#q-survey type=survey}",
        "::: question {#q-essay type=essay}",
        "::: question {#q-upload type=upload accept=.pdf size=1GB}",
        "::: answers {gap=a}",
        "::: answers",
        "::: rubric",
        "::: group {#a-group}",
        "::: media {src=assets/town.svg captions=none-needed}",
        "::: scene {src=assets/town.svg type=panorama}",
        "::: embed {src=https://example.org/a title=x}",
        "::: tabs",
        "::: tab {title=x}",
        "::: only {on=print}",
        "::: reflection {#a-thought}",
        "[a lake](term:lake) {{town}} {{ nowhere }} `{{town}}` $x_{{town}}$",
        "[x](id:other/notes) [y](id:nowhere/x) [z](other.md#notes)",
        "![A town](assets/town.svg \"*A* caption[^a]\"){.wide}",
        "| a <!--#a--> | b <!--#b--> | c |",
        "| --- | :-: | ",
        "| x | [x] | `a|b` | more |",
        "- 42 ± 1",
        "- /a+(b|c)*/",
        "[gap]{gap=a} [other|*right*]{gap=b}",
        "<!-- quiet: link-text: because -->",
        "<!-- quiet: nothing -->",
        "\tcode",
        "text\u2028with\u0085odd\x0bline\x0cends\x1c",
        "\u202e\ufeff\u200b",
        "😀 Ä e\u0301 각",
        "\\[ \\] \\{ &#xD800; &nbsp; &#0;",
        "# Second",
        "###### Deep",
        "- [ ] ",
        "- - - > - x",
        "1) a\n   2) b\n\n      ::: details {title=x}\n\n      :::",
    ]
)  # fmt: skip
PAGES = st.lists(LINES | MORE_LINES, max_size=30).map("\n".join) | st.lists(LINES | MORE_LINES, max_size=20).map(
    "\n\n".join
)
ENDS = st.sampled_from(["", "\n", "\n\n", " ", "\t", "\\", "{", "["])


def pass_through(files: dict[str, str | bytes]) -> None:
    """Take a course through all that is done with it; problems have to be located, and without errors it is built."""
    given = sources(files)
    parsed = parse_course(given)
    problems = {*parsed.problems, *run_checks(parsed.course, given.files)}
    assert_located(problems, files)
    for module in parsed.course.modules:
        if not any(problem.severity == "error" for problem in problems):
            members = package_members(parsed.course, module, render_module(module))
            listed = format_files(members)
            verify_content(Package(digest_of(listed), listed, members.__getitem__))


@many(250)
@given(PAGES, ENDS, st.sampled_from([PAGE, "glossary.md", "bank/town.md", "shared/part.md"]))
def test_any_lines_in_any_file_give_a_package_or_located_problems(text: str, end: str, path: str) -> None:
    page = "# A page\n\n::: include {src=/shared/part.md}\n\n:::\n\n::: pool {draw=1 from=/bank/town.md}\n\n:::\n"
    pass_through({**FILES, PAGE: page, path: f"# A page\n\n{text}{end}"})


SAMPLES = sorted(path for path in kitchen_sink() if path.endswith(".md"))


@many(80)
@given(st.data())
def test_any_change_of_good_pages_gives_a_package_or_located_problems(data: st.DataObject) -> None:
    """Take lines of pages that hold every block and type, and cut, repeat, move and bend them."""
    files = kitchen_sink()
    path = data.draw(st.sampled_from(SAMPLES))
    lines = str(files[path]).split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        change = data.draw(st.sampled_from(["cut", "repeat", "move", "indent", "character", "drop", "join"]))
        if change == "cut":
            del lines[at : at + data.draw(st.integers(1, 4))]
        elif change == "repeat":
            lines.insert(data.draw(st.integers(0, len(lines))), line)
        elif change == "move":
            lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        elif change == "indent":
            lines[at] = data.draw(st.sampled_from([" ", "    ", "> ", "- ", "\t", "| ", "1. "])) + line
        elif change == "join" and at:
            lines[at - 1] += lines.pop(at)
        else:
            column = data.draw(st.integers(0, len(line)))
            put = (
                data.draw(st.sampled_from(list("{}[]()#<>|`$*_=\"'\\:!-^~&; \té\u0301😀\x0b\u2028")))
                if change == "character"
                else ""
            )
            lines[at] = line[:column] + put + line[column + (change == "drop") :]
        lines = lines or [""]
    files[path] = "\n".join(lines)
    pass_through(files)


@many(250)
@given(PAGES)
def test_blocks_balance_in_every_list_and_quote_whatever_the_lines_are(text: str) -> None:
    tokens = match_blocks(parse_markdown(text, Findings(PAGE)), Findings(PAGE))
    open_now: list[str] = []
    for token in tokens:
        if token.nesting > 0:
            open_now.append(token.type.removesuffix("_open"))
        elif token.nesting < 0:
            assert open_now.pop() == token.type.removesuffix("_close")
    assert open_now == []


SCALARS = st.text(alphabet=st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        *("", "x", "null", "~", "yes", "-1", "1e400", "0x10", "2020-01-01", "1.0.0", "PT5M", "*a", "&a x"),
        *("page.md", "m1-town", "../x", "a/b", "https://example.org", "x" * 3_000),
        *("\ud800", "\x00", "\x1b[31m", "\r", "\u2028", "\ufffe", "ä", "a\u0308"),
    ]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4),
    max_leaves=8,
)


def changed(data: st.DataObject, value: Any, values: st.SearchStrategy[Any]) -> Any:
    """Put something else at one place of a value, or take it away."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(value)))
        match data.draw(st.sampled_from(["within", "within", "without", "more"])):
            case "without":
                return {name: each for name, each in value.items() if name != key}
            case "more":
                return {**value, data.draw(st.text(max_size=5)): data.draw(values)}
        return {**value, key: changed(data, value[key], values)}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        index = data.draw(st.integers(0, len(value) - 1))
        if data.draw(st.booleans()):
            return [*value, value[index]]
        return [*value[:index], changed(data, value[index], values), *value[index + 1 :]]
    return data.draw(values)


@many(250)
@given(st.data(), st.sampled_from(["course.yaml", MODULE, PAGE]))
def test_any_value_in_yaml_gives_a_package_or_located_problems(data: st.DataObject, path: str) -> None:
    """Bend good files and write them as JSON, which is YAML: so what is tested is what they say."""
    good = "id: page\ntitle: Page\nminutes: 3\n" if path == PAGE else str(FILES[path])
    more = "passing: {score: 60, pages: all}\nlanguages: [en]\nassets: {assets/town.svg: {licence: CC0-1.0}}\n"
    loaded = YAML(typ="safe", pure=True).load(good + (more if path == MODULE else ""))
    for _ in range(data.draw(st.integers(1, 3))):
        loaded = changed(data, loaded, VALUES)
    text = json.dumps(loaded, default=str)
    pass_through({**FILES, path: f"---\n{text}\n---\n# A page\n\nText.\n" if path == PAGE else text})


@many(250)
@given(st.lists(YAML_LINES, max_size=12).map("\n".join), st.booleans())
def test_any_front_matter_gives_a_page_and_located_problems(text: str, is_closed: bool) -> None:
    pass_through({**FILES, PAGE: f"---\n{text}\n{'---' if is_closed else ''}\n# A page\n\nText.\n"})


ASSETS = {
    path.name: path.read_bytes()
    for path in (KITCHEN_SINK / "modules" / "m1-text" / "assets").iterdir()
    if path.suffix in {".vtt", ".glb", ".jpg", ".svg", ".webm", ".mp3"}
}


@many(120)
@given(st.data(), st.sampled_from(sorted(ASSETS)))
def test_any_bytes_of_an_asset_give_a_package_or_located_problems(data: st.DataObject, name: str) -> None:
    files = kitchen_sink("media.md", "blocks.md")
    content = bytearray(ASSETS[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        match data.draw(st.sampled_from(["change", "cut", "insert"])):
            case "change":
                content[at : at + 4] = data.draw(st.binary(max_size=4))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 400))]
            case _:
                content[at:at] = data.draw(
                    st.binary(max_size=20) | st.sampled_from([b"\xff" * 8, b"\0" * 8, b"-->", b"{" * 50])
                )
    files[f"modules/m1-text/assets/{name}"] = bytes(content)
    pass_through(files)
