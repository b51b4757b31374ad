"""Bytes of a file → its text, or what keeps it from being read."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from itertools import islice

from course_builder.found import Place, Problem

MOST_BYTES = 1_000_000
"""What a text may have: a page of so much has some hundred thousand words."""

MOST_BRACKETS = 20_000
"""What a Markdown file may have; so many links nobody follows."""


def read_text(path: str, read: Callable[[str], bytes]) -> str | Problem:
    """Read a text, its lines ended by a line feed; or say what keeps it from being read."""
    try:
        data = read(path)
    except OSError as error:
        return unreadable(path, error)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _not_utf_8(path, "", "this file is in the encoding UTF-16")
    if len(data) > MOST_BYTES:
        message = f"this file has {len(data):,} bytes; a text may have {MOST_BYTES:,}"
        return Problem(Place(path), "error", "file-too-long", message, "Write it in several files.")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return _not_utf_8(path, data[: error.start].decode(), f"the byte {data[error.start]:#04x} here is not UTF-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        return _not_utf_8(path, text[: text.index("\0")], "here is the byte 0x00, which no text in UTF-8 has")
    return _too_many_brackets(path, text) or text


def _too_many_brackets(path: str, text: str) -> Problem | None:
    """Refuse what would keep the parser busy for minutes: it looks for the end of each bracket, in each other one."""
    if not path.endswith(".md") or text.count("[") <= MOST_BRACKETS:
        return None
    start = next(islice(re.finditer(r"\[", text), MOST_BRACKETS, None)).start()
    place = Place(path, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
    message = f"this file has more than {MOST_BRACKETS:,} opening brackets"
    return Problem(place, "error", "file-too-long", message, "Write it in several files.")


def unreadable(path: str, error: OSError) -> Problem:
    """Say that a file or a folder cannot be read."""
    hint = "Look at its permissions, or at what the link points to."
    return Problem(Place(path), "error", "file-unreadable", f"this cannot be read: {error.strerror or error}", hint)


def _not_utf_8(path: str, before: str, message: str) -> Problem:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    place = Place(path, len(lines), len(lines[-1]) + 1)
    return Problem(place, "error", "file-not-utf-8", message, "Save the file in the encoding UTF-8.")
