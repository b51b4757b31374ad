"""A formula as LaTeX → MathML that holds only what ``mathml.py`` lists.

The library that translates is lenient: what it does not know it shows as it stands. So the source is looked through
before, and what comes out is written anew, element by element.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

from course_builder.mathml import CELL_CLASSES, CHILDREN, ELEMENTS, ROOT, TEXTS, is_allowed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_CHARACTERS = 2_000
_MAX_DEPTH = 40

_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([A-Za-z]+\*?)\}")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_COMMENT = re.compile(r"\\.|%", re.DOTALL)
_REFUSED = {
    **dict.fromkeys(("color", "textcolor", "colorbox", "fcolorbox"), "Colours come from the design."),
    **dict.fromkeys(("href", "class", "style"), "A formula holds no links and no styles."),
    **dict.fromkeys(
        ("newcommand", "newenvironment", "def", "DeclareMathOperator"),
        "Write out what it stands for; for a name, \\operatorname{name}.",
    ),
    **dict.fromkeys(("unicode", "verb"), "Write the character itself."),
    **dict.fromkeys(("boxed", "cancel", "bcancel", "xcancel", "sout"), "Not all browsers draw it; leave it out."),
}
_SPECIAL = frozenset(("begin", "end", "left", "right", "middle", "limits", "nolimits", "operatorname", "operatorname*"))


class FormulaError(ValueError):
    """A formula that cannot be shown: ``code`` and ``hint`` for the author, ``offset`` in its source."""

    def __init__(self, code: str, message: str, hint: str, offset: int) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint
        self.offset = offset


@lru_cache(maxsize=4096)
def to_mathml(source: str, *, is_display: bool) -> str:
    """Translate a formula.

    Raises:
        FormulaError: if it has an unknown command, braces that do not pair, or something missing.
    """
    if len(source) > MAX_CHARACTERS:
        message = f"this formula is longer than {MAX_CHARACTERS} characters"
        raise FormulaError("formula-syntax", message, "Split it.", 0)
    _check_braces(source)
    _check_percent_signs(source)
    _check_commands(source)
    return _written(_translated(source, is_display=is_display), source)


def _check_braces(source: str) -> None:
    opened: list[int] = []
    for match in _BRACE.finditer(source):
        if match[0] == "{":
            opened.append(match.start())
            if len(opened) > _MAX_DEPTH:
                message = f"braces nest more than {_MAX_DEPTH} deep"
                raise FormulaError("formula-syntax", message, "Split the formula.", match.start())
        elif match[0] == "}":
            if not opened:
                hint = r"Open one before it, or write \} for a brace that is shown."
                raise FormulaError("formula-brace", "this brace closes nothing", hint, match.start())
            opened.pop()
    if opened:
        hint = r"Close it with }, or write \{ for a brace that is shown."
        raise FormulaError("formula-brace", "this brace is never closed", hint, opened[-1])


def _check_percent_signs(source: str) -> None:
    """Refuse what LaTeX takes for a comment, which would vanish from the page without a word."""
    for match in _COMMENT.finditer(source):
        if match[0] == "%":
            message = "a bare % hides the rest of its line"
            raise FormulaError("formula-syntax", message, r"Write \% for per cent.", match.start())


def _check_commands(source: str) -> None:
    for match in _ENVIRONMENT.finditer(source):
        if match[1] not in _environments():
            hint = _nearest(match[1], _environments(), "", "Write a matrix as \\begin{pmatrix} … \\end{pmatrix}.")
            message = f"there is no environment `{match[1]}` for formulas"
            raise FormulaError("formula-command", message, hint, match.start())
    for match in _COMMAND.finditer(source):
        name = match[1]
        if name in _REFUSED:
            raise FormulaError("formula-command", f"`\\{name}` is not for formulas here", _REFUSED[name], match.start())
        if name[0].isalpha() and not _is_known(name):
            hint = _nearest(
                name, _names(), "\\", "Write a word as \\text{word}, a function's name as \\operatorname{name}."
            )
            raise FormulaError("formula-command", f"there is no command `\\{name}` for formulas", hint, match.start())


def _is_known(name: str) -> bool:
    # A star belongs to few commands; behind others it is a star that is shown.
    return name in _names() or name.rstrip("*") in _names()


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    from latex2mathml import commands, symbols_parser

    single = {value for value in vars(commands).values() if isinstance(value, str)}
    grouped = {name for value in vars(commands).values() if isinstance(value, dict | tuple) for name in value}
    known = {name[1:] for name in (*single, *grouped, *symbols_parser.SYMBOLS) if str(name).startswith("\\")}
    return frozenset(known | _SPECIAL) - _REFUSED.keys()


@lru_cache(maxsize=1)
def _environments() -> frozenset[str]:
    from latex2mathml import commands

    return frozenset(name[1:] for name in commands.MATRICES if name[1:].rstrip("*").isalpha())


def _nearest(word: str, known: frozenset[str], before: str, otherwise: str) -> str:
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.7)
    return f"Did you mean `{before}{near[0]}`?" if near else otherwise


def _translated(source: str, *, is_display: bool) -> Element:
    from latex2mathml.converter import convert_to_element

    try:
        return convert_to_element(source, display="block" if is_display else "inline")
    except Exception as error:
        # The library raises whatever it stumbles over, StopIteration and IndexError among it.
        message = f"this formula cannot be read: {_REASONS.get(type(error).__name__, 'something is missing')}"
        raise FormulaError("formula-syntax", message, "Check what each command takes.", 0) from error


_REASONS = {
    "DoubleSubscriptsError": "two subscripts follow each other; put braces around what belongs together",
    "DoubleSuperscriptsError": "two superscripts follow each other; put braces around what belongs together",
    "ExtraLeftOrMissingRightError": r"\left and \right do not pair",
    "MissingEndError": r"a \begin has no \end",
    "MissingSuperScriptOrSubscriptError": "nothing follows _ or ^",
    "NoAvailableTokensError": "something is missing at its end",
}


_LEFT_OVER = {
    "\\": ("formula-syntax", "a backslash stands alone", r"Write \backslash for one that is shown."),
    **dict.fromkeys("{}", ("formula-brace", "braces stand inside a text", r"End \text{…} before them.")),
}
"""What no command took for itself, and would be shown as it stands."""


def _written(root: Element, source: str) -> str:
    return "".join(_pieces(root, source))


def _pieces(element: Element, source: str) -> Iterator[str]:
    tag = element.tag
    if tag not in ELEMENTS or (tag == ROOT and element.get("xmlns") is None):
        message = "this formula holds something that browsers do not draw"
        raise FormulaError("formula-command", message, "Write it more simply.", 0)
    if len(element) != CHILDREN.get(tag, len(element)):
        message = "this formula cannot be read: a command has not all that it needs"
        raise FormulaError("formula-syntax", message, r"A fraction, for example, is \frac{above}{below}.", 0)
    if tag == "mi" and element.text in _LEFT_OVER:
        code, message, hint = _LEFT_OVER[element.text]
        raise FormulaError(code, message, hint, max(source.rfind(element.text), 0))
    yield f"<{tag}{''.join(_attributes(element))}>"
    if tag in TEXTS:
        # The library hands characters over as references.
        yield escape(unescape(element.text or ""), quote=False)
    for child in element:
        yield from _pieces(child, source)
    yield f"</{tag}>"


def _attributes(element: Element) -> Iterator[str]:
    for name, value in sorted(element.attrib.items()):
        if is_allowed(element.tag, name, value):
            yield f' {name}="{escape(value)}"'
        elif name == "columnalign" and value in CELL_CLASSES and element.tag == "mtd":
            yield f' class="{CELL_CLASSES[value]}"'
