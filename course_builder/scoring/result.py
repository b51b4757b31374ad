"""Answers as they come in, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Response = str | Sequence[str] | Mapping[str, str] | None
"""An answer, JSON-able; ``None`` or anything empty is no answer.

=====================  ============================================================================================
single, truefalse      an option's id
multiple               the ids of the ticked options
order                  all ids, in the learner's order
match, table, survey   item (left-hand side, row) → option (right-hand side, column)
gap                    gap → the text typed or chosen
number, text, essay    the text as it was typed
hotspot                ids of areas, and places as ``"12.5,40"``: per cent from the left and from the top
upload                 names of what was handed in
=====================  ============================================================================================
"""

State = Literal["right", "partly", "wrong", "unanswered", "given", "waiting"]
"""``given`` is a survey's answer; ``waiting`` is for a person to judge."""

Part = Literal["right", "wrong", "missed"]


class ResponseError(ValueError):
    """A response that no form of ours sends; the message says what is wrong with it."""


class UnclearError(ValueError):
    """A response that is no number, or reads in two ways, such as ``1,000``: it is asked back, and no try is used.

    ``readings`` are the two ways, each written so that it is clear: first with thousands, then with decimals.
    """

    def __init__(self, message: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.readings = readings


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer earned.

    ``state`` says what the answer itself was worth, before penalties and hints. ``parts`` has an entry for each
    chosen option, placed item or answered row, and ``missed`` for each right option that was not chosen and each item
    that was not answered: to show a ``missed`` option is to give the key away, so it waits until no try is left. A
    place in no area of a hotspot has an entry under its own text. ``matched`` is ``accepted-1`` or ``foreseen-1``, …
    where a text is one of those that the key names.
    """

    points: Fraction
    max_points: Fraction
    state: State
    parts: Mapping[str, Part] = field(default_factory=dict)
    matched: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an answer is worth before tries and hints: a share from 0 to 1, and the parts of a :class:`Result`."""

    share: Fraction
    parts: Mapping[str, Part] = field(default_factory=dict)
    is_answered: bool = True
    matched: str | None = None
    state: State | None = None
    """Where the share does not tell it."""


UNANSWERED = Judgement(Fraction(0), is_answered=False)
