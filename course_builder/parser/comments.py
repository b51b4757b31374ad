"""Comments: ``<!--#id-->`` gives an element its id, all others are notes of the author and go."""

from __future__ import annotations

import re

from markdown_it.token import Token

from course_builder.html_comments import blank_comments, comments
from course_builder.parser.findings import Findings
from course_builder.parser.silences import take_silence
from course_builder.tokens import place_of

_ID = re.compile(r"<!--#([^\s<>]*)-->")
_NEARLY_ID = re.compile(r"<!--\s*#[\w-]+\s*-->")
_BREAKS = {"softbreak", "hardbreak"}
_OWNERS = {"heading_open", "list_item_open", "th_open", "td_open", "dt_open"}


def take_comments(tokens: list[Token], findings: Findings) -> list[Token]:
    """Drop comments; ids move from theirs to the ``id`` of the heading, item or cell around them."""
    kept: list[Token] = []
    for token in tokens:
        if token.type == "html_block":
            owner = _owner(kept)
            _report_text_after_id(token, findings)
            if _is_only_comments(token, findings):
                _take_id_of_block(token, owner, findings)
                continue
            if owner is not None and (match := _ID.match(token.content.lstrip())):
                owner.attrs["id"] = match[1]
        elif token.type == "inline" and token.children and "<!--" in token.content:
            token.children = _without_comments(token.children, _owner(kept), findings)
        kept.append(token)
    return kept


def _owner(kept: list[Token]) -> Token | None:
    """Return the element whose first line comes next."""
    last = kept[-2:]
    if last and last[-1].type in _OWNERS:
        return last[-1]
    if len(last) == 2 and last[1].type == "paragraph_open" and last[0].type in _OWNERS:
        return last[0]
    return None


def _is_only_comments(token: Token, findings: Findings) -> bool:
    rest = blank_comments(token.content).strip()
    if rest.startswith("<!--"):
        findings.error(
            place_of(findings.path, token),
            "comment-not-closed",
            "this comment is never closed and hides the rest of the page",
            "End it with -->.",
        )
        return True
    return not rest


def _report_text_after_id(token: Token, findings: Findings) -> None:
    match = _ID.match(token.content.lstrip())
    first_line = token.content.lstrip().split("\n", 1)[0]
    if match is not None and first_line.removeprefix(match[0]).strip():
        findings.error(
            place_of(findings.path, token),
            "id-place",
            "an id stands before its text",
            "Move it to the end of the line.",
        )


def _take_id_of_block(token: Token, owner: Token | None, findings: Findings) -> None:
    place = place_of(findings.path, token)
    for start, end in comments(token.content):
        comment = token.content[start:end]
        line = place.line + token.content.count("\n", 0, start)
        if not take_silence(comment, line, place.column, findings, is_alone=True):
            _take_id(comment, owner, place.line, place.column, findings)


def _without_comments(children: list[Token], owner: Token | None, findings: Findings) -> list[Token]:
    kept: list[Token] = []
    first_line_owner = owner
    children = _without_silences(children, findings)
    for index, child in enumerate(children):
        if child.type in _BREAKS:
            first_line_owner = None
        if child.type != "html_inline" or not child.content.startswith("<!--"):
            kept.append(child)
            continue
        is_at_end = index + 1 == len(children) or children[index + 1].type in _BREAKS
        line, column = child.meta.get("line", 1), child.meta.get("column", 1)
        _take_id(child.content, first_line_owner if is_at_end else None, line, column, findings)
        if is_at_end and kept and kept[-1].type == "text":
            kept[-1].content = kept[-1].content.rstrip()
    return kept


def _without_silences(children: list[Token], findings: Findings) -> list[Token]:
    kept: list[Token] = []
    for child in children:
        if not _is_silence(child, findings):
            kept.append(child)
        elif kept and kept[-1].type == "text":
            # Without the space before it an id still stands at the end of its line.
            kept[-1].content = kept[-1].content.rstrip()
            del kept[len(kept) - (not kept[-1].content) :]
    return kept


def _is_silence(child: Token, findings: Findings) -> bool:
    is_comment = child.type == "html_inline" and child.content.startswith("<!--")
    line, column = child.meta.get("line", 1), child.meta.get("column", 1)
    return is_comment and take_silence(child.content, line, column, findings, is_alone=False)


def _take_id(comment: str, owner: Token | None, line: int, column: int, findings: Findings) -> None:
    if _NEARLY_ID.fullmatch(comment) and not _ID.fullmatch(comment):
        comment = re.sub(r"\s", "", comment)
        findings.error((line, column), "id-syntax", "an id is written without spaces", f"Write {comment}.")
    match = _ID.fullmatch(comment)
    if match is None:
        return
    if owner is None:
        findings.error(
            (line, column),
            "id-place",
            f"nothing takes the id `{match[1]}` here",
            "An id stands at the end of the first line of a heading, a list item or a cell.",
        )
    else:
        owner.attrs["id"] = match[1]
        if owner.map is None:  # Cells have no place of their own.
            owner.meta["line"], owner.meta["column"] = line, column
