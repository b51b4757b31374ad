"""An LMS that keeps to the specifications."""

from lti_tool.platforms.differences import Differences

GENERIC = Differences(
    product="generic",
    # AGS 2.0 wants a score with an older timestamp ignored and names no status; 409 is what most answer.
    # Source: https://www.imsglobal.org/spec/lti-ags/v2p0/#timestamp
    timestamp_refused=frozenset({409}),
    keeps_dates=True,
    adds_several_at_once=False,
    # AGS 2.0 names no status. 422 says that the request was understood and its content refused (RFC 9110, 15.5.21).
    person_refused=frozenset({422}),
)
