"""Tables: a reader who hears one cell at a time needs the header above it."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.model import Course, Page, Problem, Tokens
from course_builder.tokens import place_of, plain_text, runs


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each table without a header."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                yield from _tables(run, page)


def _tables(run: Tokens, page: Page) -> Iterator[Problem]:
    for index, token in enumerate(run):
        if token.type != "thead_open":
            continue
        end = next(i for i in range(index, len(run)) if run[i].type == "thead_close")
        cells = [plain_text(cell.children or ()) for cell in run[index:end] if cell.type == "inline"]
        # The first header may be empty: it stands above the rows' own names.
        if not all(cells[1:]) or not any(cells):
            hint = "Name each column in the first row; only the cell above the rows' names may be empty."
            message = "a column of this table has no header"
            yield Problem(place_of(page.path, token), "error", "table-without-header", message, hint)
