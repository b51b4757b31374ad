"""Sessions, worksheets, polls and boards → their entries in a package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from course_builder.model import Module
from course_builder.model.workshop import Board, Field, Named, Poll, Scale, Session, Step, Worksheet
from course_builder.package.rendered_workshop import (
    RenderedBoard,
    RenderedField,
    RenderedPoll,
    RenderedSession,
    RenderedStep,
    RenderedWorksheet,
    RenderedWorkshop,
)
from course_builder.package.workshop import (
    BoardEntry,
    FieldEntry,
    NamedEntry,
    PollEntry,
    ScaleEntry,
    SessionEntry,
    SessionNotes,
    StepEntry,
    WorksheetEntry,
)


def session_entries(module: Module, rendered: RenderedWorkshop, language: str) -> tuple[SessionEntry, ...]:
    """Make the entries of a module's sessions."""
    return tuple(_session(each, rendered.sessions[each.id], language) for each in module.workshop.sessions)


def worksheet_entries(module: Module, rendered: RenderedWorkshop, language: str) -> tuple[WorksheetEntry, ...]:
    """Make the entries of a module's worksheets."""
    return tuple(_worksheet(each, rendered.worksheets[each.id], language) for each in module.workshop.worksheets)


def poll_entries(module: Module, rendered: RenderedWorkshop, language: str) -> tuple[PollEntry, ...]:
    """Make the entries of a module's polls."""
    return tuple(_poll(each, rendered.polls[each.id], language) for each in module.workshop.polls)


def board_entries(module: Module, rendered: RenderedWorkshop, language: str) -> tuple[BoardEntry, ...]:
    """Make the entries of a module's boards."""
    return tuple(_board(each, rendered.boards[each.id], language) for each in module.workshop.boards)


def session_notes(module: Module, rendered: RenderedWorkshop) -> Mapping[str, SessionNotes]:
    """Collect the notes for facilitators, by the ids of the sessions that have some."""
    notes = {
        session.id: SessionNotes(text.notes, tuple(step.notes for step in text.steps))
        for session in module.workshop.sessions
        for text in [rendered.sessions[session.id]]
    }
    return {id_: each for id_, each in notes.items() if each.session or any(each.steps)}


def _session(session: Session, text: RenderedSession, language: str) -> SessionEntry:
    return SessionEntry(
        id=session.id,
        title={language: session.title},
        page=session.page,
        minutes=session.minutes,
        mode=session.mode,
        steps=tuple(_step(step, said, language) for step, said in zip(session.steps, text.steps, strict=True)),
        intro=_by(language, text.intro),
        materials=_by(language, text.materials),
    )


def _step(step: Step, text: RenderedStep, language: str) -> StepEntry:
    return StepEntry(
        minutes=step.minutes,
        who=step.who,
        title={language: text.title},
        text=_by(language, text.text),
        room=_by(language, text.room),
        remote=_by(language, text.remote),
        materials=_by(language, text.materials),
        polls=tuple(_places(step, "poll")),
        boards=tuple(_places(step, "board")),
    )


def _places(step: Step, kind: str) -> Iterator[str]:
    return (token.meta["id"] for token in step.text if token.type == kind)


def _worksheet(worksheet: Worksheet, text: RenderedWorksheet, language: str) -> WorksheetEntry:
    fields = zip(worksheet.fields, text.fields, strict=True)
    return WorksheetEntry(
        id=worksheet.id,
        title={language: worksheet.title},
        page=worksheet.page,
        fields=tuple(_field(field, said, language) for field, said in fields),
        intro=_by(language, text.intro),
    )


def _field(field: Field, text: RenderedField, language: str) -> FieldEntry:
    return FieldEntry(
        id=field.id,
        type=field.type,
        label={language: text.label},
        help=_by(language, text.help),
        required=field.is_required,
        prefill=str(field.prefill) if field.prefill else None,
        options=_named(field.options, text.options, language),
        columns=_named(field.columns, text.columns, language),
        rows=_named(field.rows, text.rows, language),
        scale=_scale(field.scale, language),
        unit=_by(language, field.unit or ""),
        space=field.space,
    )


def _poll(poll: Poll, text: RenderedPoll, language: str) -> PollEntry:
    options = _named(poll.options, text.options, language)
    return PollEntry(poll.id, poll.type, poll.page, {language: text.text}, options, _scale(poll.scale, language))


def _board(board: Board, text: RenderedBoard, language: str) -> BoardEntry:
    columns = _named(board.columns, text.columns, language)
    return BoardEntry(board.id, board.page, {language: text.text}, columns, board.votes)


def _named(items: Sequence[Named], texts: Sequence[str], language: str) -> tuple[NamedEntry, ...]:
    return tuple(NamedEntry(item.id, {language: html}) for item, html in zip(items, texts, strict=True))


def _scale(scale: Scale | None, language: str) -> ScaleEntry | None:
    if scale is None:
        return None
    return ScaleEntry(scale.low, scale.high, {language: scale.labels} if scale.labels else {})


def _by(language: str, text: str) -> Mapping[str, str]:
    return {language: text} if text else {}
