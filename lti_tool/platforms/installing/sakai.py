"""Sakai 21 and later."""

from lti_tool.platforms.installing.guide import Guide, Place

SAKAI = Guide(
    name="Sakai",
    menu="Administration Workspace → External Tools → Install LTI 1.x Tool",
    # The token address ends with the tool's number in Sakai, which its page shows after saving.
    # Source: sakaiproject/sakai, lti/…/LTIAdminTool.java, buildToolInsertedPanelContext.
    issuer="{site}",
    auth_url="{site}/imsoidc/lti13/oidc_auth",
    key_set_url="{site}/imsblis/lti13/keyset",
    takes_registration_url=True,
    registration_menu="Administration Workspace → External Tools → LTI Advantage Auto Provisioning",
    # It names two variables and fills in many more.
    # Source: sakaiproject/sakai, lti/…/LTI13Servlet.java, the answer to "well_known".
    family_codes=("sakailms.org", "sakai"),
    lists_all_variables=False,
    example_site="https://sakai.example.org",
    places=(
        Place(label="Tool Title", value=lambda tool: tool.name),
        Place(label="Launch URL", value=lambda tool: tool.launch_url),
        Place(label="LTI 1.3 Tool Keyset URL", value=lambda tool: tool.key_set_url),
        Place(label="LTI 1.3 Tool OpenID Connect/Initialization Endpoint", value=lambda tool: tool.login_url),
        Place(label="LTI 1.3 Tool Redirect Endpoint", value=lambda tool: tool.launch_url),
    ),
)
