"""Worksheet blocks → :class:`Worksheet` with its fields."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from course_builder.model import Fence
from course_builder.model.workshop import FIELD_TYPES, Field, Named, Prefill, Worksheet
from course_builder.parser.findings import did_you_mean
from course_builder.parser.items import read_options, read_table
from course_builder.parser.on_page import OnPage
from course_builder.parser.scales import read_scale
from course_builder.parser.values import Values
from course_builder.tokens import outermost, place_of

_EVERY = frozenset({"type", "from", "required"})
_KEYS = {
    "long": frozenset({"lines"}),
    "number": frozenset({"unit"}),
    "scale": frozenset({"min", "max", "labels"}),
    "table": frozenset({"rows"}),
    "people": frozenset({"rows"}),
}
"""Keys that only some types take, beside those that every field takes."""
_PREFILL = re.compile(r"(?P<module>[a-z][a-z0-9-]*)/(?P<worksheet>[a-z][a-z0-9-]*)\.(?P<field>[a-z][a-z0-9-]*)")


def read_worksheet(fence: Fence, tokens: Sequence[Token], page: OnPage) -> Worksheet:
    """Read a worksheet; text stands before its first field."""
    values = Values(fence, page.findings)
    intro: list[Token] = []
    fields: list[Field] = []
    for block in outermost(tokens):
        inner: Fence | None = block[0].meta["block"] if block[0].type == "block_open" else None
        if inner is not None and inner.name == "field":
            fields.append(_read_field(inner, block[1:-1], page))
        elif fields:
            place = place_of(page.findings.path, block[0])
            hint = "Move it into the field that it explains, or before the first one."
            page.findings.error(place, "worksheet-body", "text between or after the fields of a worksheet", hint)
        else:
            intro += block
    return Worksheet(
        id=fence.id or "",
        title=values.text("title") or page.title,
        is_titled=bool(values.text("title")),
        page=page.id,
        intro=page.run(intro),
        fields=tuple(fields),
        place=fence.place,
    )


def _read_field(fence: Fence, tokens: Sequence[Token], page: OnPage) -> Field:
    values = Values(fence, page.findings)
    type_ = values.choice("type", FIELD_TYPES, "text")
    _report_keys(type_, fence, page)
    blocks = list(outermost(tokens))
    label = _take_label(blocks, fence, page)
    options: tuple[Named, ...] = ()
    columns: tuple[Named, ...] = ()
    rows: tuple[Named, ...] = ()
    if type_ in {"choice", "choices"}:
        options = read_options(blocks, fence, "field-body", page)
    elif type_ == "table":
        columns, rows = read_table(blocks, fence, page)
    return Field(
        id=fence.id or "",
        type=type_,
        label=page.label(label),
        help=page.run([token for block in blocks for token in block]),
        is_required=values.yes("required", default=False),
        prefill=_prefill(fence, page),
        options=options,
        columns=columns,
        rows=rows,
        scale=read_scale(fence, page.findings) if type_ == "scale" else None,
        unit=values.text("unit"),
        space=values.count("lines" if type_ == "long" else "rows", None),
        place=fence.place,
    )


def _report_keys(type_: str, fence: Fence, page: OnPage) -> None:
    if fence.attributes.get("type") != type_:
        return  # The type itself was reported.
    known = _EVERY | _KEYS.get(type_, frozenset())
    # A key that no field has was reported when the line was read.
    for key in sorted(frozenset().union(*_KEYS.values()) & fence.attributes.keys() - known):
        hint = did_you_mean(key, known, f"It takes {', '.join(sorted(known))}.")
        page.findings.error(fence.place, "attribute-unknown", f"a field of type {type_} has no key `{key}`", hint)


def _take_label(blocks: list[Sequence[Token]], fence: Fence, page: OnPage) -> Token:
    if blocks and blocks[0][0].type == "paragraph_open":
        return blocks.pop(0)[1]
    hint = "Begin the field with a paragraph that asks for what goes in; further ones help."
    page.findings.error(fence.place, "field-without-label", "this field has no label", hint)
    return Token("inline", "", 0, children=[])


def _prefill(fence: Fence, page: OnPage) -> Prefill | None:
    text = fence.attributes.get("from")
    if text is None:
        return None
    found = _PREFILL.fullmatch(text)
    if found is None:
        hint = "Write module/worksheet.field, such as m1-readiness/readiness-sheet.owner."
        page.findings.error(fence.place, "attribute-value", f"`from` cannot be `{text}`", hint)
        return None
    return Prefill(found["module"], found["worksheet"], found["field"])
