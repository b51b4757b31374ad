"""``table`` and ``survey``: choices in the header, a statement in each row; an ``x`` marks what is right."""

from __future__ import annotations

from course_builder.model import Item, Option
from course_builder.parser.questions.body import Body, Source, report_after, split_last
from course_builder.parser.questions.cells import Cell, is_marked, read_grid


def read_table(source: Source) -> Body:
    """Read the statements and the right choice for each."""
    return _read(source, is_survey=False)


def read_survey(source: Source) -> Body:
    """Read the statements of a survey, which has no key."""
    return _read(source, is_survey=True)


def _read(source: Source, *, is_survey: bool) -> Body:
    stem, table, after = split_last(source.tokens, "table_open")
    report_after(after, "table", source)
    grid = read_grid(table, source.findings.path)
    if len(grid.header) < 3 or not grid.rows:
        hint = "Write the choices into the header and a statement into each row: | | Yes | No |."
        source.misfit("needs a table with two choices or more", hint)
        return Body(source.tokens)
    columns = [Option(cell.id, source.footnotes.append(cell.tokens), (), False, cell.place) for cell in grid.header[1:]]
    items = [
        Item(
            row[0].id,
            source.footnotes.append(row[0].tokens),
            row[0].place,
            pair=_pair(row, grid.header, source, is_survey=is_survey),
        )
        for row in grid.rows
    ]
    is_anonymous = is_survey and source.values.yes("anonymous", default=False)
    return Body(stem, options=tuple(columns), items=tuple(items), is_anonymous=is_anonymous)


def _pair(row: list[Cell], header: list[Cell], source: Source, *, is_survey: bool) -> str | None:
    marked = []
    for cell, column in zip(row[1:], header[1:], strict=True):
        mark = is_marked(cell)
        if mark is None or (mark and is_survey):
            what = "a survey has no key" if is_survey else f"`{cell.text}` is no mark"
            hint = "Leave the cells empty." if is_survey else "Write x below the right choice and nothing below others."
            source.findings.error(row[0].place, "question-body", what, hint)
        elif mark:
            marked.append(column.id)
    if not is_survey and len(marked) != 1:
        message = "this row marks no choice as right" if not marked else "this row marks more than one choice as right"
        source.findings.error(row[0].place, "question-without-key", message, "Write one x a row.")
    return marked[0] if len(marked) == 1 else None
