"""Moodle 4 and 5."""

from lti_tool.platforms.installing.guide import Guide, Place
from lti_tool.platforms.installing.tool import ToolDescription


def _custom(tool: ToolDescription) -> str:
    return "\n".join(f"{name}={value}" for name, value in tool.custom.items())


MOODLE = Guide(
    name="Moodle",
    menu="Site administration → Plugins → External tool → Manage tools",
    # Source: recorded from Moodle 4.5.6; docs.moodle.org, "LTI External tools", "Configure a tool manually".
    issuer="{site}",
    auth_url="{site}/mod/lti/auth.php",
    token_url="{site}/mod/lti/token.php",  # noqa: S106  (an address)
    key_set_url="{site}/mod/lti/certs.php",
    takes_registration_url=True,
    registration_menu="Site administration → Plugins → External tool → Manage tools → Tool URL → Add LTI Advantage",
    # Source: recorded, dynamic-registration.
    family_codes=("moodle",),
    example_site="https://moodle.example.org",
    places=(
        Place(label="Tool name", value=lambda tool: tool.name),
        Place(label="Tool URL", value=lambda tool: tool.launch_url),
        Place(label="LTI version", value=lambda _tool: "LTI 1.3"),
        Place(label="Public key type", value=lambda _tool: "Keyset URL"),
        Place(label="Public keyset", value=lambda tool: tool.key_set_url),
        Place(label="Initiate login URL", value=lambda tool: tool.login_url),
        Place(label="Redirection URI(s)", value=lambda tool: tool.launch_url),
        Place(label="Custom parameters", value=_custom),
        Place(label="Supports Deep Linking", value=lambda _tool: "Yes"),
        Place(label="Content Selection URL", value=lambda tool: tool.launch_url),
        Place(label="Icon URL", value=lambda tool: tool.icon_url),
        Place(
            label="IMS LTI Assignment and Grade Services",
            value=lambda _tool: "Use this service for grade sync and column management",
        ),
        Place(
            label="IMS LTI Names and Role Provisioning",
            value=lambda _tool: "Use this service to retrieve members' information as per privacy settings",
        ),
    ),
)
