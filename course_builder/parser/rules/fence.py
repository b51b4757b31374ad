"""Block rule for the lines that open and close our blocks: ``::: name {…}`` and ``:::``.

The rule only marks the lines, each as a ``fence_line`` token of its own; ``blocks.py`` pairs them with a stack.
So the text between them is parsed by markdown-it as if the fences were not there, and equal fences nest.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_FIRST_IN = {"list_item_open", "blockquote_open", "alert_title_close", "dd_open", "footnote_reference_open"}


def fence_plugin(md: MarkdownIt) -> None:
    """Let lines that start with ``:::`` end a paragraph, a list, a quote or a table, and stand alone."""
    interrupts = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("table", "fence_line", _fence_line, {"alt": interrupts})


def _fence_line(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith(":::", begin):
        return False
    if silent:
        return True
    is_crowded = _has_text_before(state, start_line) or _has_text_after(state, start_line, end_line)
    token = state.push("fence_line", "", 0)
    token.map = [start_line, start_line + 1]
    token.content = state.src[begin : state.eMarks[start_line]].rstrip()
    token.meta = {
        "line": start_line + 1,
        "column": begin - state.src.rfind("\n", 0, begin),
        "is_crowded": is_crowded,
    }
    state.line = start_line + 1
    return True


def _has_text_before(state: StateBlock, line: int) -> bool:
    is_first = not state.tokens or state.tokens[-1].type in _FIRST_IN
    return line > 0 and not is_first and not state.isEmpty(line - 1)


def _has_text_after(state: StateBlock, line: int, end_line: int) -> bool:
    is_last = line + 1 >= end_line or state.sCount[line + 1] < state.blkIndent
    return not is_last and not state.isEmpty(line + 1)
