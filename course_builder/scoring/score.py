"""From a key and an answer to points."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction

from course_builder.scoring.areas import judge_areas
from course_builder.scoring.by_person import judge_essay, judge_survey, judge_upload
from course_builder.scoring.choices import judge_multiple, judge_order, judge_single
from course_builder.scoring.key import Key
from course_builder.scoring.numbers import judge_number
from course_builder.scoring.pairs import judge_pairs
from course_builder.scoring.result import Judgement, Response, Result, State, UnclearError
from course_builder.scoring.written import judge_gaps, judge_text

JUDGES: Mapping[str, Callable[[Key, Response], Judgement]] = {
    "single": judge_single,
    "truefalse": judge_single,
    "multiple": judge_multiple,
    "order": judge_order,
    "match": judge_pairs,
    "table": judge_pairs,
    "number": judge_number,
    "text": judge_text,
    "gap": judge_gaps,
    "hotspot": judge_areas,
    "survey": judge_survey,
    "essay": judge_essay,
    "upload": judge_upload,
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
        UnclearError: if a number is none, or reads in two ways.
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


def score_unasked(key: Key, response: Response, tries_used: int = 1, hints_opened: Collection[int] = ()) -> Result:
    """Score an answer that can no longer be asked back: one that is unclear counts as none."""
    try:
        return score(key, response, tries_used, hints_opened)
    except UnclearError:
        return score(key, None, tries_used, hints_opened)


def _state(judgement: Judgement) -> State:
    if not judgement.is_answered:
        return "unanswered"
    if judgement.state is not None:
        return judgement.state
    if judgement.share == 1:
        return "right"
    return "partly" if judgement.share else "wrong"
