"""The areas of a hotspot drawn over its picture, once nothing can be changed any more.

They are for the eye: the list of areas below the picture says the same in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup

from course_builder.model import Area
from course_builder.player.asked import Asked
from course_builder.player.parts import OptionView, as_markup, words_of

_IMAGE = re.compile(r'<img(?:[^>"]|"[^"]*")*>')


def picture_with_areas(asked: Asked, options: Iterable[OptionView]) -> Markup:
    """Lay what was right, wrong or missed over the picture, each with a line of its own kind and its name."""
    areas = [_drawn(asked.key.areas[asked.drawn.to_id[option.name]], option) for option in options if option.state]
    drawing = Markup(
        '<svg class="hotspot-areas" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(Markup("").join(areas))
    framed = _IMAGE.sub(
        lambda image: f'<span class="hotspot-frame">{image[0]}{drawing}</span>', asked.text.image, count=1
    )
    return as_markup(framed)


def _drawn(area: Area, option: OptionView) -> Markup:
    tag, attributes = _shape(area)
    lines = [Markup('<{} class="{}" {}/>').format(tag, name, attributes) for name in ("halo", "line")]
    return Markup('<g class="is-{}"><title>{}</title>{}{}</g>').format(
        option.state, words_of(str(option.html)) or option.verdict, *lines
    )


def _shape(area: Area) -> tuple[str, Markup]:
    """Give the element of an area and its attributes, in per cent of the picture."""
    numbers = [f"{float(each):g}" for each in area.numbers]
    if area.shape == "polygon":
        corners = zip(numbers[::2], numbers[1::2], strict=True)
        return "polygon", Markup('points="{}"').format(" ".join(f"{x},{y}" for x, y in corners))
    names = ("x", "y", "width", "height") if area.shape == "rect" else ("cx", "cy", "rx", "ry")
    pairs = zip(names, numbers, strict=True)
    return area.shape, Markup(" ").join(Markup('{}="{}"').format(name, number) for name, number in pairs)
