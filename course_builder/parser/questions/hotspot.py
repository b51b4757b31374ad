"""``hotspot``: a picture, and a table of its areas: ``Area | Shape | Key``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from markdown_it.token import Token

from course_builder.model import Area, Option, Tokens
from course_builder.parser.questions.body import Body, Source, blocks, report_after, split_last
from course_builder.parser.questions.cells import Cell, is_marked, read_grid

_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,4})?", re.ASCII)
_HINT = (
    "Write circle x y radius, ellipse x y radius radius, rect left top width height, or polygon x y x y x y …, "
    "all in per cent of the picture."
)


def read_hotspot(source: Source) -> Body:
    """Read the picture, the last one before the table, and the areas."""
    before, table, after = split_last(source.tokens, "table_open")
    report_after(after, "table", source)
    grid = read_grid(table, source.findings.path)
    stem, image = _take_image(before)
    if len(grid.header) != 3 or not image:
        hint = "Write ![What it shows](assets/picture.png), an empty line, and the table."
        source.misfit("needs a picture and a table `Area | Shape | Key`", hint)
        return Body(source.tokens)
    options = tuple(_option(name, shape, key, source) for name, shape, key in grid.rows)
    return Body(stem, options=options, image=source.footnotes.append(image))


def _take_image(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    parts = list(blocks(tokens))
    for index in range(len(parts) - 1, -1, -1):
        children = parts[index][1].children or [] if parts[index][0].type == "paragraph_open" else []
        if [child.type for child in children] == ["image"]:
            return [token for part in (*parts[:index], *parts[index + 1 :]) for token in part], parts[index]
    return tokens, []


def _option(name: Cell, shape: Cell, key: Cell, source: Source) -> Option:
    mark = is_marked(key)
    if mark is None:
        source.findings.error(name.place, "question-body", f"`{key.text}` is no mark", "Write x for a right area.")
    area = _area(shape.text)
    if area is None:
        message = f"`{shape.text}` is no shape" if shape.text else "this area has no shape"
        source.findings.error(name.place, "hotspot-shape", message, _HINT)
    text: Tokens = source.footnotes.append(name.tokens)
    return Option(name.id, text, (), is_correct=bool(mark), place=name.place, area=area or _NOWHERE)


_NOWHERE = Area("rect", (Fraction(0),) * 4)


def _area(text: str) -> Area | None:
    name, *words = text.lower().replace(",", " ").replace("%", " ").split() or [""]
    if not all(_NUMBER.fullmatch(word) for word in words):
        return None
    numbers = tuple(Fraction(word) for word in words)
    make = _SHAPES.get(name)
    area = make(numbers) if make else None
    return area if area is not None and _is_inside(area) else None


def _circle(numbers: tuple[Fraction, ...]) -> Area | None:
    return Area("ellipse", (*numbers, numbers[2])) if len(numbers) == 3 else None


def _ellipse(numbers: tuple[Fraction, ...]) -> Area | None:
    return Area("ellipse", numbers) if len(numbers) == 4 else None


def _rect(numbers: tuple[Fraction, ...]) -> Area | None:
    return Area("rect", numbers) if len(numbers) == 4 else None


def _polygon(numbers: tuple[Fraction, ...]) -> Area | None:
    return Area("polygon", numbers) if len(numbers) >= 6 and len(numbers) % 2 == 0 else None


_SHAPES: Mapping[str, Callable[[tuple[Fraction, ...]], Area | None]] = {
    "circle": _circle,
    "ellipse": _ellipse,
    "rect": _rect,
    "polygon": _polygon,
}


def _has_extent(corners: tuple[Fraction, ...]) -> bool:
    """Whether corners lie on more than one line (the shoelace formula)."""
    points = list(zip(corners[::2], corners[1::2], strict=True))
    following = [*points[1:], points[0]]
    return sum(x * down - across * y for (x, y), (across, down) in zip(points, following, strict=True)) != 0


def _is_inside(area: Area) -> bool:
    """Whether a shape has an extent and lies on the picture."""
    numbers = area.numbers
    if area.shape == "polygon":
        return all(0 <= number <= 100 for number in numbers) and _has_extent(numbers)
    if area.shape == "rect":
        left, top, width, height = numbers
        return width > 0 < height and 0 <= left <= left + width <= 100 and 0 <= top <= top + height <= 100
    x, y, across, down = numbers
    return across > 0 < down and x - across >= 0 and x + across <= 100 and y - down >= 0 and y + down <= 100
