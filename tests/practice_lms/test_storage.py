"""Storage for tools in the LMS's pages: what is promised, and what stands in the page.

What it answers is tried in a real browser, in ``journeys/test_platform_storage.py``.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from lti_tool.practice_lms.config import ProfileName
from lti_tool.practice_lms.storage import NO_STORAGE, SILENT_STORAGE, STORAGE, UNNAMED_STORAGE, Storage
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.tool import TOOL_URL, form_of, sign_in


@pytest.mark.parametrize(
    ("storage", "named", "script", "frames"),
    [
        (NO_STORAGE, None, False, 0),
        (STORAGE, "_parent", True, 0),
        (SILENT_STORAGE, "_parent", False, 0),
        (UNNAMED_STORAGE, None, True, 1),
    ],
)
def test_logins_launches_and_pages_offer_what_is_set(
    make_lms: Callable[..., Flask], storage: Storage, named: str | None, script: bool, frames: int
) -> None:
    client = client_of(make_lms(storage=storage))
    sign_in(client, "learner-1")
    page = client.get("/courses/1/placements/1").text
    assert (f'data-storage="{storage.frame}"' in page) == script
    assert page.count('name="lti_storage"') == frames
    # A message that comes before the script is lost.
    assert not script or page.index("storage.js") < page.index('name="activity"')

    _, login = form_of(client.get("/placements/1/launch"))
    assert login.get("lti_storage_target") == named
    request = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": login["client_id"],
        "redirect_uri": f"{TOOL_URL}/launch",
        "login_hint": login["login_hint"],
        "lti_message_hint": login["lti_message_hint"],
        "state": "s",
        "nonce": "n",
    }
    _, launch = form_of(client.get("/lti/auth", query_string=request))
    assert launch.get("lti_storage_target") == named


@pytest.mark.parametrize(
    ("profile", "named"),
    [
        ("strict", None),
        ("moodle", None),
        ("canvas", "post_message_forwarding"),
        ("sakai", "_parent"),
        ("blackboard", None),
        ("d2l", None),
    ],
)
def test_each_profile_does_as_its_lms(make_lms: Callable[..., Flask], profile: ProfileName, named: str | None) -> None:
    client = client_of(make_lms(profile=profile))
    sign_in(client, "learner-1")
    _, login = form_of(client.get("/placements/1/launch"))
    assert login["iss"] == LMS_URL
    assert login.get("lti_storage_target") == named


def test_the_frame_that_tools_ask_is_a_page_of_ours(make_lms: Callable[..., Flask]) -> None:
    answer = client_of(make_lms()).get("/storage")
    assert answer.status_code == 200
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
