"""Board blocks → :class:`Board`."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from markdown_it.token import Token

from course_builder.model import Fence
from course_builder.model.workshop import Board, Named
from course_builder.parser.on_page import OnPage
from course_builder.parser.values import Values

_MADE = re.compile(r"[^a-z0-9]+")


def read_board(fence: Fence, tokens: Sequence[Token], page: OnPage) -> Board:
    """Read a board's task and its columns."""
    return Board(
        id=fence.id or "",
        page=page.id,
        text=page.part(fence, tokens),
        columns=_columns(fence, page),
        votes=Values(fence, page.findings).count("votes", None),
        place=fence.place,
    )


def _columns(fence: Fence, page: OnPage) -> tuple[Named, ...]:
    if "columns" not in fence.attributes:
        return ()  # ``fences.py`` reported it.
    names = [name.strip() for name in fence.attributes["columns"].split("|")]
    hint = 'Name each column, with | between them: columns="Keep|Change".'
    if not all(names):
        page.findings.error(fence.place, "board-columns", "a column of this board has no name", hint)
    ids = [column_id(name) for name in names if name]
    if twice := next((name for name, id_ in zip(names, ids, strict=False) if ids.count(id_) > 1), None):
        page.findings.error(fence.place, "board-columns", f"the column `{twice}` is there twice", hint)
    texts = [Token("inline", "", 0, content=name, children=[Token("text", "", 0, content=name)]) for name in names]
    return tuple(Named(id_, (text,), fence.place) for id_, text in zip(ids, texts, strict=False))


def column_id(name: str) -> str:
    """Make the id of a column from its name; notes hang on it, so a column that is renamed is another one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = _MADE.sub("-", plain).strip("-0123456789")
    return made or f"c-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
