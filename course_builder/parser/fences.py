"""One fence line: ``::: name {#id .class key=value}`` opens a block, ``:::`` closes one."""

from __future__ import annotations

import difflib
import re

from markdown_it.token import Token

from course_builder.model import Fence, Place
from course_builder.parser.attributes import Attributes, parse_attributes
from course_builder.parser.findings import Findings
from course_builder.parser.kinds import BLOCKS

_LINE = re.compile(r":{3,}[ \t]*(?P<name>[^\s{:][^\s{]*)?[ \t]*(?P<rest>.*)")


def read_fence(token: Token, findings: Findings) -> Fence | None:
    """Return what a ``fence_line`` token opens, or ``None`` if it closes; what is wrong with it is reported."""
    match = _LINE.fullmatch(token.content)
    if match is None or not (match["name"] or match["rest"]):
        return None
    place = Place(findings.path, token.meta["line"], token.meta["column"])
    name, rest = match["name"] or "", match["rest"]
    column = place.column + match.start("rest")
    _check_name(name, place, findings)
    attributes = parse_attributes(rest) if rest.startswith("{") else Attributes()
    surplus = rest[attributes.end :].strip()
    if (mistake := attributes.mistake) is not None:
        findings.error((place.line, column + mistake.offset), mistake.code, mistake.message, mistake.hint)
    elif surplus:
        findings.error(
            (place.line, column + attributes.end),
            "block-syntax",
            f"`{surplus}` does not belong on this line",
            'A block opens with ::: name {#id key=value other="two words"}.',
        )
    elif name in BLOCKS:
        _check_keys(name, attributes, place, column, findings)
    return Fence(name, attributes.id, tuple(attributes.classes), attributes.values, place)


_MEANT = {
    **dict.fromkeys(("alert", "caution", "important", "info", "tip", "warning"), "Write a quote that begins > [!TIP]."),
    **dict.fromkeys(("audio", "film", "sound", "video"), "Write ::: media {src=…}."),
    **dict.fromkeys(("embed-page", "iframe", "youtube"), "Write ::: embed {src=… title=…}."),
    **dict.fromkeys(("accordion", "spoiler"), "Write ::: details {title=…}."),
    "model": "Write ::: scene {src=… kind=model}.",
    "panorama": "Write ::: scene {src=… kind=panorama}.",
}
"""What blocks of other tools are called, and how one writes the same here."""


def _check_name(name: str, place: Place, findings: Findings) -> None:
    if not name:
        findings.error(place, "block-unknown", "this block has no name", "A block opens with ::: name {#id key=value}.")
    elif name not in BLOCKS:
        hint = _MEANT.get(name) or findings.near(name, BLOCKS, f"There are {', '.join(sorted(BLOCKS))}.")
        findings.error(place, "block-unknown", f"there is no block `{name}`", hint)


def _check_keys(name: str, attributes: Attributes, place: Place, column: int, findings: Findings) -> None:
    kind = BLOCKS[name]
    unknown = attributes.values.keys() - kind.keys
    for key, offset in attributes.offsets.items():
        if key in unknown:
            known = f"It takes {', '.join(sorted(kind.keys))}." if kind.keys else "It takes no keys."
            if key == "id" and kind.takes_id:
                known = f"Write an id with #, first in the braces: ::: {name} {{#word}}."
            findings.error(
                (place.line, column + offset),
                "attribute-unknown",
                f"a `{name}` has no key `{key}`",
                findings.near(key, kind.keys, known),
            )
    for key in sorted(kind.required - attributes.values.keys()):
        if difflib.get_close_matches(key, unknown, n=1):
            continue  # It is there, misspelt.
        findings.error(place, "attribute-missing", f"a `{name}` needs `{key}=`", f"Write ::: {name} {{{key}=…}}.")
    if attributes.id and not kind.takes_id:
        findings.error(place, "attribute-unknown", f"a `{name}` takes no id", f"Delete #{attributes.id}.")
