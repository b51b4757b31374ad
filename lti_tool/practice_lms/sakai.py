"""Profile ``sakai``: the strict one, under Sakai's addresses. It was not recorded; its registration has a source."""

from __future__ import annotations

from dataclasses import replace

from lti_tool.practice_lms.storage import STORAGE
from lti_tool.practice_lms.strict import STRICT

# Source: sakaiproject/sakai, lti/…/LTI13Servlet.java; lti/docs for the messages that its pages answer.
SAKAI = replace(
    STRICT,
    name="sakai",
    auth_path="/imsoidc/lti13/oidc_auth",
    jwks_path="/imsblis/lti13/keyset",
    storage=STORAGE,
    # Source: sakaiproject/sakai, webcomponents/…/sakai-lti-iframe.js.
    frame_messages=("lti.frameResize",),
)
