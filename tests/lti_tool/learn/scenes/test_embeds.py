"""Media, scenes and embeds in a real browser, under the tool's own policy: by keyboard, by buttons, without WebGL."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.conftest import skip_unless_in_ci
from tests.journeys.audit import AXE, audit
from tests.journeys.keyboard import Keyboard
from tests.lti_tool.learn.scenes.conftest import COURSE, WITHOUT_WEBGL
from tests.lti_tool.learn.scenes.stage import open_scene, place, turned

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
]
FILM = COURSE / "modules" / "m1-square" / "assets" / "film.webm"


def test_a_video_plays_with_captions_when_asked_and_not_before(enter):
    tab = enter()
    page = tab.open("films")
    video = page.locator("#welcome video")
    expect(video).to_have_js_property("paused", True)
    assert video.evaluate("video => [video.autoplay, video.currentTime]") == [False, 0]
    assert video.bounding_box()["height"] > 0
    video.evaluate("video => { video.muted = true; return video.play(); }")
    expect(video).to_have_js_property("ended", True)
    cues = "video => [...video.textTracks].map(track => [track.kind, track.language, track.cues?.length ?? 0])"
    assert video.evaluate(cues) == [["captions", "en", 2], ["captions", "fi", 0], ["descriptions", "en", 1]]
    assert tab.strangers() == []


def test_a_written_description_is_said_while_the_video_plays(enter):
    page = enter().open("films")
    line = page.locator("#welcome [data-descriptions]")
    page.locator("#welcome video").evaluate("video => { video.muted = true; video.playbackRate = 0.5; video.play(); }")
    expect(line).to_have_text("A pale column moves to the right.")
    expect(line).to_have_attribute("aria-live", "assertive")


def test_a_transcript_opens_by_keyboard(enter):
    page = enter().open("films")
    Keyboard(page).go_to("Transcript")
    page.keyboard.press("Enter")
    expect(
        page.get_by_text("This is the sound of the fountain.").or_(page.get_by_text("A pale column")).first
    ).to_be_visible()


def test_a_large_video_loads_from_its_host_only_when_asked(enter):
    tab = enter()

    def film(route: Route) -> None:
        route.fulfill(body=FILM.read_bytes(), content_type="video/webm")

    tab.page.context.route("https://media.example.org/**", film)
    page = tab.open("films")
    box = page.locator("#long")
    expect(box.locator("video")).to_be_hidden()
    expect(box).to_contain_text("Nothing is loaded until you ask")
    assert tab.strangers() == []
    Keyboard(page).go_to("Load it here from media.example.org")
    page.keyboard.press("Enter")
    expect(box.locator("video")).to_be_visible()
    box.locator("video").evaluate("video => { video.muted = true; return video.play(); }")
    expect(box.locator("video")).to_have_js_property("ended", True)
    assert set(tab.strangers()) == {"https://media.example.org/long.webm"}


def test_an_embed_asks_before_it_loads_and_leaves_the_link(enter):
    tab = enter()
    page_of_host = "<!doctype html><title>Map</title><p>MAP-OF-HOST</p>"
    tab.page.context.route(
        "https://maps.example.org/**", lambda route: route.fulfill(body=page_of_host, content_type="text/html")
    )
    page = tab.open("map")
    assert page.locator("iframe").count() == 0
    assert tab.strangers() == []
    Keyboard(page).go_to("Load it here from maps.example.org")
    page.keyboard.press("Enter")
    frame = page.frame_locator('iframe[title="Map of the services"]')
    expect(frame.get_by_text("MAP-OF-HOST")).to_be_visible()
    expect(page.locator("iframe")).to_be_focused()
    expect(page.get_by_role("link", name="Open “Map of the services” at maps.example.org")).to_be_visible()
    assert set(tab.strangers()) == {"https://maps.example.org/hallamere?zoom=12&layer=services"}


def test_only_the_page_that_needs_it_has_a_wider_policy(publish, square, visit):
    publish(square)
    visitor = visit(module="m1-square")
    policies = {
        page_id: dict(
            part.split(" ", 1)
            for part in visitor.client.get(f"{visitor.home}pages/{page_id}")
            .headers["Content-Security-Policy"]
            .split("; ")
        )
        for page_id in ("films", "square", "hall", "map")
    }
    assert policies["map"]["frame-src"] == "https://maps.example.org"
    assert policies["films"]["media-src"] == "'self' https://media.example.org"
    assert "frame-src" not in policies["films"]
    assert policies["square"]["script-src"] == "'self'"
    assert policies["hall"]["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policies["hall"]["worker-src"] == "'self' blob:"
    for policy in policies.values():
        assert policy["default-src"] == "'none'"
        assert policy["style-src"] == "'self'"
        assert "unsafe-inline" not in str(policy)


@pytest.mark.parametrize("page_id", ["square", "hall"])
def test_a_scene_turns_and_zooms_by_buttons(enter, page_id):
    tab = enter()
    page = tab.open(page_id)
    before = len(tab.requests)
    open_scene(page)
    bar = page.get_by_role("group", name="Turn and zoom")
    yaw, pitch = turned(page, "yaw"), turned(page, "pitch")
    bar.get_by_role("button", name="Right").click()
    expect(page.locator(f"[data-yaw='{yaw + 15:.0f}']:is(canvas, model-viewer)")).to_be_visible()
    bar.get_by_role("button", name="Up").click()
    expect(page.locator(f"[data-pitch='{pitch + 15:.0f}']:is(canvas, model-viewer)")).to_be_visible()
    wide = "fov" if page_id == "square" else "radius"
    start = turned(page, wide)
    bar.get_by_role("button", name="Zoom in").click()
    page.wait_for_function(
        "([name, start]) => Number(document.querySelector('canvas[data-yaw], model-viewer').dataset[name]) < start",
        arg=[wide, start],
    )
    bar.get_by_role("button", name="From the start").click()
    expect(page.locator(f"[data-yaw='{yaw:.0f}']:is(canvas, model-viewer)")).to_be_visible()
    assert len(tab.requests) > before
    assert tab.strangers() == []


@pytest.mark.parametrize(
    ("page_id", "name", "yaw", "says"),
    [("square", "Harbour", 180, "The harbour master answers here."), ("hall", "Back", 180, "Deliveries only.")],
)
def test_the_places_of_a_scene_are_reached_and_read_by_keyboard_alone(enter, page_id, name, yaw, says):
    tab = enter()
    page = tab.open(page_id)
    keyboard = Keyboard(page)
    keyboard.go_to("Look around")
    page.keyboard.press("Enter")
    expect(page.locator(".scene-stage")).to_be_focused()
    keyboard.go_to(name)
    expect(page.locator(f":is([data-yaw='{yaw}'], [data-yaw='{yaw - 360}']):is(canvas, model-viewer)")).to_be_visible()
    page.keyboard.press("Enter")
    expect(place(page, name)).to_have_attribute("aria-expanded", "true")
    panel = page.locator(".scene-panel")
    expect(panel).to_contain_text(says)
    expect(panel).to_have_attribute("role", "status")
    expect(place(page, name)).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    keyboard.press("ArrowLeft")
    expect(
        page.locator(f":is([data-yaw='{yaw - 15}'], [data-yaw='{yaw - 375}']):is(canvas, model-viewer)")
    ).to_be_visible()
    expect(page.locator("[data-status]").first).to_contain_text("In view:")


def test_the_order_of_the_keyboard_is_that_of_the_table(enter):
    page = enter().open("square")
    open_scene(page)
    expect(page.locator(".scene-place")).to_have_text(["Town hall", "Fountain", "Harbour"])
    page.locator(".scene-stage").focus()
    for name in ("Town hall", "Fountain", "Harbour", "Left"):
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text(name)


def test_a_panorama_draws_its_photograph_in_every_direction(enter):
    """In front is the wall of the town hall, above it sky, below it the ground: colours of the photograph."""
    page = enter().open("square")
    open_scene(page)
    read = """() => new Promise((resolve) => {
      const canvas = document.querySelector('.scene-stage canvas');
      const shown = new MutationObserver(() => {
        const copy = document.createElement('canvas').getContext('2d');
        copy.drawImage(canvas, 0, 0, 300, 150);
        const at = (x, y) => [...copy.getImageData(x, y, 1, 1).data.slice(0, 3)];
        shown.disconnect();
        resolve([at(60, 3), at(150, 68), at(150, 147)]);
      });
      shown.observe(canvas, { attributes: true, attributeFilter: ['data-fov'] });
      document.querySelector('[data-turn=out]').click();
    })"""
    sky, wall, ground = page.evaluate(read)
    for found, drawn in ((sky, (0x9F, 0xC6, 0xDD)), (wall, (0xF2, 0xE3, 0xC2)), (ground, (0xC9, 0xB7, 0x9A))):
        assert max(abs(one - other) for one, other in zip(found, drawn, strict=True)) < 40, (sky, wall, ground)


@pytest.mark.parametrize("page_id", ["square", "hall"])
def test_without_webgl_picture_text_and_table_say_it_all(enter, page_id):
    tab = enter(WITHOUT_WEBGL)
    page = tab.open(page_id)
    page.get_by_role("button", name="Look around").click()
    expect(page.locator("[data-status]").first).to_contain_text("This cannot be shown here.")
    expect(page.locator(".scene-stage img")).to_be_visible()
    expect(page.locator(".scene-text")).to_be_visible()
    expect(page.locator(".scene-text")).to_be_focused()
    expect(page.locator(".scene-text tbody tr")).to_have_count(3)
    expect(page.get_by_role("group", name="Turn and zoom")).to_be_hidden()
    expect(page.get_by_role("button", name="Look around")).to_be_hidden()


def test_without_a_script_nothing_is_missing_and_no_button_does_nothing(enter):
    tab = enter(java_script_enabled=False)
    for page_id in ("films", "square", "hall", "map"):
        page = tab.open(page_id)
        content = page.locator(".prose")
        assert content.get_by_role("button").count() == 0
    expect(tab.open("films").locator("#welcome video")).to_be_visible()
    expect(tab.open("hall").locator(".scene-text tbody tr")).to_have_count(3)
    expect(tab.open("map").get_by_role("link", name="Open “Map of the services”")).to_be_visible()


def test_a_scene_asks_for_nothing_before_it_is_opened(enter):
    tab = enter()
    page = tab.open("hall")
    page.wait_for_load_state("networkidle")
    assert not [url for url in tab.requests if url.endswith(".glb") or "vendor/model-viewer" in url]


def test_a_room_is_offered_only_where_there_is_one(enter):
    page = enter().open("hall")
    open_scene(page)
    expect(page.get_by_role("button", name="Place it in your room")).to_be_hidden()
    viewer = page.locator("model-viewer")
    expect(viewer).to_have_attribute("ar-modes", "webxr")


def test_moving_the_device_turns_a_panorama_only_on_request(enter):
    page = enter(has_touch=True, is_mobile=True).open("square")
    open_scene(page)
    event = "new DeviceOrientationEvent('deviceorientation', {alpha: %d, beta: 90, gamma: 0})"
    page.evaluate(f"() => dispatchEvent({event % 0})")
    page.get_by_role("button", name="Right").click()
    expect(page.locator("canvas[data-yaw='15']")).to_be_visible()
    button = page.get_by_role("button", name="Turn by moving this device")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.evaluate(f"() => {{ dispatchEvent({event % 0}); dispatchEvent({event % 330}); }}")
    expect(page.locator("canvas[data-yaw='45']")).to_be_visible()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    page.evaluate(f"() => dispatchEvent({event % 180})")
    page.get_by_role("button", name="Left").click()
    expect(page.locator("canvas[data-yaw='30']")).to_be_visible()


@pytest.mark.parametrize("page_id", ["films", "square", "hall", "map"])
def test_no_barriers_in_light_and_dark_and_no_scrolling_sideways(enter, page_id):
    if not AXE.exists():
        skip_unless_in_ci("no axe-core; run `npm ci --ignore-scripts` in tests/")
    page = enter(bypass_csp=True).open(page_id)
    if page.get_by_role("button", name="Look around").count():
        open_scene(page)
        place = page.locator(".scene-place").first
        # The focus turns the view, which draws the place anew: on a busy machine a key meanwhile reaches nobody.
        place.focus()
        expect(place).to_be_focused()
        page.wait_for_function("() => document.activeElement.matches('.scene-place')")
        page.keyboard.press("Enter")
        expect(page.locator(".scene-panel .button")).to_be_visible()
    audit(page)
