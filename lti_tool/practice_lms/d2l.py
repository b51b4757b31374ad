"""Profile ``d2l``: the strict one with what D2L writes of Brightspace, and what tools met there.

It was not recorded; each difference has its source beside it.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any, NoReturn

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.practice_lms import accounts
from lti_tool.practice_lms.model import LineItem
from lti_tool.practice_lms.platform import current_db
from lti_tool.practice_lms.profiles import Launch, Occasion
from lti_tool.practice_lms.strict import STRICT, service_blueprint, tokens
from lti_tool.practice_lms.strict import scores as strict
from lti_tool.practice_lms.strict.claims import strict_claims, strict_content_claims
from lti_tool.practice_lms.strict.service import refuse
from lti_tool.practice_lms.strict.tokens import TokenError
from lti_tool.practice_lms.vocabulary import LTI

TOKEN_PATH = "/core/connect/token"  # noqa: S105
TOKEN_AUDIENCE = "https://api.brightspace.com/auth/token"  # noqa: S105  (an address)
_ID_TOKEN_LIFETIME_S = 1800


def claims(launch: Launch) -> dict[str, Any]:
    """All claims of a resource link launch except the times."""
    return _as_d2l(strict_claims(launch), launch)


def _as_d2l(found: dict[str, Any], occasion: Occasion) -> dict[str, Any]:
    """Source: D2L, "Security settings for LTI Advantage 1.3", the sample request (no ``azp``, with ``nbf``)."""
    found.pop("azp")
    platform = found[f"{LTI}tool_platform"] | {"product_family_code": "desire2learn", "version": "20.24"}
    return found | {
        f"{LTI}tool_platform": platform,
        f"{LTI}lti11_legacy_user_id": occasion.person.sub,
        "nbf": int(occasion.at.timestamp()),
    }


def give_token() -> ResponseReturnValue:
    """Give an access token."""
    return tokens.token(_refusal)


def _refusal(error: TokenError) -> tuple[dict[str, str], int]:
    """Refuse an assertion in the words of the shared token service.

    Source: dmitry-viskov/pylti1.3, issue 43; D2L, "LTI Advantage Developer FAQ".
    """
    if error.error != "invalid_client":
        return tokens.refusal(error)
    description = f"Error validating assertion: {error.description}"
    return {"error": "invalid_grant", "error_description": description}, HTTPStatus.BAD_REQUEST


def scores(course_id: int, item_id: int) -> ResponseReturnValue:
    """Store a score."""
    return strict.scores(course_id, item_id, _refuse_person)


def _refuse_person(item: LineItem, sub: str) -> NoReturn:
    """Refuse somebody who is not graded, by why that is.

    Source: hypothesis/lms, lms/services/lti_grading/_v13.py, the answers for people who left (403, 404);
    D2L, "LTI Advantage Developer FAQ", a role that is not graded (422).
    """
    if accounts.person(current_db(), sub) is None:
        refuse("User in requested score does not exist", HTTPStatus.NOT_FOUND)
    if accounts.role(current_db(), item.course_id, sub) is None:
        refuse("User in requested score is not enrolled in the org unit", HTTPStatus.FORBIDDEN)
    refuse("Unprocessable entity", HTTPStatus.UNPROCESSABLE_ENTITY)


def services() -> Blueprint:
    """The strict services with Brightspace's way to take scores and to refuse tokens."""
    return service_blueprint("d2l", scores, give_token=give_token, token_path=TOKEN_PATH)


D2L = replace(
    STRICT,
    name="d2l",
    # Source: D2L's page after registering a tool, "Brightspace Registration Details". Tokens come from another host
    # there; here all is of one.
    auth_path="/d2l/lti/authenticate",
    token_path=TOKEN_PATH,
    token_audience=TOKEN_AUDIENCE,
    jwks_path="/d2l/.well-known/jwks",
    id_token_lifetime_s=_ID_TOKEN_LIFETIME_S,
    # A grade above the maximum is cut to it unless the column says "Can Exceed".
    # Source: D2L, "Assignments and grades services extension with LTI 1.3".
    bounds_grade=True,
    claims=claims,
    deep_linking=replace(STRICT.deep_linking, claims=lambda asked: _as_d2l(strict_content_claims(asked), asked)),
    services=services,
)
