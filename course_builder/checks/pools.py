"""Pools: enough questions to draw from, all worth the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from course_builder.model import Course, Pool, Problem, Question
from course_builder.plurals import counted


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each pool that cannot be drawn from fairly."""
    for module in course.modules:
        questions = {question.id: question for question in module.questions}
        for page in module.pages:
            for pool in (*page.pools, *(pool for quiz in page.quizzes for pool in quiz.pools)):
                yield from _pool(pool, questions)


def _pool(pool: Pool, questions: Mapping[str, Question]) -> Iterator[Problem]:
    count, pooled = len(pool.questions), [questions[each] for each in pool.questions if each in questions]
    if count < pool.draw:
        message = f"this pool draws {counted(pool.draw, 'question')} and has {count}"
        yield Problem(pool.place, "error", "pool-too-small", message, "Add questions, or draw fewer.")
    elif count < 2 * pool.draw:
        message = f"this pool draws {pool.draw} of {count} questions, so most attempts look alike"
        hint = f"Have at least {2 * pool.draw} questions, or draw fewer."
        yield Problem(pool.place, "warning", "pool-small", message, hint)
    if len({question.points for question in pooled}) > 1:
        message = "the questions of this pool are not worth the same"
        yield Problem(pool.place, "error", "pool-points", message, "Give all of them the same points.")
    for question in pooled:
        if not question.is_graded:
            message = f"the self-check `{question.id}` stands in a pool, which is drawn for a grade"
            hint = "Move it out of the pool, or take graded=no away."
            yield Problem(question.place, "error", "pool-ungraded-question", message, hint)
