"""Ids for what has none: made from words, never used before, written into the text and nothing else changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from course_builder.model import Place

_ID = re.compile(r"(?:#|\bid: *)([a-z][a-z0-9-]*)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FENCE = re.compile(r"(?P<start>[\s>]*:{3,}[ \t]*(?P<name>[\w-]*))[ \t]*(?P<braces>\{)?")
_CODE = re.compile(r"[\s>]*(`{3,}|~{3,})")
_PARENTS = frozenset({"question", "field", "poll"})
"""Blocks in which the ids of options, rows and columns have to differ, and in no more."""
_ROW = re.compile(r"(?<!\\)\|")
_TITLE = re.compile(r"""title=("[^"]*"|[^\s}]+)""")
_COMMENT = re.compile(r"<!--.*?-->")
_MARKUP = re.compile(r"\]\([^)]*\)|\{[^}]*\}|^[\s>]*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\])?|^[\s>|]+")
_GENITIVE = re.compile(r"(?<=\w)['’]s\b")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_FEW, _MANY = 3, 7


def _split(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL_WORDS = _split(
    "a an the of to in on at by for and or is are was were be it its this that these which what who how when where why"
    " does do did from with as not no your you we our they their"
    " ja on ei se tai että mikä mitä kuka miten"
    " ning või see mis kes kuidas kas"
    " och är en ett som att det den vad vem hur för på av till med"
)
_LAST_RESORTS = ("other", "further", "another", *"bcdefghijklmnopqrstuvwxyz")


@dataclass(slots=True)
class _Parent:
    """A block whose options have ids that differ within it; ``used`` are those that it has, or had in a release."""

    id: str
    used: set[str] = field(default_factory=set)


def ids_in(text: str) -> Iterator[str]:
    """Yield what may be an id in Markdown or YAML."""
    return (each[1].rstrip("-") for each in _ID.finditer(text))


def with_ids(
    text: str, places: Iterable[Place], taken: Collection[str], released: Mapping[str, Collection[str]]
) -> tuple[str, list[str]]:
    """Return a text in which the lines at these places carry an id, and the ids.

    Args:
        text: of the file, with its own line ends.
        places: where an id is missing; of one line only the first is mended.
        taken: ids that no block may have, since one of the module has it, or had it in a release.
        released: by the id of a question, field or poll, the ids that releases had in it.
    """
    lines = _LINE.findall(text)
    parents = _parents(lines)
    for parent in parents:
        if parent is not None:
            parent.used.update(released.get(parent.id, ()))
    module = set(taken)
    written: list[str] = []
    for number, place in sorted({place.line: place for place in places}.items()):
        content = lines[number - 1].rstrip("\r\n")
        end = lines[number - 1][len(content) :]
        parent = None if _FENCE.match(content) else parents[number - 1]
        used = module if parent is None else parent.used
        new_id = _new_id(_words_for(lines, number - 1, place), used)
        mended = _insert(content, new_id, place.column)
        if mended is not None:
            used.add(new_id)
            module.add(new_id)
            written.append(new_id)
            lines[number - 1] = mended + end
    return "".join(lines), written


def _parents(lines: list[str]) -> list[_Parent | None]:
    """Say for each line which question, field or poll it stands in, with the ids that stand there already."""
    found: list[_Parent | None] = []
    around: list[_Parent | None] = [None]
    code = ""
    for line in lines:
        fence = _CODE.match(line)
        is_code = bool(code or fence)
        if fence:
            code = "" if code and fence[1].startswith(code) else code or fence[1]
        opening = None if is_code else _FENCE.match(line)
        if opening and opening["name"]:
            is_parent = opening["name"] in _PARENTS
            around.append(_Parent(next(ids_in(line), "")) if is_parent else around[-1])
        parent = around[-1]
        found.append(parent)
        if parent is not None and not is_code:
            parent.used.update(ids_in(line))
        if opening and not opening["name"]:
            around = around[:-1] or [None]
    return found


def _insert(line: str, new_id: str, column: int) -> str | None:
    fence = _FENCE.match(line)
    if fence is not None:
        if fence["braces"]:
            return f"{line[: fence.end()]}#{new_id} {line[fence.end() :]}"
        return f"{line[: fence.end('start')]} {{#{new_id}}}{line[fence.end('start') :]}"
    if not _ROW.search(line):
        return f"{line.rstrip()} <!--#{new_id}-->"
    return next(
        (
            f"{line[:start]}{line[start:end].rstrip()} <!--#{new_id}--> {line[end:]}"
            for start, end in _cells(line)
            if end >= column and "<!--#" not in line[start:end] and line[start:end].strip()
        ),
        None,
    )


def _cells(line: str) -> Iterator[tuple[int, int]]:
    """Yield where each cell of a table's row begins and ends."""
    bars = [match.start() for match in _ROW.finditer(line)]
    starts = [0, *(bar + 1 for bar in bars)] if line[: bars[0]].strip(" >") else [bar + 1 for bar in bars]
    ends = [*bars, len(line)] if line[: bars[0]].strip(" >") else [*bars[1:], len(line)]
    return ((start, end) for start, end in zip(starts, ends, strict=True) if line[start:end].strip())


def _words_for(lines: list[str], index: int, place: Place) -> list[str]:
    """Return the words of what stands at a place: on its line, or else on the next lines that have any."""
    line = lines[index]
    if _FENCE.match(line):
        title = _TITLE.search(line)
        texts = [text for text in lines[index + 1 : index + 12] if not _FENCE.match(text)]
        here: Iterable[str] = [title[1], *texts] if title else texts
    elif _ROW.search(line):
        cell = next(((a, b) for a, b in _cells(line) if b >= place.column and "<!--#" not in line[a:b]), (0, len(line)))
        here = [line[cell[0] : cell[1]]]
    else:
        here = [line, *lines[index + 1 : index + 4]]
    return next((words for text in here if (words := _words(text))), [])


def _words(text: str) -> list[str]:
    text = _GENITIVE.sub("", _MARKUP.sub(" ", _COMMENT.sub("", text)))
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").lower())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    words = [word for word in _NOT_A_WORD.split(plain) if word]
    return [word for word in words if word not in _SMALL_WORDS] or words


def _new_id(words: list[str], used: Collection[str]) -> str:
    words = words[: next((i for i, word in enumerate(words) if word.isdigit() and i), _MANY)] or words
    base = "-".join(words[:_FEW])
    longer = ("-".join(words[:count]) for count in range(_FEW + 1, min(len(words), _MANY) + 1))
    further = (f"{base or 'item'}-{word}" for word in _LAST_RESORTS)
    numbered = (f"{base or 'item'}-x{number}" for number in range(2, 10**6))
    candidates = chain([base] if base else [], longer, further, numbered)
    return next(each for each in map(_well_formed, candidates) if each not in used)


def _well_formed(word: str) -> str:
    return word if word[0].isalpha() else f"no-{word}"
