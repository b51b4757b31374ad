"""Dynamic registration: an LMS's openid configuration, and the registration of the tool there.

Everything that comes back is hostile until it is read: each address, each name and each list has its limit.

Source: LTI Dynamic Registration 1.0, https://www.imsglobal.org/spec/lti-dr/v1p0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from lti_tool.errors import PlatformError, RegistrationError
from lti_tool.lti.addresses import parse_url
from lti_tool.lti.egress import Answer, Egress
from lti_tool.lti.text import is_identifier, label, web_address
from lti_tool.lti.vocabulary import ID_LENGTH
from lti_tool.platforms.installing import TOOL_CONFIGURATION, Guide, Offer, guide_of, product_of
from lti_tool.platforms.installing.offer import PLATFORM_CONFIGURATION

ISSUER_LENGTH, ADDRESS_LENGTH, TOKEN_LENGTH = 500, 1000, 8000
MAX_NAMES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """An LMS as its openid configuration describes it."""

    issuer: str
    auth_url: str
    token_url: str
    key_set_url: str
    registration_url: str
    product: str
    title: str
    offer: Offer
    token_audience: str | None = None
    """``aud`` of token requests where it is not the token endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the LMS answered; a list is ``None`` where it did not say."""

    client_id: str
    deployment_id: str | None
    scopes: tuple[str, ...] | None
    claims: tuple[str, ...] | None
    messages: tuple[str, ...] | None
    custom: tuple[str, ...] | None


def fetch_platform(egress: Egress, url: str, token: str | None) -> Platform:
    """Fetch an openid configuration and read it.

    Args:
        egress: the way out.
        url: where it is, as the browser brought it.
        token: for the registration; Canvas wants it here, too.

    Raises:
        RegistrationError: if there is none, or it cannot be believed.
    """
    try:
        answer = egress.request("GET", url, {"Accept": "application/json", **_bearer(token)})
    except PlatformError as error:
        raise RegistrationError("configuration-unreachable", detail=f"{error.message} {error.detail}") from error
    if answer.status != HTTPStatus.OK:
        raise RegistrationError("configuration-unreadable", f"HTTP {answer.status}")
    return read_platform(url, _object(answer, "configuration-unreadable"))


def read_platform(url: str, configuration: Mapping[str, Any]) -> Platform:
    """Read an openid configuration that came from an address.

    Raises:
        RegistrationError: if something is missing or malformed, or if it speaks for somebody else.
    """
    lti = configuration.get(PLATFORM_CONFIGURATION)
    lti = lti if isinstance(lti, dict) else {}
    product = product_of(label(lti.get("product_family_code"), ID_LENGTH) or "")
    guide = guide_of(product)
    issuer = configuration.get("issuer")
    if not is_identifier(issuer, ISSUER_LENGTH) or web_address(issuer, ISSUER_LENGTH) is None:
        raise RegistrationError("configuration-incomplete", "issuer")
    if not _speaks_for(url, issuer, guide):
        raise RegistrationError("issuer-elsewhere", f"{_host(url)} → {issuer}")
    algorithms = _names(configuration, "id_token_signing_alg_values_supported")
    if algorithms is not None and "RS256" not in algorithms:
        raise RegistrationError("configuration-incomplete", "id_token_signing_alg_values_supported: RS256")
    token_url = _address(configuration, "token_endpoint", url)
    return Platform(
        issuer=issuer,
        auth_url=_address(configuration, "authorization_endpoint", url),
        token_url=token_url,
        token_audience=_audience(configuration, token_url, guide),
        key_set_url=_address(configuration, "jwks_uri", url),
        registration_url=_address(configuration, "registration_endpoint", url),
        product=product,
        title=label(lti.get(guide.title_claim), ID_LENGTH) or _host(url),
        offer=Offer(
            version=label(lti.get("version"), 100) or "",
            scopes=_names(configuration, "scopes_supported"),
            claims=_names(configuration, "claims_supported"),
            variables=_names(lti, "variables"),
            messages=_offered_messages(lti),
        ),
    )


def register(egress: Egress, platform: Platform, token: str | None, request: Mapping[str, Any]) -> Registered:
    """Send the tool's registration.

    Raises:
        RegistrationError: if the LMS did not take it, or if that is not known.
    """
    headers = {"Content-Type": "application/json", "Accept": "application/json", **_bearer(token)}
    try:
        answer = egress.request("POST", platform.registration_url, headers, json.dumps(request).encode())
    except PlatformError as error:
        code = "registration-unreachable" if error.is_outcome_known else "registration-unsure"
        raise RegistrationError(code, detail=f"{error.message} {error.detail}") from error
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
        raise _refusal(answer)
    return read_registered(_object(answer, "registration-unsure"))


def read_registered(answer: Mapping[str, Any]) -> Registered:
    """Read what an LMS answered to a registration.

    Raises:
        RegistrationError: if it holds no client id: the tool may be registered there, and cannot be used.
    """
    client_id = answer.get("client_id")
    if not is_identifier(client_id, ID_LENGTH):
        raise RegistrationError("registration-unsure", "client_id")
    configuration = answer.get(TOOL_CONFIGURATION)
    configuration = configuration if isinstance(configuration, dict) else {}
    deployment_id = configuration.get("deployment_id")
    scope = answer.get("scope")
    messages = configuration.get("messages")
    custom = configuration.get("custom_parameters")
    return Registered(
        client_id=client_id,
        # A deployment that cannot be read is learned at the first launch.
        deployment_id=deployment_id if is_identifier(deployment_id, ID_LENGTH) else None,
        scopes=_texts(scope.split()) if isinstance(scope, str) else None,
        claims=_names(configuration, "claims"),
        messages=_types(messages) if isinstance(messages, list) else None,
        custom=_texts(list(custom)) if isinstance(custom, dict) else None,
    )


def check_token(token: str | None) -> str | None:
    """Give the token of a registration as it may stand in a header, or nothing.

    Raises:
        RegistrationError: if it cannot be one.
    """
    if not token:
        return None
    if len(token) > TOKEN_LENGTH or not token.isascii() or not token.isprintable() or " " in token:
        raise RegistrationError("token-refused", "registration_token is malformed")
    return token


def _bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _object(answer: Answer, code: str) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise RegistrationError(code, f"HTTP {answer.status}, no JSON") from error
    if not isinstance(found, dict):
        raise RegistrationError(code, "no JSON object")
    return found


def _refusal(answer: Answer) -> RegistrationError:
    """Say what an unwelcome answer means; what the LMS says itself is kept, cut to a sentence."""
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return RegistrationError("token-refused", _said(answer))
    if 400 <= answer.status < 500 and answer.status != HTTPStatus.TOO_MANY_REQUESTS:
        return RegistrationError("registration-refused", _said(answer))
    return RegistrationError("registration-failed", _said(answer))


def _said(answer: Answer) -> str:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = None
    parts = [body.get(name) for name in ("error", "error_description")] if isinstance(body, dict) else []
    words = [text for text in (label(part, 300) for part in parts) if text]
    return f"HTTP {answer.status} {' – '.join(words)}".strip()


def _speaks_for(url: str, issuer: str, guide: Guide) -> bool:
    """Whether the host of a configuration may speak for an issuer: it is the issuer's, or below it, or known to.

    Source: LTI Dynamic Registration 1.0, section 3.4: the host of the configuration and of the issuer have to match.
    """
    host, own = _host(url), _host(issuer)
    if host == own or host.endswith(f".{own}"):
        return True
    return issuer == guide.issuer and any(
        host == domain or host.endswith(f".{domain}") for domain in guide.configuration_domains
    )


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _address(configuration: Mapping[str, Any], name: str, source: str) -> str:
    """Read an endpoint: https, or http where the configuration itself came from that host over http.

    The latter happens only where the operator of this tool allowed that host (``EGRESS_ALLOW``).
    """
    value = configuration.get(name)
    if not is_identifier(value, ADDRESS_LENGTH) or web_address(value, ADDRESS_LENGTH) is None or "#" in value:
        raise RegistrationError("configuration-incomplete", name)
    try:
        target, origin = parse_url(value), parse_url(source)
    except ValueError as error:
        raise RegistrationError("configuration-incomplete", name) from error
    is_beside = (target.scheme, target.host, target.port) == (origin.scheme, origin.host, origin.port)
    if target.scheme != "https" and not is_beside:
        raise RegistrationError("configuration-incomplete", f"{name}: https://")
    return value


def _audience(configuration: Mapping[str, Any], token_url: str, guide: Guide) -> str | None:
    """Read what token requests are to be meant for; nothing where it is the token endpoint.

    An LMS that always wants another audience is taken at its documentation's word where it leaves it out here.

    Source: LTI Dynamic Registration 1.0, section 3.4, ``authorization_server``.
    """
    value = configuration.get("authorization_server")
    if not value:
        return (guide.token_audience if token_url == guide.token_url else "") or None
    if not is_identifier(value, ADDRESS_LENGTH):
        raise RegistrationError("configuration-incomplete", "authorization_server")
    return None if value == token_url else value


def _names(configuration: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    """Read a list of names; ``None`` where there is none."""
    value = configuration.get(name)
    return _texts(value) if isinstance(value, list) else None


def _texts(values: list[Any]) -> tuple[str, ...]:
    return tuple(value for value in values[:MAX_NAMES] if is_identifier(value, ID_LENGTH))


def _types(messages: list[Any]) -> tuple[str, ...]:
    return _texts([message.get("type") for message in messages[:MAX_NAMES] if isinstance(message, dict)])


def _offered_messages(lti: Mapping[str, Any]) -> dict[str, tuple[str, ...]] | None:
    messages = lti.get("messages_supported")
    if not isinstance(messages, list):
        return None
    offered: dict[str, tuple[str, ...]] = {}
    for message in messages[:MAX_NAMES]:
        if isinstance(message, dict) and is_identifier(message.get("type"), ID_LENGTH):
            offered[message["type"]] = (*offered.get(message["type"], ()), *(_names(message, "placements") or ()))
    return offered
