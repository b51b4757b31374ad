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
_WITH_FOREIGN_QUOTE = re.compile(r"[\w-]+=[“”„‟«»‹›‘’‚‛`']")


class AttributeSyntaxError(ValueError):
    """What is wrong between the braces, and where; only the parser sees it."""

    def __init__(self, code: str, message: str, hint: str, offset: int) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.offset = offset


@dataclass(slots=True)
class Attributes:
    """What stood between the braces; ``offsets`` says where each key stood."""

    id: str | None = None
    classes: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)


def parse_attributes(text: str, start: int = 0) -> tuple[Attributes, int]:
    """Read the attributes whose ``{`` stands at ``start``, and return them with the offset after ``}``.

    Raises:
        AttributeSyntaxError: if the braces hold anything else.
    """
    found = Attributes()
    position = _skip_space(text, start + 1)
    while not text.startswith("}", position):
        item = _ITEM.match(text, position)
        if item is None:
            raise _syntax_error(text, position)
        _add(found, item)
        position = _skip_space(text, item.end())
        if position == item.end() and not text.startswith("}", position):
            raise _syntax_error(text, position)
    return found, position + 1


def _skip_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _add(found: Attributes, item: re.Match[str]) -> None:
    if item["id"]:
        if found.id is not None:
            raise AttributeSyntaxError(
                "attribute-twice", f"a second id, `#{item['id']}`", "Keep one of the two ids.", item.start()
            )
        found.id = item["id"]
    elif item["cls"]:
        found.classes.append(item["cls"])
    else:
        key = item["key"]
        if key in found.values:
            raise AttributeSyntaxError(
                "attribute-twice", f"`{key}` stands here twice", "Keep one of them.", item.start()
            )
        found.values[key] = item["quoted"] if item["quoted"] is not None else item["bare"]
        found.offsets[key] = item.start()


def _syntax_error(text: str, position: int) -> AttributeSyntaxError:
    rest = text[position:]
    if _WITH_FOREIGN_QUOTE.match(rest):
        key = rest[: rest.index("=")]
        return AttributeSyntaxError(
            "attribute-quotes",
            f"the value of `{key}` stands in quotation marks that are not straight",
            f'Write {key}="…" with the straight mark " on both sides.',
            position,
        )
    if not rest.strip():
        return AttributeSyntaxError(
            "attribute-syntax", "the braces are never closed", "End the attributes with } on the same line.", position
        )
    word = rest.split(maxsplit=1)[0].rstrip("}")
    return AttributeSyntaxError(
        "attribute-syntax",
        f"`{word}` is no attribute",
        'Attributes are written {#id .class key=value other="two words"}.',
        position,
    )
