"""Blackboard Learn."""

from lti_tool.platforms.installing.guide import Guide, Place

BLACKBOARD = Guide(
    name="Blackboard Learn",
    menu="developer.blackboard.com → Register, then Admin → LTI Tool Providers → Register LTI 1.3/Advantage Tool",
    # One issuer and one set of endpoints for all customers; the client id is the application's.
    # Source: docs.anthology.com, Blackboard, LTI 1.3, sample JWT contents and "Authenticating to the LTI Subsystems".
    issuer="https://blackboard.com",
    auth_url="https://developer.blackboard.com/api/v1/gateway/oidcauth",
    token_url="https://developer.blackboard.com/api/v1/gateway/oauth2/jwttoken",  # noqa: S106  (an address)
    key_set_url="https://developer.blackboard.com/api/v1/management/applications/{client_id}/jwks.json",
    has_one_issuer=True,
    # Source: the same page, tool_platform.
    family_codes=("blackboardlearn",),
    example_site="https://school.blackboard.com",
    places=(
        Place(label="Application Name", value=lambda tool: tool.name),
        Place(label="Domain(s)", value=lambda tool: tool.domain),
        Place(label="Login Initiation URL", value=lambda tool: tool.login_url),
        Place(label="Tool Redirect URL(s)", value=lambda tool: tool.launch_url),
        Place(label="Tool JWKS URL", value=lambda tool: tool.key_set_url),
        Place(label="Signing Algorithm", value=lambda _tool: "RS256"),
        Place(label="Deep Linking content tool: Target Link URI", value=lambda tool: tool.launch_url),
    ),
)
