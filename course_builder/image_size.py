"""The size of an image, so that a page keeps its place free and nothing jumps when it arrives."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping

Size = tuple[int, int]

_SVG_TAG = re.compile(rb"<svg\b[^>]*>", re.DOTALL)
_LENGTH = re.compile(rb"""\s(width|height)\s*=\s*["']\s*([0-9]+(?:\.[0-9]+)?)(?:px)?\s*["']""")
_VIEW_BOX = re.compile(rb"""\sviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*["']""")
_WITHOUT_SIZE = {0xC4, 0xC8, 0xCC}
"""JPEG markers among the frame headers (C0 to CF) that carry something else."""


def image_size(data: bytes, media_type: str) -> Size | None:
    """Read width and height in CSS pixels from an image's head, or ``None`` where they are not plainly there."""
    measure = _MEASURES.get(media_type)
    if measure is None:
        return None
    try:
        size = measure(data)
    except (struct.error, ValueError, IndexError, OverflowError):
        return None
    return size if size and min(size) > 0 and max(size) < 100_000 else None


def _png(data: bytes) -> Size | None:
    return struct.unpack(">II", data[16:24]) if data.startswith(b"\x89PNG\r\n\x1a\n") else None


def _gif(data: bytes) -> Size | None:
    return struct.unpack("<HH", data[6:10]) if data[:6] in (b"GIF87a", b"GIF89a") else None


def _jpeg(data: bytes) -> Size | None:
    position = 2
    while data[position] == 0xFF:
        marker, length = struct.unpack(">xBH", data[position : position + 4])
        if 0xC0 <= marker <= 0xCF and marker not in _WITHOUT_SIZE:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None


def _svg(data: bytes) -> Size | None:
    tag = _SVG_TAG.search(data[:20_000])
    if tag is None:
        return None
    lengths = {name: float(value) for name, value in _LENGTH.findall(tag[0])}
    if len(lengths) == 2:
        return round(lengths[b"width"]), round(lengths[b"height"])
    box = _VIEW_BOX.search(tag[0])
    return (round(float(box[1])), round(float(box[2]))) if box else None


_MEASURES: Mapping[str, Callable[[bytes], Size | None]] = {
    "image/gif": _gif,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/svg+xml": _svg,
}
