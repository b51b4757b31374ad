"""Profile ``canvas``: the strict one with what is known of Canvas.

It was not recorded; each difference has its source beside it.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint

from lti_tool.practice_lms.canvas import notices, scores
from lti_tool.practice_lms.canvas.claims import RETURN_PATH, canvas_claims, canvas_content_claims
from lti_tool.practice_lms.canvas.notices import NOTICES_PATH
from lti_tool.practice_lms.model import MAX_ID
from lti_tool.practice_lms.storage import STORAGE
from lti_tool.practice_lms.strict import STRICT, service_blueprint

CANVAS_AUTH_PATH = "/api/lti/authorize_redirect"
CANVAS_KEY_SET_PATH = "/api/lti/security/jwks"


def services() -> Blueprint:
    """The strict services, with Canvas's way to take scores."""
    blueprint = service_blueprint("canvas", scores.scores)
    blueprint.add_url_rule(
        f"{NOTICES_PATH}/<int(max={MAX_ID}):registration_id>", "notices", notices.handlers, methods=["GET", "PUT"]
    )
    return blueprint


CANVAS = replace(
    STRICT,
    name="canvas",
    auth_path=CANVAS_AUTH_PATH,
    jwks_path=CANVAS_KEY_SET_PATH,
    claims=canvas_claims,
    # Source: instructure/canvas-lms, app/controllers/lti/ims/concerns/deep_linking_services.rb and
    # deep_linking_modules.rb.
    deep_linking=replace(
        STRICT.deep_linking,
        return_path=RETURN_PATH,
        claims=canvas_content_claims,
        # Its own data stands in the address, and not in a claim.
        ticket=lambda _claims, query: query.get("data", ""),
        checks_message=False,
        names_by_label=True,
        keeps_label=False,
    ),
    services=services,
    notices_path=NOTICES_PATH,
    # Source: instructure/canvas-lms, ui/shared/lti/jquery/subjects/lti.capabilities.ts. There the frame is of another
    # origin, that of the authentication address; here all is of one.
    storage=replace(STORAGE, frame="post_message_forwarding"),
    # Source: Canvas, Using window.postMessage in LTI Tools; ui/shared/lti/jquery/subjects/.
    frame_messages=("lti.frameResize", "lti.scrollToTop", "lti.screenReaderAlert"),
)
