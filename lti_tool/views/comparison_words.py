"""How a course stands to its gradebook, in words for trainers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.models import ColumnState, ComparedColumn, ComparedGrade, Comparison, Verdict
from lti_tool.views.delivery_words import DeliveryWords, describe_reason
from lti_tool.views.words import number


@dataclass(frozen=True, slots=True)
class ComparisonWords:
    """A tone (``good``, ``part``, ``bad``, ``plain``), a sentence, and whether there is something to wait for."""

    tone: str
    sentence: str
    is_working: bool
    next_try_at: datetime | None = None


def describe_comparison(
    comparison: Comparison | None, columns: Sequence[ComparedColumn], counts: dict[Verdict, int], to_send: int
) -> ComparisonWords:
    """Say where a comparison stands."""
    if comparison is None:
        return ComparisonWords("plain", _("This course was not compared with its gradebook yet."), is_working=False)
    waiting = [column for column in columns if column.state is ColumnState.WAITING]
    if waiting:
        return _being_read(comparison, columns, waiting)
    if to_send:
        sentence = ngettext(
            "%(num)s grade is being put on its way.", "%(num)s grades are being put on their way.", to_send
        )
        return ComparisonWords("part", sentence, is_working=True)
    if all(column.state is ColumnState.FAILED for column in columns):
        return ComparisonWords("bad", _("The gradebook could not be read."), is_working=False)
    differing = sum(number for verdict, number in counts.items() if verdict is not Verdict.SAME)
    if differing:
        sentence = ngettext("%(num)s grade differs.", "%(num)s grades differ.", differing)
        return ComparisonWords("part", sentence, is_working=False)
    if any(column.state is ColumnState.FAILED for column in columns):
        return ComparisonWords("part", _("What could be read is as it is here."), is_working=False)
    return ComparisonWords("good", _("The gradebook holds what was earned here."), is_working=False)


def describe_column(column: ComparedColumn) -> DeliveryWords:
    """Say where the reading of a column stands."""
    if column.state is ColumnState.FAILED:
        return DeliveryWords(_("not read"), "bad", describe_reason(column.reason))
    if column.state is ColumnState.READ:
        sentence = "" if column.can_send else _("Your LMS lets this tool read this column, and not write into it.")
        return DeliveryWords(_("read"), "good", sentence)
    return DeliveryWords(_("waiting"), "part", describe_reason(column.reason))


def describe_verdict(grade: ComparedGrade) -> DeliveryWords:
    """Say how the gradebook's value stands to ours, and what that means."""
    words = {
        Verdict.SAME: DeliveryWords(_("the same"), "good", ""),
        Verdict.MISSING: DeliveryWords(_("missing there"), "part", _("The gradebook has no grade for this person.")),
        Verdict.OTHER: DeliveryWords(
            _("older there"), "part", _("The gradebook has another grade that was sent from here before.")
        ),
        Verdict.BY_HAND: DeliveryWords(
            _("changed by hand"),
            "bad",
            _("The grade there was never sent from here: somebody changed it in the LMS. Sending replaces it."),
        ),
        Verdict.ON_ITS_WAY: DeliveryWords(_("on its way"), "part", _("A score is on its way; there is nothing to do.")),
        Verdict.NOTHING_HERE: DeliveryWords(
            _("nothing here"), "plain", _("This person submitted nothing here, and has a grade there.")
        ),
        Verdict.UNKNOWN: DeliveryWords(
            _("unknown here"), "plain", _("This person never came here, and has a grade there.")
        ),
    }[grade.verdict]
    if grade.has_left and grade.verdict in {Verdict.MISSING, Verdict.OTHER, Verdict.BY_HAND}:
        sentence = words.sentence + " " + _("They left the course, so your LMS may refuse the grade.")
        return DeliveryWords(words.label, words.tone, sentence)
    return words


def describe_ours(grade: ComparedGrade) -> str:
    """Give what was earned here, for a table."""
    if grade.points is None or grade.max_points is None:
        return "–"
    return _score(Fraction(grade.points), Fraction(grade.max_points))


def describe_theirs(grade: ComparedGrade) -> str:
    """Give what the gradebook holds, for a table."""
    if grade.theirs is None or grade.their_maximum is None:
        return "–"
    return _score(Fraction(grade.theirs), Fraction(grade.their_maximum))


def _score(reached: Fraction, most: Fraction) -> str:
    """Give a score with its share: two gradebooks may count the same in different points."""
    share = round(100 * float(reached / most)) if most else 0
    return _("%(reached)s of %(most)s (%(share)s %%)", reached=number(reached), most=number(most), share=share)


def _being_read(
    comparison: Comparison, columns: Sequence[ComparedColumn], waiting: Sequence[ComparedColumn]
) -> ComparisonWords:
    now = waiting[0]
    if now.reason is not None:
        sentence = describe_reason(now.reason) + " " + _("It is tried again by itself.")
        return ComparisonWords("part", sentence, is_working=True, next_try_at=comparison.next_try_at)
    sentence = _(
        "The gradebook is being read: column %(number)s of %(all)s.",
        number=len(columns) - len(waiting) + 1,
        all=len(columns),
    )
    received = sum(column.received for column in columns)
    if received:
        so_far = ngettext("%(num)s grade so far.", "%(num)s grades so far.", received)
        sentence = f"{sentence} {so_far}"
    return ComparisonWords("part", sentence, is_working=True)
