"""Attributes in braces: ``{#id .class key=value other="two words"}``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ITEM = re.compile(
    r"""\#(?P<id>[^\s{}"'#.=]+)
      | \.(?P<cls>[^\s{}"'#.=]+)
      | (?P<key>[A-Za-z][\w-]*)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s{}"'“”„‟«»‹›‘’‚‛`]+))""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"\S{1,80}")
_WITH_FOREIGN_QUOTE = re.compile(r"[\w-]+=[“”„‟«»‹›‘’‚‛`']")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong between the braces, and at which offset."""

    code: str
    message: str
    hint: str
    offset: int


@dataclass(slots=True)
class Attributes:
    """What stands between the braces, up to the first mistake; ``offsets`` says where each key stands."""

    id: str | None = None
    classes: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)
    end: int = 0
    """The offset after ``}``."""
    mistake: Mistake | None = None


def parse_attributes(text: str, start: int = 0) -> Attributes:
    """Read the attributes whose ``{`` stands at ``start``."""
    found = Attributes()
    position = _skip_space(text, start + 1)
    while not text.startswith("}", position) and found.mistake is None:
        item = _ITEM.match(text, position)
        if item is None:
            found.mistake = _mistake(text, position)
            break
        found.mistake = _add(found, item)
        position = _skip_space(text, item.end())
        if position == item.end() and not text.startswith("}", position):
            found.mistake = found.mistake or _mistake(text, position)
    found.end = position + 1
    return found


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _add(found: Attributes, item: re.Match[str]) -> Mistake | None:
    key, id_ = item["key"], item["id"]
    if id_:
        if found.id is not None:
            return Mistake("attribute-twice", f"a second id, `#{id_}`", "Keep one of the two ids.", item.start())
        found.id = id_
    elif item["cls"]:
        found.classes.append(item["cls"])
    elif key in found.values:
        return Mistake("attribute-twice", f"`{key}` stands here twice", "Keep one of them.", item.start())
    else:
        found.values[key] = item["quoted"] if item["quoted"] is not None else item["bare"]
        found.offsets[key] = item.start()
    return None


def _mistake(text: str, position: int) -> Mistake:
    if quoted := _WITH_FOREIGN_QUOTE.match(text, position):
        key = quoted[0].partition("=")[0]
        return Mistake(
            "attribute-quotes",
            f"the value of `{key}` stands in quotation marks that are not straight",
            f'Write {key}="…" with the straight mark " on both sides.',
            position,
        )
    word = _WORD.match(text, _skip_space(text, position))
    if word is None:
        message = "the braces are never closed"
        return Mistake("attribute-syntax", message, "End the attributes with } on the same line.", position)
    hint = 'Attributes are written {#id .class key=value other="two words"}.'
    return Mistake("attribute-syntax", f"`{word[0].rstrip('}')}` is no attribute", hint, position)
