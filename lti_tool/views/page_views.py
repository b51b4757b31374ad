"""A page of a module, put together for one person: text, questions in their state, quizzes, the way on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from markupsafe import Markup

from course_builder.package import Html, PageEntry, QuestionPlace, QuizEnd, QuizStart
from course_builder.player.views import QuestionView
from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.models import SELF_CHECK
from lti_tool.services import records
from lti_tool.services.progress import PageProgress, Progress, read_progress
from lti_tool.services.records import QuizRecord
from lti_tool.views.question_views import Sheet, show_question
from lti_tool.views.quiz_views import QuizView, quiz_id_of, seed_of, show_quiz
from lti_tool.views.shown_module import ShownModule


@dataclass(frozen=True, slots=True)
class Notes:
    """What a page has to say after a form that could not be taken whole, by question id."""

    problems: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    """Answers that were not kept because another window had answered, in words."""

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.problems or self.others)

    @property
    def status(self) -> int:
        """The HTTP status of a page that says it."""
        return 409 if self.others else 422 if self.problems else 200

    def is_about(self, question_id: str) -> bool:
        """Whether something of this question was not kept."""
        return question_id in self.problems or question_id in self.others


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a page: ``html``, ``question``, ``quiz-start`` or ``quiz-end``."""

    kind: str
    html: Markup | None = None
    question: QuestionView | None = None
    quiz: QuizView | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    """A page for one person."""

    here: PageProgress
    progress: Progress
    pieces: tuple[Piece, ...]
    objectives: tuple[Markup, ...]
    quizzes: tuple[QuizView, ...]

    @property
    def running(self) -> QuizView | None:
        """The quiz whose attempt ends by itself, the soonest first."""
        ending = [quiz for quiz in self.quizzes if quiz.record.ends_at is not None and not quiz.is_over]
        return min(ending, key=lambda quiz: quiz.record.ends_at or quiz.at, default=None)

    @property
    def has_private_notes(self) -> bool:
        """Whether there is something to write or to tick for oneself."""
        has_checklist = any(piece.html is not None and 'class="checklist"' in piece.html for piece in self.pieces)
        return bool(self.here.entry.reflections) or has_checklist


def read_page(module: ShownModule, page_id: str, notes: Notes | None = None) -> PageView:
    """Read a page and what the person did there.

    Raises:
        NotFoundError: if the module has no such page.
    """
    entry = find_entry(module, page_id)
    progress = read_progress(db.session(), module.participant, module.manifest)
    here = progress.page(page_id)
    assert here is not None  # noqa: S101 - both come from the same manifest.
    page = _PageReader(module, entry, notes or Notes())
    return PageView(
        here=here,
        progress=progress,
        pieces=tuple(page.pieces()),
        objectives=tuple(
            module.html(objective.text) for objective in module.manifest.objectives if objective.id in entry.objectives
        ),
        quizzes=tuple(page.quizzes.values()),
    )


def find_entry(module: ShownModule, page_id: str) -> PageEntry:
    """Find a page of the module.

    Raises:
        NotFoundError: if it has none such.
    """
    entry = module.manifest.page(page_id)
    if entry is None:
        raise NotFoundError(_("The module has no such page."))
    return entry


class _PageReader:
    """Walks through the parts of a page, and shows each question on the version that its attempt is pinned to."""

    def __init__(self, module: ShownModule, entry: PageEntry, notes: Notes) -> None:
        self._module = module
        self._entry = entry
        self._notes = notes
        names = {quiz_id_of(module.release, question) for question in entry.questions} | set(entry.quizzes)
        self._records = records.records(db.session(), module.participant, sorted(names))
        shown = [show_quiz(module, each, has_section=each.quiz_id in entry.quizzes) for each in self._graded()]
        self.quizzes = {quiz.entry.id: quiz for quiz in shown if quiz is not None}
        self._left = {quiz.entry.id: quiz.questions for quiz in self.quizzes.values() if quiz.has_section}

    def _graded(self) -> Iterator[QuizRecord]:
        return (record for name, record in self._records.items() if name != SELF_CHECK)

    def pieces(self) -> Iterator[Piece]:
        """Give the pieces of the page in their order."""
        for quiz in self.quizzes.values():
            if not quiz.has_section:
                yield Piece("quiz-start", quiz=quiz)
        for part in self._module.release.parts(self._module.language, self._entry.id):
            if isinstance(part, Html):
                yield Piece("html", html=Markup(part.html))  # noqa: S704  (held to the allow-list when it was read)
            elif isinstance(part, QuestionPlace):
                yield from self._question(part.id)
            elif isinstance(part, QuizStart) and part.id in self.quizzes:
                yield Piece("quiz-start", quiz=self.quizzes[part.id])
            elif isinstance(part, QuizEnd) and part.id in self.quizzes:
                yield from self._moved_questions(part.id)
                yield Piece("quiz-end", quiz=self.quizzes[part.id])
        for quiz in self.quizzes.values():
            if not quiz.has_section:
                yield Piece("quiz-end", quiz=quiz)

    def _question(self, question_id: str) -> Iterator[Piece]:
        name = quiz_id_of(self._module.release, question_id)
        if name == SELF_CHECK:
            yield self._shown(self._self_check_sheet(question_id), self._records[SELF_CHECK], question_id)
            return
        quiz = self.quizzes.get(name)
        if quiz is not None and not quiz.is_hidden and question_id in quiz.questions:
            question_id = self._at_the_place_of(quiz, question_id)
            if question_id in self._left.get(quiz.entry.id, ()):
                self._left[quiz.entry.id].remove(question_id)
            yield self._shown(quiz.sheet, quiz.record, question_id)

    def _at_the_place_of(self, quiz: QuizView, question_id: str) -> str:
        """Say which question stands where the source has this one: in an order of its own an attempt may have another.

        Those of this page change places with one another; what stands between them stays.
        """
        if not quiz.record.is_shuffled:
            return question_id
        own = [each for each in self._entry.questions if each in set(quiz.questions)]
        mixed = [each for each in quiz.questions if each in set(own)]
        return dict(zip(own, mixed, strict=True))[question_id]

    def _moved_questions(self, quiz_id: str) -> Iterator[Piece]:
        """Give the questions of the pinned version that the page shown has no place for any more."""
        quiz = self.quizzes[quiz_id]
        if quiz.is_hidden:
            return
        for question_id in self._left[quiz_id]:
            yield self._shown(quiz.sheet, quiz.record, question_id)

    def _self_check_sheet(self, question_id: str) -> Sheet:
        seed = seed_of(self._records[SELF_CHECK])
        return Sheet(self._module.release, seed, f"check_{question_id}", is_submitted=False)

    def _shown(self, sheet: Sheet, record: QuizRecord, question_id: str) -> Piece:
        question = show_question(
            self._module,
            sheet,
            question_id,
            record.answer(question_id),
            notice=self._notes.problems.get(question_id, ""),
            other=self._notes.others.get(question_id, ""),
        )
        return Piece("question", question=question)
