"""Names and an order for the options of a question, drawn for one attempt from its secret seed.

The pages of an attempt show these names only: neither an option's id nor its place in the source tells anything.
The draw is a pure function of the seed, so an attempt that is opened again looks the same.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

_NAME_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Drawn:
    """The options of a question as one attempt sees them: ``names`` in serving order, ``to_id`` back to the ids."""

    names: tuple[str, ...]
    to_id: Mapping[str, str]


def draw(
    seed: bytes,
    question_id: str,
    option_ids: Sequence[str],
    shuffle: bool,
    type: str,  # noqa: A002 - the word of the package format.
    key_order: Sequence[str] | None = None,
) -> Drawn:
    """Draw the names and the order of a question's options.

    Args:
        seed: secret of the attempt, at least 16 random bytes.
        question_id: unique in the module.
        option_ids: in the source's order, as the package gives them.
        shuffle: ``False`` keeps that order, except for ``order`` questions.
        type: the question's type.
        key_order: the right order of an ``order`` question, which is never the one drawn.

    Raises:
        ValueError: if the seed is too short to be a secret, or the key order of an ``order`` question is missing.
    """
    if len(seed) < 16:
        raise ValueError("the seed of an attempt has at least 16 bytes")
    names = _names(seed, question_id, option_ids)
    if type == "order":
        if key_order is None or sorted(key_order) != sorted(option_ids):
            raise ValueError(f"the key of {question_id} does not name its items")
        served = _order_unlike_key(seed, question_id, key_order)
    else:
        served = _order(seed, question_id, option_ids, 0) if shuffle else list(option_ids)
    return Drawn(tuple(names[option] for option in served), {name: option for option, name in names.items()})


def _names(seed: bytes, question_id: str, option_ids: Sequence[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    taken: set[str] = set()
    for option in option_ids:
        # Two options that draw the same name are as good as impossible, and must still not become one.
        name = next(name for turn in count() if (name := _name(seed, question_id, option, turn)) not in taken)
        taken.add(name)
        names[option] = name
    return names


def _name(seed: bytes, question_id: str, option: str, turn: int) -> str:
    return _digest(seed, "name", question_id, option, turn)[:_NAME_DIGITS]


def _order(seed: bytes, question_id: str, option_ids: Sequence[str], turn: int) -> list[str]:
    return sorted(option_ids, key=lambda option: _digest(seed, "order", question_id, option, turn))


def _order_unlike_key(seed: bytes, question_id: str, key_order: Sequence[str]) -> list[str]:
    right = list(key_order)
    if len(right) < 2:
        return right
    return next(served for turn in count() if (served := _order(seed, question_id, right, turn)) != right)


def _digest(seed: bytes, purpose: str, question_id: str, option: str, turn: int) -> str:
    # Ids hold no NUL, so the parts cannot run into each other.
    return hmac.digest(seed, f"{purpose}\0{question_id}\0{option}\0{turn}".encode(), "sha256").hex()
