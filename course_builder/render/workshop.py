"""Render sessions, worksheets, polls and boards: first their pieces, then the markup that stands in their places."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from course_builder.model import Page, Tokens
from course_builder.model.workshop import Board, Named, Poll, Session, Worksheet
from course_builder.package.rendered_workshop import (
    RenderedBoard,
    RenderedField,
    RenderedPoll,
    RenderedSession,
    RenderedStep,
    RenderedWorksheet,
    RenderedWorkshop,
)
from course_builder.render.boards import board_html, poll_html
from course_builder.render.run import Setting, render_run
from course_builder.render.sessions import session_html
from course_builder.render.worksheets import worksheet_html

PLACES = frozenset({"session", "worksheet", "poll", "board"})
"""Tokens that hold the place of a block."""

_PLACE = re.compile(r'<div data-place="([a-z0-9_-]+)"></div>')


def render_workshop(page: Page, setting: Setting) -> RenderedWorkshop:
    """Render the in-person half of a page; polls and boards are in the steps that hold them."""
    polls = {poll.id: _poll(poll, setting) for poll in page.workshop.polls}
    boards = {board.id: _board(board, setting) for board in page.workshop.boards}
    asked = {poll.id: poll_html(poll, polls[poll.id], setting.words) for poll in page.workshop.polls}
    asked |= {board.id: board_html(board, boards[board.id], setting.words) for board in page.workshop.boards}
    return RenderedWorkshop(
        sessions={session.id: _session(session, asked, setting) for session in page.workshop.sessions},
        worksheets={worksheet.id: _worksheet(worksheet, setting) for worksheet in page.workshop.worksheets},
        polls=polls,
        boards=boards,
    )


def joined(parts: Sequence[RenderedWorkshop]) -> RenderedWorkshop:
    """Put the workshops of all pages together."""
    return RenderedWorkshop(
        sessions={id_: each for part in parts for id_, each in part.sessions.items()},
        worksheets={id_: each for part in parts for id_, each in part.worksheets.items()},
        polls={id_: each for part in parts for id_, each in part.polls.items()},
        boards={id_: each for part in parts for id_, each in part.boards.items()},
    )


def note_place(number: int) -> str:
    """Name the place of a page's note for facilitators, as no author can name a block."""
    return f"_note_{number}"


def fill_places(
    html: str,
    page: Page,
    rendered: RenderedWorkshop,
    words: Mapping[str, str],
    facilitator: Sequence[str] | None = None,
) -> str:
    """Put the blocks of a page's workshop where its text has their places.

    Args:
        html: of the page, with the places.
        page: what it was made from.
        rendered: the pieces of the blocks.
        words: those of the renderer in the page's language.
        facilitator: the page's notes for facilitators, where they and those of its sessions are to stand in it too.
    """
    if not _PLACE.search(html):
        return html

    def notes(texts: Sequence[str]) -> str:
        return "".join(_note_html(text, words) for text in texts) if facilitator is not None else ""

    levels = dict(_levels(page.tokens))
    made = {note_place(number): notes([note]) for number, note in enumerate(facilitator or (), 1)}
    for poll in page.workshop.polls:
        made[poll.id] = poll_html(poll, rendered.polls[poll.id], words)
    for board in page.workshop.boards:
        made[board.id] = board_html(board, rendered.boards[board.id], words)
    for session in page.workshop.sessions:
        level = levels.get(session.id, 2)
        made[session.id] = session_html(session, rendered.sessions[session.id], words, level, notes)
    for sheet in page.workshop.worksheets:
        made[sheet.id] = worksheet_html(sheet, rendered.worksheets[sheet.id], words, levels.get(sheet.id, 2))
    return _filled(html, made)


def _note_html(html: str, words: Mapping[str, str]) -> str:
    """Write a note that is hidden until a trainer asks for it."""
    return (
        f'<div class="facilitator-note" role="note" aria-label="{words["notes"]}" data-for="facilitator" hidden>\n'
        f'<p class="side-title">{words["notes"]}</p>\n{html}\n</div>\n'
    )


def _filled(html: str, made: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: made[place[1]], html)


def _levels(tokens: Tokens) -> Sequence[tuple[str, int]]:
    """Give each place the level that a heading in it has: one below the last heading of the text."""
    level = 1
    found: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type in PLACES:
            found.append((token.meta["id"], min(level + 1, 6)))
    return found


def _session(session: Session, asked: Mapping[str, str], setting: Setting) -> RenderedSession:
    def html(tokens: Tokens, *name: object) -> str:
        return _filled(render_run(tokens, setting, _prefix(session.id, *name)), asked)

    return RenderedSession(
        intro=html(session.intro, "intro"),
        materials=html(session.materials, "materials"),
        notes=tuple(html(note, "notes", number) for number, note in enumerate(session.notes, 1)),
        steps=tuple(
            RenderedStep(
                title=html(step.title, number, "title"),
                text=html(step.text, number),
                room=html(step.room, number, "room"),
                remote=html(step.remote, number, "remote"),
                materials=html(step.materials, number, "materials"),
                notes=tuple(html(note, number, "notes", which) for which, note in enumerate(step.notes, 1)),
            )
            for number, step in enumerate(session.steps, 1)
        ),
    )


def _worksheet(worksheet: Worksheet, setting: Setting) -> RenderedWorksheet:
    fields = []
    for field in worksheet.fields:
        name = worksheet.id, field.id
        fields.append(
            RenderedField(
                label=render_run(field.label, setting, _prefix(*name, "label")),
                help=render_run(field.help, setting, _prefix(*name)),
                options=_items(field.options, setting, *name),
                columns=_items(field.columns, setting, *name),
                rows=_items(field.rows, setting, *name),
            )
        )
    return RenderedWorksheet(render_run(worksheet.intro, setting, _prefix(worksheet.id)), tuple(fields))


def _poll(poll: Poll, setting: Setting) -> RenderedPoll:
    text = render_run(poll.text, setting, _prefix(poll.id))
    return RenderedPoll(text, _items(poll.options, setting, poll.id))


def _board(board: Board, setting: Setting) -> RenderedBoard:
    text = render_run(board.text, setting, _prefix(board.id))
    return RenderedBoard(text, tuple(escape(item.text[0].content, quote=False) for item in board.columns))


def _items(items: Sequence[Named], setting: Setting, *name: str) -> tuple[str, ...]:
    return tuple(render_run(item.text, setting, _prefix(*name, item.id)) for item in items)


def _prefix(*name: object) -> str:
    return "_".join(map(str, name)) + "_"
