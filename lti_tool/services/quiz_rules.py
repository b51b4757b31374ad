"""The rules of a quiz at a placement, and what follows from them: pure, without a database or a clock.

Every route asks this module what is allowed; what a trainer did not set is as the module's author has it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Protocol, TypeVar

MOST_ATTEMPTS = 100
MOST_MINUTES = 1440
GRACE = timedelta(seconds=15)
"""What was sent when the time ended is still on its way then."""


class Counting(enum.StrEnum):
    """Which of several attempts counts."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


class Feedback(enum.StrEnum):
    """From when on people see what was right, and why."""

    AT_ONCE = "at-once"
    """While they answer, where a question has several tries; else once they submit."""
    SUBMITTED = "submitted"
    CLOSED = "closed"
    """Once the quiz is closed."""
    HELD = "held"
    """Not before the trainer chooses something else."""


class Hindrance(enum.StrEnum):
    """Why no attempt may begin."""

    NOT_YET = "not-yet"
    CLOSED = "closed"
    NONE_LEFT = "none-left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for a quiz at a placement."""

    attempts: int | None = None
    """``None``: as many as one likes."""
    counting: Counting = Counting.BEST
    passing: int | None = None
    """Per cent of the quiz's points that pass it; ``None``: as the author says."""
    is_shuffled: bool = False
    """Whether each attempt has the questions in an order of its own."""
    feedback: Feedback = Feedback.AT_ONCE
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    zone: str = "UTC"
    """In which the trainer thinks of the dates; they are kept in UTC."""
    minutes: int | None = None
    """For an attempt, from its begin."""
    asks_how_sure: bool = False
    """Whether people are asked how sure they are of each answer; that is never scored."""
    last_closes_at: datetime | None = None
    """The latest date that anybody was given: what was right is shown to nobody before."""

    @property
    def has_clock(self) -> bool:
        """Whether an attempt is begun by a button, because that starts a clock."""
        return self.minutes is not None


AS_THE_AUTHOR_SAYS = Rules()


class More(Protocol):
    """What somebody was given beyond the rules."""

    @property
    def kind(self) -> str:
        """Which of them."""
        ...

    @property
    def amount(self) -> int | None:
        """Attempts or minutes."""
        ...

    @property
    def closes_at(self) -> datetime | None:
        """The later date."""
        ...


class Tried(Protocol):
    """An attempt, as far as rules go."""

    number: int
    submitted_at: datetime | None
    set_aside_at: datetime | None
    points: str | None
    max_points: str | None


_T = TypeVar("_T", bound=Tried)


def read_rules(kept: Mapping[str, Any] | None) -> Rules:
    """Read what a placement keeps for a quiz; what it does not name is as the author has it."""
    values = dict(kept or {})
    if "counting" in values:
        values["counting"] = Counting(values["counting"])
    if "feedback" in values:
        values["feedback"] = Feedback(values["feedback"])
    for name in ("opens_at", "closes_at", "last_closes_at"):
        if name in values:
            values[name] = datetime.fromisoformat(values[name])
    return Rules(**values)


def keep_rules(rules: Rules) -> dict[str, Any]:
    """Give what has to be kept of rules: what differs from the author's."""
    return {
        field.name: _plain(value) for field in fields(Rules) if (value := getattr(rules, field.name)) != field.default
    }


def copied(rules: Rules) -> Rules:
    """Give the rules that a copy of the quiz begins with: no dates, which would be those of the course before.

    What was shown from a date on is held back, until a trainer of the copy says otherwise.
    """
    feedback = Feedback.HELD if rules.feedback is Feedback.CLOSED else rules.feedback
    return replace(rules, feedback=feedback, opens_at=None, closes_at=None, last_closes_at=None)


def allow(rules: Rules, given: Iterable[More]) -> Rules:
    """Give the rules that hold for somebody who was given more; nothing that is given makes any of them narrower."""
    for more in given:
        if more.kind == "attempts" and rules.attempts is not None:
            rules = replace(rules, attempts=rules.attempts + (more.amount or 0))
        elif more.kind == "minutes" and rules.minutes is not None:
            rules = replace(rules, minutes=rules.minutes + (more.amount or 0))
        elif more.kind == "closing" and rules.closes_at is not None:
            rules = replace(rules, closes_at=max(rules.closes_at, more.closes_at or rules.closes_at))
    return rules


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, enum.Enum) else value


def hindrance(rules: Rules, begun: int, at: datetime) -> Hindrance | None:
    """Say why no attempt may begin after so many; nothing if one may."""
    if rules.attempts is not None and begun >= rules.attempts:
        return Hindrance.NONE_LEFT
    if rules.opens_at is not None and at < rules.opens_at:
        return Hindrance.NOT_YET
    return Hindrance.CLOSED if rules.closes_at is not None and at >= rules.closes_at else None


def ends_at(rules: Rules, started_at: datetime) -> datetime | None:
    """Say when an attempt ends by itself: its time is up, or the quiz closes."""
    ends = [rules.closes_at] if rules.closes_at is not None else []
    if rules.minutes is not None:
        ends.append(started_at + timedelta(minutes=rules.minutes))
    return min(ends, default=None)


def is_over(rules: Rules, started_at: datetime, at: datetime) -> bool:
    """Whether nothing is saved in an attempt any more; what was on its way at the end still is."""
    end = ends_at(rules, started_at)
    return end is not None and at > end + GRACE


def may_check(rules: Rules) -> bool:
    """Whether a question with several tries is checked while one answers."""
    return rules.feedback is Feedback.AT_ONCE


def shows_results(rules: Rules, at: datetime, *, is_submitted: bool) -> bool:
    """Whether the person sees what was right, and why."""
    if rules.feedback is Feedback.CLOSED:
        return is_submitted and rules.closes_at is not None and at >= max(rules.closes_at, rules.last_closes_at or at)
    if rules.feedback is Feedback.SUBMITTED:
        return is_submitted
    return rules.feedback is Feedback.AT_ONCE


def counted(rules: Rules, tried: Sequence[_T]) -> tuple[_T, ...]:
    """Choose the attempts that count, of all that a person made at a quiz; they are in their order.

    One that was set aside never does.
    """
    done = [attempt for attempt in tried if attempt.submitted_at is not None and attempt.set_aside_at is None]
    if not done or rules.counting is Counting.AVERAGE:
        return tuple(done)
    if rules.counting is Counting.BEST:
        return (max(done, key=lambda attempt: (share_of(attempt), attempt.number)),)
    return (done[0 if rules.counting is Counting.FIRST else -1],)


def share(rules: Rules, tried: Sequence[Tried]) -> Fraction:
    """Give how much of a quiz's points counts, from 0 to 1; 0 before a first attempt is submitted."""
    chosen = counted(rules, tried)
    return sum((share_of(attempt) for attempt in chosen), Fraction(0)) / len(chosen) if chosen else Fraction(0)


def share_of(attempt: Tried) -> Fraction:
    """Give how much of its points a submitted attempt reached, from 0 to 1."""
    most = Fraction(attempt.max_points or 0)
    return Fraction(attempt.points or 0) / most if most else Fraction(0)
