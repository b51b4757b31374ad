"""Open edX, with its LTI consumer block."""

from lti_tool.platforms.differences import Differences
from lti_tool.platforms.generic import GENERIC

OPENEDX = Differences(
    product="openedx",
    # Its serializer refuses a timestamp that is equal to the stored one, or older, as any other mistake: with 400.
    # Source: openedx/xblock-lti-consumer, lti_1p3/extensions/rest_framework/serializers.py, validate_timestamp
    timestamp_refused=frozenset({400}),
    # Its content item serializer knows "available" and "submission", and does nothing with them.
    # Source: openedx/xblock-lti-consumer, lti_1p3/deep_linking.py and extensions/rest_framework/serializers.py
    keeps_dates=False,
    # The login of every activity names the block's own address. The token of one that was chosen names the item's,
    # where the item has one; the specification wants both to be the same, and so do we.
    # Source: openedx/xblock-lti-consumer, lti_1p3/consumer.py, _get_target_link_uri, set_dl_content_launch_parameters
    names_address_at_login=False,
    # Several items become links on one page that all carry the id of the block.
    # Source: the same project, templates/html/lti-dl/render_dl_content.html and plugin/views.py, launch_gate_endpoint
    tells_items_apart=False,
    adds_several_at_once=False,
    counts_submissions=False,
    refusals=GENERIC.refusals,
    # It has none.
    grades_test_accounts=False,
    # Its result view has no pages.
    # Source: openedx/xblock-lti-consumer, lti_consumer/plugin/views.py, LtiAgsLineItemViewset.results
    results_at_once=None,
    # It writes a grade for FullyGraded only.
    # Source: openedx/xblock-lti-consumer, lti_consumer/signals/signals.py, publish_grade_on_score_update
    keeps_grade_while_pending=True,
    comment_break="\n",
    # Nothing is documented.
    frame_messages=(),
)
