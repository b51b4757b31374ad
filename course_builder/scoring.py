"""What an answer is worth: pure and exact, the same for the tool, the preview and the tests.

A question type is one function in :data:`_JUDGES`, from (key, response) to a :class:`_Judgement`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from course_builder.model import Partial

Response = str | Sequence[str] | None
"""JSON-able: an option id (single), the ticked option ids (multiple), all ids in the learner's order (order)."""

State = Literal["right", "partly", "wrong", "unanswered"]
Part = Literal["right", "wrong", "missed"]


class ResponseError(ValueError):
    """A response that no form of ours sends; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Key:
    """All that decides what an answer to a question is worth.

    ``correct`` holds the right options; of an ``order`` question all of them, in the right order. ``penalty`` and
    ``hint_costs`` are shares of ``points``, lost for each further try and for each opened hint.

    Raises:
        ValueError: if the parts contradict each other, so that no answer could be judged.
    """

    type: str
    options: tuple[str, ...]
    correct: tuple[str, ...]
    points: Fraction = Fraction(1)
    tries: int | None = 1
    penalty: Fraction = Fraction(0)
    partial: Partial = "off"
    hint_costs: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        if self.type not in _JUDGES:
            raise ValueError(f"the question type {self.type!r} is not known")
        if len(set(self.options)) != len(self.options) or len(set(self.correct)) != len(self.correct):
            raise ValueError("an option is listed twice")
        if not self.correct or not set(self.correct) <= set(self.options):
            raise ValueError("the right options are not among the options")
        if self.type == "single" and len(self.correct) != 1:
            raise ValueError("a single question has exactly one right option")
        if self.type == "order" and len(self.correct) != len(self.options):
            raise ValueError("an order question's key names each item once")
        if self.partial == "net" and self.type != "multiple":
            raise ValueError("net scoring is for multiple questions")
        if self.tries is not None and self.tries < 1:
            raise ValueError("tries are one or more")
        if self.points < 0 or any(not 0 <= share <= 1 for share in (self.penalty, *self.hint_costs)):
            raise ValueError("points, penalty or the cost of a hint is out of range")


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer earned.

    ``state`` says what the answer itself was worth, before penalties and hints. ``parts`` has an entry for each
    chosen option or placed item, and ``missed`` for each right option that was not chosen: to show a ``missed``
    one is to give the key away, so it waits until no try is left.
    """

    points: Fraction
    max_points: Fraction
    state: State
    parts: Mapping[str, Part] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Judgement:
    share: Fraction
    parts: Mapping[str, Part]
    is_answered: bool = True


def score(key: Key, response: Response, tries_used: int = 1, hints_opened: Collection[int] = ()) -> Result:
    """Score an answer.

    Args:
        key: the question's key.
        response: see :data:`Response`; ``None`` or an empty list is no answer.
        tries_used: answers given to the question in this attempt, this one included.
        hints_opened: positions in ``key.hint_costs`` of the hints that were opened.

    Raises:
        ResponseError: if the response does not fit the question.
        ValueError: if ``tries_used`` or ``hints_opened`` does not fit the key.
    """
    if tries_used < 1 or (key.tries is not None and tries_used > key.tries):
        raise ValueError(f"{tries_used} tries do not fit a question that allows {key.tries}")
    if any(not 0 <= hint < len(key.hint_costs) for hint in hints_opened):
        raise ValueError("the question has no such hint")
    judgement = _JUDGES[key.type](key, response)
    lost = key.penalty * (tries_used - 1) + sum(key.hint_costs[hint] for hint in set(hints_opened))
    points = max(Fraction(0), key.points * (judgement.share - lost))
    return Result(points, key.points, _state(judgement), judgement.parts)


def _state(judgement: _Judgement) -> State:
    if not judgement.is_answered:
        return "unanswered"
    if judgement.share == 1:
        return "right"
    return "partly" if judgement.share else "wrong"


def _judge_single(key: Key, response: Response) -> _Judgement:
    right = key.correct[0]
    if response is None:
        return _Judgement(Fraction(0), {right: "missed"}, is_answered=False)
    if not isinstance(response, str):
        raise ResponseError("The answer to a question with one choice is one option.")
    _refuse_unknown(key, [response])
    if response == right:
        return _Judgement(Fraction(1), {right: "right"})
    return _Judgement(Fraction(0), {response: "wrong", right: "missed"})


def _judge_multiple(key: Key, response: Response) -> _Judgement:
    chosen = set(_ids(key, response))
    correct = set(key.correct)
    parts: dict[str, Part] = {}
    for option in key.options:
        if option in chosen:
            parts[option] = "right" if option in correct else "wrong"
        elif option in correct:
            parts[option] = "missed"
    if not chosen:
        return _Judgement(Fraction(0), parts, is_answered=False)
    if key.partial == "each":
        share = Fraction(len(key.options) - len(chosen ^ correct), len(key.options))
    elif key.partial == "net":
        share = max(Fraction(0), Fraction(len(chosen & correct) - len(chosen - correct), len(correct)))
    else:
        share = Fraction(chosen == correct)
    return _Judgement(share, parts)


def _judge_order(key: Key, response: Response) -> _Judgement:
    placed = _ids(key, response)
    if not placed:
        return _Judgement(Fraction(0), {}, is_answered=False)
    if len(placed) != len(key.correct):
        raise ResponseError("The answer to an ordering question holds each item once.")
    parts: dict[str, Part] = {
        item: "right" if item == right else "wrong" for item, right in zip(placed, key.correct, strict=True)
    }
    in_place = sum(part == "right" for part in parts.values())
    share = Fraction(in_place, len(placed)) if key.partial == "each" else Fraction(in_place == len(placed))
    return _Judgement(share, parts)


def _ids(key: Key, response: Response) -> Sequence[str]:
    if response is None:
        return ()
    if not isinstance(response, list | tuple):
        raise ResponseError("The answer to this question is a list of options.")
    if len(response) > len(key.options):
        raise ResponseError("The answer holds more options than the question has.")
    _refuse_unknown(key, response)
    if len(set(response)) != len(response):
        raise ResponseError("The answer holds an option twice.")
    return response


def _refuse_unknown(key: Key, ids: Sequence[str]) -> None:
    if not all(isinstance(option, str) and option in key.options for option in ids):
        raise ResponseError("The answer holds an option that the question does not have.")


_JUDGES: Mapping[str, Callable[[Key, Response], _Judgement]] = {
    "single": _judge_single,
    "multiple": _judge_multiple,
    "order": _judge_order,
}
