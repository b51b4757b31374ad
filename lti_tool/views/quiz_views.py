"""What a page shows of a quiz: which attempt this is, and how the last one went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask import current_app
from markupsafe import Markup

from course_builder.package import QuestionText, QuizEntry
from course_builder.player.answers import answer_in_words, stem_to_read
from course_builder.player.views import view_unclear
from lti_tool.extensions import db
from lti_tool.models import SELF_CHECK, Answer, Attempt
from lti_tool.services import attempts, quiz_rules
from lti_tool.services.quiz_rules import Hindrance
from lti_tool.services.records import QuizRecord
from lti_tool.services.shelf import OpenRelease
from lti_tool.views.marked_texts import mark_text
from lti_tool.views.question_views import Sheet
from lti_tool.views.shown_module import ShownModule, browser_owner, now, open_release
from lti_tool.views.words import INTERFACE


@dataclass(frozen=True, slots=True)
class QuizView:
    """A quiz as one person sees it: the attempt that is open or comes next, or the one submitted last."""

    entry: QuizEntry
    title: str
    sheet: Sheet
    record: QuizRecord
    at: datetime
    """When this is shown."""
    has_section: bool
    """Whether it has its own section on a page; questions outside any quiz share one that has none."""

    @property
    def hindrance(self) -> Hindrance | None:
        """Why no attempt may begin now."""
        return self.record.hindrance(self.at)

    @property
    def is_over(self) -> bool:
        """Whether the attempt that is open takes no answers any more, and is about to be submitted."""
        return self.record.is_over(self.at)

    @property
    def is_hidden(self) -> bool:
        """Whether the questions are not shown yet: no attempt was begun, and a clock or the rules are in the way."""
        return self.record.newest is None and (self.record.rules.has_clock or self.hindrance is not None)

    @property
    def questions(self) -> list[str]:
        """The questions of the attempt, in its order."""
        return attempts.questions_of(self.entry, self.sheet.seed, is_shuffled=self.record.is_shuffled)

    @property
    def takes_files(self) -> bool:
        """Whether files are handed in in it."""
        release = self.sheet.release
        source = release.manifest.source_language
        return any(release.question(source, each).type == "upload" for each in self.questions)

    @property
    def submitted(self) -> Attempt | None:
        """The attempt whose result is shown."""
        return self.record.newest if self.record.is_submitted else None

    @property
    def open_number(self) -> int | None:
        """The number of the attempt that is not submitted."""
        return None if self.submitted else self.record.number

    @property
    def submitted_times(self) -> dict[int, str]:
        """When each attempt was submitted, by its number."""
        return {each.number: each.submitted_at.isoformat() for each in self.record.attempts if each.submitted_at}

    @property
    def numbers_ended_by_tool(self) -> list[int]:
        """The attempts that the clock ended: what comes for them is kept for the trainer."""
        return [each.number for each in self.record.attempts if each.is_ended_by_tool]

    @property
    def has_late(self) -> bool:
        """Whether answers came after the clock had ended the attempt that is shown."""
        ended = self.submitted is not None and self.submitted.is_ended_by_tool
        return bool(self.submitted and ended and attempts.has_late(db.session(), self.submitted))

    @property
    def points(self) -> Fraction:
        """What the submitted attempt earned."""
        return Fraction(self.submitted.points or 0) if self.submitted else Fraction(0)

    @property
    def passing(self) -> int | None:
        """Per cent that pass: as the trainer says, or the author where this is all that counts in the module."""
        if self.record.rules.passing is not None:
            return self.record.rules.passing
        manifest = self.sheet.release.manifest
        return manifest.passing.score if len(manifest.quizzes) == 1 else None

    @property
    def owner(self) -> str:
        """Name the person and placement for the browser's store."""
        return browser_owner(self.record.participant)

    @property
    def counts(self) -> Fraction:
        """What counts of all attempts."""
        return self.record.share * self.entry.points


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A question and its answer, in words; empty where there is none."""

    id: str
    type: str
    page: str
    stem: Markup
    answer: list[Markup]
    how_sure: int | None
    """Where that is asked."""
    unclear: str
    """What has to be asked back."""


def show_quiz(module: ShownModule, record: QuizRecord, *, has_section: bool) -> QuizView | None:
    """Make the view of a quiz on the version that its newest attempt is pinned to."""
    release = open_release(record.newest.release_digest) if record.newest else module.release
    entry = release.manifest.quiz(record.quiz_id)
    if entry is None:
        return None
    at = now()
    is_over = record.is_over(at)
    sheet = Sheet(
        release,
        seed_of(record),
        f"quiz_{entry.id}",
        is_submitted=record.is_submitted or is_over,
        may_check=quiz_rules.may_check(record.rules),
        shows_results=record.shows_results(at) and not is_over,
        asks_how_sure=record.rules.asks_how_sure,
    )
    return QuizView(entry, module.text(entry.title), sheet, record, at, has_section=has_section)


def list_answers(module: ShownModule, quiz: QuizView) -> list[GivenAnswer]:
    """List the questions of a quiz with what is answered so far."""
    release = quiz.sheet.release
    language = release.choose_language(module.language)
    rows = []
    for question_id in quiz.questions:
        answer = quiz.record.answer(question_id)
        text = mark_text(release.question(language, question_id), language)
        rows.append(
            GivenAnswer(
                id=question_id,
                type=text.type,
                page=text.page,
                stem=stem_to_read(text),
                answer=answer_in_words(text, answer.response if answer else None, INTERFACE),
                how_sure=answer.how_sure if answer and quiz.sheet.asks_how_sure else None,
                unclear=_unclear_words(text, answer),
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
