"""Where a score stands on its way to the gradebook, in words for learners and trainers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from lti_tool.models import Score, ScoreReason, ScoreState
from lti_tool.services.scores import Obstacle


@dataclass(frozen=True, slots=True)
class DeliveryWords:
    """A chip's label and tone (``good``, ``part``, ``bad``), a sentence beside it, and the time that belongs to it."""

    label: str
    tone: str
    sentence: str
    at: datetime | None = None
    next_try_at: datetime | None = None


def describe_delivery(score: Score) -> DeliveryWords:
    """Say where a score stands."""
    if score.state is ScoreState.DELIVERED:
        return DeliveryWords(_("delivered"), "good", _("The gradebook has it."), at=score.delivered_at)
    reason = _reason(score.reason)
    if score.state is ScoreState.FAILED:
        return DeliveryWords(_("not delivered"), "bad", reason + " " + _("The score is kept here."))
    if score.state is ScoreState.SUPERSEDED:
        return DeliveryWords(_("replaced"), "part", reason)
    if score.tries:
        sentence = reason + " " + _("Nothing is lost; it is tried again by itself.")
        return DeliveryWords(_("waiting"), "part", sentence, next_try_at=score.next_try_at)
    return DeliveryWords(_("on its way"), "part", _("It goes to the gradebook in a moment."))


def describe_obstacle(obstacle: Obstacle) -> str:
    """Say why scores stay here."""
    return {
        Obstacle.ANONYMOUS: _("Your course does not tell us who you are, so the score is shown here only."),
        Obstacle.NO_COLUMN: _("This activity has no gradebook column, so the score is shown here only."),
        Obstacle.NO_SCOPE: _("Your course does not take scores from this activity, so the score is shown here only."),
    }[obstacle]


def _reason(reason: str | None) -> str:
    """Say what came in the way, and what helps."""
    reasons = {
        ScoreReason.UNREACHABLE: _("The LMS does not answer."),
        ScoreReason.PLATFORM_ERROR: _("The LMS answered with an error of its own."),
        ScoreReason.THROTTLED: _("The LMS asked us to wait."),
        ScoreReason.TOKEN_REFUSED: _(
            "The LMS does not let this tool in. Its administrator can check the registration."
        ),
        ScoreReason.ACCESS_REFUSED: _("The LMS does not let this tool write into the gradebook of this course."),
        ScoreReason.PERSON_REFUSED: _("The LMS does not grade this person: they may no longer be enrolled."),
        ScoreReason.COLUMN_GONE: _(
            "The gradebook column of this activity is gone. Open the activity again to get one."
        ),
        ScoreReason.SCORE_REFUSED: _("The LMS does not take this score."),
        ScoreReason.GAVE_UP: _("The LMS could not be reached for too long."),
        ScoreReason.LATER_IN_GRADEBOOK: _("The gradebook holds a later score."),
        ScoreReason.NEWER_QUEUED: _("A newer score took its place."),
    }
    return reasons.get(ScoreReason(reason), "") if reason in set(ScoreReason) else ""
