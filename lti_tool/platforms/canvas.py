"""Canvas."""

from lti_tool.models import ScoreReason
from lti_tool.platforms.differences import Differences, Refusal

CANVAS = Differences(
    product="canvas",
    # An older timestamp is a mistake in the request: "timestamp … before last updated". We make no other such mistake.
    # Source: Canvas API, Score, https://canvas.instructure.com/doc/api/score.html
    timestamp_refused=frozenset({400}),
    # Source: Canvas, Deep Linking: items may bring "available" and "submission".
    keeps_dates=True,
    names_address_at_login=True,
    tells_items_apart=True,
    adds_several_at_once=False,
    # Source: Canvas API, Score, "https://canvas.instructure.com/lti/submission": new_submission is true by default.
    counts_submissions=True,
    # No attempt left; else somebody who is not enrolled as a student, or a concluded course.
    # Source: hypothesis/lms, lms/services/lti_grading/_v13.py; the same page, "user not found in course".
    refusals=(
        Refusal(
            status=422,
            says="maximum number of allowed attempts has been reached",
            reason=ScoreReason.ATTEMPTS_USED_UP,
        ),
        Refusal(status=422, reason=ScoreReason.PERSON_REFUSED),
    ),
    # Its test student has a row of its own below everybody's, which no statistic of the gradebook counts.
    # Source: instructure/canvas-lms, app/controllers/lti/ims/concerns/gradebook_services.rb, verify_user_in_context.
    grades_test_accounts=True,
    # Source: Canvas API, Pagination: 100 at most.
    results_at_once=100,
    # PendingManual asks a grader to look; of what is no grade yet only NotReady, Failed and Pending are ignored.
    # Source: Canvas API, Score, gradingProgress.
    keeps_grade_while_pending=True,
    comment_break="\n",
    # Source: Canvas, Using window.postMessage in LTI Tools; instructure/canvas-lms, ui/shared/lti/jquery/subjects/.
    frame_messages=("lti.frameResize", "lti.scrollToTop", "lti.screenReaderAlert"),
)
