"""Blackboard Learn."""

from dataclasses import replace

from lti_tool.models import ScoreReason
from lti_tool.platforms.differences import Refusal
from lti_tool.platforms.generic import GENERIC

BLACKBOARD = replace(
    GENERIC,
    product="blackboard",
    # Nobody wrote down what it does; a grade that vanished would be worse than one that rises later.
    keeps_grade_while_pending=False,
    # Comments are shown as HTML, in which a line feed is a space.
    # Source: hypothesis/lms, lms/product/blackboard/_plugin/misc.py, format_grading_comment_for_lms.
    comment_break="<br/>",
    # Somebody who is not enrolled, or no longer; 400 without these words is about the score.
    # Source: hypothesis/lms, lms/services/lti_grading/_v13.py.
    refusals=(
        Refusal(status=400, says="user could not be found", reason=ScoreReason.PERSON_REFUSED),
        *GENERIC.refusals,
    ),
)
