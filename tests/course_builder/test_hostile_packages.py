"""Packages that somebody made to do harm, or that broke on the way: each is refused with a reason."""

import hashlib
import json
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_builder.package import Limits, PackageError, read_package, unpack
from course_builder.package.format import format_files
from tests.course_builder.samples import members

GOOD = members()


def write_zip(path, entries):
    """Write (name or ZipInfo, data) pairs as they are, which the real writer would not do."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def with_files(content):
    return [*content.items(), ("FILES", format_files(content))]


def changed(path, **values):
    """Make the good package with other values in one of its JSON members."""
    return {**GOOD, path: json.dumps({**json.loads(GOOD[path]), **values}).encode()}


def refused(tmp_path, entries, reason, **limits):
    tmp_path = tmp_path / "in"
    tmp_path.mkdir(exist_ok=True)
    path = write_zip(tmp_path / "p.zip", entries) if not isinstance(entries, bytes) else tmp_path / "p.zip"
    if isinstance(entries, bytes):
        path.write_bytes(entries)
    with pytest.raises(PackageError, match=reason) as caught:
        unpack(read_package(path, Limits(**limits)), tmp_path / "out")
    assert str(caught.value).endswith(".")
    assert list(tmp_path.iterdir()) == [path]


def test_the_good_package_is_good(tmp_path):
    read_package(write_zip(tmp_path / "p.zip", with_files(GOOD)))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_refuses_a_member_that_is_there_twice(tmp_path):
    refused(tmp_path, [*with_files(GOOD), ("module.json", b"{}")], "would be one file")


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "assets/../../evil",
        "/etc/passwd",
        "C:/windows/evil",
        "assets\\evil",
        "assets//x",
        "./x",
        "assets/.",
        "assets/..",
        ".hidden",
        "assets/",
        "assets/a b",
        "assets/a\nb",
        "assets/a\x1b[31m",
        "assets/~x/ü",
        "a/" * 120 + "b",
        "-rf",
    ],
)
def test_refuses_a_name_that_leaves_the_package_or_hides(tmp_path, name):
    refused(tmp_path, with_files({**GOOD, name: b"x"}), r"not allowed|'path size sha256'")


def test_refuses_such_names_in_the_zip_itself(tmp_path):
    refused(tmp_path, [*with_files(GOOD), ("../evil", b"x")], "not allowed")


def test_refuses_a_name_that_ends_in_a_nul_for_others(tmp_path):
    data = write_zip(tmp_path / "p.zip", [*with_files(GOOD), ("assets/abc", b"x")]).read_bytes()
    refused(tmp_path, data.replace(b"assets/abc", b"assets/a\0c"), "not allowed|damaged")


@pytest.mark.parametrize(
    ("one", "other"), [("assets/a.svg", "assets/A.svg"), ("assets/é", "assets/e\u0301"), ("assets/ﬁ", "assets/fi")]
)
def test_refuses_names_that_differ_only_in_case_or_normalisation(tmp_path, one, other):
    refused(tmp_path, [*with_files(GOOD), (one, b"x"), (other, b"x")], "would be one file|not allowed")


def test_refuses_a_list_with_such_names(tmp_path):
    lines = sorted([f"assets/{name} 1 {hashlib.sha256(b'x').hexdigest()}\n" for name in ("a", "A")])
    entries = [("FILES", "".join(lines)), ("assets/a", b"x")]
    refused(tmp_path, entries, "would be one file")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_refuses_links_and_devices(tmp_path, kind):
    info = zipfile.ZipInfo("assets/link")
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    entries = with_files({**GOOD, "assets/link": b"/etc/passwd"})
    refused(tmp_path, [(info if name == "assets/link" else name, data) for name, data in entries], "no plain file")


def test_refuses_a_member_that_the_list_does_not_have(tmp_path):
    refused(tmp_path, [*with_files(GOOD), ("assets/more", b"x")], r"assets/more is not in the list FILES")


def test_refuses_a_list_that_promises_more(tmp_path):
    entries = [entry for entry in with_files(GOOD) if entry[0] != "ids.json"]
    refused(tmp_path, entries, r"ids\.json is in the list FILES but not in the package")


def test_refuses_a_package_without_a_list(tmp_path):
    refused(tmp_path, list(GOOD.items()), "has no list FILES")


@pytest.mark.parametrize(
    "files",
    [
        b"",
        b"module.json 1",
        b"module.json 1 abc\n",
        b"module.json -1 " + b"0" * 64 + b"\n",
        b"module.json 01 " + b"0" * 64 + b"\n",
        b"module.json 99999999999999999999 " + b"0" * 64 + b"\n",
        b"module.json 1 " + b"0" * 64 + b"\r\n",
        b"b 1 " + b"0" * 64 + b"\na 1 " + b"0" * 64 + b"\n",
        b"a 1 " + b"0" * 64 + b"\na 1 " + b"0" * 64 + b"\n",
        b"FILES 1 " + b"0" * 64 + b"\n",
        b"\xff\xfe",
    ],
)
def test_refuses_a_list_that_is_not_as_we_write_it(tmp_path, files):
    refused(tmp_path, [*GOOD.items(), ("FILES", files)], "FILES")


def test_refuses_content_that_is_not_what_the_list_names(tmp_path):
    entries = [(name, data if name != "ids.json" else b"!" * len(data)) for name, data in with_files(GOOD)]
    refused(tmp_path, entries, r"ids\.json is not the one")


def test_refuses_content_of_another_size(tmp_path):
    entries = [(name, data if name != "ids.json" else data + b" ") for name, data in with_files(GOOD)]
    refused(tmp_path, entries, r"ids\.json has [0-9,]+ bytes, but FILES says")


def patched(path, name, offset, value, *, in_directory=True, in_header=True):
    """Change a field of a member's central entry (``offset`` counts there) and of its local header."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(name)
        directory = archive.start_dir
    if in_header:
        start = info.header_offset + offset - 2
        data[start : start + len(value)] = value
    if in_directory:
        position = data.index(name.encode(), directory) - 46 + offset
        data[position : position + len(value)] = value
    return bytes(data)


