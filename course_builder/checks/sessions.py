"""Sessions: their minutes add up, and nobody is left without something to do."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.model import Course, Problem
from course_builder.model.workshop import Session, Step
from course_builder.plurals import counted


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each session whose agenda cannot be held as it stands."""
    for module in course.modules:
        for session in module.workshop.sessions:
            yield from _minutes(session)
            for step in session.steps:
                yield from _sides(step, session)


def _minutes(session: Session) -> Iterator[Problem]:
    minutes = [step.minutes for step in session.steps]
    if not session.steps:
        hint = "Put ::: step {minutes=10} blocks into it."
        yield Problem(session.place, "error", "session-empty", "there is no step in this session", hint)
    elif session.minutes and all(minutes) and sum(minutes) != session.minutes:
        message = f"the steps take {counted(sum(minutes), 'minute')}, the session {session.minutes}"
        hint = f"Change a step, or write minutes={sum(minutes)}."
        yield Problem(session.place, "error", "session-minutes", message, hint)


def _sides(step: Step, session: Session) -> Iterator[Problem]:
    for side, text, other in (("room", step.room, step.remote), ("remote", step.remote, step.room)):
        if text and session.mode not in {side, "hybrid"}:
            message = f"a `{side}` part in a session of mode {session.mode}"
            hint = "Take it out, or make the session hybrid."
            yield Problem(step.place, "error", "step-side", message, hint)
        elif text and session.mode == "hybrid" and not other:
            missing = "remote" if side == "room" else "room"
            message = f"this step says what happens in the {side} part only"
            hint = f"Say in a ::: {missing} block what the others do meanwhile."
            yield Problem(step.place, "warning", "step-one-sided", message, hint)
