"""A page as it stands in the preview's frame: the text, its questions, its notes for trainers, the way on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from markupsafe import Markup

from course_builder.model import Module, Page, Problem
from course_builder.package import Html, PageEntry, QuestionPlace
from course_builder.player.themes import accent_name
from course_builder.player.views import QuestionView
from course_builder.preview.answers import Answers
from course_builder.preview.key_words import key_in_words
from course_builder.preview.live import LiveCourse
from course_builder.preview.sheet import QuizView, Sheet
from course_builder.preview.shown import Shown

ASSETS_URL = "/assets/"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a page: ``html``, ``question``, ``quiz-start`` or ``quiz-end``."""

    kind: str
    html: Markup | None = None
    question: QuestionView | None = None
    key: tuple[Markup, ...] = ()
    """What is right, for the author who wants to see it."""
    quiz: QuizView | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A page to go on to."""

    href: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A page as ``preview/page.html`` takes it; without pieces, none of its versions could be shown."""

    entry: PageEntry | None
    """What the manifest says about the page."""
    accent: str
    """The style sheet of the course's accent; empty where it has none."""
    title: str
    language: str
    objectives: tuple[str, ...]
    pieces: tuple[Piece, ...]
    quizzes: tuple[QuizView, ...]
    further_pages: int
    """On how many other pages there are graded questions of no quiz, which count together with those of this one."""
    is_newest: bool
    shown_at: datetime | None
    problems: tuple[Problem, ...]
    obstacle: str
    before: Way | None
    after: Way | None


def view_url(name: str, page_id: str) -> str:
    """Give the address of a page in its shell."""
    return f"/view/{quote(name)}/{quote(page_id)}"


def page_url(name: str, page_id: str) -> str:
    """Give the address of a page alone."""
    return f"/page/{quote(name)}/{quote(page_id)}"


def read_page(live: LiveCourse, name: str, page_id: str, answers: Answers) -> PageView | None:
    """Read the newest version of a page that can be shown; ``None`` if there is no such page."""
    page, module = live.page(name, page_id), live.module(name)
    if page is None or module is None:
        return None
    before, after = _ways(name, module, page.path)
    if page.shown is None:
        return PageView(
            entry=None,
            accent="",
            title=page.path.rpartition("/")[2],
            language="en",
            objectives=(),
            pieces=(),
            quizzes=(),
            further_pages=0,
            is_newest=False,
            shown_at=None,
            problems=page.problems,
            obstacle=page.obstacle,
            before=before,
            after=after,
        )
    shown, language = page.shown, page.shown.package.manifest.source_language
    entry = shown.entry
    manifest = shown.package.manifest
    sheet = Sheet(shown.package, answers, name, page_url(name, page_id))
    return PageView(
        entry=entry,
        accent=accent_name(manifest.theme.accent, manifest.theme.accent_dark) if manifest.theme else "",
        title=entry.title[language],
        language=language,
        objectives=tuple(each.text[language] for each in manifest.objectives if each.id in entry.objectives),
        pieces=tuple(_pieces(shown, sheet)),
        quizzes=sheet.quizzes,
        further_pages=len(_pages_of_the_module_quiz(shown.version.module) - {entry.id}),
        is_newest=page.is_newest,
        shown_at=shown.version.at.astimezone(),
        problems=page.problems,
        obstacle=page.obstacle,
        before=before,
        after=after,
    )


def read_sheet(live: LiveCourse, name: str, page_id: str, answers: Answers) -> Sheet | None:
    """Give what a browser answers on a page; ``None`` if there is no such page."""
    page = live.page(name, page_id)
    if page is None or page.shown is None:
        return None
    return Sheet(page.shown.package, answers, name, page_url(name, page_id))


def _pieces(shown: Shown, sheet: Sheet) -> Iterator[Piece]:
    quizzes, asked = {quiz.id: quiz for quiz in sheet.quizzes}, sheet.questions
    language = shown.package.manifest.source_language
    for part in shown.package.fragment(language, shown.entry.id).parts(ASSETS_URL):
        if isinstance(part, Html):
            yield Piece(part.kind, html=_markup(part.html))
        elif not isinstance(part, QuestionPlace):
            yield Piece(part.kind, quiz=quizzes.get(part.id))
        elif part.id in asked:
            of = sheet.ask(part.id)
            yield Piece(part.kind, question=sheet.show(part.id), key=key_in_words(of.text, of.key))


def _pages_of_the_module_quiz(module: Module) -> set[str]:
    return {question.page for question in module.questions if question.is_graded and question.quiz is None}


def _ways(name: str, module: Module, path: str) -> tuple[Way | None, Way | None]:
    paths = [page.path for page in module.pages]
    if path not in paths:
        return None, None
    here = paths.index(path)
    return _way(name, module.pages[here - 1 : here] if here else ()), _way(name, module.pages[here + 1 : here + 2])


def _way(name: str, pages: tuple[Page, ...]) -> Way | None:
    return Way(page_url(name, pages[0].id), pages[0].menu_title or pages[0].id) if pages else None


def _markup(html: str) -> Markup:
    return Markup(html)  # noqa: S704 - sanitised by the renderer.
