"""What the parser understood of sessions, worksheets, polls and boards, for an author to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course_builder.model import Tokens
from course_builder.model.workshop import Field, Named, Scale, Step, Workshop
from course_builder.tokens import plain_text


def workshop_outline(workshop: Workshop) -> Iterator[str]:
    """Show each with all that it holds; places in the text of a step stand in angle brackets."""
    for session in workshop.sessions:
        yield f"session {session.id}: {session.title}, {session.minutes} minutes, {session.mode}"
        yield from _texts(("intro", session.intro), ("materials", session.materials), *_notes(session.notes))
        for step in session.steps:
            yield from (f"  {line}" for line in _step(step))
    for worksheet in workshop.worksheets:
        yield f"worksheet {worksheet.id}: {worksheet.title}"
        yield from _texts(("intro", worksheet.intro))
        for field in worksheet.fields:
            yield from (f"  {line}" for line in _field(field))
    for poll in workshop.polls:
        yield f"poll {poll.id}: {poll.type}{_scale(poll.scale)}"
        yield from _texts(("asks", poll.text))
        yield from _named("option", poll.options)
    for board in workshop.boards:
        yield f"board {board.id}: {board.votes or 'no'} votes"
        yield from _texts(("asks", board.text))
        yield from _named("column", board.columns)


def _step(step: Step) -> Iterator[str]:
    yield f"step: {_words(step.title)}, {step.minutes} minutes, {' + '.join(step.who)}"
    yield from _texts(("text", step.text), ("room", step.room), ("remote", step.remote))
    yield from _texts(("materials", step.materials), *_notes(step.notes))


def _field(field: Field) -> Iterator[str]:
    more = [field.type + _scale(field.scale)]
    more += ["required"] if field.is_required else []
    more += [f"from {field.prefill}"] if field.prefill else []
    more += [f"in {field.unit}"] if field.unit else []
    more += [f"{field.space} lines"] if field.space else []
    yield f"field {field.id}: {_words(field.label)}: {', '.join(more)}"
    yield from _texts(("help", field.help))
    yield from _named("option", field.options)
    yield from _named("column", field.columns)
    yield from _named("row", field.rows)


def _texts(*texts: tuple[str, Tokens]) -> Iterator[str]:
    return (f"  {name}: {_words(tokens)}" for name, tokens in texts if tokens)


def _notes(notes: Sequence[Tokens]) -> Iterator[tuple[str, Tokens]]:
    return (("facilitator", note) for note in notes)


def _named(kind: str, items: Sequence[Named]) -> Iterator[str]:
    return (f"  {kind} {item.id or '-'}: {_words(item.text)}" for item in items)


def _scale(scale: Scale | None) -> str:
    return f" {scale.low} to {scale.high} ({' | '.join(scale.labels)})" if scale else ""


def _words(tokens: Tokens) -> str:
    places = [f"<{token.type} {token.meta['id']}>" for token in tokens if token.type in {"poll", "board"}]
    return " ".join(filter(None, [plain_text(tokens), *places]))
