"""The kinds of fenced blocks: what each may carry and where it may stand, as data."""

from __future__ import annotations

from dataclasses import dataclass

PAGE = ""
"""The name of what holds a block that stands in no other."""
FOOTNOTE = "footnote"
"""The name of what holds a block that stands in the text of a footnote."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of block. ``inside`` names the blocks it may stand in."""

    keys: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    takes_id: bool = False
    inside: frozenset[str] = frozenset({PAGE, "quiz", "details", "facilitator"})


TRANSPARENT = frozenset({"details", "tabs", "tab", "only"})
"""Blocks that only show what they hold another way: beyond them counts what they stand in."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_IN_QUESTION = frozenset({"question"})
_IN_SESSION = _words("session step room remote materials")
_WITH_TEXT = (
    frozenset({PAGE, "quiz", "details", "facilitator", "question", "hint", "solution", "feedback", FOOTNOTE})
    | _IN_SESSION
    | {"tab", "only"}
)
_ASKED_LIVE = frozenset({PAGE, "details", "step"})

BLOCKS = {
    "question": Kind(
        keys=_words(
            "type points tries penalty partial shuffle objective graded source verify"
            " answer tolerance unit min max exact anonymous words accept files size"
        ),
        required=frozenset({"type"}),
        takes_id=True,
        inside=frozenset({PAGE, "quiz", "details", "tab", "group", "pool"}),
    ),
    "group": Kind(takes_id=True, inside=frozenset({PAGE, "quiz", "details"})),
    "pool": Kind(keys=frozenset({"draw", "from"}), required=frozenset({"draw"}), inside=frozenset({PAGE, "quiz"})),
    "quiz": Kind(keys=frozenset({"title", "minutes"}), takes_id=True, inside=frozenset({PAGE})),
    "hint": Kind(keys=frozenset({"cost"}), inside=_IN_QUESTION),
    "solution": Kind(inside=_IN_QUESTION),
    "answers": Kind(keys=frozenset({"gap"}), inside=_IN_QUESTION),
    "rubric": Kind(inside=_IN_QUESTION),
    "feedback": Kind(keys=frozenset({"when"}), required=frozenset({"when"}), inside=_IN_QUESTION),
    "details": Kind(keys=frozenset({"title"}), required=frozenset({"title"}), takes_id=True, inside=_WITH_TEXT),
    "tabs": Kind(inside=_WITH_TEXT),
    "tab": Kind(keys=frozenset({"title"}), required=frozenset({"title"}), takes_id=True, inside=frozenset({"tabs"})),
    "only": Kind(keys=_words("in country"), inside=_WITH_TEXT),
    "reflection": Kind(takes_id=True, inside=frozenset({PAGE, "details", "tab", "only"})),
    "media": Kind(
        keys=_words("src captions transcript description poster title"),
        required=frozenset({"src"}),
        takes_id=True,
        inside=_WITH_TEXT,
    ),
    "scene": Kind(
        keys=_words("src kind poster title ar"),
        required=frozenset({"src", "kind"}),
        takes_id=True,
        inside=frozenset({PAGE, "quiz", "details", "tab", "only"}),
    ),
    "embed": Kind(
        keys=_words("src title"),
        required=frozenset({"src", "title"}),
        takes_id=True,
        inside=frozenset({PAGE, "quiz", "details", "tab", "only"}),
    ),
    "include": Kind(keys=frozenset({"src"}), required=frozenset({"src"}), inside=_WITH_TEXT),
    "facilitator": Kind(inside=frozenset({PAGE, "quiz", "details", "tab", "only", "session", "step"})),
    "session": Kind(
        keys=_words("title minutes mode"), required=frozenset({"minutes"}), takes_id=True, inside=frozenset({PAGE})
    ),
    "step": Kind(keys=_words("minutes who"), required=frozenset({"minutes"}), inside=frozenset({"session"})),
    "room": Kind(inside=frozenset({"step"})),
    "remote": Kind(inside=frozenset({"step"})),
    "materials": Kind(inside=frozenset({"session", "step"})),
    "worksheet": Kind(keys=frozenset({"title"}), takes_id=True, inside=frozenset({PAGE})),
    "field": Kind(
        keys=_words("type from required min max labels unit rows lines"),
        required=frozenset({"type"}),
        takes_id=True,
        inside=frozenset({"worksheet"}),
    ),
    "poll": Kind(keys=_words("type min max labels"), required=frozenset({"type"}), takes_id=True, inside=_ASKED_LIVE),
    "board": Kind(keys=_words("columns votes"), required=frozenset({"columns"}), takes_id=True, inside=_ASKED_LIVE),
}
"""The blocks of this version."""
