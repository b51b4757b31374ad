"""A launch that fails leads back to the site of its platform, where it is known which that is."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from lti_tool.extensions import db
from lti_tool.models import Deployment
from tests.lti_tool.signing_platform import begin_login, launch_through, post_launch, signing_platform


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


def failed_launch(client, platform) -> str:
    page = post_launch(client, begin_login(client, platform)["state"], "no token")
    assert page.status_code == 400
    return page.text


def test_a_platform_from_which_nobody_came_yet_is_at_its_authentication_address(client, platform):
    assert 'href="https://lms.test" target="_top"' in failed_launch(client, platform)


def test_later_it_is_where_people_came_from(app, client, platform):
    launch_through(client, platform)
    with app.app_context():
        db.session.execute(update(Deployment).values(frame_hosts=["https://school.test"]))
        db.session.commit()
    assert 'href="https://school.test" target="_top"' in failed_launch(client, platform)


def test_a_registration_of_several_sites_leads_to_none(app, client, platform):
    launch_through(client, platform)
    with app.app_context():
        db.session.execute(update(Deployment).values(frame_hosts=["https://school.test", "https://other.test"]))
        db.session.commit()
    assert 'target="_top"' not in failed_launch(client, platform)


def test_a_launch_that_is_sent_again_leads_back_too(client, platform):
    asked = begin_login(client, platform)
    token = platform.sign(platform.claims(asked["nonce"]))
    assert post_launch(client, asked["state"], token).status_code == 303
    again = post_launch(client, asked["state"], token)
    assert again.status_code == 400
    assert 'href="https://lms.test" target="_top"' in again.text


def test_a_launch_of_no_login_leads_nowhere(client, platform):
    page = post_launch(client, "x" * 22, "no token")
    assert page.status_code == 400
    assert 'target="_top"' not in page.text
