"""A module that was opened stays readable with the network cut: in a frame, and in its own window after a reload."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Frame, Page, expect
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.models import Answer, Deployment, Launch, PageVisit
from tests.journeys.looking import look

expect.set_options(timeout=30_000)

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
    pytest.mark.usefixtures("axe"),
]
OFFLINE = "[data-is-offline]"
# Of one launch: to open a store that the page is deleting would make it anew.
PAGES = """async (handle) => {
  const names = (await caches.keys()).filter((each) => each.startsWith('module:') && each.includes(handle));
  const kept = await Promise.all(names.map(async (each) => (await caches.open(each)).keys()));
  return kept.flat().map(({url}) => new URL(url).pathname).sort();
}"""
NAMES = "async () => (await caches.keys()).sort()"


def kept_pages(tab: Page | Frame, home: str) -> None:
    """Wait until all pages of the module were fetched ahead."""
    wanted = sorted(home + each for each in ("pages/quiz", "pages/reading", "start"))
    for _ in range(100):
        if tab.evaluate(PAGES, home.split("/")[2]) == wanted:
            return
        tab.wait_for_timeout(300)
    assert tab.evaluate(PAGES, home.split("/")[2]) == wanted


def answers(app) -> dict[str, object]:
    with app.app_context():
        return dict(db.session.execute(select(Answer.question_id, Answer.response)).all())


@pytest.fixture
def cut(server) -> Callable[[], None]:
    """Stop the tool: what a worker asks for, or a page that closes, gets past the browser's own way to be offline."""

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop


def says_when(tab: Page | Frame) -> None:
    expect(tab.locator(OFFLINE)).to_contain_text(re.compile(r"No connection\. This is how the page was at \d\d:\d\d\."))


@pytest.fixture
def frame(app, learner, tab, course) -> Frame:
    """The module in the frame of another site's page."""
    site, shown = course
    with app.app_context():
        db.session.query(Deployment).update({"frame_hosts": [site]})
        db.session.commit()
    tab.goto("/healthz")
    shown["inside"] = tab.evaluate("origin") + learner.home + "pages/reading"
    tab.goto(site)
    tab.locator("iframe").evaluate("frame => { frame.width = 900; }")
    frame = tab.frames[1]
    expect(frame.get_by_role("heading", name="Reading")).to_be_visible()
    return frame


def test_in_a_frame_the_same_links_lead_to_copies_and_answers_catch_up(app, learner, tab, frame):
    expect(frame.locator("[data-offline]")).to_have_attribute("data-kept", "3")
    with app.app_context():
        assert db.session.scalars(select(PageVisit.page_id)).all() == ["reading"], "fetched ahead is not opened"
    # A link to a place of the same page leads to no copy.
    frame.get_by_role("link", name="Skip to the content").press("Enter")
    frame.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(frame.locator(OFFLINE)).to_have_count(0)
    tab.context.set_offline(True)
    frame.get_by_role("navigation", name="Previous and next page").get_by_role(
        "button", name="Done. Next: Quiz"
    ).click()
    says_when(frame)
    expect(frame.get_by_role("heading", name="Quiz", exact=True)).to_be_focused()
    frame.locator("[id=q-single]").get_by_label("Beta").check()
    expect(frame.locator("[data-status]")).to_contain_text("Your answers wait here and are sent by themselves: 1")
    expect(frame.locator("[id=q-single] [data-saved]")).to_have_text("Not sent yet")
    frame.get_by_role("link", name="Search").click()
    expect(frame.get_by_role("alert")).to_contain_text("No connection. Nothing is lost")
    frame.get_by_role("button", name="Look over and submit").click()
    expect(frame.locator("[data-status]")).to_contain_text("Nothing is lost")
    frame.get_by_role("link", name="Reading").last.click()
    expect(frame.get_by_role("heading", name="Reading")).to_be_focused()
    expect(frame.get_by_role("img", name="A bridge over a river")).to_have_js_property("complete", True)
    frame.get_by_text("Contents").first.click()
    frame.get_by_role("navigation", name="Contents").get_by_role("link", name="Quiz").click()
    expect(frame.locator("[id=q-single]").get_by_label("Beta")).to_be_checked()
    assert answers(app) == {}
    tab.context.set_offline(False)
    expect(frame.locator("[id=q-single] [data-saved]")).to_contain_text("Saved")
    assert answers(app) == {"q-single": "beta"}
    expect(frame.locator(OFFLINE)).to_contain_text("The connection is back.")
    with app.app_context():
        done = select(PageVisit.page_id).where(PageVisit.done_at.is_not(None))
        assert db.session.scalars(done).all() == ["reading"], "done without a network is marked afterwards"
    frame.get_by_role("link", name="Show the page as it is now").click()
    expect(frame.locator(OFFLINE)).to_have_count(0)
    expect(frame.locator("[id=q-single]").get_by_label("Beta")).to_be_checked()
    # This browser lets the frame of another site keep nothing: the page itself held it all.
    with pytest.raises(Error, match="SecurityError"):
        frame.evaluate("caches.keys()")


