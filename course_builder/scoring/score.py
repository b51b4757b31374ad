"""From a key and an answer to points."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction

from course_builder.scoring.choices import judge_multiple, judge_order, judge_single
from course_builder.scoring.key import Key
from course_builder.scoring.result import Judgement, Response, Result, State

JUDGES: Mapping[str, Callable[[Key, Response], Judgement]] = {
    "single": judge_single,
    "truefalse": judge_single,
    "multiple": judge_multiple,
    "order": judge_order,
}


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
    judgement = JUDGES[key.type](key, response)
    lost = key.penalty * (tries_used - 1) + sum(key.hint_costs[hint] for hint in set(hints_opened))
    points = max(Fraction(0), key.points * (judgement.share - lost))
    return Result(points, key.points, _state(judgement), judgement.parts, judgement.matched)


def _state(judgement: Judgement) -> State:
    if not judgement.is_answered:
        return "unanswered"
    if judgement.state is not None:
        return judgement.state
    if judgement.share == 1:
        return "right"
    return "partly" if judgement.share else "wrong"
