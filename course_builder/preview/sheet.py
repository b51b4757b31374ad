"""The questions of a page as one browser answers them: shown, checked, helped with, submitted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from course_builder.draw import drawn_questions
from course_builder.package import Package, QuizEntry
from course_builder.player import words
from course_builder.player.asked import Asked, draw_question
from course_builder.player.forms import Fields, NotOfferedError, is_untouched, read_form
from course_builder.player.language import English
from course_builder.player.parts import HandedFile
from course_builder.player.views import Around, Given, QuestionView, show_question
from course_builder.preview.answers import Answer, Answers
from course_builder.scoring import Response, ResponseError, Result, UnclearError, score, score_unasked

ENGLISH = English()


@dataclass(frozen=True, slots=True)
class QuizView:
    """A quiz of the page; ``score`` says what it earned once it was submitted."""

    id: str
    title: str
    form_id: str
    points: str
    minutes: str
    """About how long it takes, in words; empty where the author does not say."""
    score: str
    has_section: bool
    """Whether it has its own section; graded questions outside any quiz share one that has none."""
    submit_url: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a package, and a browser's answers; ``url`` is the page's address."""

    package: Package
    answers: Answers
    module: str
    url: str

    @property
    def _language(self) -> str:
        return self.package.manifest.source_language

    @property
    def quizzes(self) -> tuple[QuizView, ...]:
        """The quizzes of the page."""
        return tuple(self._quiz(quiz) for quiz in self.package.manifest.quizzes)

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that are asked: of a pool, those that were drawn."""
        entry = self.package.manifest.pages[0]
        left_out: set[str] = set()
        for quiz in self.package.manifest.quizzes:
            left_out |= set(quiz.questions) - set(self._drawn(quiz))
        return tuple(question for question in entry.questions if question not in left_out)

    def show(self, question: str) -> QuestionView:
        """Make the view of a question."""
        asked, answer = self.ask(question), self.answers.of(self.module, question)
        quiz = asked.text.quiz
        around = Around(
            form_id=f"quiz_{quiz}" if quiz else f"check_{question}",
            check_url=f"{self.url}/check/{question}",
            hint_url=f"{self.url}/hint/{question}",
            is_submitted=self._is_submitted(asked),
            notice=answer.notice,
            files_url=f"{self.url}/files/{question}",
            handed=tuple(HandedFile(name, name, "", "") for name in _names(asked, answer))
            if asked.text.type == "upload"
            else (),
        )
        given = Given(answer.response, self._result(asked, answer), answer.tries_used, answer.hints_opened)
        return show_question(asked, given, around, ENGLISH)

    def ask(self, question: str) -> Asked:
        """Put together what the player needs of a question."""
        text, key = self.package.question(self._language, question), self.package.key(question)
        return Asked(
            text,
            key,
            draw_question(text, key, self.answers.seed),
            self.package.feedback(self._language, question),
            self.package.solution(self._language, question),
        )

    def check(self, question: str, form: Fields) -> None:
        """Use a try of a question; the same answer again is no further try."""
        asked, answer = self.ask(question), self.answers.of(self.module, question)
        if self._is_closed(asked, answer) or not self._keep(asked, answer, form) or answer.is_checked:
            return
        if is_untouched(asked.text, asked.drawn, answer.response):
            answer.notice = "Choose an answer first."
            return
        try:
            score(asked.key, answer.response, answer.tries_used + 1)
        except UnclearError as error:
            answer.notice = str(error)
            return
        answer.is_checked = True
        answer.tries_used += 1

    def hint(self, question: str, form: Fields) -> None:
        """Open the next hint of a question."""
        asked, answer = self.ask(question), self.answers.of(self.module, question)
        if self._is_closed(asked, answer):
            return
        self._keep(asked, answer, form)
        if len(answer.hints_opened) < len(asked.text.hints):
            answer.hints_opened.append(len(answer.hints_opened))

    def files(self, question: str, form: Fields) -> None:
        """Take the names of files, or take one out; what is in them is nobody's here."""
        asked, answer = self.ask(question), self.answers.of(self.module, question)
        if asked.text.type == "upload" and not self._is_closed(asked, answer):
            self._keep(asked, answer, form)

    def submit(self, quiz_id: str, form: Fields) -> None:
        """Hand in a quiz."""
        quiz = self.package.manifest.quiz(quiz_id)
        if quiz is None or self.answers.is_submitted(self.url, quiz_id):
            return
        for question in self._drawn(quiz):
            asked, answer = self.ask(question), self.answers.of(self.module, question)
            if not self._is_closed(asked, answer):
                self._keep(asked, answer, form)
            answer.is_checked = True
            answer.tries_used = max(1, answer.tries_used)
        self.answers.submit(self.url, quiz_id)

    def _keep(self, asked: Asked, answer: Answer, form: Fields) -> bool:
        """Keep what a form holds for a question, and say whether it holds an answer that the page offers."""
        answer.notice = ""
        try:
            is_upload = asked.text.type == "upload"
            response = _files(asked, answer, form) if is_upload else read_form(asked.text, asked.drawn, form)
        except NotOfferedError:
            # The author changed the question after the page was shown; the page follows in a moment.
            answer.notice = "The question changed meanwhile. Answer it again."
            return False
        answer.is_checked &= response == answer.response
        answer.response = response
        return True

    def _result(self, asked: Asked, answer: Answer) -> Result | None:
        """Score an answer that was checked or submitted; what the author changed since may not fit it any more."""
        if not answer.is_checked:
            return None
        tries = min(answer.tries_used, asked.key.tries or answer.tries_used)
        hints = [hint for hint in answer.hints_opened if hint < len(asked.key.hint_costs)]
        try:
            return score_unasked(asked.key, answer.response, tries, hints)
        except ResponseError:
            answer.response, answer.is_checked, answer.tries_used = None, False, 0
            return None

    def _is_submitted(self, asked: Asked) -> bool:
        return asked.text.quiz is not None and self.answers.is_submitted(self.url, asked.text.quiz)

    def _is_closed(self, asked: Asked, answer: Answer) -> bool:
        result = self._result(asked, answer)
        is_used_up = asked.key.tries is not None and answer.tries_used >= asked.key.tries
        return self._is_submitted(asked) or is_used_up or (result is not None and result.state == "right")

    def _drawn(self, quiz: QuizEntry) -> list[str]:
        return drawn_questions(self.answers.seed, quiz.questions, [(pool.questions, pool.draw) for pool in quiz.pools])

    def _quiz(self, quiz: QuizEntry) -> QuizView:
        asked = [(self.ask(question), self.answers.of(self.module, question)) for question in self._drawn(quiz)]
        most = sum((each.key.points for each, _ in asked), Fraction(0))
        said = ""
        if self.answers.is_submitted(self.url, quiz.id):
            reached = sum(self._points(asked), Fraction(0))
            said = words.points_of(ENGLISH, reached, most)
        return QuizView(
            id=quiz.id,
            title=quiz.title[self._language],
            form_id=f"quiz_{quiz.id}",
            points=words.points(ENGLISH, most),
            minutes=words.minutes(ENGLISH, quiz.minutes),
            score=said,
            has_section=quiz.id in self.package.manifest.pages[0].quizzes,
            submit_url=f"{self.url}/submit/{quiz.id}",
        )

    def _points(self, asked: list[tuple[Asked, Answer]]) -> Iterator[Fraction]:
        for each, answer in asked:
            if result := self._result(each, answer):
                yield result.points


def _names(asked: Asked, answer: Answer) -> list[str]:
    is_upload = asked.text.type == "upload" and isinstance(answer.response, list | tuple)
    return list(answer.response or ()) if is_upload else []


def _files(asked: Asked, answer: Answer, form: Fields) -> Response:
    """Give the names of the files that are handed in after a form: those of before, without one, with more."""
    most = asked.text.limits.files if asked.text.limits else 1
    names = [*_names(asked, answer), *form.getlist(f"f-{asked.text.id}")]
    kept = [name for name in dict.fromkeys(names) if name not in form.getlist("remove")]
    if len(kept) > most:
        answer.notice = f"The question takes {most}. The others were left out."
    return kept[:most] or None
