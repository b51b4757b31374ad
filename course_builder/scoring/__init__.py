"""What an answer is worth: pure and exact, the same for the tool, the preview, the exports and the tests.

A question type is one function in :data:`course_builder.scoring.score.JUDGES`, from (key, response) to a
:class:`Judgement`. ``player/scoring/`` says the same in JavaScript, and one set of cases proves it.
"""

from course_builder.scoring.by_person import LONGEST_ESSAY
from course_builder.scoring.key import Key
from course_builder.scoring.key_json import key_json
from course_builder.scoring.result import Part, Response, ResponseError, Result, State, UnclearError
from course_builder.scoring.score import score, score_unasked
from course_builder.scoring.text import LONGEST_LINE
from course_builder.scoring.written import match_gap

__all__ = [
    "LONGEST_ESSAY",
    "LONGEST_LINE",
    "Key",
    "Part",
    "Response",
    "ResponseError",
    "Result",
    "State",
    "UnclearError",
    "key_json",
    "match_gap",
    "score",
    "score_unasked",
]
