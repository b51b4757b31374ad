"""Pages tell the page around their frame something only where the LMS takes it, and only the one that is known."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from lti_tool.extensions import db
from lti_tool.models import Deployment
from lti_tool.platforms import PRODUCTS, differences_of
from lti_tool.views import learn as waiting
from tests.lti_tool.learn.test_pick import ToolClient
from tests.lti_tool.signing_platform import launch_through, signing_platform


@pytest.fixture
def platform():
    with signing_platform() as platform:
        yield platform


@pytest.fixture
def client(app):
    return ToolClient(app, app.response_class)


def first_page(client, platform, headers=None, **changes):
    address = launch_through(client, platform, **changes).headers["Location"]
    return client.get(address, headers=headers or {}).text


def told(page) -> dict[str, str]:
    return dict(re.findall(r' data-(frame-parent|frame-messages)="([^"]*)"', page))


@pytest.mark.parametrize("product", PRODUCTS)
def test_only_what_a_platform_takes_is_sent(app, client, platform, product):
    platform.register(app, product=product)
    messages = differences_of(product).frame_messages
    page = first_page(client, platform)
    assert told(page).get("frame-messages", "") == " ".join(messages)
    assert ("tool/frame.js" in page) == bool(messages)


def test_the_site_that_the_launch_leads_back_to_is_told(app, client, platform):
    platform.register(app, product="canvas")
    presentation = {"return_url": "https://School.test:443/courses/1?x=1"}
    page = first_page(client, platform, launch_presentation=presentation)
    assert told(page)["frame-parent"] == "https://school.test"


def test_a_launch_that_leads_nowhere_tells_the_one_site_that_is_known(app, client, platform):
    platform.register(app, product="canvas")
    assert told(first_page(client, platform, launch_presentation=None)) == {}
    first_page(client, platform)
    assert told(first_page(client, platform, launch_presentation=None))["frame-parent"] == "https://lms.test"
    with app.app_context():
        db.session.execute(update(Deployment).values(frame_hosts=["https://lms.test", "https://other.test"]))
        db.session.commit()
    assert told(first_page(client, platform, launch_presentation=None)) == {}


@pytest.mark.parametrize(("site", "is_turn"), [("same-origin", True), ("cross-site", False), (None, False)])
def test_a_page_turn_is_one_that_our_own_page_led_to(app, client, platform, site, is_turn):
    platform.register(app, product="canvas")
    page = first_page(client, platform, {"Sec-Fetch-Site": site} if site else {})
    assert (" data-page-turn" in page) == is_turn


def test_a_database_that_is_lost_on_the_way_still_gives_a_page(app, client, platform, monkeypatch):
    """The page that says so is shown as the others are, and asks the database for nothing."""
    platform.register(app, product="canvas")
    address = launch_through(client, platform).headers["Location"]

    def lose(*_arguments, **_options):
        raise OperationalError("SELECT", None, Exception("the server is gone"))

    def lose_while_reading(*_arguments, **_options):
        monkeypatch.setattr(Engine, "connect", lose)
        lose()

    monkeypatch.setattr(waiting, "render_template", lose_while_reading)
    page = client.get(address)
    assert page.status_code == 503
    assert told(page.text)["frame-parent"] == "https://lms.test"


def test_pages_of_no_launch_tell_nobody(app, client, platform):
    platform.register(app, product="canvas")
    page = client.get("/l/unknown/")
    assert page.status_code == 401
    assert told(page.text) == {}
