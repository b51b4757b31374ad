"""Session blocks → :class:`Session` with its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from markdown_it.token import Token

from course_builder.model import Fence, Tokens
from course_builder.model.workshop import WHO, Mode, Session, Step
from course_builder.parser.findings import did_you_mean
from course_builder.parser.on_page import OnPage
from course_builder.parser.values import Values
from course_builder.tokens import outermost, place_of

MODES = ("room", "remote", "hybrid")
_PARTS = frozenset({"room", "remote", "materials", "facilitator", "step"})


@dataclass(slots=True)
class _Parts:
    """The blocks in a session or a step, apart from its text."""

    text: list[Token] = field(default_factory=list)
    single: dict[str, Tokens] = field(default_factory=dict)
    notes: list[Tokens] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


def read_session(fence: Fence, tokens: Sequence[Token], page: OnPage) -> Session:
    """Read a session; text stands before its first step."""
    values = Values(fence, page.findings)
    parts = _take_parts(tokens, page)
    return Session(
        id=fence.id or "",
        title=values.text("title") or page.title,
        is_titled=bool(values.text("title")),
        page=page.id,
        minutes=values.count("minutes", 0) or 0,
        mode=cast(Mode, values.choice("mode", MODES, "hybrid")),
        intro=page.run(parts.text),
        materials=parts.single.get("materials", ()),
        notes=tuple(parts.notes),
        steps=tuple(parts.steps),
        place=fence.place,
    )


def _read_step(fence: Fence, tokens: Sequence[Token], page: OnPage) -> Step:
    parts = _take_parts(tokens, page)
    title, text = Token("inline", "", 0, children=[]), parts.text
    if [token.type for token in text[:1]] == ["paragraph_open"]:
        title, text = text[1], text[3:]
    else:
        hint = "Begin the step with a short paragraph; it is the step's line in the agenda."
        page.findings.error(fence.place, "step-without-title", "this step does not say first what happens", hint)
    return Step(
        title=page.label(title),
        minutes=Values(fence, page.findings).count("minutes", 0) or 0,
        who=_who(fence, page),
        text=page.run(text),
        room=parts.single.get("room", ()),
        remote=parts.single.get("remote", ()),
        materials=parts.single.get("materials", ()),
        notes=tuple(parts.notes),
        place=fence.place,
    )


def _who(fence: Fence, page: OnPage) -> tuple[str, ...]:
    who = tuple(fence.attributes.get("who", "everyone").split())
    for word in who:
        if word not in WHO:
            hint = did_you_mean(word, WHO, f"There are {', '.join(WHO)}; a blank stands between two.")
            page.findings.error(fence.place, "attribute-value", f"`who` cannot be `{word}`", hint)
    return who


def _take_parts(tokens: Sequence[Token], page: OnPage) -> _Parts:
    parts = _Parts()
    for block in outermost(tokens):
        fence: Fence | None = block[0].meta["block"] if block[0].type == "block_open" else None
        if fence is not None and fence.name in _PARTS:
            _add_part(fence, block[1:-1], parts, page)
        elif parts.steps:
            place = place_of(page.findings.path, block[0])
            hint = "Move it into a step, or before the first one."
            page.findings.error(place, "session-body", "text between or after the steps of a session", hint)
        else:
            parts.text += block
    return parts


def _add_part(fence: Fence, tokens: Sequence[Token], parts: _Parts, page: OnPage) -> None:
    if fence.name == "step":
        parts.steps.append(_read_step(fence, tokens, page))
    elif fence.name == "facilitator":
        parts.notes.append(page.part(fence, tokens))
    else:
        if fence.name in parts.single:
            page.findings.error(fence.place, "block-twice", f"a second `{fence.name}` here", "Join the two.")
        parts.single[fence.name] = page.part(fence, tokens)
