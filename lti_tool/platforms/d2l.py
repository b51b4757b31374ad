"""D2L Brightspace."""

from dataclasses import replace

from lti_tool.models import ScoreReason
from lti_tool.platforms.differences import Refusal
from lti_tool.platforms.generic import GENERIC

D2L = replace(
    GENERIC,
    product="d2l",
    # Nobody wrote down what it does; a grade that vanished would be worse than one that rises later.
    keeps_grade_while_pending=False,
    # A role without "Can be graded in Grades"; somebody who is not enrolled, or is gone. The same statuses without
    # these words are about access and about columns.
    # Source: D2L, "LTI Advantage Developer FAQ", https://community.d2l.com/brightspace/kb/articles/23661;
    # hypothesis/lms, lms/services/lti_grading/_v13.py.
    refusals=(
        Refusal(status=422, reason=ScoreReason.ROLE_NOT_GRADED),
        Refusal(status=403, says="is not enrolled in the org unit", reason=ScoreReason.PERSON_REFUSED),
        Refusal(status=404, says="user in requested score does not exist", reason=ScoreReason.PERSON_REFUSED),
    ),
)
