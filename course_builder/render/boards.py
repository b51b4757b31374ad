"""Polls and boards as they stand on a page: what will be asked, and on paper room for it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from course_builder.model.workshop import Board, Poll
from course_builder.package.rendered_workshop import RenderedBoard, RenderedPoll
from course_builder.render.pieces import element, scale_html, space_html

_WORDS_ON_PAPER = 3


def poll_html(poll: Poll, text: RenderedPoll, words: Mapping[str, str]) -> str:
    """Write a poll's question and what can be answered."""
    if poll.type == "scale" and poll.scale is not None:
        answers = scale_html(poll.scale)
    elif poll.type == "words":
        answers = space_html("text", _WORDS_ON_PAPER)
    else:
        marks = "one" if poll.type == "single" else "some"
        options = "".join(f"<li>{option}</li>\n" for option in text.options)
        answers = f'<ul class="options options-{marks}">\n{options}</ul>\n'
    kind = f"{words['poll']} · {words[f'poll-{poll.type}']}"
    return (
        f'<section class="poll" id="{poll.id}" aria-label="{escape(words["poll"])}" data-poll="{poll.id}">\n'
        f"{element('p', 'kind', kind)}{text.text}\n{answers}{element('p', 'later', words['poll-later'])}</section>\n"
    )


def board_html(board: Board, text: RenderedBoard, words: Mapping[str, str]) -> str:
    """Write a board's task and its columns."""
    votes = "" if board.votes is None else words["votes" if board.votes > 1 else "vote"].format(votes=board.votes)
    kind = " · ".join(filter(None, (words["board"], votes)))
    columns = "".join(
        f'<li><p class="column-title">{column}</p>\n{space_html("column", 1)}</li>\n' for column in text.columns
    )
    return (
        f'<section class="board" id="{board.id}" aria-label="{escape(words["board"])}" data-board="{board.id}">\n'
        f"{element('p', 'kind', kind)}{text.text}\n"
        f'<ul class="board-columns">\n{columns}</ul>\n{element("p", "later", words["board-later"])}</section>\n'
    )
