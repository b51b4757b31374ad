"""Moodle, as recorded from 4.5.6."""

from lti_tool.models import ScoreReason
from lti_tool.platforms.differences import Differences, Refusal

MOODLE = Differences(
    product="moodle",
    # A timestamp that is not later by a whole second.
    # Source: recorded calls "score same second again" and "score older timestamp".
    timestamp_refused=frozenset({409}),
    # mod/lti keeps title, text, url, icon, custom and some of lineItem, and nothing else.
    # Source: tried with Moodle 4.5.6.
    keeps_dates=False,
    names_address_at_login=True,
    tells_items_apart=True,
    # Source: the same; mod/lti/contentitem_return.php.
    adds_several_at_once=True,
    counts_submissions=False,
    # 400 with `[]` as its body. Moodle answers other mistakes in a score with 400, too, but we make none of them.
    # Source: recorded calls "score teacher sub" and "score unknown user".
    refusals=(Refusal(status=400, reason=ScoreReason.PERSON_REFUSED),),
    # It has none: trainers who switch their role keep their own account, and launch as trainers.
    grades_test_accounts=False,
    # A limit is answered with 404 and a page in HTML; without one, all come at once.
    # Source: recorded call "results limit".
    results_at_once=None,
    # Anything but FullyGraded clears the grade.
    # Source: recorded calls; mod/lti/service/gradebookservices.
    keeps_grade_while_pending=False,
    comment_break="\n",
    # Nothing is documented; its page gives the frame a height by itself.
    frame_messages=(),
)
