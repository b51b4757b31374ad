"""The claims of a launch without what is personal, to show and to send to an LMS's support.

What may be shown is listed; everything else, known or not, is masked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lti_tool.lti.text import label
from lti_tool.lti.vocabulary import GRADES, LTI

MAX_CHARACTERS = 20_000
_NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
_DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
_SHOWN = {
    *("iss", "aud", "azp", "iat", "exp", "nbf", "locale", GRADES, _NRPS),
    *(
        LTI + name
        for name in (
            "message_type", "version", "deployment_id", "target_link_uri", "roles", "context", "resource_link",
            "launch_presentation", "tool_platform",
        )
    ),
}  # fmt: skip
_PARTLY = {LTI + "custom", _DEEP_LINKING}
_SECRET_MEMBERS = {"data"}


def masked_claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Give the claims with their names, and only those values that say nothing about a person.

    Addresses lose their query, which may hold a session of the LMS.
    """
    shown = {_name(name): _masked_claim(name, value) for name, value in claims.items()}
    if len(json.dumps(shown)) > MAX_CHARACTERS:
        return dict.fromkeys(list(shown)[:100], "…")
    return shown


def _masked_claim(name: str, value: Any) -> Any:
    if name in _SHOWN:
        return _without_queries(value)
    if name in _PARTLY and isinstance(value, dict):
        return {
            _name(member): _without_queries(part) if _may_be_shown(name, member, part) else mask(part)
            for member, part in value.items()
        }
    return mask(value)


def _may_be_shown(claim: str, member: str, value: Any) -> bool:
    """Whether a member says nothing personal: a setting, or a variable that the LMS did not fill in."""
    if claim == _DEEP_LINKING:
        return member not in _SECRET_MEMBERS
    return value is None or (isinstance(value, str) and (value.startswith("$") or not value))


def mask(value: Any) -> str:
    """Say of a value only what kind it is, and how much."""
    if isinstance(value, str):
        return f"… ({len(value)})" if value else ""
    if isinstance(value, list | dict):
        return f"[…] ({len(value)})"
    return "…"


def _without_queries(value: Any) -> Any:
    if isinstance(value, dict):
        return {_name(name): _without_queries(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_queries(part) for part in value[:100]]
    if isinstance(value, str):
        text = label(value, 1000) or ""
        is_address = text.startswith(("https://", "http://")) and "?" in text
        return f"{text.partition('?')[0]}?…" if is_address else text
    return value


def _name(name: str) -> str:
    return label(name, 200) or "…"
