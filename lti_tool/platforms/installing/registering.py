"""The registration that a tool sends to an LMS, fitted to what that LMS offers."""

from __future__ import annotations

from typing import Any

from lti_tool.platforms.installing.guide import Guide
from lti_tool.platforms.installing.offer import (
    DATA_PRIVACY,
    DEEP_LINKING,
    RESOURCE_LINK,
    SUBMISSION_REVIEW,
    TOOL_CONFIGURATION,
    Offer,
)
from lti_tool.platforms.installing.tool import NOTICES, SCOPES, ToolDescription


def registration_request(guide: Guide, tool: ToolDescription, offer: Offer) -> dict[str, Any]:
    """Give the registration, which asks for nothing that the LMS does not offer.

    Source: LTI Dynamic Registration 1.0, section 3.5 "Tool Configuration"; OpenID Connect Dynamic Client
    Registration 1.0, section 2.
    """
    scopes = [scope for scope in SCOPES if offer.scopes is None or scope in offer.scopes]
    scopes += [NOTICES] if offer.scopes is not None and NOTICES in offer.scopes else []
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": tool.login_url,
        "redirect_uris": [tool.launch_url],
        "client_name": tool.name,
        "client_uri": tool.url,
        "jwks_uri": tool.key_set_url,
        "logo_uri": tool.icon_url,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes),
        TOOL_CONFIGURATION: {
            # Moodle wants the port of target_link_uri in it, too.
            "domain": tool.domain,
            "description": tool.description,
            "target_link_uri": tool.launch_url,
            "custom_parameters": _custom(guide, tool, offer),
            "claims": [claim for claim in tool.claims if offer.claims is None or claim in offer.claims],
            "messages": _messages(guide, tool, offer),
            **guide.extensions(tool),
        },
    }


def _custom(guide: Guide, tool: ToolDescription, offer: Offer) -> dict[str, str]:
    """Give the custom parameters whose variables the LMS fills in; others come back as they are written."""
    if offer.variables is None or not guide.lists_all_variables:
        return {**tool.custom, **guide.custom}
    custom = {**tool.custom, **guide.custom}
    return {name: value for name, value in custom.items() if value.removeprefix("$") in offer.variables}


def _messages(guide: Guide, tool: ToolDescription, offer: Offer) -> list[dict[str, Any]]:
    """Give the messages, the one for choosing content first: Sakai reads the first, Moodle the last of its type."""
    messages: list[dict[str, Any]] = []
    if offer.messages is None or DEEP_LINKING in offer.messages:
        offered = offer.messages[DEEP_LINKING] if offer.messages else ()
        placements = [place for place in guide.picking_placements if not offered or place in offered]
        picking: dict[str, Any] = {
            "type": DEEP_LINKING,
            "target_link_uri": tool.launch_url,
            "label": tool.name,
            "icon_uri": tool.icon_url,
        }
        messages.append(picking | ({"placements": placements} if placements else {}))
    if guide.declares_resource_links and (offer.messages is None or RESOURCE_LINK in offer.messages):
        messages.append({"type": RESOURCE_LINK, "target_link_uri": tool.launch_url, "label": tool.name})
    # Few know these, so they are asked for only where they are named.
    messages += [
        {"type": kind, "target_link_uri": tool.launch_url, "label": tool.name}
        for kind in (SUBMISSION_REVIEW, DATA_PRIVACY)
        if offer.messages is not None and kind in offer.messages
    ]
    return messages
