"""Quizzes: graded questions, at least one."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.model import Course, Problem


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each quiz that is empty or holds a question without a grade."""
    for module in course.modules:
        in_quizzes = {question.place: question for question in module.questions if question.quiz is not None}
        for quiz in module.quizzes:
            if not quiz.questions:
                hint = "Put ::: question blocks into it, or delete it."
                yield Problem(quiz.place, "error", "quiz-empty", "there is no question in this quiz", hint)
        for question in in_quizzes.values():
            if not question.is_graded:
                message = f"the self-check `{question.id}` stands in a quiz, whose questions are graded"
                hint = "Move it out of the quiz, or take graded=no away."
                yield Problem(question.place, "error", "quiz-ungraded-question", message, hint)
