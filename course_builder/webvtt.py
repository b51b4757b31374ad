"""WebVTT: captions, subtitles and descriptions as cues, each with its time.

Source: WebVTT: The Web Video Text Tracks Format, W3C. What browsers skip without a word is a :class:`Flaw` here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_TIMING = re.compile(r"(?P<start>\S+)[ \t]+-->[ \t]+(?P<end>\S+)(?:[ \t]+(?P<settings>.*))?")
_TIMESTAMP = re.compile(r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})", re.ASCII)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_TAG = re.compile(r"<[^>]*>")
_OTHER_BLOCKS = ("NOTE", "STYLE", "REGION")
_PAUSE_MS = 2_000
"""A silence this long begins a new paragraph of a transcript."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption; ``line`` is that of its times, ``text`` may hold WebVTT's own tags."""

    start_ms: int
    end_ms: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps a player from showing a file or a cue as it was meant."""

    line: int
    message: str
    hint: str


def read_webvtt(text: str) -> tuple[list[Cue], list[Flaw]]:
    """Read a file; cues that are not well-formed are left out and named."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        message = "this is no WebVTT file: it does not begin with WEBVTT"
        return [], [Flaw(1, message, "Write WEBVTT on the first line, then an empty line.")]
    cues: list[Cue] = []
    mistakes: list[Flaw] = []
    for number, block in _blocks(lines):
        found = _cue(number, block)
        if isinstance(found, Flaw):
            mistakes.append(found)
        elif found is not None:
            if cues and found.start_ms < cues[-1].start_ms:
                message = "this cue starts before the one above it"
                mistakes.append(Flaw(found.line, message, "Put the cues in the order of their times."))
            cues.append(found)
    if not cues and not mistakes:
        mistakes.append(Flaw(1, "this file has no cue", "Write a time and a text: 00:01.000 --> 00:04.000."))
    return cues, mistakes


def paragraphs(cues: list[Cue]) -> list[tuple[str, str]]:
    """Put the words of the cues together as paragraphs, each with the voice that speaks it, if it is named."""
    found: list[tuple[str, list[str]]] = []
    end_ms = 0
    for cue in cues:
        voice = match[1].strip() if (match := _VOICE.search(cue.text)) else ""
        words = " ".join(unescape(_TAG.sub("", cue.text)).split())
        if found and found[-1][0] == voice and cue.start_ms - end_ms < _PAUSE_MS:
            found[-1][1].append(words)
        elif words:
            found.append((unescape(voice), [words]))
        end_ms = cue.end_ms
    return [(voice, " ".join(said)) for voice, said in found]


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the blocks after the header, with the number of their first line."""
    block: list[str] = []
    is_header = True
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
            continue
        if block and not is_header:
            yield number - len(block), block
        is_header = is_header and not block
        block = []


def _cue(number: int, block: list[str]) -> Cue | Flaw | None:
    if block[0].split(maxsplit=1)[0] in _OTHER_BLOCKS and "-->" not in block[0]:
        return None
    at = next((index for index, line in enumerate(block[:2]) if "-->" in line), None)
    if at is None:
        return Flaw(number, "this is no cue: it has no times", "Begin it with times: 00:01.000 --> 00:04.000.")
    line = number + at
    timing = _TIMING.fullmatch(block[at].strip())
    times = [_milliseconds(timing[name]) for name in ("start", "end")] if timing else [None]
    start, end = times[0], times[-1]
    if start is None or end is None:
        hint = "Write hours, minutes, seconds and a point: 00:01.000 --> 00:04.000."
        return Flaw(line, f"`{block[at].strip()[:60]}` are no times", hint)
    if end <= start:
        return Flaw(line, "this cue ends before it starts", "Correct one of its two times.")
    text = "\n".join(block[at + 1 :])
    if "-->" in text:
        return Flaw(line, "two cues without an empty line between them", "Leave an empty line between cues.")
    if not _TAG.sub("", text).strip():
        return Flaw(line, "this cue says nothing", "Write what is heard, or delete the cue.")
    return Cue(start, end, text, line)


def _milliseconds(timestamp: str) -> int | None:
    match = _TIMESTAMP.fullmatch(timestamp)
    if match is None:
        return None
    hours, minutes, seconds, thousandths = (int(part or 0) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