def test_what_was_done_without_a_network_is_marked_by_the_next_launch_if_this_one_is_over(app, learner, visit, tab):
    tab.goto(learner.home + "pages/reading")
    kept_pages(tab, learner.home)
    tab.context.set_offline(True)
    tab.get_by_role("button", name="Done. Next: Quiz").click()
    says_when(tab)
    assert "csrf" not in tab.evaluate("JSON.stringify(sessionStorage)"), "the token of a launch is not kept"
    with app.app_context():
        db.session.execute(update(Launch).values(expires_at=Launch.created_at))
        db.session.commit()
    with tab.expect_response(lambda answer: answer.url.endswith("/done") and answer.status == 401):
        tab.context.set_offline(False)
    again = visit(name="Learner One")
    with tab.expect_response(lambda answer: answer.url.endswith(f"{again.home}pages/reading/done")):
        tab.goto(again.home + "start")
    with app.app_context():
        assert db.session.scalars(select(PageVisit.page_id).where(PageVisit.done_at.is_not(None))).all() == ["reading"]
    assert tab.evaluate("Object.keys(sessionStorage)") == []


def worker_is_there(tab: Page) -> None:
    tab.evaluate("async () => (await navigator.serviceWorker.ready).active.state")


def test_in_its_own_window_a_reload_shows_the_copy(app, learner, tab, cut):
    tab.goto(learner.home + "pages/quiz")
    worker_is_there(tab)
    kept_pages(tab, learner.home)
    cut()
    tab.reload()
    says_when(tab)
    look(tab, "offline")
    tab.locator("[id=q-single]").get_by_label("Beta").check()
    expect(tab.locator("[data-status]")).to_contain_text("Your answers wait here")
    tab.reload()
    expect(tab.locator("[id=q-single]").get_by_label("Beta")).to_be_checked()
    tab.get_by_role("link", name="Reading").last.click()
    says_when(tab)
    expect(tab.get_by_role("heading", name="Reading")).to_be_visible()
    assert answers(app) == {}


def test_another_persons_launch_deletes_what_was_kept_and_is_shown_nothing_of_it(app, learner, visit, tab, cut):
    tab.goto(learner.home + "pages/reading")
    worker_is_there(tab)
    kept_pages(tab, learner.home)
    second = visit("learner-2")
    tab.goto(second.home + "pages/reading")
    kept_pages(tab, second.home)
    assert [each for each in tab.evaluate(NAMES) if second.home.split("/")[2] not in each] == []
    cut()
    with pytest.raises(Error, match="ERR_"):
        tab.goto(learner.home + "pages/reading")


def test_a_launch_that_is_over_leaves_nothing(app, learner, tab):
    tab.goto(learner.home + "pages/reading")
    worker_is_there(tab)
    kept_pages(tab, learner.home)
    with app.app_context():
        db.session.execute(update(Launch).values(expires_at=Launch.created_at))
        db.session.commit()
    tab.reload()
    expect(tab.get_by_role("alert")).to_contain_text("open the activity again")
    assert tab.evaluate(NAMES) == []


def test_a_shared_computer_keeps_no_page_and_stays_readable_while_the_page_is_open(learner, tab):
    tab.goto(learner.home + "pages/reading")
    worker_is_there(tab)
    kept_pages(tab, learner.home)
    tab.goto(learner.home + "computer/")
    tab.get_by_role("button", name="This is a shared computer").click()
    expect(tab.get_by_role("status").first).to_contain_text("nothing is kept")
    tab.wait_for_function("async () => !(await caches.keys()).length")
    tab.goto(learner.home + "pages/reading")
    expect(tab.locator("[data-offline]")).to_have_attribute("data-kept", "3")
    tab.context.set_offline(True)
    tab.get_by_role("button", name="Done. Next: Quiz").click()
    expect(tab.locator(OFFLINE)).to_contain_text("Keep this page open")
    assert tab.evaluate(NAMES) == []
    assert tab.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    tab.context.set_offline(False)


def test_nothing_is_fetched_ahead_where_data_is_to_be_saved(learner, tab):
    tab.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    asked = []
    tab.on("request", lambda request: asked.append(request.url) if "x-ahead" in request.headers else None)
    tab.goto(learner.home + "pages/reading")
    tab.wait_for_timeout(7_000)
    assert asked == []


def test_a_form_that_cannot_be_sent_does_not_take_the_page_away(learner, tab):
    tab.goto(learner.home + "start")
    tab.context.set_offline(True)
    tab.get_by_role("button", name="Change language").click()
    expect(tab.get_by_role("alert")).to_contain_text("No connection. Nothing is lost")
    tab.context.set_offline(False)
    tab.get_by_role("combobox", name="Language").select_option("fi")
    tab.get_by_role("button", name="Change language").click()
    expect(tab.locator("html")).to_have_attribute("lang", "fi")
