"""Verifying a launch: the token's signature and every rule that binds it to its login.

Source: LTI Security Framework 1.0, section 5.1.3; LTI 1.3, section 5.3.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.types import Options

from lti_tool.errors import LaunchError
from lti_tool.lti.text import is_identifier
from lti_tool.lti.vocabulary import ID_LENGTH, LTI
from lti_tool.models import Message

ALGORITHM = "RS256"
MAX_TOKEN_CHARACTERS = 100_000
MAX_SECONDS = 1e11
"""Later than any date that a token can mean; beyond lie infinity and numbers that no clock holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the login fixed, and the token has to say, too."""

    issuer: str
    client_id: str
    nonce: str
    target_link_uri: str
    deployment_id: str | None
    """``None`` where the platform named none at login."""
    allows_anonymous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a token is judged, and how exactly clocks have to agree."""

    at: datetime
    leeway: timedelta
    max_age: timedelta


def key_id(token: str) -> str:
    """Read from a token's header which key signed it.

    Raises:
        LaunchError: if it is no token, or not signed as it has to be.
    """
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise LaunchError("token-malformed", "The token is too long.")
    try:
        # The header alone: PyJWT would decode the rest, too, which verify() does in any case.
        header = jwt.get_unverified_header(token.partition(".")[0] + "..")
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise LaunchError("token-malformed", "The token is not a signed JWT.") from error
    if header.get("alg") != ALGORITHM:
        raise LaunchError("algorithm-wrong", "The token is not signed with RS256.")
    kid = header.get("kid")
    if not is_identifier(kid, ID_LENGTH):
        raise LaunchError("kid-missing", "The token does not say which key signed it.")
    return kid


def verify(token: str, key: RSAPublicKey, expected: Expected, moment: Moment) -> dict[str, Any]:
    """Check a token's signature and all claims that are the same for every message.

    Returns:
        The claims.

    Raises:
        LaunchError: naming the rule that it breaks.
    """
    claims = _decode(token, key)
    _check_parties(claims, expected.issuer, expected.client_id)
    _check_times(claims, moment)
    _check_login(claims, expected)
    _check_message(claims)
    _check_person(claims, expected)
    return claims


def verify_notice(token: str, key: RSAPublicKey, issuer: str, client_id: str, moment: Moment) -> dict[str, Any]:
    """Check a notice's signature and all claims that are the same for every kind of notice.

    No login belongs to it: its nonce is kept once it was taken, so that it is good once
    (:func:`lti_tool.services.notices.receive`).

    Source: LTI Platform Notification Service 1.0, section 3.

    Returns:
        The claims.

    Raises:
        LaunchError: naming the rule that it breaks.
    """
    claims = _decode(token, key)
    _check_parties(claims, issuer, client_id)
    _check_times(claims, moment)
    if not is_identifier(claims.get("nonce"), ID_LENGTH):
        raise LaunchError("nonce-wrong", "The notice has no nonce.")
    if claims.get(LTI + "version") != "1.3.0":
        raise LaunchError("version-wrong", "The notice is not of LTI 1.3.0.")
    if not is_identifier(claims.get(LTI + "deployment_id"), ID_LENGTH):
        raise LaunchError("deployment-missing", "The notice names no deployment.")
    return claims


def _decode(token: str, key: RSAPublicKey) -> dict[str, Any]:
    """Check the signature, and nothing else: PyJWT knows neither the login nor a time that is given to it."""
    options: Options = {
        "verify_aud": False,
        "verify_exp": False,
        "verify_iat": False,
        "verify_iss": False,
        "verify_jti": False,
        "verify_nbf": False,
        "verify_sub": False,
    }
    try:
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM], options=options)
    except jwt.InvalidSignatureError as error:
        raise LaunchError("signature-wrong", "The token's signature is not the platform's.") from error
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise LaunchError("token-malformed", "The token cannot be read.") from error
    return claims


def _check_parties(claims: Mapping[str, Any], issuer: str, client_id: str) -> None:
    if claims.get("iss") != issuer:
        raise LaunchError("issuer-wrong", "The token comes from another platform than the login.")
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or client_id not in audiences:
        raise LaunchError("audience-wrong", "The token is meant for another tool.")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise LaunchError("azp-wrong", "The token was issued to another tool.")


def _check_times(claims: Mapping[str, Any], moment: Moment) -> None:
    now, leeway_s = moment.at.timestamp(), moment.leeway.total_seconds()
    expires, issued = _seconds(claims, "exp"), _seconds(claims, "iat")
    if expires + leeway_s <= now:
        raise LaunchError("expired", "The token has expired.", detail=f"{now - expires:.0f} s ago")
    if issued - leeway_s > now:
        raise LaunchError("iat-future", "The token was issued in the future.", detail=f"{issued - now:.0f} s ahead")
    if issued + moment.max_age.total_seconds() + leeway_s <= now:
        raise LaunchError("iat-old", "The token was issued too long ago.", detail=f"{now - issued:.0f} s ago")
    if "nbf" in claims and _seconds(claims, "nbf") - leeway_s > now:
        raise LaunchError("nbf-future", "The token is not valid yet.")


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= MAX_SECONDS:
        raise LaunchError(f"{name}-missing", f"The token's {name} is missing or no time.")
    return float(value)


def _check_login(claims: Mapping[str, Any], expected: Expected) -> None:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode("utf-8", "replace"), expected.nonce.encode()):
        raise LaunchError("nonce-wrong", "The token answers another login.")
    deployment = claims.get(LTI + "deployment_id")
    if not is_identifier(deployment, ID_LENGTH):
        raise LaunchError("deployment-missing", "The token names no deployment.")
    if expected.deployment_id is not None and deployment != expected.deployment_id:
        raise LaunchError("deployment-wrong", "The token names another deployment than the login.")
    if claims.get(LTI + "target_link_uri") != expected.target_link_uri:
        raise LaunchError("target-wrong", "The token leads to another address than the login.")


def _check_message(claims: Mapping[str, Any]) -> None:
    if claims.get(LTI + "version") != "1.3.0":
        raise LaunchError("version-wrong", "The token is not of LTI 1.3.0.")
    message = claims.get(LTI + "message_type")
    if not is_identifier(message, ID_LENGTH):
        raise LaunchError("message-missing", "The token does not say what kind of message it is.")
    if message not in set(Message):
        raise LaunchError("message-unsupported", "The tool does not take this kind of message.", detail=message)


def _check_person(claims: Mapping[str, Any], expected: Expected) -> None:
    sub = claims.get("sub")
    if sub in (None, "") and expected.allows_anonymous:
        return
    if not is_identifier(sub, ID_LENGTH):
        raise LaunchError("sub-missing", "The token does not say who the person is.")
