"""Transcripts: a file of Markdown, text or WebVTT that becomes part of its page, where a search finds it too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from markdown_it.token import Token

from course_builder.media_types import media_type_of
from course_builder.model import Problem
from course_builder.parser.comments import take_comments
from course_builder.parser.findings import Findings
from course_builder.parser.links import Targets, resolve_addresses
from course_builder.parser.markdown import parse_markdown
from course_builder.texts import read_text
from course_builder.tokens import mark_path
from course_builder.webvtt import paragraphs, read_webvtt

_FOOTNOTES = re.compile(r"footnote_")


def read_transcript(address: str, targets: Targets, findings: Findings) -> list[Token]:
    """Return the words of a transcript between its own tokens; what is wrong is reported at its place in that file."""
    path = address.removeprefix("asset:")
    own = Findings(path)
    text = _text(path, targets, own)
    media_type = media_type_of(path)
    if media_type == "text/markdown":
        tokens = list(_flattened(resolved(text, targets, own), own))
    elif media_type == "text/vtt":
        cues, _ = read_webvtt(text)
        tokens = list(_paragraphs(paragraphs(cues)))
    else:
        blocks = re.split(r"\n[ \t]*\n", text)
        tokens = list(_paragraphs([("", " ".join(block.split())) for block in blocks if block.strip()]))
    mark_path(tokens, path)
    findings.problems += own.problems
    return [
        Token("transcript_open", "", 1, block=True),
        *tokens,
        Token("transcript_close", "", -1, block=True, meta={"address": address}),
    ]


def _text(path: str, targets: Targets, findings: Findings) -> str:
    text = read_text(path, targets.read)
    if isinstance(text, Problem):
        findings.problems.append(text)
        return ""
    return text


def resolved(text: str, targets: Targets, findings: Findings) -> list[Token]:
    """Parse Markdown whose addresses are relative to its own file."""
    tokens = take_comments(parse_markdown(text, findings), findings)
    resolve_addresses(tokens, targets, findings)
    return tokens


def _flattened(tokens: Iterable[Token], findings: Findings) -> Iterator[Token]:
    """Yield what a transcript may hold: its headings are labels, for those of the page have an order of their own."""
    is_heading = False
    for token in tokens:
        if token.type == "fence_line" or _FOOTNOTES.match(token.type):
            what = "a ::: block" if token.type == "fence_line" else "a footnote"
            if token.nesting >= 0 and token.type != "footnote_reference_close":
                line = token.meta.get("line") or (token.map[0] + 1 if token.map else 1)
                findings.error((line, 1), "transcript-text", f"{what} in a transcript", "Write it as plain text.")
            continue
        if token.type in {"heading_open", "heading_close"}:
            is_heading = token.nesting > 0
            yield Token(token.type.replace("heading", "paragraph"), "p", token.nesting, map=token.map, block=True)
        elif is_heading and token.type == "inline":
            strong = Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)
            yield token.copy(children=[strong[0], *(token.children or ()), strong[1]])
        else:
            yield token


def _paragraphs(spoken: Iterable[tuple[str, str]]) -> Iterator[Token]:
    return chain.from_iterable(_paragraph(voice, words) for voice, words in spoken)


def _paragraph(voice: str, words: str) -> Iterator[Token]:
    children = [Token("text", "", 0, content=f" {words}" if voice else words)]
    if voice:
        name = Token("text", "", 0, content=f"{voice}:")
        children = [Token("strong_open", "strong", 1), name, Token("strong_close", "strong", -1), *children]
    yield Token("paragraph_open", "p", 1, block=True)
    yield Token("inline", "", 0, content=f"{voice} {words}".strip(), children=children, block=True)
    yield Token("paragraph_close", "p", -1, block=True)