@pytest.mark.parametrize("bits", [0x1, 0x41])
def test_refuses_encrypted_members(tmp_path, bits):
    path = write_zip(tmp_path / "p.zip", with_files(GOOD))
    refused(tmp_path, patched(path, "ids.json", 8, struct.pack("<H", bits)), r"ids\.json is encrypted")


@pytest.mark.parametrize("method", [9, 12, 14, 93, 99])
def test_refuses_other_ways_of_packing(tmp_path, method):
    path = write_zip(tmp_path / "p.zip", with_files(GOOD))
    refused(tmp_path, patched(path, "ids.json", 10, struct.pack("<H", method)), "other than deflate")


@pytest.mark.parametrize("size", [1, 100, 4_000_000_000])
def test_refuses_a_member_that_lies_about_its_size(tmp_path, size):
    path = write_zip(tmp_path / "p.zip", with_files(GOOD))
    refused(tmp_path, patched(path, "ids.json", 24, struct.pack("<I", size)), r"bytes|grows")


def test_a_small_lie_with_a_fitting_list_is_found_when_reading(tmp_path):
    # The zip says 10 bytes, the list says 10 bytes, the deflated data holds 50 million.
    content = {**GOOD, "assets/bomb": b"0" * 10}
    bomb = zlib.compress(b"0" * 50_000_000, 9)[2:-4]
    path = write_zip(tmp_path / "p.zip", [e for e in with_files(content) if e[0] != "assets/bomb"])
    header = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, zlib.crc32(b"0" * 10), len(bomb), 10)
    data, name = path.read_bytes(), b"assets/bomb"
    with zipfile.ZipFile(path) as archive:
        start, count = archive.start_dir, len(archive.namelist()) + 1
    end = data.index(b"PK\x05\x06", start)
    local = b"PK\x03\x04" + header + struct.pack("<HH", len(name), 0) + name + bomb
    central = b"PK\x01\x02\x14\x00" + header + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, start) + name
    directory = data[start:end] + central
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start + len(local), 0)
    # zipfile stops at the size that the directory gives, so the rest of the bomb is never unpacked.
    (tmp_path / "bomb.zip").write_bytes(data[:start] + local + directory + tail)
    made = read_package(tmp_path / "bomb.zip")
    assert made.member("assets/bomb") == b"0" * 10


def test_refuses_a_compression_bomb(tmp_path):
    refused(tmp_path, with_files({**GOOD, "assets/bomb": b"\0" * 20_000_000}), "grows to more than 200 times")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"archive": 1000}, "at most 1,000 are allowed"),
        ({"members": 5}, "at most 5 are allowed"),
        ({"member": 300}, "more than 300 bytes"),
        ({"total": 3000}, "unpacks to more than 3,000 bytes"),
        ({"text": 300}, "more than 300 bytes"),
        ({"text": 1500}, r"has more than 1,500 bytes of text"),
    ],
)
def test_refuses_what_is_too_large(tmp_path, limits, reason):
    refused(tmp_path, with_files(GOOD), reason, **limits)


