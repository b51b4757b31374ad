"""Open edX, with its LTI consumer block."""

from lti_tool.platforms.installing.guide import Guide, Place

OPENEDX = Guide(
    name="Open edX",
    menu="Studio → Unit → Advanced → LTI Consumer → Edit",
    # The block itself shows the addresses of the platform, which hold its own id, once it is saved.
    # Source: openedx/xblock-lti-consumer, README, "LTI 1.3".
    issuer="{site}",
    places=(
        Place(label="LTI Version", value=lambda _tool: "LTI 1.3"),
        Place(label="Tool Launch URL", value=lambda tool: tool.launch_url),
        Place(label="Registered Redirect URIs", value=lambda tool: f'["{tool.launch_url}"]'),
        Place(label="Tool Initiate Login URL", value=lambda tool: tool.login_url),
        Place(label="Tool Public Key Mode", value=lambda _tool: "Keyset URL"),
        Place(label="Tool Keyset URL", value=lambda tool: tool.key_set_url),
        Place(label="Enable LTI NRPS", value=lambda _tool: "True"),
        Place(label="Deep linking", value=lambda _tool: "True"),
        Place(label="Deep Linking Launch URL", value=lambda tool: tool.launch_url),
        Place(label="LTI Assignment and Grades Service", value=lambda _tool: "Allow tools to manage and submit grades"),
    ),
)
