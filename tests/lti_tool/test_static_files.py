"""Style sheets, scripts and fonts: few requests, served for ever, nothing else."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess

import pytest

from course_builder.player.vendor import PLAYER, copy_vendored, split_style
from lti_tool.joining import join_script
from lti_tool.static_files import FOLDERS
from tests.conftest import skip_unless_in_ci


@pytest.fixture
def page(client):
    """A page that anybody sees."""
    return client.get("/nothing", headers={"Accept": "text/html"}).get_data(as_text=True)


def test_a_page_links_four_style_sheets_at_most_and_they_import_none(client, page):
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert 3 <= len(sheets) <= 4
    for sheet in sheets:
        answer = client.get(sheet, buffered=True)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert "@import" not in answer.get_data(as_text=True)


def test_each_sheet_of_a_folder_is_joined_into_the_one_that_pages_link():
    for folder, main in (("player", "player.css"), ("tool", "tool.css")):
        imported = set(re.findall(r'@import "([^"]+)"', (FOLDERS[folder] / main).read_text()))
        others = {path.name for path in FOLDERS[folder].glob("*.css")} - {
            main,
            "fonts.css",
            "guide.css",
            "contrast.css",
            "design.css",
        }
        lti_pages = {name for name in others if name.startswith("lti-")}
        assert imported == others - lti_pages


def test_another_digest_is_not_found(client):
    assert client.get(f"/static/{'0' * 32}/player/player.css").status_code == 404


def test_nothing_but_what_pages_use_is_served(app, client):
    digest = re.search(r"/static/([0-9a-f]+)/", client.get("/nothing", headers={"Accept": "text/html"}).text)[1]
    for name in (
        "player/vendor.py",
        "player/package.json",
        "player/../cli.py",
        "player/templates/player/question.html",
    ):
        assert client.get(f"/static/{digest}/{name}").status_code == 404, name


def test_pages_have_no_inline_style_or_handler(page):
    assert not re.search(r"<[^>]+ (style|on[a-z]+)=", page)
    assert "<style" not in page


def test_set_up_copies_fonts_and_their_licences(tmp_path):
    source = tmp_path / "node_modules"
    source.mkdir()
    (source / "a.woff2").write_bytes(b"font")
    [copied] = copy_vendored(source, tmp_path / "vendor", {"fonts/a.woff2": "a.woff2"})
    assert copied.read_bytes() == b"font"
    with pytest.raises(FileNotFoundError):
        copy_vendored(source, tmp_path / "vendor", {"fonts/b.woff2": "b.woff2"})


def test_set_up_takes_the_style_out_of_the_viewer_of_models():
    script, style = split_style("a(`<style>\n:host{color:red}\n</style><div>`)\n//# sourceMappingURL=a.js.map\n")
    assert script == "a(`<div>`)\n\n"
    assert style == 'export default "\\n:host{color:red}\\n";\n'
    for other in ("a(`<div>`)", "<style>a</style><style>b</style>", "<style>${a}</style>"):
        with pytest.raises(ValueError, match="keeps its style elsewhere"):
            split_style(other)


def test_the_lock_file_names_no_place_to_download_from():
    assert "resolved" not in (PLAYER / "package-lock.json").read_text()


PACKED = {"Accept-Encoding": "gzip, deflate, br"}


def test_texts_come_packed_to_whoever_takes_it_and_are_the_same(client, page):
    digest = re.search(r"/static/([0-9a-f]+)/", page)[1]
    for name in ("tool/tool.css", "tool/learn.js", "player/reach.js", "tool/icon.svg"):
        plain, packed = (client.get(f"/static/{digest}/{name}", headers=each) for each in ({}, PACKED))
        assert "Content-Encoding" not in plain.headers
        assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
        assert packed.mimetype == plain.mimetype
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data)


def joined(**files: str) -> str:
    return join_script("a/main.js", lambda name: files[name.replace("/", "_").removesuffix(".js")])


def run(script: str, tmp_path) -> str:
    """Run a script with Node, as a module."""
    node = shutil.which("node")
    if node is None:
        skip_unless_in_ci("no Node")
    path = tmp_path / "joined.mjs"
    path.write_text(script)
    return subprocess.run([node, path], check=True, capture_output=True, text=True).stdout


def test_a_joined_script_runs_each_module_once_and_in_its_order(tmp_path):
    script = joined(
        a_main='import { one as first } from "./one.js";\nimport "../b/two.js";\n'
        "const own = 3;\nconsole.log(first(), own);\n",
        a_one='import { own } from "../b/two.js";\n\nexport async function other() {}\n'
        "/** One. */\nexport function one() {\n  return own;\n}\n",
        b_two='console.log("once");\nexport const own = 2;\nexport class Two {}\n',
    )
    assert run(script, tmp_path) == "once\n2 3\n"


def test_a_joined_module_loads_others_from_where_it_would_be(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "late.mjs").write_text("export const late = 5;")
    script = joined(
        a_main='import { load } from "../b/two.js";\nload();\n',
        b_two='export async function load() {\n  const { late } = await import("./late.mjs");\n'
        "  console.log(late, import.meta.url.slice(-7));\n}\n",
    )
    assert run(script.replace('"../b/two.js"', '"./b/two.js"'), tmp_path) == "5 /two.js\n"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a_main": 'import { x } from "./main.js";\n'}, "imports itself"),
        ({"a_main": 'import * as x from "./x.js";\n'}, r"cannot be joined: import \* as x"),
        ({"a_main": "export default 3;\n"}, "cannot be joined: export default"),
    ],
)
def test_what_cannot_be_joined_is_said(files, said):
    with pytest.raises(ValueError, match=said):
        joined(**files)
