"""Where the reading of a course's list stands, in words for trainers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.models import Context, Roster, RosterReason, RosterState


@dataclass(frozen=True, slots=True)
class RosterWords:
    """A tone (``good``, ``part``, ``bad``), a sentence, and the time that belongs to it."""

    tone: str
    sentence: str
    can_ask: bool
    """Whether the button to read it stands beside the sentence."""
    at: datetime | None = None
    """When the list was last read to its end."""
    next_try_at: datetime | None = None


def describe_roster(context: Context | None, roster: Roster | None, at: datetime) -> RosterWords:
    """Say where the reading of a course's list stands, and what to do next."""
    if context is None or context.memberships_url is None:
        sentence = _(
            "Your LMS does not say who is in this course. Its administrator can turn Names and Role Provisioning on "
            "for this tool."
        )
        return RosterWords("plain", sentence, can_ask=False)
    if roster is None:
        sentence = _("Only people who opened the activity are listed. Read the course list to see who did not.")
        return RosterWords("plain", sentence, can_ask=True)
    if roster.reason is not None:
        sentence = _reason(roster.reason)
        return RosterWords("bad", sentence, can_ask=True, at=roster.pulled_at, next_try_at=roster.next_pull_at)
    is_due = roster.next_pull_at is not None and roster.next_pull_at <= at
    if roster.state is RosterState.PULLING or is_due:
        sentence = _("The course list is being read.")
        if roster.received and roster.cursor_url is not None:
            so_far = ngettext("%(num)s person so far.", "%(num)s people so far.", roster.received)
            sentence = f"{sentence} {so_far}"
        return RosterWords("part", sentence, can_ask=False, at=roster.pulled_at)
    if roster.pulled_at is None:
        sentence = _("The course list was not read. Open the activity again from your course, then try once more.")
        return RosterWords("part", sentence, can_ask=True)
    sentence = ngettext("%(num)s learner on the course list.", "%(num)s learners on the course list.", roster.learners)
    return RosterWords("good", sentence, can_ask=True, at=roster.pulled_at)


def _reason(reason: str) -> str:
    """Say what came in the way, and what helps."""
    reasons = {
        RosterReason.UNREACHABLE: _("The LMS does not answer."),
        RosterReason.PLATFORM_ERROR: _("The LMS answered with an error of its own."),
        RosterReason.THROTTLED: _("The LMS asked us to wait."),
        RosterReason.TOKEN_REFUSED: _(
            "The LMS does not let this tool in. Its administrator can check the registration."
        ),
        RosterReason.ACCESS_REFUSED: _(
            "The LMS does not let this tool read the course list. Its administrator can turn Names and Role "
            "Provisioning on for this tool."
        ),
        RosterReason.GONE: _(
            "The LMS does not find this course list. Open the activity again from your course, then try once more."
        ),
        RosterReason.REFUSED: _("The LMS refuses to give the course list. Its administrator can find out why."),
        RosterReason.TOO_LARGE: _(
            "The LMS sends more at once than this tool takes. Whoever runs the tool can raise EGRESS_MAX_BYTES."
        ),
        RosterReason.BROKEN_PAGING: _(
            "The LMS names a next page of the course list that cannot be read. Its administrator can report that."
        ),
        RosterReason.ENDLESS: _(
            "The pages of the course list do not come to an end. The administrator of the LMS can report that."
        ),
        RosterReason.EMPTY: _("The LMS says that nobody is in this course. Its administrator can find out why."),
    }
    return reasons.get(RosterReason(reason), "") if reason in set(RosterReason) else ""
