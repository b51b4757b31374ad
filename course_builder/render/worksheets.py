"""A worksheet as a sheet: on a screen what it asks for, on paper a form to write on."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from course_builder.model.workshop import Field, Worksheet
from course_builder.package.fragment import RELEASE
from course_builder.package.rendered_workshop import RenderedField, RenderedWorksheet
from course_builder.render.attributes import attributes_html
from course_builder.render.pieces import element, labelled_by, scale_html, space_html

_LINES = {"text": 1, "long": 5, "number": 1, "date": 1, "link": 1, "file": 1}
_ROWS = 4


def worksheet_html(sheet: Worksheet, text: RenderedWorksheet, words: Mapping[str, str], level: int) -> str:
    """Write a worksheet with all its fields."""
    name, heading = labelled_by(sheet.id, sheet.title, level, "worksheet-title")
    fields = "".join(_field_html(field, said, words) for field, said in zip(sheet.fields, text.fields, strict=True))
    names = f"<span>{words['sheet-names']}</span> <span>{words['sheet-date']}</span>"
    return (
        f'<section class="worksheet" id="{sheet.id}"{name} data-worksheet="{sheet.id}">\n'
        f"{element('p', 'kind', words['worksheet'])}{heading}"
        f"{element('p', 'sheet-release', RELEASE)}{element('p', 'sheet-names', names)}"
        f"{element('p', 'later', words['worksheet-later'])}{text.intro}\n"
        f'<ol class="fields">\n{fields}</ol>\n</section>\n'
    )


def _field_html(field: Field, text: RenderedField, words: Mapping[str, str]) -> str:
    kinds = [words[f"field-{field.type}"]]
    kinds += [field.unit] if field.unit else []
    kinds += [words["required"]] if field.is_required else []
    kinds += [words["prefilled"]] if field.prefill else []
    label = f'<p class="field-label">{text.label}</p>\n'
    help_ = f"{text.help}\n" if text.help else ""
    attributes = attributes_html({"class": f"field field-{field.type}", "data-field": field.id})
    kind = attributes_html({"class": "field-kind"}) + f">{escape(' · '.join(kinds))}"
    return f"<li{attributes}>\n{label}<p{kind}</p>\n{help_}{_space(field, text, words)}</li>\n"


def _space(field: Field, text: RenderedField, words: Mapping[str, str]) -> str:
    if field.type in {"choice", "choices"}:
        marks = "one" if field.type == "choice" else "some"
        options = "".join(f"<li>{option}</li>\n" for option in text.options)
        return f'<ul class="options options-{marks}">\n{options}</ul>\n'
    if field.scale is not None:
        return scale_html(field.scale)
    if field.type == "table":
        return _table(field, text, words)
    if field.type == "people":
        columns = (words["person-name"], words["person-task"])
        return f'<div class="space space-people">{_grid(columns, (), field.space or _ROWS)}</div>\n'
    return space_html(field.type, field.space or _LINES[field.type])


def _table(field: Field, text: RenderedField, words: Mapping[str, str]) -> str:
    empty = (field.space or 0) if field.rows else (field.space or _ROWS)
    own = attributes_html({"class": "table", "role": "region", "tabindex": 0, "aria-label": words["table"]})
    return f"<div{own}>{_grid(text.columns, text.rows, empty)}</div>\n"


def _grid(columns: tuple[str, ...], rows: tuple[str, ...], empty: int) -> str:
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    cells = "<td></td>" * (len(columns) - 1)
    named = "".join(f'<tr><th scope="row">{row}</th>{cells}</tr>\n' for row in rows)
    blank = f'<tr class="blank">{"<td></td>" * len(columns)}</tr>\n' * empty
    return f"<table>\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{named}{blank}</tbody>\n</table>"
