"""Numbers and states in words, in the reader's language."""

from __future__ import annotations

import re
from fractions import Fraction

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from course_builder.scoring import Result

_DURATION = re.compile(r"P(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)")


def number(value: Fraction) -> str:
    """Give a number with two decimals at most: 2, 0.25, 0.33."""
    return format_decimal(value.numerator if value.denominator == 1 else round(float(value), 2))


def points(value: Fraction) -> str:
    """Give points in words: 1 point, 2 points, 0.25 points."""
    return ngettext("%(points)s point", "%(points)s points", 1 if value == 1 else 2, points=number(value))


def points_of(reached: Fraction, most: Fraction) -> str:
    """Give a score in words: 1 of 2 points."""
    return ngettext(
        "%(reached)s of %(most)s point",
        "%(reached)s of %(most)s points",
        1 if most == 1 else 2,
        reached=number(reached),
        most=number(most),
    )


def score(reached: Fraction, most: Fraction) -> str:
    """Give a score for a table: 9 of 10."""
    return _("%(reached)s of %(most)s", reached=number(reached), most=number(most))


def is_passed(reached: Fraction, most: Fraction, per_cent: int | None) -> bool:
    """Whether a score passes; never where nothing has to be passed."""
    return per_cent is not None and most > 0 and 100 * reached >= per_cent * most


def minutes(count: int | None) -> str:
    """Give a time in words: about 7 minutes; empty where none is known."""
    return ngettext("about %(num)s minute", "about %(num)s minutes", count) if count else ""


def minutes_in(duration: str) -> int | None:
    """Read an ISO 8601 duration of hours and minutes, such as PT40M."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return None
    return 60 * int(found["hours"] or 0) + int(found["minutes"] or 0)


def worth(value: Fraction, tries: int | None, tries_used: int, *, is_graded: bool, is_locked: bool) -> str:
    """Say what a question is worth and which try this is: 1 point · try 1 of 2."""
    parts = [points(value) if is_graded else _("Self-check, does not count")]
    if tries is not None and tries > 1:
        if is_locked or tries_used >= tries:
            parts.append(_("%(used)s of %(tries)s tries used", used=tries_used, tries=tries))
        else:
            parts.append(_("try %(number)s of %(tries)s", number=tries_used + 1, tries=tries))
    return " · ".join(parts)


def hint(cost: Fraction) -> str:
    """Name the button that opens a hint; ``cost`` is in points."""
    return _("Hint · costs %(points)s", points=points(cost)) if cost else _("Show a hint")


def verdict(state: str, *, question_type: str) -> str:
    """Say beside an option what became of it."""
    if question_type == "order":
        return {"right": _("In its place."), "wrong": _("Not in its place.")}.get(state, "")
    verdicts = {
        "right": _("Right, you chose it."),
        "wrong": _("You chose it, but it is wrong."),
        "missed": _("Right, and you missed it."),
    }
    return verdicts.get(state, "")


def outcome(result: Result, *, is_graded: bool) -> str:
    """Say below a question what the answer earned."""
    if is_graded:
        return points_of(result.points, result.max_points)
    return {"right": _("Right."), "partly": _("Partly right."), "wrong": _("Not right.")}.get(
        result.state, _("No answer.")
    )


def autosave() -> dict[str, str]:
    """Give the sentences of ``player/autosave.js``, which fills in the values."""
    # The placeholders stand for themselves here, and are filled in by the script.
    own = {name: f"%({name})s" for name in ("time", "number", "answer")}
    return {
        "saved": _("Saved %(time)s", **own),
        "offline": _("No connection. Your answers wait here and are sent by themselves: %(number)s", **own),
        "ended": _(
            "This activity is no longer open here. Your answers are kept in this window: "
            "open the activity again from your course, and they are sent."
        ),
        "conflict": _("This question was answered in another window, at %(time)s. The answer there: %(answer)s", **own),
        "keep": _("Keep my answer from here"),
        "take": _("Take the other answer"),
    }
