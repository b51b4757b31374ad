"""Small pieces of the markup of sessions, worksheets, polls and boards."""

from __future__ import annotations

from html import escape

from course_builder.model.workshop import Scale


def element(tag: str, name: str, inner: str) -> str:
    """Write an element with a class, or nothing around nothing."""
    return f'<{tag} class="{name}">{inner}</{tag}>\n' if inner else ""


def labelled_by(id_: str, title: str, level: int, name: str) -> tuple[str, str]:
    """Give a section's attribute for its name, and its heading."""
    heading = f"{id_}_title"
    return (
        f' aria-labelledby="{heading}"',
        f'<h{level} class="{name}" id="{heading}">{escape(title, quote=False)}</h{level}>\n',
    )


def scale_html(scale: Scale) -> str:
    """Write the points of a scale, each with its label."""
    count = scale.high - scale.low + 1
    labels = scale.labels
    if len(labels) == 2 and count > 2:
        labels = (labels[0], *[""] * (count - 2), labels[1])
    elif not labels:
        labels = ("",) * count
    points = "".join(
        f"<li><b>{point}</b>{f' {escape(label, quote=False)}' if label else ''}</li>\n"
        for point, label in zip(range(scale.low, scale.high + 1), labels, strict=True)
    )
    return f'<ul class="scale">\n{points}</ul>\n'


def space_html(name: str, count: int) -> str:
    """Write room to write in, which only paper shows."""
    return f'<div class="space space-{name}">{"<span></span>" * count}</div>\n'
