"""What a page shows of a quiz: which attempt this is, and how the last one went."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from fractions import Fraction

from flask import current_app
from markupsafe import Markup

from course_builder.package import QuestionText, QuizEntry
from course_builder.player.answers import answer_in_words, stem_to_read
from course_builder.player.views import view_unclear
from lti_tool.models import SELF_CHECK, Answer, Attempt
from lti_tool.services import attempts
from lti_tool.services.records import QuizRecord, best_share
from lti_tool.services.shelf import OpenRelease
from lti_tool.views.question_views import Sheet
from lti_tool.views.shown_module import ShownModule, open_release
from lti_tool.views.words import INTERFACE


@dataclass(frozen=True, slots=True)
class QuizView:
    """A quiz as one person sees it: the attempt that is open or comes next, or the one submitted last."""

    entry: QuizEntry
    title: str
    sheet: Sheet
    record: QuizRecord
    has_section: bool
    """Whether it has its own section on a page; questions outside any quiz share one that has none."""

    @property
    def questions(self) -> list[str]:
        """The questions of the attempt, in the source's order."""
        return attempts.questions_of(self.entry, self.sheet.seed)

    @property
    def submitted(self) -> Attempt | None:
        """The attempt whose result is shown."""
        return self.record.newest if self.record.is_submitted else None

    @property
    def points(self) -> Fraction:
        """What the submitted attempt earned."""
        return Fraction(self.submitted.points or 0) if self.submitted else Fraction(0)

    @property
    def passing(self) -> int | None:
        """Per cent that pass, where this is all that counts in the module."""
        manifest = self.sheet.release.manifest
        return manifest.passing.score if len(manifest.quizzes) == 1 else None

    @property
    def owner(self) -> str:
        """Name the person and placement for the browser's store, so that nobody is shown what another left there."""
        who = self.record.participant
        name = f"owner\0{who.placement_id}\0{who.person_id}"
        return hmac.digest(current_app.config["SETTINGS"].secret_key.encode(), name.encode(), "sha256").hex()[:16]

    @property
    def best(self) -> Fraction:
        """What the best attempt earned."""
        return best_share(self.record) * self.entry.points


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A question and its answer, in words; empty where there is none."""

    id: str
    type: str
    page: str
    stem: Markup
    answer: list[Markup]
    unclear: str
    """What has to be asked back."""
    can_be_answered: bool


def show_quiz(module: ShownModule, record: QuizRecord, *, has_section: bool) -> QuizView | None:
    """Make the view of a quiz on the version that its newest attempt is pinned to."""
    release = open_release(record.newest.release_digest) if record.newest else module.release
    entry = release.manifest.quiz(record.quiz_id)
    if entry is None:
        return None
    sheet = Sheet(release, seed_of(record), f"quiz_{entry.id}", is_submitted=record.is_submitted)
    return QuizView(entry, module.text(entry.title), sheet, record, has_section=has_section)


def list_answers(module: ShownModule, quiz: QuizView) -> list[GivenAnswer]:
    """List the questions of a quiz with what is answered so far."""
    release = quiz.sheet.release
    language = release.choose_language(module.language)
    rows = []
    for question_id in quiz.questions:
        answer = quiz.record.answer(question_id)
        text = release.question(language, question_id)
        rows.append(
            GivenAnswer(
                id=question_id,
                type=text.type,
                page=text.page,
                stem=stem_to_read(text),
                answer=answer_in_words(text, answer.response if answer else None, INTERFACE),
                unclear=_unclear_words(text, answer),
                can_be_answered=text.type != "upload",
            )
        )
    return rows


def _unclear_words(text: QuestionText, answer: Answer | None) -> str:
    if answer is None or answer.state is not None:
        return ""
    unclear = view_unclear(text, answer.response, INTERFACE)
    return unclear.words if unclear else ""


def seed_of(record: QuizRecord) -> bytes:
    """Give the seed of the newest attempt, or of the one that the first answer will begin."""
    if record.newest is not None:
        return record.newest.seed
    secret = current_app.config["SETTINGS"].secret_key
    return attempts.seed(secret, record.participant, record.quiz_id, record.number)


def quiz_id_of(release: OpenRelease, question_id: str) -> str:
    """Name the quiz that holds a question's answers; self-checks have one of their own."""
    quiz = release.quiz_of(question_id)
    return quiz.id if quiz else SELF_CHECK
