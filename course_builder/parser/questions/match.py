"""``match``: a table of two columns, whose rows go together; rows without a left side hold distractors."""

from __future__ import annotations

from course_builder.model import Item, Option
from course_builder.parser.questions.body import Body, Source, report_after, split_last
from course_builder.parser.questions.cells import Cell, read_grid


def read_match(source: Source) -> Body:
    """Read the pairs from the last table of the body."""
    stem, table, after = split_last(source.tokens, "table_open")
    report_after(after, "table", source)
    grid = read_grid(table, source.findings.path)
    if len(grid.header) != 2:
        source.misfit("needs a table of two columns", "Write what belongs together in a row: | left | right |.")
        return Body(source.tokens)
    items: list[Item] = []
    options: list[Option] = []
    for left, right in grid.rows:
        if right.is_empty:
            source.findings.error(
                right.place, "question-body", "this row has no right-hand side", "Write what it is matched with."
            )
            continue
        options.append(_option(right, source))
        if not left.is_empty:
            text = source.footnotes.append(left.tokens)
            items.append(Item(left.id, text, left.place, pair=right.id))
    return Body(stem, options=tuple(options), items=tuple(items))


def _option(cell: Cell, source: Source) -> Option:
    return Option(cell.id, source.footnotes.append(cell.tokens), (), is_correct=False, place=cell.place)
