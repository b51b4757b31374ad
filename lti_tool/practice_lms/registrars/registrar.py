"""What differs from one LMS to another when a tool registers itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from lti_tool.practice_lms.model import Registration
from lti_tool.practice_lms.vocabulary import GRADE_SCOPES, MEMBERSHIPS_READ

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
DEEP_LINKING, RESOURCE_LINK = "LtiDeepLinkingRequest", "LtiResourceLinkRequest"
MAX_TEXT = 2000


class RegistrationRefusedError(Exception):
    """A registration is not taken.

    Attributes:
        error: the code of OpenID Connect Dynamic Client Registration, or the LMS's own.
        status: of HTTP.
    """

    def __init__(self, error: str, description: str = "", status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(description or error)
        self.error = error
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A registration that an administrator has begun."""

    issuer: str
    client_id: str
    deployment_id: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """How an LMS describes itself to tools, and what it takes and answers."""

    configuration_path: str
    registration_path: str
    family_code: str
    version: str
    scopes: tuple[str, ...] | None = (*GRADE_SCOPES, MEMBERSHIPS_READ, "openid")
    claims: tuple[str, ...] | None = ("sub", "iss", "name", "given_name", "family_name", "email")
    messages: tuple[Mapping[str, Any], ...] = ()
    variables: tuple[str, ...] = ()
    extra: Mapping[str, Any] | None = None
    """What the LMS says of itself beyond the specification."""
    guards_configuration: bool = False
    """Whether the token is wanted for the configuration, too."""
    query: Callable[[Begun], Mapping[str, str]] = lambda _begun: {}
    """The query of the configuration's address."""
    make_client_id: Callable[[], str] = lambda: f"tool-{secrets.token_hex(6)}"
    check: Callable[[Mapping[str, Any]], None] = lambda _sent: None
    """Raises :class:`RegistrationRefusedError` for what this LMS refuses beyond what each one needs."""
    answer: Callable[[Mapping[str, Any], Registration], Mapping[str, Any]]
    status: int = HTTPStatus.CREATED
    write: Callable[[Any], str]
    """Writes JSON as the LMS does."""
    writes_refusal: Callable[[RegistrationRefusedError], str]
    names_bad_token: str = "invalid_token"  # noqa: S105  (an error's name)
    names_used_token: str = "invalid_token"  # noqa: S105
    keeps_first_message: bool = False
    """Which of several messages for choosing content counts: the first, or the last."""


def configuration(
    registrar: Registrar,
    *,
    issuer: str,
    auth_url: str,
    token_url: str,
    token_audience: str,
    jwks_url: str,
    registration_url: str,
) -> dict[str, Any]:
    """The openid configuration.

    Source: LTI Dynamic Registration 1.0, section 3.4.
    """
    found: dict[str, Any] = {
        "issuer": issuer,
        "token_endpoint": token_url,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": jwks_url,
        "authorization_endpoint": auth_url,
        "registration_endpoint": registration_url,
    }
    if token_audience != token_url:
        found["authorization_server"] = token_audience
    if registrar.scopes is not None:
        found["scopes_supported"] = list(registrar.scopes)
    found |= {
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }
    if registrar.claims is not None:
        found["claims_supported"] = list(registrar.claims)
    found[PLATFORM_CONFIGURATION] = {
        "product_family_code": registrar.family_code,
        "version": registrar.version,
        "messages_supported": [dict(message) for message in registrar.messages],
        "variables": list(registrar.variables),
        **(registrar.extra or {}),
    }
    return found


def check_sent(sent: Mapping[str, Any]) -> None:
    """Refuse what no LMS takes.

    Source: LTI Dynamic Registration 1.0, section 3.5; OpenID Connect Dynamic Client Registration 1.0, section 2.
    """
    for name in ("initiate_login_uri", "client_name", "jwks_uri", "token_endpoint_auth_method"):
        _text(sent, name)
    redirect_uris = sent.get("redirect_uris")
    if not isinstance(redirect_uris, list) or not redirect_uris or not all(map(_is_address, redirect_uris)):
        raise RegistrationRefusedError("invalid_redirect_uri", "redirect_uris has to be a list of addresses.")
    for name in ("initiate_login_uri", "jwks_uri"):
        if not _is_address(sent[name]):
            raise RegistrationRefusedError("invalid_client_metadata", f"{name} has to be an address.")
    if "id_token" not in _list(sent, "response_types"):
        raise RegistrationRefusedError("invalid_client_metadata", "response_types has to hold id_token.")
    if sent["token_endpoint_auth_method"] != "private_key_jwt":  # noqa: S105  (a method)
        raise RegistrationRefusedError(
            "invalid_client_metadata", "token_endpoint_auth_method has to be private_key_jwt."
        )
    tool = sent.get(TOOL_CONFIGURATION)
    if not isinstance(tool, dict):
        raise RegistrationRefusedError("invalid_client_metadata", f"{TOOL_CONFIGURATION} is missing.")
    domain, target = _text(tool, "domain"), _text(tool, "target_link_uri")
    if urlsplit(target).netloc != domain:
        raise RegistrationRefusedError("invalid_client_metadata", "target_link_uri has to lie in domain.")
    custom = tool.get("custom_parameters", {})
    if not isinstance(custom, dict) or not all(isinstance(value, str) for value in custom.values()):
        raise RegistrationRefusedError("invalid_client_metadata", "custom_parameters has to be an object of texts.")
    messages = tool.get("messages")
    if not isinstance(messages, list) or not all(isinstance(m, dict) and _text(m, "type") for m in messages):
        raise RegistrationRefusedError("invalid_client_metadata", "messages has to be a list of objects with a type.")


def read_sent(registrar: Registrar, sent: Mapping[str, Any], begun: Begun, registration_id: int) -> Registration:
    """What the LMS keeps of a registration that it takes."""
    tool = sent[TOOL_CONFIGURATION]
    scopes = str(sent.get("scope", "")).split()
    picking = [message for message in tool["messages"] if message["type"] == DEEP_LINKING]
    which = 0 if registrar.keeps_first_message else -1
    claims = tool.get("claims") or []
    return Registration(
        id=registration_id,
        client_id=begun.client_id,
        name=sent["client_name"],
        login_url=sent["initiate_login_uri"],
        redirect_uris=tuple(sent["redirect_uris"]),
        jwks_url=sent["jwks_uri"],
        deployment_ids=(begun.deployment_id,),
        custom=dict(tool.get("custom_parameters") or {}),
        shares_personal_data="name" in claims or "given_name" in claims,
        content_url=(picking[which].get("target_link_uri") or tool["target_link_uri"]) if picking else "",
        has_grades=any(scope in GRADE_SCOPES for scope in scopes),
        has_roster=MEMBERSHIPS_READ in scopes,
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise RegistrationRefusedError("invalid_client_metadata", f"{name} is missing.")
    return value


def _list(values: Mapping[str, Any], name: str) -> list[Any]:
    value = values.get(name)
    return value if isinstance(value, list) else []


def _is_address(value: object) -> bool:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return False
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
