"""Canvas."""

from __future__ import annotations

from typing import Any

from lti_tool.platforms.installing.guide import Guide, Place
from lti_tool.platforms.installing.tool import NOTICES, SCOPES, ToolDescription

_EXTENSION = "https://canvas.instructure.com/lti/"
_CUSTOM = {"high_contrast": "$Canvas.user.prefersHighContrast"}
"""Filled in with ``true`` or ``false``.

Source: Canvas, Variable Substitutions, Canvas.user.prefersHighContrast.
"""
PICKING_PLACES = ("assignment_selection", "link_selection")
"""Where a trainer chooses content: the submission type of an assignment, and an item of a module."""


def configuration(tool: ToolDescription) -> dict[str, Any]:
    """Give the configuration of an LTI key.

    Source: Canvas API, Configuring, "Canvas LTI 1.3 tool configuration",
    https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.lti_dev_key_config
    """
    placements = [
        {
            "placement": place,
            "message_type": "LtiDeepLinkingRequest",
            "target_link_uri": tool.launch_url,
            "text": tool.name,
            "icon_url": tool.icon_url,
        }
        for place in PICKING_PLACES
    ]
    return {
        "title": tool.name,
        "description": tool.description,
        "oidc_initiation_url": tool.login_url,
        "target_link_uri": tool.launch_url,
        "public_jwk_url": tool.key_set_url,
        "scopes": [*SCOPES, NOTICES] if tool.asks_for_notices else [*SCOPES],
        "custom_fields": {**tool.custom, **_CUSTOM},
        "extensions": [
            {
                "domain": tool.domain,
                "tool_id": "hybrid-training",
                "platform": "canvas.instructure.com",
                "privacy_level": privacy_level(tool),
                "settings": {"text": tool.name, "icon_url": tool.icon_url, "placements": placements},
            }
        ],
    }


def privacy_level(tool: ToolDescription) -> str:
    """Say what Canvas shall share; it never needs to share e-mail addresses."""
    return "name_only" if tool.shares_names else "anonymous"


def extensions(tool: ToolDescription) -> dict[str, Any]:
    """Give what Canvas reads in a dynamic registration beyond the specification.

    Source: Canvas API, Registration, "Tool configuration",
    https://developerdocs.instructure.com/services/canvas/external-tools/lti/file.registration
    """
    return {
        f"{_EXTENSION}privacy_level": privacy_level(tool),
        f"{_EXTENSION}tool_id": "hybrid-training",
        f"{_EXTENSION}vendor": tool.name,
    }


CANVAS = Guide(
    name="Canvas",
    menu="Admin → Developer Keys → + Developer Key → + LTI Key → Enter URL",
    # The issuer and the endpoints are those of Canvas in the cloud, for all customers.
    # Source: Canvas API, Configuring, "Configuring Canvas in the Tool" (same page as above).
    issuer="https://canvas.instructure.com",
    auth_url="https://sso.canvaslms.com/api/lti/authorize_redirect",
    token_url="https://sso.canvaslms.com/login/oauth2/token",  # noqa: S106  (an address)
    key_set_url="https://sso.canvaslms.com/api/lti/security/jwks",
    takes_registration_url=True,
    registration_menu="Admin → Apps → Manage → Install a New App → Lti 1.3, Dynamic Registration",
    has_one_issuer=True,
    family_codes=("canvas",),
    # The configuration is published by the host of the account that registers, or of the sign-on.
    configuration_domains=("instructure.com", "canvaslms.com"),
    title_claim=f"{_EXTENSION}account_name",
    picking_placements=PICKING_PLACES,
    # Source: the page named at extensions(): each message lists the placements that it is for.
    declares_resource_links=False,
    custom=_CUSTOM,
    extensions=extensions,
    configuration=configuration,
    example_site="https://school.instructure.com",
    places=(
        Place(label="Redirect URIs", value=lambda tool: tool.launch_url),
        Place(label="Method", value=lambda _tool: "Enter URL"),
        Place(label="JSON URL", value=lambda tool: tool.configuration_url("canvas")),
    ),
)
