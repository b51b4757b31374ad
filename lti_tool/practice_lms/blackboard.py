"""Profile ``blackboard``: the strict one with what Anthology writes of Blackboard Learn, and what tools met there.

It was not recorded; each difference has its source beside it. Its issuer would be ``https://blackboard.com`` for all
customers; here it stays the LMS's own address. It registers no tools by itself: that is done in its developer portal.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms.model import LineItem
from lti_tool.practice_lms.profiles import Launch, Occasion
from lti_tool.practice_lms.storage import UNNAMED_STORAGE
from lti_tool.practice_lms.strict import STRICT, results, service_blueprint
from lti_tool.practice_lms.strict import scores as strict
from lti_tool.practice_lms.strict.claims import strict_claims, strict_content_claims
from lti_tool.practice_lms.strict.service import refuse
from lti_tool.practice_lms.vocabulary import LTI

TOKEN_PATH = "/api/v1/gateway/oauth2/jwttoken"  # noqa: S105


def claims(launch: Launch) -> dict[str, Any]:
    """All claims of a resource link launch except the times."""
    return _as_blackboard(strict_claims(launch), launch)


def _as_blackboard(found: dict[str, Any], occasion: Occasion) -> dict[str, Any]:
    """Source: Anthology, "Sample JWT content", https://docs.anthology.com/docs/blackboard/lti/1.3/core/jwt-contents."""
    named = {"name": "Blackboard, Inc.", "description": "Blackboard, Inc.", "version": "3900.93.0-rel.59+7d3ba1c"}
    platform = found[f"{LTI}tool_platform"] | named | {"product_family_code": "BlackboardLearn"}
    return found | {f"{LTI}tool_platform": platform, "locale": occasion.person.locale}


def scores(course_id: int, item_id: int) -> ResponseReturnValue:
    """Store a score."""
    return strict.scores(course_id, item_id, _refuse_person)


def _refuse_person(_item: LineItem, sub: str) -> NoReturn:
    """Source: hypothesis/lms, lms/services/lti_grading/_v13.py, the answer for people who left."""
    refuse(f"User could not be found: {sub}", HTTPStatus.BAD_REQUEST)


def give_results(course_id: int, item_id: int) -> ResponseReturnValue:
    """The results of a line item; of one person, they come without comments.

    Source: hypothesis/lms, the same file, read_result.
    """
    return results.results(course_id, item_id, has_comments="user_id" not in request.args)


def services() -> Blueprint:
    """The strict services with Blackboard's way to take scores and to give results."""
    return service_blueprint("blackboard", scores, give_results=give_results, token_path=TOKEN_PATH)


BLACKBOARD = replace(
    STRICT,
    name="blackboard",
    # Source: Anthology, "LTI Message Launch Flow" and "Authenticating to the LTI Subsystems". There all this stands at
    # the developer portal, and the key set's address holds the application's id.
    auth_path="/api/v1/gateway/oidcauth",
    token_path=TOKEN_PATH,
    jwks_path="/api/v1/management/applications/practice/jwks.json",
    claims=claims,
    deep_linking=replace(STRICT.deep_linking, claims=lambda asked: _as_blackboard(strict_content_claims(asked), asked)),
    services=services,
    storage=UNNAMED_STORAGE,
)
