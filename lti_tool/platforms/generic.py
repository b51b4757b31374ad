"""An LMS that keeps to the specifications."""

from lti_tool.models import ScoreReason
from lti_tool.platforms.differences import Differences, Refusal

GENERIC = Differences(
    product="generic",
    # AGS 2.0 wants a score with an older timestamp ignored and names no status; 409 is what most answer.
    # Source: https://www.imsglobal.org/spec/lti-ags/v2p0/#timestamp
    timestamp_refused=frozenset({409}),
    keeps_dates=True,
    names_address_at_login=True,
    tells_items_apart=True,
    adds_several_at_once=False,
    counts_submissions=False,
    # AGS 2.0 names no status. 422 says that the request was understood and its content refused (RFC 9110, 15.5.21).
    refusals=(Refusal(status=422, reason=ScoreReason.PERSON_REFUSED),),
    # No specification says what a gradebook does with nobody's score.
    # Source: LTI 1.3, A.2.1.1, says only that the role is a test user's.
    grades_test_accounts=False,
    # AGS 2.0, 3.3.3: the platform may give fewer.
    # Source: https://www.imsglobal.org/spec/lti-ags/v2p0/#container-request-filters-0
    results_at_once=500,
    # AGS 2.0, 3.4.7: a platform may ignore scores that are not FullyGraded; it is not asked to take a grade away.
    # Source: https://www.imsglobal.org/spec/lti-ags/v2p0/#gradingprogress
    keeps_grade_while_pending=True,
    comment_break="\n",
    # None is in a specification: LTI Client Side postMessages 1.0 names storage only.
    frame_messages=(),
)
