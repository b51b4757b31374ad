"""Names of files in other scripts than Latin, composed or not: all that can name a file finds it."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote

import pytest

from course_builder.make import make
from course_builder.package import read_package
from course_builder.tokens import anchor_of
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, SVG

NAMES = ["my town", "a#b%20?c&d", "кот", "図書館", "مدينة", "🏛️ town", "kylätie", "Việt", "각", "Ω"]
QUESTION = """\
# Bank

::: question {#q-who type=single}

Who keeps it?

- [x] The town <!--#town-->
- [ ] Nobody <!--#nobody-->

:::
"""


def write_course(root: Path, name: str, on_disk: str, in_text: str) -> None:
    """Write a course in which a module, pages, an image, a part and a bank bear a name; two forms of it may differ."""

    def there(text: str) -> Path:
        return root / unicodedata.normalize(on_disk, text)  # type: ignore[arg-type]

    def write(path: str, text: str) -> None:
        there(path).parent.mkdir(parents=True, exist_ok=True)
        there(path).write_text(unicodedata.normalize(in_text, text), encoding="utf-8")  # type: ignore[arg-type]

    module, written = f"modules/{name}", quote(name) if name.isascii() else name
    write("course.yaml", COURSE_YAML.replace("[m1-town]", f"[{name!r}]"))
    write(
        f"{module}/module.yaml",
        MODULE_YAML.replace("[page.md, other.md]", f"['{name}.md', other.md]")
        + (f"assets: {{'{name}/{name}.svg': {{licence: CC0-1.0}}}}\n"),
    )
    write(
        f"{module}/{name}.md",
        (
            f"---\nid: page\n---\n# {name}\n\n![A plan of it](<{written}/{written}.svg>)\n\n"
            f"[The notes of it](<other.md#{anchor_of(name)}>), [another page](id:other).\n\n"
            f'::: include {{src="/{written}/{written}.md"}}\n\n:::\n\n'
            f'::: quiz {{#a-quiz title="{name}"}}\n\n'
            f'::: pool {{draw=1 from="/{written}/bank {written}.md"}}\n\n:::\n\n:::\n'
        ),
    )
    write(f"{module}/other.md", f"# Another\n\n## {name}\n\n[The page before](<{written}.md>).\n")
    write(f"{name}/{name}.md", f"Words about {name}.\n")
    write(f"{name}/bank {name}.md", QUESTION)
    there(f"{module}/{name}").mkdir()
    there(f"{module}/{name}/{name}.svg").write_bytes(SVG)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("on_disk", "in_text"), [("NFC", "NFC"), ("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_a_course_with_such_names_is_built(name: str, on_disk: str, in_text: str, tmp_path: Path) -> None:
    write_course(tmp_path / "course", name, on_disk, in_text)
    checked, built = make(tmp_path / "course", tmp_path / "out")
    assert [problem for problem in checked.problems if problem.severity == "error"] == []
    package = read_package(built[0].path)
    [asset] = package.manifest.assets
    assert asset.media_type == "image/svg+xml"
    assert asset.path.endswith(".svg")
    assert package.member(asset.path) == SVG
    assert f'src="../../{asset.path}"' in package.fragment("en", "page").html
    alone, _ = make(tmp_path / "course" / unicodedata.normalize(on_disk, f"modules/{name}"), None)  # type: ignore[arg-type]
    assert alone.problems == checked.problems


def test_a_page_in_another_script_is_told_how_to_get_an_id(tmp_path: Path) -> None:
    write_course(tmp_path / "course", "кот", "NFC", "NFC")
    page = tmp_path / "course" / "modules" / "кот" / "кот.md"
    page.write_text(page.read_text().replace("---\nid: page\n---\n", ""))
    [problem] = [each for each in make(tmp_path / "course", None)[0].problems if each.severity == "error"]
    assert problem.code == "id-grammar"
    assert "id:" in problem.hint