def test_refuses_what_is_no_zip(tmp_path):
    refused(tmp_path, b"<html>", "is no zip")
    refused(tmp_path, b"", "is no zip")
    with pytest.raises(PackageError, match="cannot be read: No such file"):
        read_package(tmp_path / "missing.zip")
    with pytest.raises(PackageError, match="cannot be read"):
        read_package(tmp_path)


def test_refuses_a_zip_behind_something_else(tmp_path):
    path = write_zip(tmp_path / "p.zip", with_files(GOOD))
    refused(tmp_path, b"<script>alert(1)</script>" + path.read_bytes(), "does not begin as a zip")


def test_refuses_a_file_that_is_cut_off_anywhere(tmp_path):
    data = write_zip(tmp_path / "p.zip", with_files(GOOD)).read_bytes()
    for length in range(0, len(data), 97):
        refused(tmp_path, data[:length], r"\w")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0), st.binary(min_size=1, max_size=8))
def test_any_change_of_bytes_is_refused_or_changes_nothing(tmp_path, at, value):
    path = write_zip(tmp_path / "p.zip", with_files(GOOD))
    data = bytearray(path.read_bytes())
    at %= len(data)
    data[at : at + len(value)] = value
    path.write_bytes(data)
    try:
        made = read_package(path)
        found = {name: made.member(name) for name in made.members}
    except PackageError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either of two outcomes is right.
    else:
        assert found == GOOD


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"format": 2}, "has the format 2; this version reads the format 1"),
        ({"format": "1"}, "has the format '1'"),
        ({"format": None}, "has the format None"),
        ({"requires": ["scenes", "polls"]}, "requires 'scenes', 'polls', which"),
        ({"requires": "scenes"}, "does not say what the package requires"),
        ({"requires": [["x"]]}, "requires"),
        ({"requires": ["\x1b[31m"]}, r"requires '.x1b\[31m'"),
        ({"version": "1.0"}, "version '1.0' is not of the form 1.2.3"),
        ({"version": "1.0.0/../.."}, "is not of the form"),
        ({"id": "../m1"}, "module id '../m1'"),
        ({"id": "M1"}, "module id 'M1'"),
        ({"title": "Once"}, r"module\.json is not as it should be at 'title'"),
        ({"pages": []}, "no page"),
        ({"languages": {}}, "which language"),
        ({"languages": {"../x": {"status": "source", "coverage": 1.0}}}, "which language"),
        ({"languages": {"fi": {"status": "source", "coverage": 1.0}}}, "no member"),
        (
            {"quizzes": [{"id": "x", "title": {}, "page": "no", "minutes": None, "questions": [], "points": "1"}]},
            "quiz x",
        ),
        (
            {"quizzes": [{"id": "x", "title": {}, "page": "first", "minutes": None, "questions": [], "points": "1/0"}]},
            "exact",
        ),
        ({"assets": [{"path": "assets/none", "media_type": "image/png"}]}, "assets/none' of"),
        ({"assets": [{"path": "private/keys.json", "media_type": "image/png"}]}, r"private/keys\.json' of"),
        ({"authors": None}, "authors"),
    ],
)
def test_refuses_a_manifest_that_does_not_agree(tmp_path, values, reason):
    refused(tmp_path, with_files(changed("module.json", **values)), reason)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"null", b"{", b"\xff", b'{"format": 1}', b"[" * 100_000, b'{"format":1,"requires":[]}', b'"\\ud800"'],
)
def test_refuses_a_manifest_that_cannot_be_read(tmp_path, manifest):
    refused(tmp_path, with_files({**GOOD, "module.json": manifest}), r"module\.json")


