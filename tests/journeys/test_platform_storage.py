"""A frame that can keep nothing itself: the platform's page keeps the login's secret for it, or a window is offered."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Frame, Route, expect

from lti_tool.demo.prepare import CLIENT_ID
from lti_tool.practice_lms.storage import SILENT_STORAGE, STORAGE, UNNAMED_STORAGE, Storage
from tests.journeys.activity import begin, in_frame, new_window, sign_in
from tests.journeys.conftest import Chromium
from tests.journeys.people import enrol
from tests.journeys.world import World
from tests.lti_tool.servers import answer, raw_server, read_request

_LISTENER = """<iframe name="activity" src="%s"></iframe><script>
  const heard = [];
  addEventListener('message', (event) => {
    const {subject, message_id, key} = event.data;
    heard.push(subject);
    const supported_messages = [{subject: 'lti.put_data'}, {subject: 'lti.get_data'}];
    const guess = {subject: `${subject}.response`, message_id, key, value: 'guess', supported_messages};
    event.source.postMessage(guess, '*');
  });
</script>"""

kinds = pytest.mark.parametrize(
    "storage",
    [STORAGE, replace(STORAGE, frame="lti_storage"), UNNAMED_STORAGE],
    ids=["in-the-page", "in-a-frame", "told-when-asked"],
)


def activity_frame(chromium: Chromium) -> Frame:
    frame = chromium.page.frame(name="activity")
    assert frame is not None
    return frame


@kinds
def test_the_platform_keeps_the_secret_of_a_frame_that_cannot(
    world: World, chromium: Callable[..., Chromium], monkeypatch: pytest.MonkeyPatch, storage: Storage
) -> None:
    monkeypatch.setattr(world.stack.lms, "storage", storage)
    browser = chromium(without_storage=(world.tool, world.lms))
    sign_in(browser.page, world.lms, enrol(world.stack.lms))
    inside = in_frame(browser.page)
    begin(inside)
    heading = inside.get_by_role("heading", level=1).inner_text()
    activity_frame(browser).evaluate("() => location.reload()")
    expect(inside.get_by_role("heading", level=1)).to_have_text(heading)
    assert browser.context.cookies(world.tool) == []


def test_a_platform_that_promises_storage_and_never_answers_leaves_the_window(
    world: World, chromium: Callable[..., Chromium], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.stack.lms, "storage", SILENT_STORAGE)
    browser = chromium(without_storage=(world.tool, world.lms))
    sign_in(browser.page, world.lms, enrol(world.stack.lms))
    begin(new_window(browser.page, in_frame(browser.page).get_by_role("link", name="Open in a new window")))


def test_a_secret_that_the_platform_lost_leads_back_to_the_course(
    world: World, chromium: Callable[..., Chromium], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.stack.lms, "storage", STORAGE)
    browser = chromium(without_storage=(world.tool, world.lms))

    # The page that answered before is deaf from here on, as if it had been loaded anew.
    browser.context.add_init_script(
        "addEventListener('message', (event) => window.isDeaf && event.stopImmediatePropagation());"
    )

    def forget(route: Route) -> None:
        browser.page.evaluate("() => { window.isDeaf = true; }")
        route.continue_()

    browser.context.route("**/lti/launch", forget)
    sign_in(browser.page, world.lms, enrol(world.stack.lms))
    inside = in_frame(browser.page)
    expect(inside.get_by_role("status")).to_contain_text("could not show")
    inside.get_by_role("link", name="Back to your course").click()
    expect(browser.page.get_by_role("link", name="Open the activity again")).to_be_visible()


@pytest.mark.parametrize("target", ["_parent", None], ids=["named", "asked-for"])
def test_no_other_page_is_told_the_secret_or_heard(
    world: World, chromium: Callable[..., Chromium], target: str | None
) -> None:
    login = {"iss": world.lms, "client_id": CLIENT_ID, "target_link_uri": f"{world.tool}/lti/launch", "login_hint": "x"}
    address = f"{world.tool}/lti/login?{urlencode(login | ({'lti_storage_target': target} if target else {}))}"
    page = answer((_LISTENER % address.replace("&", "&amp;")).encode(), "200 OK", "Content-Type: text/html")

    def serve(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(page)

    with raw_server(serve) as port:
        attacker = f"http://127.0.0.1:{port}"
        browser = chromium(without_storage=(world.tool, attacker))
        browser.watch.expect("target origin provided")
        browser.watch.allow(attacker)
        browser.page.goto(attacker)
        expect(in_frame(browser.page).get_by_role("link", name="Open in a new window")).to_be_visible()
        heard = browser.page.evaluate("heard")
    assert set(heard) <= {"lti.capabilities"}
    assert bool(heard) == (target is None)
