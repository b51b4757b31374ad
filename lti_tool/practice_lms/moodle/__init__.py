"""Profile ``moodle``: answers as Moodle 4.5.6 was recorded to, computed from what the LMS holds.

It is lax where Moodle is lax and odd where Moodle is odd; each oddity says so where it is.
"""

from __future__ import annotations

import json
import secrets

from flask import Blueprint

from lti_tool.practice_lms.model import Placement
from lti_tool.practice_lms.moodle import line_items, memberships, results, scores, service, tokens
from lti_tool.practice_lms.moodle.claims import RETURN_PATH, moodle_claims, moodle_content_claims
from lti_tool.practice_lms.profiles import DeepLinking, Profile
from lti_tool.practice_lms.storage import NO_STORAGE

TOKEN_PATH = "/mod/lti/token.php"  # noqa: S105


def services() -> Blueprint:
    """Token endpoint, gradebook services and memberships."""
    blueprint = Blueprint("moodle", __name__)
    methods = ["GET", "POST", "PUT", "DELETE"]
    items = f"{service.SERVICES_PATH}/<course>/lineitems"
    item = f"{items}/<item>/lineitem"
    members = f"{service.SERVICES_PATH}/<context_type>/<course>/bindings/<tool>/memberships"
    blueprint.add_url_rule(TOKEN_PATH, "token", tokens.token, methods=["GET", "POST"])
    blueprint.add_url_rule(items, "line_items", line_items.line_items, methods=methods)
    blueprint.add_url_rule(item, "line_item", line_items.line_item, methods=methods)
    blueprint.add_url_rule(f"{item}/scores", "scores", scores.scores, methods=methods)
    blueprint.add_url_rule(f"{item}/results", "results", results.results, methods=methods)
    blueprint.add_url_rule(members, "memberships", memberships.memberships, methods=methods)
    blueprint.add_url_rule(f"{service.SERVICES_PATH}/<path:_path>", "unknown", service.unknown, methods=methods)
    blueprint.register_error_handler(service.MoodleError, service.answer_error)
    return blueprint


def message_hint(placement: Placement | None) -> str:
    """Moodle's hint: JSON with the course module, if there is one, and a launch id that is used once."""
    if placement is None:
        return json.dumps({"launchid": f"ltilaunch_{secrets.randbelow(2**31)}"}, separators=(",", ":"))
    launch_id = f"ltilaunch{placement.id}_{secrets.randbelow(2**31)}"
    return json.dumps({"cmid": placement.activity_id, "launchid": launch_id}, separators=(",", ":"))


MOODLE = Profile(
    name="moodle",
    auth_path="/mod/lti/auth.php",
    token_path=TOKEN_PATH,
    jwks_path="/mod/lti/certs.php",
    id_token_lifetime_s=60,
    keeps_grade=False,
    bounds_grade=True,
    message_hint=message_hint,
    claims=moodle_claims,
    deep_linking=DeepLinking(
        return_path=RETURN_PATH,
        claims=moodle_content_claims,
        names_what_is_edited=False,
        # The session key in the address is all that binds an answer.
        ticket=lambda _claims, _query: None,
        checks_audience=False,
        checks_message=False,
        names_by_label=False,
        keeps_label=False,
        keeps_dates=False,
        keeps_target=False,
        fills_in_a_form=True,
    ),
    # As recorded: neither the parameter nor an answer.
    storage=NO_STORAGE,
    services=services,
    # Nothing of the kind was recorded, and nothing is documented.
    frame_messages=(),
    notices_path=None,
)
