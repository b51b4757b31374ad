"""Models as authors' tools pack them, drawn under the tool's own policy, and placed in a room of a headset."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course_builder.make import make
from tests.conftest import skip_unless_in_ci
from tests.lti_tool.learn.scenes.conftest import COURSE
from tests.lti_tool.learn.scenes.stage import open_scene

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
]
TESTS = Path(__file__).parents[3]
HALL = Path("modules/m1-square/assets/hall.glb")
PACK = TESTS / "course_builder" / "pack_model.mjs"
HEADSET = TESTS / "node_modules" / "iwer" / "build" / "iwer.min.js"
RED = (200, 30, 60)


@pytest.fixture(scope="module")
def square(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course of the other scenes, with its model packed in another way."""
    how = getattr(request, "param", None)
    course = tmp_path_factory.mktemp("packed") / "course"
    shutil.copytree(COURSE, course)
    if how:
        node = shutil.which("node")
        if node is None or not HEADSET.exists():
            skip_unless_in_ci("no Node with what packs models; run `make test`")
        picture = course.parent / "red.png"
        picture.write_bytes(_png(RED))
        subprocess.run([str(node), PACK, COURSE / HALL, course / HALL, how, picture], check=True, capture_output=True)
    checked, built = make(course, tmp_path_factory.mktemp("square"))
    assert checked.problems == ()
    return built[0].path


def _png(colour: tuple[int, int, int]) -> bytes:
    rows = b"".join(b"\0" + bytes(colour) * 4 for _ in range(4))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _colours(page: Page) -> list[list[int]]:
    """The colours that the model's viewer draws, without those of the ground behind it."""
    colours: list[list[int]] = page.evaluate("""async () => {
      const picture = await createImageBitmap(await document.querySelector('model-viewer').toBlob());
      const copy = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
      copy.drawImage(picture, 0, 0);
      const { data } = copy.getImageData(0, 0, picture.width, picture.height);
      return Array.from({ length: data.length / 4 }, (_, at) => [...data.subarray(4 * at, 4 * at + 4)])
        .filter((colour) => colour[3] === 255).map((colour) => colour.slice(0, 3));
    }""")
    return colours


@pytest.mark.parametrize("square", ["draco", "meshopt"], indirect=True)
def test_a_packed_model_is_drawn_by_decoders_of_our_own(enter):
    tab = enter()
    page = tab.open("hall")
    open_scene(page)
    size = page.locator("model-viewer").evaluate("viewer => Object.values(viewer.getDimensions()).map(Math.round)")
    assert all(length > 0 for length in size[:3])
    assert len(_colours(page)) > 1_000
    assert tab.strangers() == []


@pytest.mark.parametrize("square", ["textured"], indirect=True)
def test_the_pictures_on_a_model_are_drawn(enter):
    tab = enter()
    page = tab.open("hall")
    open_scene(page)
    colours = _colours(page)
    reds = [each for each in colours if each[0] > 2 * max(each[1:])]
    assert len(reds) > 1_000
    assert len(reds) > 0.9 * len(colours)
    assert tab.strangers() == []


def test_a_model_is_placed_in_a_room_and_taken_out_again(enter):
    """The room is that of an emulated headset, which calls itself by the WebXR Device API."""
    if not HEADSET.exists():
        skip_unless_in_ci("no headset; run `npm ci --ignore-scripts` in tests/")
    tab = enter()
    tab.expected = "Synthethic Environment Module"  # Nor has it a floor to find.
    tab.page.add_init_script(path=HEADSET)
    tab.page.add_init_script("new IWER.XRDevice(IWER.metaQuest3).installRuntime({ forceInstall: true });")
    page = tab.open("hall")
    open_scene(page)
    button = page.get_by_role("button", name="Place it in your room")
    expect(button).to_be_visible()
    button.click()
    expect(page.locator("model-viewer")).to_have_attribute("ar-status", "session-started")
    # What the headset shows lies over the page.
    page.locator("model-viewer").get_by_role("button", name="Close").press("Enter")
    expect(page.locator("model-viewer")).to_have_attribute("ar-status", "not-presenting")
    assert tab.strangers() == []
