"""What a placement shows of a module: all of it, one page, or one quiz."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from course_builder.package import Manifest, PageEntry, QuizEntry
from lti_tool.errors import NotFoundError


def part_of(manifest: Manifest, page_id: str | None, quiz_id: str | None) -> Manifest:
    """Give the manifest of a module cut down to one page or quiz; a quiz is shown on its page, without other quizzes.

    Raises:
        NotFoundError: if this version of the module has no such page or quiz.
    """
    if quiz_id is not None:
        quiz = manifest.quiz(quiz_id)
        page = manifest.page(quiz.page) if quiz else None
        if quiz is None or page is None:
            raise NotFoundError(f"The module has no quiz {quiz_id}.")
        others = {question for other in manifest.quizzes if other.id != quiz_id for question in other.questions}
        kept = tuple(question for question in page.questions if question not in others)
        page = replace(page, questions=kept, quizzes=tuple(each for each in page.quizzes if each == quiz_id))
        return _cut(manifest, page, (quiz,), dict(quiz.title))
    if page_id is not None:
        page = manifest.page(page_id)
        if page is None:
            raise NotFoundError(f"The module has no page {page_id}.")
        quizzes = tuple(quiz for quiz in manifest.quizzes if quiz.page == page_id)
        return _cut(manifest, page, quizzes, dict(page.title))
    return manifest


def points_in(manifest: Manifest) -> Fraction:
    """Add up what the quizzes of a module or part can earn."""
    return sum((quiz.points for quiz in manifest.quizzes), Fraction(0))


def _cut(manifest: Manifest, page: PageEntry, quizzes: tuple[QuizEntry, ...], title: dict[str, str]) -> Manifest:
    minutes = page.minutes or 0
    return replace(
        manifest,
        title={language: title.get(language) or own for language, own in page.title.items()},
        summary={},
        objectives=tuple(each for each in manifest.objectives if each.id in page.objectives),
        duration=f"PT{minutes}M" if minutes else "",
        pages=(page,),
        quizzes=quizzes,
    )
