"""Where a score stands on its way to the gradebook, in words for learners and trainers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask import g
from flask_babel import gettext as _

from lti_tool.extensions import db
from lti_tool.lti.grades import points_in
from lti_tool.models import LineItem, LineItemState, Outage, Score, ScoreReason, ScoreState
from lti_tool.services import outages
from lti_tool.services.scores import Obstacle
from lti_tool.views import words


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
    reason = describe_reason(score.reason)
    if score.state is ScoreState.FAILED:
        return DeliveryWords(_("not delivered"), "bad", reason + " " + _("The score is kept here."))
    if score.state is ScoreState.SUPERSEDED:
        return DeliveryWords(_("replaced"), "part", reason)
    if score.tries:
        sentence = reason + " " + _("Nothing is lost; it is tried again by itself.")
        return DeliveryWords(_("waiting"), "part", sentence, next_try_at=score.next_try_at)
    if outage := _outage(score.registration_id):
        sentence = describe_reason(outage.reason) + " " + _("Nothing is lost; it is tried again by itself.")
        return DeliveryWords(_("waiting"), "part", sentence)
    return DeliveryWords(_("on its way"), "part", _("It goes to the gradebook in a moment."))


def describe_sent(score: Score) -> str:
    """Say what a score tells the gradebook."""
    given, most = (Fraction(each).limit_denominator(10_000) for each in points_in(score.payload))
    return words.points_of(given, most)


def describe_answer(score: Score) -> str:
    """Say with which code the LMS answered, where it refused; empty else."""
    if score.http_status is None or score.state is ScoreState.DELIVERED:
        return ""
    return _("The LMS answered with code %(status)s.", status=score.http_status)


def _outage(registration_id: int) -> Outage | None:
    """Find whether a platform is paused, once per request however many scores are described."""
    known: dict[int, Outage | None] = g.setdefault("outages", {})
    if registration_id not in known:
        known[registration_id] = outages.find(db.session(), registration_id)
    return known[registration_id]


def describe_column(line_item: LineItem) -> DeliveryWords:
    """Say where a column stands that the tool makes."""
    if line_item.state is LineItemState.READY:
        return DeliveryWords(_("in the gradebook"), "good", "")
    reason = describe_reason(line_item.reason)
    if line_item.state is LineItemState.FAILED:
        return DeliveryWords(_("not made"), "bad", reason + " " + _("Save the choice again to try once more."))
    if line_item.reason:
        sentence = reason + " " + _("Nothing is lost; it is tried again by itself.")
        return DeliveryWords(_("waiting"), "part", sentence, next_try_at=line_item.next_try_at)
    return DeliveryWords(_("on its way"), "part", "")


def describe_obstacle(obstacle: Obstacle) -> str:
    """Say why scores stay here."""
    return {
        Obstacle.ANONYMOUS: _("Your course does not tell us who you are, so the score is shown here only."),
        Obstacle.TEST_ACCOUNT: _("This is a test account, so the score is shown here only."),
        Obstacle.NO_COLUMN: _("This activity has no gradebook column, so the score is shown here only."),
        Obstacle.NO_SCOPE: _("Your course does not take scores from this activity, so the score is shown here only."),
    }[obstacle]


def describe_reason(reason: str | None) -> str:
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
        ScoreReason.ROLE_NOT_GRADED: _(
            "The LMS does not grade people with this role. Its administrator can allow that in the settings of the"
            " role; in Brightspace it is called “Can be graded in Grades”."
        ),
        ScoreReason.ATTEMPTS_USED_UP: _(
            "The LMS takes no more attempts of this person. A trainer can allow more of them in the LMS."
        ),
        ScoreReason.COLUMN_GONE: _(
            "The gradebook column of this activity is gone. Open the activity again to get one."
        ),
        ScoreReason.CLOCK_BEHIND: _(
            "The LMS's clock is behind ours, so that it takes the score later. Its administrator can set the clock."
        ),
        ScoreReason.SCORE_REFUSED: _("The LMS does not take this score."),
        ScoreReason.UNREADABLE: _(
            "The LMS gives what is in its gradebook in a way that cannot be read here. Its administrator can report"
            " that."
        ),
        ScoreReason.GAVE_UP: _("The LMS could not be reached for too long."),
        ScoreReason.STOPPED: _("Whoever runs this tool stopped it."),
        ScoreReason.LATER_IN_GRADEBOOK: _("The gradebook holds a later score."),
        ScoreReason.NEWER_QUEUED: _("A newer score took its place."),
    }
    return reasons.get(ScoreReason(reason), "") if reason in set(ScoreReason) else ""
