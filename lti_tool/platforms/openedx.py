"""Open edX, with its LTI consumer block."""

from lti_tool.platforms.differences import Differences

OPENEDX = Differences(
    product="openedx",
    # Its serializer refuses a timestamp that is equal to the stored one, or older, as any other mistake: with 400.
    # Source: openedx/xblock-lti-consumer, lti_1p3/extensions/rest_framework/serializers.py, validate_timestamp
    timestamp_refused=frozenset({400}),
    # Its content item serializer knows "available" and "submission", and does nothing with them.
    # Source: openedx/xblock-lti-consumer, lti_1p3/deep_linking.py and extensions/rest_framework/serializers.py
    keeps_dates=False,
    adds_several_at_once=False,
    person_refused=frozenset({422}),
)
