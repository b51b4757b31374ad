"""The default profile: as strict as the specifications allow, and a little stricter where LMSs are."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms.model import MAX_ID, Placement
from lti_tool.practice_lms.profiles import DeepLinking, Profile
from lti_tool.practice_lms.storage import NO_STORAGE
from lti_tool.practice_lms.strict import line_items, memberships, results, scores, tokens
from lti_tool.practice_lms.strict.claims import RETURN_PATH, strict_claims, strict_content_claims
from lti_tool.practice_lms.strict.service import ServiceError, answer_error
from lti_tool.practice_lms.vocabulary import DEEP_LINKING

TOKEN_PATH = "/lti/token"  # noqa: S105


def services() -> Blueprint:
    """Token endpoint, gradebook services, memberships and groups."""
    return service_blueprint("strict", scores.scores)


def service_blueprint(
    name: str,
    take_score: Callable[[int, int], ResponseReturnValue],
    *,
    give_results: Callable[[int, int], ResponseReturnValue] = results.results,
    give_token: Callable[[], ResponseReturnValue] = tokens.token,
    token_path: str = TOKEN_PATH,
) -> Blueprint:
    """The services under the name of a profile, with its ways to take scores and to give results and tokens."""
    blueprint = Blueprint(name, __name__)
    blueprint.add_url_rule(token_path, "token", give_token, methods=["POST"])
    course = f"/lti/courses/<int(max={MAX_ID}):course_id>"
    items = f"{course}/line-items"
    item = f"{items}/<int(max={MAX_ID}):item_id>"
    blueprint.add_url_rule(items, "line_items", line_items.line_items, methods=["GET", "POST"])
    blueprint.add_url_rule(item, "line_item", line_items.line_item, methods=["GET", "PUT", "DELETE"])
    blueprint.add_url_rule(f"{item}/scores", "scores", take_score, methods=["POST"])
    blueprint.add_url_rule(f"{item}/results", "results", give_results, methods=["GET"])
    blueprint.add_url_rule(f"{course}/memberships", "memberships", memberships.memberships, methods=["GET"])
    blueprint.add_url_rule(f"{course}/groups", "groups", memberships.groups, methods=["GET"])
    blueprint.add_url_rule(f"{course}/group-sets", "group_sets", memberships.group_sets, methods=["GET"])
    blueprint.register_error_handler(ServiceError, answer_error)
    return blueprint


def message_hint(_placement: Placement | None) -> str:
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
    deep_linking=DeepLinking(
        return_path=RETURN_PATH,
        claims=strict_content_claims,
        names_what_is_edited=True,
        ticket=lambda claims, _query: str(claims.get(f"{DEEP_LINKING}data")),
        checks_audience=True,
        checks_message=True,
        names_by_label=False,
        keeps_label=True,
        keeps_dates=True,
        keeps_target=True,
        fills_in_a_form=False,
    ),
    services=services,
    storage=NO_STORAGE,
    # None is in a specification.
    frame_messages=(),
    notices_path=None,
)
