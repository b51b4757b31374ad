"""Names and an order for the options of a question, drawn for one attempt from its secret seed.

The pages of an attempt show these names only: neither an option's id nor its place in the source tells anything.
The draw is a pure function of the seed, so an attempt that is opened again looks the same.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

_NAME_DIGITS = 10
_KEY_IS_ORDER = frozenset({"order", "match"})


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question as one attempt sees it: ``names`` of options in serving order, ``to_id`` back to their ids.

    ``items`` and ``to_item`` are the same for what is answered by itself; ``choices`` gives a gap's drop-down list, by
    the gap's id, in serving order.
    """

    names: tuple[str, ...]
    to_id: Mapping[str, str]
    items: tuple[str, ...] = ()
    to_item: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def draw(
    seed: bytes,
    question_id: str,
    option_ids: Sequence[str],
    shuffle: bool,
    type: str,  # noqa: A002 - the word of the package format.
    key_order: Sequence[str] | None = None,
    item_ids: Sequence[str] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
) -> Drawn:
    """Draw the names of a question's options and items, and the order of what is not served as it stands.

    Args:
        seed: secret of the attempt, at least 16 random bytes.
        question_id: unique in the module.
        option_ids: in the source's order, as the package gives them.
        shuffle: ``False`` keeps that order, except where it is the key: for ``order`` and ``match``.
        type: the question's type.
        key_order: the right order of an ``order`` question, or the options of a ``match`` that go with the items, in
            their order; it is never the one drawn.
        item_ids: what is answered by itself; it is served in the source's order.
        choices: what the drop-down list of a gap offers, by the gap's id.

    Raises:
        ValueError: if the seed is too short to be a secret, or the key order that is needed does not fit.
    """
    if len(seed) < 16:
        raise ValueError("the seed of an attempt has at least 16 bytes")
    names = _names(seed, question_id, option_ids)
    if type in _KEY_IS_ORDER:
        is_fit = key_order is not None and set(key_order) <= set(option_ids)
        if key_order is None or not is_fit or (type == "order" and sorted(key_order) != sorted(option_ids)):
            raise ValueError(f"the key of {question_id} does not name its items")
        served = _order_unlike_key(seed, question_id, option_ids, key_order)
    else:
        # Columns are a scale more often than not, and areas a list beside a picture.
        is_drawn = shuffle and type not in {"table", "survey"}
        served = _order(seed, question_id, option_ids, 0) if is_drawn else list(option_ids)
    items = _names(seed, f"{question_id}\0items", item_ids)
    return Drawn(
        names=tuple(names[option] for option in served),
        to_id={name: option for option, name in names.items()},
        items=tuple(items.values()),
        to_item={name: item for item, name in items.items()},
        choices={
            gap: tuple(_order(seed, f"{question_id}\0{gap}", texts, 0) if shuffle else texts)
            for gap, texts in (choices or {}).items()
        },
    )


def drawn_questions(seed: bytes, questions: Sequence[str], pools: Sequence[tuple[Sequence[str], int]]) -> list[str]:
    """Choose the questions of an attempt, in the source's order.

    Args:
        seed: secret of the attempt.
        questions: all of a quiz.
        pools: those of them that are drawn from, each with how many are drawn.
    """
    left_out: set[str] = set()
    for pool, number in pools:
        by_luck = sorted(pool, key=lambda question: _digest(seed, "pool", question, "", 0))
        left_out |= set(by_luck[number:])
    return [question for question in questions if question not in left_out]


def shuffled_questions(seed: bytes, questions: Sequence[str]) -> list[str]:
    """Give the questions of an attempt an order of its own.

    Args:
        seed: secret of the attempt.
        questions: those that it has.
    """
    return sorted(questions, key=lambda question: _digest(seed, "question", question, "", 0))


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


def _order_unlike_key(seed: bytes, question_id: str, option_ids: Sequence[str], key_order: Sequence[str]) -> list[str]:
    right = list(key_order)
    if len(right) < 2:
        return _order(seed, question_id, option_ids, 0)
    orders = (_order(seed, question_id, option_ids, turn) for turn in count())
    return next(served for served in orders if [option for option in served if option in set(right)] != right)


def _digest(seed: bytes, purpose: str, question_id: str, option: str, turn: int) -> str:
    # Ids hold no NUL and choices are the last part, so the parts cannot run into each other.
    return hmac.digest(seed, f"{purpose}\0{question_id}\0{option}\0{turn}".encode(), "sha256").hex()