def test_refuses_a_package_without_a_manifest(tmp_path):
    refused(tmp_path, with_files({"ids.json": b"{}"}), r"has no module\.json")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick=\"x\">a</p>",
        "<p style=\"x\">a</p>",
        "<a href=\"javascript:alert(1)\">a</a>",
        "<a href=\"java&#115;cript:alert(1)\">a</a>",
        "<a href=\"data:text/html,x\">a</a>",
        "<img src=\"https://example.org/a.png\">",
        "<img src=\"/admin/delete\">",
        "<img src=\"../../private/keys.json\">",
        "<img src=\"../../assets/none.svg\">",
        "<form action=\"/x\"><input></form>",
        "<iframe src=\"x\"></iframe>",
        "<svg><script>1</script></svg>",
        "<p>a<!-- b --></p>",
        "<p class=unquoted>a</p>",
        "<P>a</P>",
        "<p title='a\"b'>a</p>",
        "a < b",
        "<![CDATA[x]]>",
        "<!doctype html>",
        "<p",
        "</p x=\"\">",
        "<div data-question=\"q-none\"></div>",
        "<section data-quiz=\"none\"></section>",
        "<a id=\"_new-window\">a</a>",
        "<base href=\"https://example.org/\">",
        "<meta http-equiv=\"refresh\" content=\"0\">",
        "</div><p>outside</p><div>",
        "<p>a",
        "<b><i></b></i>",
        "<div data-question=\"q-self\">text</div>",
    ],
)  # fmt: skip
def test_refuses_html_that_the_builder_would_not_write(tmp_path, html):
    page = GOOD["content/en/first.html"] + html.encode()
    refused(
        tmp_path, with_files({**GOOD, "content/en/first.html": page}), r"content/en/first\.html|the question 'q-self'"
    )


def test_refuses_a_page_that_lacks_a_question(tmp_path):
    page = GOOD["content/en/first.html"].replace(b'<div data-question="q-self"></div>', b"")
    refused(tmp_path, with_files({**GOOD, "content/en/first.html": page}), "places for questions")


def test_refuses_a_page_that_is_not_utf_8(tmp_path):
    refused(tmp_path, with_files({**GOOD, "content/en/first.html": b"\xff"}), "not UTF-8")


@pytest.mark.parametrize("place", ["stem", "options", "hints"])
def test_refuses_active_html_in_a_question(tmp_path, place):
    path = "questions/en/q-self.json"
    good = json.loads(GOOD[path])
    value = "<script>" if place == "stem" else [{**each, "html": "<script>"} for each in good[place]]
    refused(tmp_path, with_files(changed(path, **{place: value})), r"q-self\.json holds the element <script>")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"correct": ["none"]}, "right options are not among"),
        ({"correct": []}, "right options"),
        ({"correct": ["reuse", "copies"]}, "exactly one right option"),
        ({"type": "riddle"}, "type 'riddle' is not known"),
        ({"points": "-1"}, "exact number"),
        ({"points": 1}, "exact number"),
        ({"points": "1e9"}, "exact number"),
        ({"penalty": "3"}, "out of range"),
        ({"partial": "some"}, "partial"),
        ({"tries": 0}, "tries"),
        ({"feedback": {"en": {"options": {"reuse": "<script>"}}}}, "<script>"),
        ({"solution": {"en": "<script>"}}, "<script>"),
    ],
)
def test_refuses_a_key_by_which_nothing_can_be_judged(tmp_path, change, reason):
    keys = json.loads(GOOD["private/keys.json"])
    keys["questions"]["q-single"] |= change
    refused(tmp_path, with_files({**GOOD, "private/keys.json": json.dumps(keys).encode()}), reason)


def test_refuses_facilitator_notes_that_are_active(tmp_path):
    keys = json.loads(GOOD["private/keys.json"])
    keys["facilitator"]["en"]["first"] = ["<script>"]
    refused(tmp_path, with_files({**GOOD, "private/keys.json": json.dumps(keys).encode()}), "<script>")


def test_refuses_a_question_without_a_key(tmp_path):
    keys = json.loads(GOOD["private/keys.json"])
    del keys["questions"]["q-single"]
    refused(
        tmp_path,
        with_files({**GOOD, "private/keys.json": json.dumps(keys).encode()}),
        "no key for the question 'q-single'",
    )


def test_refuses_a_question_that_differs_from_its_key(tmp_path):
    refused(tmp_path, with_files(changed("questions/en/q-single.json", type="multiple")), "does not agree with its key")


@pytest.mark.parametrize("path", ["ids.json", "search/en.json"])
def test_refuses_other_lists_that_cannot_be_read(tmp_path, path):
    refused(tmp_path, with_files({**GOOD, path: b'{"a": 1}'}), f"{path} is not as it should be")


def test_leaves_out_members_of_a_kind_that_it_does_not_know(tmp_path):
    made = read_package(write_zip(tmp_path / "p.zip", with_files({**GOOD, "scenes/town.glb": b"x"})))
    assert made.members.keys() == GOOD.keys()
    unpack(made, tmp_path / "out")
    assert not (tmp_path / "out/scenes").exists()
