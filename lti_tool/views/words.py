"""Numbers and states in words, in the reader's language."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from course_builder.player import words as question_words

_DURATION = re.compile(r"P(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)")


class _Interface:
    """The interface's language, as the player asks for it."""

    gettext = staticmethod(_)
    ngettext = staticmethod(ngettext)

    def number(self, value: Fraction) -> str:
        """Write a number with two decimals at most: 2, 0.25, 0.33."""
        return format_decimal(value.numerator if value.denominator == 1 else round(float(value), 2))

    def answer(self, value: Fraction) -> str:
        """Write a number with up to nine decimals, and without marks between thousands."""
        return format_decimal(value.numerator if value.denominator == 1 else float(value), "0.#########")


INTERFACE = _Interface()


def number(value: Fraction) -> str:
    """Give a number with two decimals at most: 2, 0.25, 0.33."""
    return INTERFACE.number(value)


def points(value: Fraction) -> str:
    """Give points in words: 1 point, 2 points, 0.25 points."""
    return question_words.points(INTERFACE, value)


def points_of(reached: Fraction, most: Fraction) -> str:
    """Give a score in words: 1 of 2 points."""
    return question_words.points_of(INTERFACE, reached, most)


def score(reached: Fraction, most: Fraction) -> str:
    """Give a score for a table: 9 of 10."""
    return _("%(reached)s of %(most)s", reached=number(reached), most=number(most))


def is_passed(reached: Fraction, most: Fraction, per_cent: int | None) -> bool:
    """Whether a score passes; never where nothing has to be passed."""
    return per_cent is not None and most > 0 and 100 * reached >= per_cent * most


def minutes(count: int | None) -> str:
    """Give a time in words: about 7 minutes; empty where none is known."""
    return question_words.minutes(INTERFACE, count)


def minutes_in(duration: str) -> int | None:
    """Read an ISO 8601 duration of hours and minutes, such as PT40M."""
    found = _DURATION.fullmatch(duration)
    if found is None:
        return None
    return 60 * int(found["hours"] or 0) + int(found["minutes"] or 0)


def private_notes(is_shared: bool = False) -> dict[str, str]:
    """Give the sentences of ``player/private-notes.js``, which fills in the time; a shared computer keeps nothing."""
    return {
        "kept": _("Kept for you as you write; nobody else sees it here."),
        "saved": _("Saved %(time)s", time="%(time)s"),
        "offline": _("No connection. Keep this page open: your note waits on it and is sent by itself.")
        if is_shared
        else _("No connection. Your note waits here and is sent by itself."),
        "joined": _("This note was written elsewhere, too. Both texts are here now: keep what you need."),
    }


def clock() -> dict[str, Any]:
    """Give the sentences of ``player/countdown.js``: the time that is left, and the warnings by their minutes."""
    saved = _("What you write is saved. At the end it is submitted by itself.")
    return {
        "left": _("%(minutes)s min left", minutes="%(minutes)s"),
        "last": _("less than a minute left"),
        "warnings": {
            minutes: ngettext("%(num)s minute is left.", "%(num)s minutes are left.", minutes) + " " + saved
            for minutes in (10, 5, 1)
        },
    }


def autosave(is_shared: bool = False) -> dict[str, str]:
    """Give the sentences of ``player/autosave.js``, which fills in the values; on a shared computer nothing is kept."""
    # The placeholders stand for themselves here, and are filled in by the script.
    own = {name: f"%({name})s" for name in ("time", "number", "answer")}
    return {
        "saved": _("Saved %(time)s", **own),
        "offline": _(
            "No connection. Keep this page open: your answers wait on it and are sent by themselves: %(number)s", **own
        )
        if is_shared
        else _("No connection. Your answers wait here and are sent by themselves: %(number)s", **own),
        "unsent": _("Not sent yet"),
        "over": _("The time is over. What you have written is being submitted."),
        "over_offline": _(
            "The time is over, and there is no connection. What you have written waits here and is sent by itself."
        ),
        "ended": _(
            "This activity is no longer open here, and nothing is kept on a shared computer. "
            "Copy what you need from this page, then open the activity again from your course."
        )
        if is_shared
        else _(
            "This activity is no longer open here. Your answers are kept in this window: "
            "open the activity again from your course, and they are sent."
        ),
        "conflict": _("This question was answered in two places, and the answers differ."),
        "conflict_next": _("Both are kept until you choose which one stays."),
        "here": _("Here, %(time)s:", **own),
        "elsewhere": _("In another window or on another device, %(time)s:", **own),
        "no_answer": _("No answer"),
        "keep": _("Keep the answer from here"),
        "take": _("Keep the other answer"),
        "choose": _("First choose which of two answers stays: the question says which ones."),
        "no_connection": _("No connection. Nothing is lost: try again in a moment."),
        "submitted": _(
            "This was handed in at %(time)s in another window or on another device. "
            "What had not arrived from here by then is not part of it, and stands below.",
            **own,
        ),
        "see": _("See what was handed in"),
    }


def left_over() -> dict[str, str]:
    """Give the sentences of ``player/left-over.js``: what had not arrived when its attempt was submitted elsewhere."""
    own = {"time": "%(time)s"}
    return {
        "title": _("Not part of what you handed in"),
        "text": _(
            "You wrote this in this browser, and it had not arrived when you handed in at %(time)s "
            "in another window or on another device. It does not count, and only you see it here.",
            **own,
        ),
        "no_time": _(
            "You wrote this in this browser for an attempt that is closed, and it had not arrived by then. "
            "It does not count, and only you see it here."
        ),
        "written": _("Written %(time)s:", **own),
        "no_answer": _("No answer"),
        "dismiss": _("Delete it from this browser"),
        "dismissed": _("It was deleted from this browser."),
    }
