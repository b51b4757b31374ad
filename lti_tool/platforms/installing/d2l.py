"""D2L Brightspace."""

from lti_tool.platforms.installing.guide import Guide, Place

D2L = Guide(
    name="D2L Brightspace",
    menu="Admin Tools → Manage Extensibility → LTI Advantage → Register Tool",
    # Tokens come from one place for all customers, and want an audience of their own.
    # Source: D2L's page after registering a tool, "Brightspace Registration Details".
    issuer="{site}",
    auth_url="{site}/d2l/lti/authenticate",
    token_url="https://auth.brightspace.com/core/connect/token",  # noqa: S106  (an address)
    key_set_url="{site}/d2l/.well-known/jwks",
    token_audience="https://api.brightspace.com/auth/token",  # noqa: S106  (an address)
    takes_registration_url=True,
    registration_menu="Admin Tools → Manage Extensibility → LTI Advantage → Register Tool → Dynamic",
    # Source: the name that its launches carry (tool_platform.product_family_code).
    family_codes=("desire2learn",),
    example_site="https://school.brightspace.com",
    places=(
        Place(label="Name", value=lambda tool: tool.name),
        Place(label="Domain", value=lambda tool: tool.url),
        Place(label="Redirect URLs", value=lambda tool: tool.launch_url),
        Place(label="OpenID Connect Login URL", value=lambda tool: tool.login_url),
        Place(label="Target Link URI", value=lambda tool: tool.launch_url),
        Place(label="Keyset URL", value=lambda tool: tool.key_set_url),
        Place(
            label="Extensions",
            value=lambda _tool: "Assignment and Grade Services, Deep Linking, Names and Role Provisioning Services",
        ),
    ),
)
