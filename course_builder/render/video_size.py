"""The size of a video, so that a page keeps its place free before anything of it is loaded.

Sources: ISO/IEC 14496-12 (``tkhd``) for MP4; RFC 9559, Matroska Media Container Format, for WebM.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping

Size = tuple[int, int]

_BOXES = (b"moov", b"trak")
_SEGMENT, _TRACKS, _ENTRY, _VIDEO = b"\x18\x53\x80\x67", b"\x16\x54\xae\x6b", b"\xae", b"\xe0"
_WIDTH, _HEIGHT = b"\xb0", b"\xba"
_LARGEST = 20_000


def video_size(data: bytes, media_type: str) -> Size | None:
    """Read width and height in pixels from a video's head, or ``None`` where they are not plainly there."""
    measure = _MEASURES.get(media_type)
    if measure is None:
        return None
    try:
        size = measure(memoryview(data))
    except (struct.error, IndexError, RecursionError):
        return None
    return size if size and min(size) > 0 and max(size) < _LARGEST else None


def _mp4(data: memoryview) -> Size | None:
    for kind, body in _boxes(data):
        if kind in _BOXES and (size := _mp4(body)):
            return size
        if kind == b"tkhd":
            # The last two numbers, in 16.16; a track that is no video has zeros.
            width, height = (number >> 16 for number in struct.unpack(">II", body[-8:]))
            if width and height:
                return width, height
    return None


def _boxes(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    start = 0
    while start + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            head = 16
        size = size or len(data) - start
        if size < head:
            return
        yield kind, data[start + head : start + size]
        start += size


def _webm(data: memoryview) -> Size | None:
    found: dict[bytes, int] = {}
    for name, body in _elements(data):
        if name in {_SEGMENT, _TRACKS, _ENTRY, _VIDEO}:
            if size := _webm(body):
                return size
        elif name in {_WIDTH, _HEIGHT}:
            found[name] = int.from_bytes(body, "big")
    return (found[_WIDTH], found[_HEIGHT]) if len(found) == 2 else None


def _elements(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    start = 0
    while start < len(data):
        name_length = 9 - data[start].bit_length()
        size_at = start + name_length
        size_length = 9 - data[size_at].bit_length()
        if name_length > 4 or size_length > 8:
            return
        raw = int.from_bytes(data[size_at : size_at + size_length], "big") & ((1 << 7 * size_length) - 1)
        body = size_at + size_length
        # All ones say that the size is not known: the element reaches to the end.
        end = len(data) if raw == (1 << 7 * size_length) - 1 else body + raw
        yield bytes(data[start:size_at]), data[body:end]
        start = end


_MEASURES: Mapping[str, Callable[[memoryview], Size | None]] = {"video/mp4": _mp4, "video/webm": _webm}
