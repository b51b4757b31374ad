"""A session as an agenda: when, how long, who, and what differs in the room and on the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from course_builder.model.workshop import Session, Step
from course_builder.package.rendered_workshop import RenderedSession, RenderedStep
from course_builder.render.pieces import element, labelled_by

Notes = Callable[[tuple[str, ...]], str]
"""How notes for facilitators are shown."""


def _none(notes: tuple[str, ...]) -> str:
    """Show no notes: learners never get them."""
    return ""


def session_html(
    session: Session, text: RenderedSession, words: Mapping[str, str], level: int, notes: Notes = _none
) -> str:
    """Write a session; only the facilitator guide asks for its notes."""
    if session.is_titled:
        name, heading = labelled_by(session.id, session.title, level, "session-title")
    else:
        name, heading = f' aria-label="{words["agenda"]}"', ""
    facts = f"{words['minutes'].format(minutes=session.minutes)} · {words[f'mode-{session.mode}']}"
    steps: list[str] = []
    start = 0
    for step, said in zip(session.steps, text.steps, strict=True):
        steps.append(_step_html(step, said, start, words, notes))
        start += step.minutes
    return (
        f'<section class="session" id="{session.id}"{name} data-session="{session.id}">\n{heading}'
        f"{element('p', 'kind', facts)}{_block(text.intro)}{_materials(text.materials, words)}{notes(text.notes)}"
        f'<ol class="agenda">\n{"".join(steps)}</ol>\n</section>\n'
    )


def _step_html(step: Step, text: RenderedStep, start: int, words: Mapping[str, str], notes: Notes) -> str:
    when = words["from-to"].format(start=start, end=start + step.minutes)
    long = words["minutes" if step.minutes > 1 else "minute"].format(minutes=step.minutes)
    who = ", ".join(words[f"who-{each}"] for each in step.who)
    sides = "".join(
        f'<div class="side"><p class="side-title">{words[f"mode-{side}"]}</p>\n{html}\n</div>\n'
        for side, html in (("room", text.room), ("remote", text.remote))
        if html
    )
    return (
        f'<li class="step">\n<p class="step-time"><b>{when}</b> <span>{long}</span></p>\n<div class="step-body">\n'
        f'<p class="step-title">{text.title}</p>\n{element("p", "step-who", who[:1].upper() + who[1:])}'
        f"{_block(text.text)}{element('div', 'sides', sides)}{_materials(text.materials, words)}{notes(text.notes)}"
        "</div>\n</li>\n"
    )


def _block(html: str) -> str:
    return f"{html}\n" if html else ""


def _materials(html: str, words: Mapping[str, str]) -> str:
    title = f'<p class="side-title">{words["materials"]}</p>\n'
    return element("div", "materials", f"{title}{html}\n") if html else ""
