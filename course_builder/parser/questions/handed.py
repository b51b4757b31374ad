"""``essay`` and ``upload``: what is handed in, and the rubric by which a person judges it."""

from __future__ import annotations

import re
from fractions import Fraction

from course_builder.model import Criterion, Limits
from course_builder.parser.questions.body import Body, Source, blocks
from course_builder.parser.questions.cells import read_grid
from course_builder.plurals import counted

_POINTS = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?|\d{1,4}/[1-9]\d{0,3}", re.ASCII)
_SIZE = re.compile(r"(\d{1,4})\s*(kB|KB|MB)", re.ASCII)
_UNITS = {"kb": 1_000, "mb": 1_000_000}
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")
LARGEST_UPLOAD = 50_000_000
MOST_FILES = 20


def read_essay(source: Source) -> Body:
    """Read an essay's stem, rubric and most words."""
    return Body(source.tokens, rubric=_rubric(source), limits=Limits(words=source.values.count("words", None)))


def read_upload(source: Source) -> Body:
    """Read an upload's stem and rubric, and which files may be handed in."""
    files = source.values.count("files", 1) or 1
    if files > MOST_FILES:
        _wrong("files", str(files), f"Write {MOST_FILES} at most.", source)
    limits = Limits(accept=_endings(source), files=min(files, MOST_FILES), size=_size(source))
    return Body(source.tokens, rubric=_rubric(source), limits=limits)


def _endings(source: Source) -> tuple[str, ...]:
    text = source.values.text("accept") or ""
    endings = [word if word.startswith(".") else f".{word}" for word in text.lower().replace(",", " ").split()]
    if not all(_ENDING.fullmatch(ending) for ending in endings):
        _wrong("accept", text, 'Write the endings of files: accept=".pdf .docx".', source)
        return ()
    return tuple(dict.fromkeys(endings))


def _size(source: Source) -> int | None:
    text = source.values.text("size")
    if text is None:
        return None
    match = _SIZE.fullmatch(text.strip())
    size = int(match[1]) * _UNITS[match[2].lower()] if match else 0
    if 0 < size <= LARGEST_UPLOAD:
        return size
    _wrong("size", text, f'Write a size such as size="10 MB", at most {LARGEST_UPLOAD // 1_000_000} MB.', source)
    return None


def _wrong(key: str, text: str, hint: str, source: Source) -> None:
    source.findings.error(source.fence.place, "attribute-value", f"`{key}` cannot be `{text}`", hint)


def _rubric(source: Source) -> tuple[Criterion, ...]:
    if source.rubric is None:
        return ()
    place = source.rubric.fence.place
    tables = [block for block in blocks(source.rubric.tokens) if block[0].type == "table_open"]
    grid = read_grid(tables[0], source.findings.path) if len(tables) == 1 else None
    if grid is None or len(grid.header) != 2 or not grid.rows or len(list(blocks(source.rubric.tokens))) != 1:
        hint = "Write | Criterion | Points | and a row for each."
        source.findings.error(place, "rubric", "a rubric is one table with criteria and points", hint)
        return ()
    criteria = []
    for name, points in grid.rows:
        text = points.text.strip().replace(",", ".")
        if not _POINTS.fullmatch(points.text.strip()):
            source.findings.error(name.place, "rubric", f"`{points.text}` is no number of points", "Write 2 or 0.5.")
            text = "0"
        criteria.append(Criterion(name.id, source.footnotes.append(name.tokens), Fraction(text), name.place))
    total = sum((each.points for each in criteria), Fraction(0))
    worth = source.values.number("points", Fraction(1))
    if total != worth:
        message = f"the criteria add up to {counted(total, 'point')}, the question is worth {worth}"
        source.findings.error(place, "rubric", message, "Change the points of the question, or of a criterion.")
    return tuple(criteria)
