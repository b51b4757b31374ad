"""What a package says about its sessions, worksheets, polls and boards must agree with itself and with its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from course_builder.model.workshop import FIELD_TYPES, POLL_TYPES, WHO
from course_builder.package.format import ID, MANIFEST, PackageError
from course_builder.package.fragment import workshop_places
from course_builder.package.manifest import Manifest, PageEntry
from course_builder.package.workshop import (
    BoardEntry,
    FieldEntry,
    NamedEntry,
    PollEntry,
    ScaleEntry,
    SessionEntry,
    SessionNotes,
    Text,
    WorksheetEntry,
)

_PREFILL = re.compile(rf"{ID.pattern}/{ID.pattern}\.{ID.pattern}")
_MODES = ("room", "remote", "hybrid")
_WITH_OPTIONS = {"choice", "choices", "single", "multiple"}

Activity = SessionEntry | WorksheetEntry | PollEntry | BoardEntry


def verify_workshop(manifest: Manifest) -> None:
    """Hold the entries against each other.

    Raises:
        PackageError: with the first thing that does not agree.
    """
    pages = {page.id for page in manifest.pages}
    _refuse_wrong_ids("session, worksheet, poll or board", _activities(manifest))
    for each in _activities(manifest):
        if each.page not in pages:
            raise PackageError(f"The entry {each.id} in {MANIFEST} stands on a page that the package does not have.")
    for page in manifest.pages:
        _verify_places(page, manifest)
    for worksheet in manifest.worksheets:
        _refuse_wrong_ids(f"{worksheet.id} field", worksheet.fields)
        for field in worksheet.fields:
            _verify_field(f"{worksheet.id}.{field.id}", field)
    for session in manifest.sessions:
        _verify_session(session, manifest)
    for poll in manifest.polls:
        if poll.type not in POLL_TYPES:
            raise PackageError(f"The poll {poll.id} has the type {poll.type[:60]!r}, which there is not.")
        _verify_answers(poll.id, poll.type, poll.options, poll.scale)
    for board in manifest.boards:
        _refuse_wrong_ids(f"{board.id} column", board.columns)
        if not board.columns:
            raise PackageError(f"The board {board.id} has no column.")
    _verify_passing(manifest)
    for text in workshop_texts(manifest):
        if not text.keys() <= manifest.languages.keys():
            raise PackageError(f"A text in {MANIFEST} is in a language that the package does not have.")


def verify_fragment(manifest: Manifest, page: PageEntry, html: str, path: str) -> None:
    """Hold what stands on a page against the manifest.

    Raises:
        PackageError: if the page shows other blocks, or other fields, than the manifest names.
    """
    places = list(workshop_places(html))
    fields = tuple(field.id for sheet in manifest.worksheets if sheet.page == page.id for field in sheet.fields)
    for kind, named in (
        ("session", page.sessions),
        ("worksheet", page.worksheets),
        ("poll", page.polls),
        ("board", page.boards),
        ("field", fields),
    ):
        if tuple(id_ for found, id_ in places if found == kind) != named:
            raise PackageError(f"The {kind}s in {path} are not those that {MANIFEST} names.")


def verify_notes(manifest: Manifest, notes: Mapping[str, SessionNotes]) -> None:
    """Hold the notes for facilitators against the sessions.

    Raises:
        PackageError: if they belong to no session, or to another number of steps.
    """
    steps = {session.id: len(session.steps) for session in manifest.sessions}
    for id_, each in notes.items():
        if steps.get(id_) != len(each.steps):
            raise PackageError(f"The notes for the session {id_[:60]!r} do not fit any session of the package.")


def workshop_texts(manifest: Manifest) -> Iterator[Text]:
    """Yield all texts that are HTML, by language."""
    for session in manifest.sessions:
        yield from (session.intro, session.materials)
        for step in session.steps:
            yield from (step.title, step.text, step.room, step.remote, step.materials)
    for worksheet in manifest.worksheets:
        yield worksheet.intro
        for field in worksheet.fields:
            yield from (field.label, field.help)
            yield from (each.text for each in (*field.options, *field.columns, *field.rows))
    for poll in manifest.polls:
        yield poll.text
        yield from (each.text for each in poll.options)
    for board in manifest.boards:
        yield board.text
        yield from (each.text for each in board.columns)


def _activities(manifest: Manifest) -> tuple[Activity, ...]:
    return (*manifest.sessions, *manifest.worksheets, *manifest.polls, *manifest.boards)


def _refuse_wrong_ids(what: str, entries: Sequence[Activity | FieldEntry | NamedEntry]) -> None:
    ids = [entry.id for entry in entries]
    for id_ in ids:
        if not ID.fullmatch(id_):
            raise PackageError(f"The {what} id {id_[:60]!r} is not made of lower-case letters, digits and hyphens.")
    if len(set(ids)) != len(ids):
        raise PackageError(f"A {what} id is used twice.")


def _verify_places(page: PageEntry, manifest: Manifest) -> None:
    kinds: tuple[tuple[str, tuple[str, ...], Sequence[Activity]], ...] = (
        ("sessions", page.sessions, manifest.sessions),
        ("worksheets", page.worksheets, manifest.worksheets),
        ("polls", page.polls, manifest.polls),
        ("boards", page.boards, manifest.boards),
    )
    for kind, named, entries in kinds:
        if named != tuple(entry.id for entry in entries if entry.page == page.id):
            raise PackageError(f"The {kind} of the page {page.id} do not agree with those of the module.")


def _verify_field(name: str, field: FieldEntry) -> None:
    if field.type not in FIELD_TYPES:
        raise PackageError(f"The field {name} has the type {field.type[:60]!r}, which there is not.")
    if field.prefill is not None and not _PREFILL.fullmatch(field.prefill):
        raise PackageError(f"The field {name} is filled in from {field.prefill[:60]!r}, which is no field's address.")
    _verify_answers(name, field.type, field.options, field.scale)
    if bool(field.columns) != (field.type == "table") or (field.rows and field.type != "table"):
        raise PackageError(f"The field {name} of type {field.type} has columns or rows that do not fit.")
    # Where rows have names, the first column may go without an id: nobody writes in it.
    first = 1 if field.rows and not field.columns[0].id else 0
    _refuse_wrong_ids(f"{name} column", field.columns[first:])
    _refuse_wrong_ids(f"{name} row", field.rows)


def _verify_answers(name: str, type_: str, options: Sequence[NamedEntry], scale: ScaleEntry | None) -> None:
    _refuse_wrong_ids(f"{name} option", options)
    if bool(options) != (type_ in _WITH_OPTIONS) or (scale is not None) != (type_ == "scale"):
        raise PackageError(f"What can be answered to {name} does not fit its type {type_}.")
    if scale is not None:
        points = scale.high - scale.low + 1
        if not 2 <= points <= 100 or any(len(labels) not in {2, points} for labels in scale.labels.values()):
            raise PackageError(f"The scale of {name} has no such points or labels.")


def _verify_session(session: SessionEntry, manifest: Manifest) -> None:
    if session.mode not in _MODES or any(who not in WHO for step in session.steps for who in step.who):
        raise PackageError(f"The session {session.id} has a mode, or people in a step, that there are not.")
    minutes = [step.minutes for step in session.steps]
    if not minutes or min(minutes) < 1 or sum(minutes) != session.minutes:
        raise PackageError(f"The steps of the session {session.id} do not add up to its minutes.")
    live: tuple[PollEntry | BoardEntry, ...] = (*manifest.polls, *manifest.boards)
    known = {each.id for each in live if each.page == session.page}
    if not {id_ for step in session.steps for id_ in (*step.polls, *step.boards)} <= known:
        raise PackageError(f"A step of the session {session.id} names a poll or board that its page does not have.")


def _verify_passing(manifest: Manifest) -> None:
    sessions = {session.id for session in manifest.sessions}
    worksheets = {worksheet.id for worksheet in manifest.worksheets}
    if not set(manifest.passing.sessions) <= sessions or not set(manifest.passing.worksheets) <= worksheets:
        raise PackageError("Passing takes a session or a worksheet that the package does not have.")
