"""Media, scenes and embeds, from Markdown to the package: what is in the page, and what may be loaded."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from course_builder.build import check
from course_builder.gltf import glb_mistake
from course_builder.make import make
from course_builder.package import PackageError, read_package
from course_builder.package.loads import loads_of
from course_builder.package.write import write_package
from course_builder.render import render_module
from course_builder.render.video_size import video_size
from course_builder.sanitize import first_violation
from tests.course_builder import sources
from tests.course_builder.models import glb

COURSE = Path(__file__).parents[1] / "sources" / "media-course"
ASSETS = COURSE / "modules" / "m1-square" / "assets"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    checked = check(COURSE)
    assert checked.problems == ()
    return {page.id: page.html for page in render_module(checked.course.modules[0]).pages}


@pytest.fixture(scope="module")
def package_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(COURSE, tmp_path_factory.mktemp("media"))[1][0].path


def rendered(page: str, *, hosts: str = "", **files: bytes) -> str:
    course, problems = sources.check(
        {
            "course.yaml": sources.COURSE_YAML + hosts,
            sources.PAGE: page,
            **{f"modules/m1-town/{name.replace('_', '.')}": data for name, data in files.items()},
        }
    )
    assert problems == []
    html = render_module(course.modules[0]).pages[0].html
    assert first_violation(html) is None
    return html


def test_a_video_is_the_browsers_own_with_captions_in_two_languages(pages):
    assert (
        '<video controls="" preload="metadata" src="../../assets/430a78515bb05e1b-film.webm" width="320" height="180" '
        'playsinline="" aria-label="Welcome to Hallamere">'
        '<track kind="captions" src="../../assets/205419a36a69bbd2-film.vtt" srclang="en" label="English" default="">'
        '<track kind="captions" src="../../assets/9565424c40d70d49-film.fi.vtt" srclang="fi" label="suomi">'
    ) in pages["films"]


def test_nothing_plays_or_loads_by_itself(pages):
    for html in pages.values():
        assert "autoplay" not in html
        assert "<iframe" not in html
        assert ' src="https:' not in html
        assert ' poster="https:' not in html


def test_the_transcript_is_text_on_the_page_and_a_file(pages):
    assert (
        '<details class="transcript"><summary>Transcript</summary>\n<p><strong>Aino, town architect</strong></p>\n'
        "<p>Welcome to Hallamere. <em>A pale column moves to the right.</em> A column rises.</p>\n"
        '<p><a href="../../assets/7fc2493f4cfd8368-film.md">The transcript as a file (film.md)</a></p>\n</details>'
    ) in pages["films"]


def test_a_search_finds_what_is_said(package_path):
    assert b"Welcome to Hallamere. A pale column" in read_package(package_path).member("search/en.json")


def test_places_of_a_scene_are_a_table_whose_rows_say_where_they_are(pages):
    assert (
        '<tr data-yaw="60" data-pitch="-8">\n<th scope="row" id="fountain">Fountain</th>\n'
        "<td>It was paid for by <em>participatory budgeting</em> in 2019.</td>\n</tr>"
    ) in pages["square"]
    assert "Yaw" not in pages["square"]


def test_a_scene_shows_its_picture_and_leads_to_its_text(pages):
    html = pages["square"]
    assert '<div class="scene-stage" data-stage=""><img alt="360° panorama: The market square" src="../../ass' in html
    assert '<a href="#scene_1">Read the same as text</a>' in html
    assert '<div class="scene-text" id="scene_1" tabindex="-1">\n<p>You stand on the market square' in html


def test_what_needs_a_script_is_hidden_without_one(pages):
    assert 'data-bar="" hidden=""' in pages["square"]
    assert 'data-open="" hidden=""' in pages["square"]
    assert 'data-ask="" hidden=""' in pages["map"]


def test_an_embed_is_a_link_that_says_where_it_leads(pages):
    address = "https://maps.example.org/hallamere?zoom=12&amp;layer=services"
    assert f'<a href="{address}" target="_blank" rel="noopener"' in pages["map"]
    assert "Open “Map of the services” at maps.example.org" in pages["map"]
    assert "Nothing is loaded until you ask" in pages["map"]


def test_a_sound_version_and_a_described_video_are_players_of_their_own():
    html = rendered(
        "# A page\n\n::: media {src=a.webm captions=none-needed transcript=t.txt description=d.mp3}\n\n:::\n\n"
        "::: media {src=a.webm captions=none-needed transcript=t.txt description=e.webm}\n\n:::\n",
        a_webm=b"a",
        e_webm=b"e",
        d_mp3=b"d",
        t_txt=b"One\n\ntwo <b>\n",
    )
    assert html.count("<summary>With audio description</summary>\n<audio ") == 1
    assert html.count("<summary>With audio description</summary>\n<video ") == 1
    assert "<p>One</p>\n<p>two &lt;b&gt;</p>" in html


def test_a_heading_of_a_transcript_is_none_of_the_page():
    page = "# A page\n\n::: media {src=a.mp3 transcript=t.md}\n\n:::\n"
    assert "<h" not in rendered(page, a_mp3=b"a", t_md=b"### Who speaks\n\nWords.\n")


def test_a_block_or_a_footnote_in_a_transcript_is_named_there():
    _, problems = sources.check(
        {
            sources.PAGE: "# A page\n\n::: media {src=a.mp3 transcript=t.md}\n\n:::\n",
            "modules/m1-town/a.mp3": b"a",
            "modules/m1-town/t.md": "Words.\n\n::: details {title=More}\n\nMore.\n\n:::\n\n[^a]: Note.\n",
        }
    )
    found = [(each.code, each.place.line) for each in problems if each.place.path.endswith("t.md")]
    assert found == [("transcript-text", 3), ("transcript-text", 7), ("transcript-text", 9)]


def test_a_picture_in_a_transcript_is_checked_at_its_place():
    _, problems = sources.check(
        {
            sources.PAGE: "# A page\n\n::: media {src=a.mp3 transcript=t.md}\n\n:::\n",
            "modules/m1-town/a.mp3": b"a",
            "modules/m1-town/t.svg": sources.SVG,
            "modules/m1-town/t.md": "Words.\n\n![](t.svg)\n",
        }
    )
    assert [(each.code, each.place.path, each.place.line) for each in problems] == [
        ("image-without-alt", "modules/m1-town/t.md", 3)
    ]


def test_larger_media_of_an_allowed_host_wait_for_the_learner():
    html = rendered(
        "# A page\n\n::: media {src=https://media.example.org/a.mp4 captions=none-needed transcript=t.txt "
        "description=none-needed}\n\n:::\n",
        hosts="hosts: [media.example.org]\n",
        t_txt=b"Words.",
    )
    assert (
        '<video controls="" preload="none" data-from="https://media.example.org/a.mp4" playsinline="" hidden=""' in html
    )


def test_nothing_of_other_hosts_in_questions_and_notes():
    film = (
        "::: media {src=https://media.example.org/a.mp4 captions=none-needed transcript=t.txt description=none-needed}"
    )
    page = f"# A page\n\n::: facilitator\n\n{film}\n\n:::\n\n:::\n"
    _, problems = sources.check(
        {
            "course.yaml": f"{sources.COURSE_YAML}hosts: [media.example.org]\n",
            sources.PAGE: page,
            "modules/m1-town/t.txt": b"Words.",
        }
    )
    assert [(each.code, each.place.line) for each in problems] == [("host-place", 5)]


def test_the_manifest_says_what_each_page_may_load(package_path):
    pages = {page.id: page for page in read_package(package_path).manifest.pages}
    assert (pages["map"].frames, pages["map"].streams, pages["map"].scenes) == (("maps.example.org",), (), ())
    assert pages["films"].streams == ("media.example.org",)
    assert (pages["square"].scenes, pages["hall"].scenes) == (("panorama",), ("model",))


def forged(package_path: Path, folder: Path, member: str, old: str, new: str) -> Path:
    package = read_package(package_path)
    members = {path: package.member(path) for path in package.members}
    text = members[member].decode()
    assert old in text
    members[member] = text.replace(old, new).encode()
    write_package(members, folder / "forged.zip", 0)
    return folder / "forged.zip"


@pytest.mark.parametrize(
    ("page", "old", "new", "reason"),
    [
        ("map", "https://maps.example.org/hall", "https://tracker.example.net/hall", "loads from other hosts"),
        ("map", "https://maps.example.org/hall", "http://maps.example.org/hall", "no plain https address"),
        ("map", 'from="https://maps.example.org/hall', 'from="https://maps.example.org;script-src *', "no plain https"),
        ("map", 'from="https://maps.example.org/hall', 'from="javascript:alert(1)', "no plain https address"),
        ("square", 'data-scene="panorama"', 'data-scene="model"', "has other scenes"),
        ("square", 'data-scene="panorama"', 'data-scene="page"', "unknown kind"),
        ("square", 'data-src="../../assets/', 'data-src="https://example.net/', "which is not in the package"),
        ("films", 'src="../../assets/430a', 'src="https://example.net/430a', "of the attribute src"),
        ("films", 'src="../../assets/430a', 'src="../../assets/530a', "which is not in the package"),
        ("films", 'preload="metadata"', 'autoplay=""', "the attribute autoplay on <video>"),
        ("films", 'preload="metadata"', 'onplay="x()"', "the attribute onplay on <video>"),
        ("square", 'type="button"', 'type="submit"', "a button that would send a form"),
        ("square", 'type="button" data-turn="left"', 'data-turn="left"', "a button that would send a form"),
        ("square", 'data-turn="left"', 'formaction="/"', "the attribute formaction on <button>"),
        ("map", "<p>The map", '<iframe src="../../assets/x"></iframe><p>The map', "the element <iframe>"),
    ],
)
def test_a_package_that_would_load_something_else_is_refused(package_path, tmp_path, page, old, new, reason):
    path = forged(package_path, tmp_path, f"content/en/{page}.html", old, new)
    with pytest.raises(PackageError, match=reason):
        read_package(path)


def test_hosts_are_read_from_where_they_are_used():
    html = (
        '<video data-from="https://b.example/x"></video><div data-from="https://a.example/y"></div><div title=""></div>'
    )
    assert (loads_of([html]).frames, loads_of([html]).streams) == (("a.example",), ("b.example",))


@pytest.mark.parametrize("tag", ["<video controls>", "<audio src=x>", "<track src=x>", "<button>", "<iframe>"])
def test_authors_write_blocks_for_what_the_renderer_adds(tag):
    _, problems = sources.check_page(f"# A page\n\nText {tag}\n")
    assert [each.code for each in problems] == ["raw-html"]


def test_a_scene_needs_a_model_that_holds_all_it_shows():
    assert glb_mistake((ASSETS / "hall.glb").read_bytes()) is None
    assert glb_mistake(glb(extensionsRequired=["KHR_draco_mesh_compression"])) is None
    for data, reason in (
        (b"", "no sound glTF"),
        (b"glTF" + b"\0" * 40, "no sound glTF"),
        (glb()[:-4], "no sound glTF"),
        (glb(buffers=[{"uri": "https://example.org/x.bin", "byteLength": 1}]), "refers to another file"),
        (glb(buffers=[{"uri": "hall.bin", "byteLength": 1}]), "refers to another file"),
        (glb(extensionsUsed=["KHR_texture_basisu"]), "uses KHR_texture_basisu"),
        (glb(buffers=3), "no sound glTF"),
    ):
        assert reason in (glb_mistake(data) or ("",))[0]


def test_a_broken_model_is_named_where_it_is_used():
    page = "# A page\n\n::: scene {src=hall.glb kind=model poster=t.svg}\n\nA hall.\n\n:::\n"
    files = {"modules/m1-town/hall.glb": b"glTF", "modules/m1-town/t.svg": sources.SVG}
    _, problems = sources.check({sources.PAGE: page, **files})
    assert [(each.code, each.place.line) for each in problems] == [("scene-model", 3)]


def test_a_web_address_is_no_poster():
    page = "# A page\n\n::: scene {src=t.png kind=panorama poster=https://example.org/x.jpg}\n\nText.\n\n:::\n"
    _, problems = sources.check({sources.PAGE: page, "modules/m1-town/t.png": b"png"})
    assert [each.code for each in problems] == ["asset-from-elsewhere"]


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mp4(width: int, height: int) -> bytes:
    sound = box(b"trak", box(b"tkhd", b"\0" * 84))
    picture = box(b"trak", box(b"tkhd", b"\0" * 76, struct.pack(">II", width << 16, height << 16)))
    return box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"\0" * 100), sound, picture) + box(b"mdat", b"\0")


def test_reads_the_size_of_videos():
    assert video_size((ASSETS / "film.webm").read_bytes(), "video/webm") == (320, 180)
    assert video_size(mp4(640, 360), "video/mp4") == (640, 360)


@pytest.mark.parametrize("media_type", ["video/webm", "video/mp4", "audio/mpeg"])
@pytest.mark.parametrize("data", [b"", b"\0" * 40, b"\xff" * 40, mp4(0, 0), (ASSETS / "film.webm").read_bytes()[:90]])
def test_a_size_that_is_not_plainly_there_is_left_out(data, media_type):
    assert video_size(data, media_type) is None


def test_a_decorative_image_keeps_its_empty_text():
    assert '<img alt="" class="decorative" src=' in rendered("# A page\n\n![](t.svg){.decorative}\n", t_svg=sources.SVG)
