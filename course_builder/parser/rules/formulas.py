"""Block rule for ``$$``: the plugin's, asked only where a ``$$`` follows that may end the formula.

Without one, the plugin would look through all lines that follow, at each ``$$`` anew.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.dollarmath.index import math_block_dollar

_MARK = "$$"
_math_block = math_block_dollar(allow_labels=False, allow_blank_lines=True)


def formulas_plugin(md: MarkdownIt) -> None:
    """Let the plugin's rule look before it leaps."""
    md.block.ruler.at("math_block", _formula)


def _formula(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin = state.bMarks[start_line] + state.tShift[start_line]
    if not state.src.startswith(_MARK, begin) or start_line > _last_end(state, start_line, end_line):
        return False
    return _math_block(state, start_line, end_line, silent)


def _last_end(state: StateBlock, start_line: int, end_line: int) -> int:
    """Return the last line before ``end_line`` that may end a formula, -1 if there is none from ``start_line`` on."""
    known: dict[int, tuple[int, int]] = state.env.setdefault("formula_ends", {})
    looked_from, last = known.get(end_line, (end_line, -1))
    if start_line < looked_from:
        lines = range(end_line - 1, start_line - 1, -1)
        last = next((line for line in lines if _text(state, line).endswith(_MARK)), -1)
        known[end_line] = start_line, last
    return last


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]].rstrip()
