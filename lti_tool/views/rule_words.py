"""The rules of a quiz in words, as learners read them before they begin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from lti_tool.services.quiz_rules import Counting, Feedback, Hindrance, Rules


def describe_rules(rules: Rules) -> list[str]:
    """Say what holds, a sentence for each rule."""
    sentences = []
    if rules.opens_at is not None:
        sentences.append(_("It opens on %(date)s.", date=when(rules.opens_at, rules.zone)))
    if rules.closes_at is not None:
        date = when(rules.closes_at, rules.zone)
        sentences.append(
            _("It closes on %(date)s. What is open then is submitted by itself, as it was saved.", date=date)
        )
    if rules.minutes is not None:
        sentences.append(describe_clock(rules.minutes))
    sentences.append(_attempts(rules))
    if rules.attempts != 1:
        sentences.append(describe_counting(rules))
    if rules.passing is not None:
        sentences.append(_("With %(percent)s %% of its points you have passed it.", percent=rules.passing))
    if rules.is_shuffled:
        sentences.append(_("Each attempt has the questions in an order of its own."))
    if rules.asks_how_sure:
        sentences.append(_("You are asked how sure you are of each answer: that is for yourself, and never scored."))
    return [*sentences, describe_feedback(rules)]


def when(at: datetime, zone: str) -> str:
    """Write a date and time in a zone, and say which: 31 March 2027, 12:00 (Europe/Helsinki)."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{format_date(local.date(), 'long')}, {local:%H:%M} ({zone})"


def describe_clock(minutes: int) -> str:
    """Say how long an attempt may take, what happens then, and what to do who needs longer."""
    return (
        ngettext(
            "An attempt has %(num)s minute from its start. Then what you have written is submitted by itself.",
            "An attempt has %(num)s minutes from its start. Then what you have written is submitted by itself.",
            minutes,
        )
        + " "
        + _("If you need more time, ask your trainer: it can be given before you begin, and while you are at it.")
    )


def describe_hindrance(hindrance: Hindrance, rules: Rules) -> str:
    """Say why no attempt may begin."""
    if hindrance is Hindrance.NOT_YET and rules.opens_at is not None:
        return _("The quiz opens on %(date)s.", date=when(rules.opens_at, rules.zone))
    if hindrance is Hindrance.CLOSED and rules.closes_at is not None:
        return _("The quiz was closed on %(date)s.", date=when(rules.closes_at, rules.zone))
    return _("You have used all your attempts at this quiz.")


def describe_counting(rules: Rules) -> str:
    """Say which of several attempts counts."""
    return {
        Counting.BEST: _("Your best attempt counts."),
        Counting.LAST: _("Your last attempt counts."),
        Counting.FIRST: _("Your first attempt counts; further ones are practice."),
        Counting.AVERAGE: _("The average of your attempts counts."),
    }[rules.counting]


def describe_feedback(rules: Rules) -> str:
    """Say from when on one sees what was right."""
    return {
        Feedback.AT_ONCE: _("You see what was right and why as soon as you check an answer or submit."),
        Feedback.SUBMITTED: _("You see what was right and why once you have submitted."),
        Feedback.CLOSED: _("You see what was right and why once the quiz is closed."),
        Feedback.HELD: _("What was right is not shown, unless your trainer releases it."),
    }[rules.feedback]


def _attempts(rules: Rules) -> str:
    if rules.attempts is None:
        return _("You can take it as often as you like.")
    if rules.attempts == 1:
        return _("You can take it once.")
    return _("You can take it %(number)s times.", number=rules.attempts)
