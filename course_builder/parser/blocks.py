"""The stack that pairs the lines of fenced blocks.

A block opens and closes in the same *frame*: the page, a list item, a quote, a definition or a footnote.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it.token import Token

from course_builder.model import Fence, Place
from course_builder.parser.fences import read_fence
from course_builder.parser.findings import Findings
from course_builder.parser.kinds import BLOCKS, FOOTNOTE, PAGE, TRANSPARENT

_FRAMES = {"list_item", "blockquote", "alert", "dd", "footnote_reference"}


@dataclass(slots=True, eq=False)
class _Line:
    """A fence line; it opens a block if it has a fence."""

    token: Token
    fence: Fence | None
    partner: _Line | None = None
    ends: list[_Line] = field(default_factory=list)
    """Blocks that were never closed and that this line's block cannot stand in: they end before it."""


@dataclass(slots=True, eq=False)
class _Frame:
    lines: list[_Line] = field(default_factory=list)
    left_open: list[_Line] = field(default_factory=list)


def match_blocks(tokens: list[Token], findings: Findings) -> list[Token]:
    """Turn fence lines into ``block_open`` and ``block_close`` tokens that balance even where the author's do not."""
    lines = {
        index: _Line(token, read_fence(token, findings))
        for index, token in enumerate(tokens)
        if token.type == "fence_line"
    }
    if not lines:
        return tokens
    ends = _pair_frames(tokens, lines, findings)
    matched: list[Token] = []
    for index, token in enumerate(tokens):
        if index in ends:
            matched += [_block_close(line) for line in reversed(ends[index].left_open)]
        if index in lines:
            matched += _block_tokens(lines[index])
        else:
            matched.append(token)
    matched += [_block_close(line) for line in reversed(ends[len(tokens)].left_open)]
    return matched


def _pair_frames(tokens: list[Token], lines: dict[int, _Line], findings: Findings) -> dict[int, _Frame]:
    """Pair the lines of every frame and return the frames by the index at which they end."""
    stack = [_Frame()]
    ends: dict[int, _Frame] = {}
    for index, token in enumerate(tokens):
        if index in lines:
            stack[-1].lines.append(lines[index])
        elif token.nesting and token.type.rsplit("_", 1)[0] in _FRAMES:
            if token.nesting > 0:
                stack.append(_Frame())
            else:
                ends[index] = stack.pop()
    ends[len(tokens)] = stack.pop()
    for frame in ends.values():
        _pair(frame)
        _report(frame, findings)
    return ends


def _pair(frame: _Frame) -> None:
    """Pair by a plain stack; if a block stays open, again, ending blocks where the next one cannot stand in them.

    So a forgotten ``:::`` is reported where it is missing, and not at whatever block happened to be left over.
    """
    frame.left_open = _stack(frame.lines)
    if frame.left_open:
        for line in frame.lines:
            line.partner = None
        frame.left_open = _stack(frame.lines, ends_misplacing=True)


def _stack(lines: list[_Line], *, ends_misplacing: bool = False) -> list[_Line]:
    stack: list[_Line] = []
    for line in lines:
        if line.fence is None:
            if stack:
                line.partner = stack.pop()
                line.partner.partner = line
            continue
        if ends_misplacing:
            line.ends = _misplacing(line.fence, stack)
            del stack[len(stack) - len(line.ends) :]
        stack.append(line)
    return stack


def _misplacing(fence: Fence, stack: list[_Line]) -> list[_Line]:
    """Return the innermost blocks that would have to end for this one to stand where it may."""
    kind = BLOCKS.get(fence.name)
    if kind is None:
        return []
    names = [PAGE, *(line.fence.name for line in stack if line.fence)]
    for depth in range(len(names) - 1, -1, -1):
        if names[depth] in kind.inside:
            return stack[depth:]
    return []


def _block_tokens(line: _Line) -> list[Token]:
    early = [_block_close(other) for other in reversed(line.ends)]
    if line.fence is not None:
        return [*early, Token("block_open", "", 1, block=True, map=line.token.map, meta={"block": line.fence})]
    return [_block_close(line.partner)] if line.partner else []


def _block_close(opening: _Line) -> Token:
    return Token("block_close", "", -1, block=True, meta={"block": opening.fence})


def _report(frame: _Frame, findings: Findings) -> None:
    for line in frame.lines:
        for other in line.ends:
            _report_open(other, f" before line {line.token.meta['line']}", findings)
        if line.fence is None and line.partner is None:
            findings.error(
                _place(line, findings),
                "block-not-open",
                "this closes a block, but none is open here",
                "Delete the line, or open a block before it in the same list item or quote.",
            )
        if line.token.meta["is_crowded"]:
            is_close = line.fence is None and line.partner is not None
            findings.error(
                _place(line.partner if is_close and line.partner else line, findings),
                "block-without-blank-line",
                f"the ::: on line {line.token.meta['line']} touches the text beside it",
                "Leave an empty line before and after each line of colons.",
            )
    for line in frame.left_open:
        _report_open(line, "", findings)


def _report_open(line: _Line, before: str, findings: Findings) -> None:
    findings.error(
        _place(line, findings),
        "block-not-closed",
        f"the block `{line.fence.name if line.fence else ''}` is never closed{before}",
        "End it with ::: on a line of its own, in the same list item or quote.",
    )


def _place(line: _Line, findings: Findings) -> Place:
    return Place(findings.path, line.token.meta["line"], line.token.meta["column"])


def check_places(tokens: list[Token], findings: Findings) -> None:
    """Report blocks that stand where they cannot."""
    parents: list[str] = []
    for token in tokens:
        if token.type in {"block_close", "footnote_reference_close"}:
            parents.pop()
        elif token.type == "footnote_reference_open":
            parents.append(FOOTNOTE)
        elif token.type == "block_open":
            fence = token.meta["block"]
            parent = _wrong_parent(fence.name, parents)
            if parent is not None:
                where = f"in a `{parent}`" if parent else "outside other blocks"
                findings.error(
                    fence.place, "block-place", f"a `{fence.name}` cannot stand {where}", _allowed(fence.name)
                )
            parents.append(fence.name)


def _wrong_parent(name: str, parents: list[str]) -> str | None:
    """Return the block around this one in which it cannot stand: the next, or the one around ``details`` and the like.

    So what trainers alone may see cannot slip into a question, nor a question into a question, inside a ``details``.
    """
    kind = BLOCKS.get(name)
    beyond = next((parent for parent in reversed(parents) if parent not in TRANSPARENT), PAGE)
    around = parents[-1] if parents else PAGE
    # A tab stands in nothing but its tabs: what counts for it is where they stand.
    is_part = kind is not None and kind.inside <= TRANSPARENT
    for parent in (around,) if is_part else (around, beyond):
        is_known = parent in {PAGE, FOOTNOTE} or parent in BLOCKS
        if kind is not None and is_known and parent not in kind.inside:
            return parent
    return None


def _allowed(name: str) -> str:
    places = [f"in a `{parent}`" if parent else "on the page itself" for parent in sorted(BLOCKS[name].inside)]
    return f"It stands {' or '.join(places)}."
