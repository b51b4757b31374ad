"""What stands around the shown page: where one is, the contents, the problems."""

from __future__ import annotations

from dataclasses import dataclass

from course_builder.model import Place, Problem
from course_builder.preview.live import LiveCourse
from course_builder.preview.pages import page_url, view_url
from course_builder.preview.problem_list import Editor, ProblemList, in_words, list_problems
from course_builder.sources import MODULES_FOLDER


@dataclass(frozen=True, slots=True)
class Entry:
    """A page or a module in the contents."""

    href: str
    title: str
    is_here: bool
    state: str
    """What is the matter with it, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The preview around a page, as ``preview/shell.html`` takes it."""

    course_title: str
    module_title: str
    title: str
    number: int
    page_href: str
    file: str
    edit_href: str
    pages: tuple[Entry, ...]
    modules: tuple[Entry, ...]
    problems: ProblemList
    shown_from: str
    """When the version that is shown was saved, if it is not the newest."""


def _state_of(name: str, problems: tuple[Problem, ...]) -> str:
    folder = f"{MODULES_FOLDER}/{name}/"
    return in_words(problem for problem in problems if problem.place.path.startswith(folder))


def read_shell(live: LiveCourse, name: str, page_id: str, editor: Editor) -> Shell | None:
    """Read what stands around a page; ``None`` if there is no such page."""
    page, module, course = live.page(name, page_id), live.module(name), live.course(name)
    if page is None or module is None or course is None:
        return None
    problems = live.problems()
    here = next((each for each in module.pages if each.path == page.path), None)
    entries = tuple(
        Entry(
            href=view_url(name, each.id),
            title=each.menu_title or each.id,
            is_here=each is here,
            state=in_words(problem for problem in problems if problem.place.path == each.path),
        )
        for each in module.pages
    )
    return Shell(
        course_title=course.title,
        module_title=module.title,
        title=(here.title if here else "") or page.path.rpartition("/")[2],
        number=next((number for number, each in enumerate(module.pages, 1) if each is here), 0),
        page_href=page_url(name, here.id if here else page_id),
        file=page.path,
        edit_href=editor.href(Place(page.path)),
        pages=entries,
        modules=tuple(
            Entry(f"/view/{each}/", live.title(each), each == name, _state_of(each, problems))
            for each in live.modules()
        ),
        problems=list_problems(problems, page.path, editor),
        shown_from="" if page.is_newest or page.shown is None else f"{page.shown.version.at.astimezone():%H:%M}",
    )
