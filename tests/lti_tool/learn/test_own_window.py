"""Going on in a window of its own, where the frame's cookies do not reach."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from lti_tool.extensions import db
from lti_tool.models import Deployment, Launch
from lti_tool.services.fingerprints import fingerprint
from tests.lti_tool.launching import launch
from tests.lti_tool.learn.visitor import Visitor

FRAMED = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def framed(app, learner):
    """A learner in a frame whose cookie binds the launch."""
    client = app.test_client()
    client.environ_base.update(learner.client.environ_base)
    client.set_cookie("__Host-browser", f"browser-of-{id(client)}")
    client.environ_base["HTTP_SEC_FETCH_DEST"] = "iframe"
    return Visitor(client, launch(app, client))


@pytest.fixture
def elsewhere(app, learner):
    """The same browser outside of the frame: with none of its cookies."""
    client = app.test_client()
    client.environ_base.update(learner.client.environ_base)
    return client


def ticket_of(framed):
    page = framed.open("start").press("Open in its own window")
    return re.search(r'href="(/lti/own-window/[^"]+)" target="_blank"', page.html)[1]


def test_a_frame_offers_it_and_a_window_does_not(framed, learner):
    assert "Open in its own window" in framed.open("start").text
    framed.client.environ_base["HTTP_SEC_FETCH_DEST"] = "document"
    assert "Open in its own window" not in framed.open("start").text


def test_the_window_goes_on_as_the_same_person_with_a_cookie_of_its_own(framed, elsewhere):
    framed.open("pages/reading")
    assert elsewhere.get(framed.home + "start").status_code == 401
    entered = elsewhere.get(ticket_of(framed))
    assert entered.status_code == 303
    home = entered.headers["Location"]
    assert home != framed.home
    assert "Continue: Reading" in Visitor(elsewhere, home).open("start").text
    assert "Continue: Reading" in framed.open("start").text, "the frame goes on, too"
    elsewhere.delete_cookie("__Host-browser")
    assert elsewhere.get(home + "start").status_code == 401, "the address alone opens nothing"


def test_a_ticket_is_good_once_and_not_for_long(app, framed, elsewhere):
    address = ticket_of(framed)
    assert elsewhere.get(address).status_code == 303
    assert elsewhere.get(address).status_code == 400
    late = ticket_of(framed)
    with app.app_context():
        db.session.query(Launch).update({"window_until": datetime.now(UTC) - timedelta(seconds=1)})
        db.session.commit()
    assert elsewhere.get(late).status_code == 400
    assert elsewhere.get("/lti/own-window/nothing").status_code == 400


def test_a_launch_that_is_over_opens_no_window(app, framed, elsewhere):
    address = ticket_of(framed)
    with app.app_context():
        db.session.query(Launch).update({"expires_at": datetime.now(UTC)})
        db.session.commit()
    assert elsewhere.get(address).status_code == 400


def test_scores_of_the_window_go_where_those_of_the_frame_go(app, framed, elsewhere):
    with app.app_context():
        values = {"line_item_url": "https://lms.test/items/7", "return_url": "https://lms.test/back", "locale": "fi"}
        db.session.query(Launch).filter_by(handle_hash=fingerprint(framed.home.split("/")[2])).update(values)
        db.session.commit()
    page = framed.open("start").press("Avaa omassa ikkunassa")
    home = elsewhere.get(re.search(r'href="(/lti/own-window/[^"]+)"', page.html)[1]).headers["Location"]
    with app.app_context():
        found = db.session.query(Launch).filter_by(handle_hash=fingerprint(home.split("/")[2])).one()
        assert {name: getattr(found, name) for name in values} == values
        assert found.document_target == "window"


@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
def test_it_is_shown_where_the_frame_is_small(app, learner, tab, course):
    site, shown = course
    with app.app_context():
        db.session.query(Deployment).update({"frame_hosts": [site]})
        db.session.commit()
    tab.goto(learner.home + "start")
    shown["inside"] = tab.url
    tab.goto(site)
    inside = tab.frame_locator("iframe")
    offer = inside.get_by_role("button", name="Open in its own window")
    expect(offer).to_be_visible()
    tab.locator("iframe").evaluate("frame => { frame.width = 900; }")
    expect(offer).to_be_hidden()
    tab.locator("iframe").evaluate("frame => { frame.width = 360; }")
    offer.click()
    with tab.context.expect_page() as opened:
        inside.get_by_role("link", name="Open in a new window").click()
    expect(opened.value.get_by_role("link", name="Start", exact=True)).to_be_visible()
