"""An LMS whose form is not known here: the names are those of the specification."""

from lti_tool.platforms.installing.guide import Guide, Place

GENERIC = Guide(
    name="LTI 1.3",
    menu="LTI 1.3",
    # Source: LTI 1.3, Dynamic Registration 1.0, and OpenID Connect Dynamic Client Registration 1.0.
    takes_registration_url=True,
    places=(
        Place(label="Login initiation URL", value=lambda tool: tool.login_url),
        Place(label="Redirect URI", value=lambda tool: tool.launch_url),
        Place(label="Target link URI", value=lambda tool: tool.launch_url),
        Place(label="Deep linking URL", value=lambda tool: tool.launch_url),
        Place(label="Public key set URL (JWKS)", value=lambda tool: tool.key_set_url),
        Place(label="Domain", value=lambda tool: tool.domain),
        Place(label="Icon URL", value=lambda tool: tool.icon_url),
    ),
)
