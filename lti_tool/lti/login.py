"""Login initiations, and the authentication request that follows one.

Source: LTI Security Framework 1.0, section 5.1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from lti_tool.errors import LaunchError
from lti_tool.lti.text import is_identifier, origin
from lti_tool.lti.vocabulary import ID_LENGTH, URL_LENGTH

ISSUER_LENGTH = 500
HINT_LENGTH = 3000
MAX_AUTH_REQUEST = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRequest:
    """What a platform sends to begin a launch."""

    issuer: str
    client_id: str | None
    deployment_id: str | None
    target_link_uri: str
    login_hint: str
    message_hint: str | None
    """Given back untouched."""
    storage_target: str | None


def read_login(form: Mapping[str, str], public_url: str) -> LoginRequest:
    """Read a login initiation.

    Args:
        form: its parameters, from the body or the query.
        public_url: ours; a launch has to lead to it.

    Raises:
        LaunchError: if something is missing, malformed or leads elsewhere.
    """
    target = _required(form, "target_link_uri", URL_LENGTH)
    if origin(target) != origin(public_url):
        raise LaunchError("target-elsewhere", "target_link_uri does not lead to this tool.")
    # The specification says lti_deployment_id; Canvas sends deployment_id.
    deployment = _optional(form, "lti_deployment_id", ID_LENGTH) or _optional(form, "deployment_id", ID_LENGTH)
    return LoginRequest(
        issuer=_required(form, "iss", ISSUER_LENGTH),
        client_id=_optional(form, "client_id", ID_LENGTH),
        deployment_id=deployment,
        target_link_uri=target,
        login_hint=_required(form, "login_hint", HINT_LENGTH),
        message_hint=_optional(form, "lti_message_hint", HINT_LENGTH),
        storage_target=_optional(form, "lti_storage_target", ID_LENGTH),
    )


def authentication_request(
    auth_url: str, request: LoginRequest, *, client_id: str, redirect_uri: str, state: str, nonce: str
) -> str:
    """Give the address at the platform to which the browser goes on.

    Raises:
        LaunchError: if it would be longer than browsers and servers take.
    """
    parameters = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "login_hint": request.login_hint,
        "state": state,
        "nonce": nonce,
    }
    if request.message_hint is not None:
        parameters["lti_message_hint"] = request.message_hint
    address = f"{auth_url}{'&' if urlsplit(auth_url).query else '?'}{urlencode(parameters)}"
    if len(address) > MAX_AUTH_REQUEST:
        raise LaunchError("login-malformed", "The hints of the login are too long.")
    return address


def _required(form: Mapping[str, str], name: str, limit: int) -> str:
    value = _optional(form, name, limit)
    if value is None:
        raise LaunchError("login-malformed", f"The login has no {name}.")
    return value


def _optional(form: Mapping[str, str], name: str, limit: int) -> str | None:
    value = form.get(name)
    if not value:
        return None
    if not is_identifier(value, limit):
        raise LaunchError("login-malformed", f"The login's {name} is too long or holds control characters.")
    return value
