"""The default profile: as strict as the specifications allow, and a little stricter where LMSs are."""

from __future__ import annotations

import secrets

from flask import Blueprint

from lti_tool.practice_lms.model import MAX_ID, Placement
from lti_tool.practice_lms.profiles import Profile
from lti_tool.practice_lms.strict import line_items, results, scores, tokens
from lti_tool.practice_lms.strict.claims import strict_claims
from lti_tool.practice_lms.strict.service import ServiceError, answer_error

TOKEN_PATH = "/lti/token"  # noqa: S105


def services() -> Blueprint:
    """Token endpoint and Assignment and Grade Services."""
    blueprint = Blueprint("strict", __name__)
    blueprint.add_url_rule(TOKEN_PATH, "token", tokens.token, methods=["POST"])
    items = f"/lti/courses/<int(max={MAX_ID}):course_id>/line-items"
    item = f"{items}/<int(max={MAX_ID}):item_id>"
    blueprint.add_url_rule(items, "line_items", line_items.line_items, methods=["GET", "POST"])
    blueprint.add_url_rule(item, "line_item", line_items.line_item, methods=["GET", "PUT", "DELETE"])
    blueprint.add_url_rule(f"{item}/scores", "scores", scores.scores, methods=["POST"])
    blueprint.add_url_rule(f"{item}/results", "results", results.results, methods=["GET"])
    blueprint.register_error_handler(ServiceError, answer_error)
    return blueprint


def message_hint(_placement: Placement) -> str:
    """An opaque hint: it says nothing to anyone but the LMS."""
    return secrets.token_urlsafe(24)


STRICT = Profile(
    name="strict",
    auth_path="/lti/auth",
    token_path=TOKEN_PATH,
    jwks_path="/lti/jwks",
    id_token_lifetime_s=300,
    keeps_grade=True,
    bounds_grade=False,
    message_hint=message_hint,
    claims=strict_claims,
    services=services,
)
