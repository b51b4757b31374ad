"""The block ``scene``: a panorama or a 3D model, a table of its places, and the text that says the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from course_builder.model import Fence, Hotspot, Place, Scene
from course_builder.parser.files import file_address
from course_builder.parser.findings import Findings
from course_builder.parser.links import Targets
from course_builder.parser.values import Values
from course_builder.plurals import counted
from course_builder.tokens import end_of, place_of, plain_text

_COLUMNS = 4
_ANGLE = re.compile(r"([+\-\u2212]?)(\d{1,3}(?:[.,]\d{1,4})?)\s*°?", re.ASCII)
_RANGES = {"yaw": (-180, 360), "pitch": (-90, 90)}


def read_scene(block: Sequence[Token], targets: Targets, findings: Findings) -> list[Token]:
    """Understand a block from ``block_open`` to ``block_close``; of its table the names and texts stay."""
    fence: Fence = block[0].meta["block"]
    values = Values(fence, findings)
    content, hotspots = _take_places(list(block[1:-1]), fence, findings)
    kind = values.choice("kind", ("panorama", "model"), "panorama")
    if kind == "panorama" and "ar" in fence.attributes:
        hint = "Take `ar=` away: only a model can be placed in a room."
        findings.error(fence.place, "attribute-value", "a panorama has no `ar`", hint)
    scene = Scene(
        kind="model" if kind == "model" else "panorama",
        source=file_address(fence, "src", targets, findings) or "",
        poster=file_address(fence, "poster", targets, findings),
        title=fence.attributes.get("title", ""),
        is_ar=values.yes("ar", default=False),
        hotspots=tuple(hotspots),
        place=fence.place,
    )
    return [block[0].copy(meta={**block[0].meta, "scene": scene}), *content, block[-1]]


def _take_places(tokens: list[Token], fence: Fence, findings: Findings) -> tuple[list[Token], list[Hotspot]]:
    """Read the first table that stands in the block itself, by the order of its columns."""
    start = next((i for i, token in enumerate(tokens) if token.type == "table_open" and _depth(tokens, i) == 0), None)
    if start is None:
        return tokens, []
    end = end_of(tokens, start)
    kept: list[Token] = []
    hotspots: list[Hotspot] = []
    index = start
    while index <= end:
        if tokens[index].type != "tr_open":
            kept.append(tokens[index])
            index += 1
            continue
        last = end_of(tokens, index)
        place = place_of(findings.path, tokens[index])
        cells = [tokens[i : i + 3] for i in range(index + 1, last, 3)]
        if len(cells) != _COLUMNS:
            hint = "Write four columns in this order: Place | Yaw | Pitch | Text."
            findings.error(place, "scene-table", f"the places have {counted(len(cells), 'column')}", hint)
            return tokens, []
        row = tokens[index]
        if cells[0][0].type == "td_open":
            hotspot = _hotspot(cells, place, findings)
            hotspots.append(hotspot)
            row = row.copy(meta={**row.meta, "hotspot": hotspot})
            cells[0] = _row_header(cells[0])
        kept += [row, *cells[0], *cells[3], tokens[last]]
        index = last + 1
    return [*tokens[:start], *kept, *tokens[end + 1 :]], hotspots


def _depth(tokens: Sequence[Token], index: int) -> int:
    return sum(token.nesting for token in tokens[:index])


def _hotspot(cells: Sequence[Sequence[Token]], place: Place, findings: Findings) -> Hotspot:
    name, yaw, pitch, text = (plain_text(cell[1].children or ()) for cell in cells)
    for what, words in (("name", name), ("text", text)):
        if not words:
            hint = "Write what is there, and what there is to know about it."
            findings.error(place, "scene-place", f"this place has no {what}", hint)
    return Hotspot(name, _angle("yaw", yaw, place, findings), _angle("pitch", pitch, place, findings), place)


def _angle(key: str, text: str, place: Place, findings: Findings) -> float:
    low, high = _RANGES[key]
    match = _ANGLE.fullmatch(text.strip())
    if match is not None:
        angle = float(match[2].replace(",", ".")) * (-1 if match[1] in {"-", "\u2212"} else 1)
        if low <= angle <= high:
            return angle
    hint = f"Write degrees from {low} to {high}, such as 30 or -12.5."
    findings.error(place, "scene-angle", f"the {key} of a place cannot be `{text}`", hint)
    return 0.0


def _row_header(cell: Sequence[Token]) -> list[Token]:
    return [cell[0].copy(type="row_header_open", tag="th"), cell[1], cell[2].copy(type="row_header_close", tag="th")]
