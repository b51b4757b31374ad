"""Takes the sessions, worksheets, polls and boards off a page and leaves their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from course_builder.model import Fence
from course_builder.model.workshop import Board, Poll, Session, Worksheet, Workshop
from course_builder.parser.boards import read_board
from course_builder.parser.on_page import OnPage
from course_builder.parser.polls import read_poll
from course_builder.parser.sessions import read_session
from course_builder.parser.worksheets import read_worksheet
from course_builder.tokens import end_of

_NAMES = frozenset({"session", "worksheet", "poll", "board"})


@dataclass(slots=True)
class _Found:
    sessions: list[Session] = field(default_factory=list)
    worksheets: list[Worksheet] = field(default_factory=list)
    polls: list[Poll] = field(default_factory=list)
    boards: list[Board] = field(default_factory=list)


def take_workshop(tokens: Sequence[Token], page: OnPage) -> tuple[list[Token], Workshop]:
    """Return the tokens with only the places of these blocks left, and what the blocks hold."""
    found = _Found()
    kept = _take(tokens, page, found)
    return kept, Workshop(tuple(found.sessions), tuple(found.worksheets), tuple(found.polls), tuple(found.boards))


def _take(tokens: Sequence[Token], page: OnPage, found: _Found) -> list[Token]:
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        fence: Fence | None = token.meta["block"] if token.type == "block_open" else None
        if fence is None or fence.name not in _NAMES:
            kept.append(token)
        else:
            end = end_of(tokens, index)
            # Polls and boards stand in the steps of sessions: they are taken first and leave their places there.
            _read(fence, _take(tokens[index + 1 : end], page, found), page, found)
            kept.append(Token(fence.name, "", 0, block=True, map=token.map, meta={"id": fence.id or ""}))
            index = end
        index += 1
    return kept


def _read(fence: Fence, tokens: list[Token], page: OnPage, found: _Found) -> None:
    if fence.name == "session":
        found.sessions.append(read_session(fence, tokens, page))
    elif fence.name == "worksheet":
        found.worksheets.append(read_worksheet(fence, tokens, page))
    elif fence.name == "poll":
        found.polls.append(read_poll(fence, tokens, page))
    else:
        found.boards.append(read_board(fence, tokens, page))
