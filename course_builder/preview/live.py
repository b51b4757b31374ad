"""A course that is being written: what is parsed stays, and a save parses again the page that was saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import RLock

from course_builder.checks import run_checks
from course_builder.model import Asset, Course, Module, Page, Problem
from course_builder.package import PackageError
from course_builder.parser import Parsed, parse_course
from course_builder.parser.findings import Findings
from course_builder.parser.memory import Memory
from course_builder.parser.yaml_text import read_yaml
from course_builder.preview.folder import Folder
from course_builder.preview.shown import Shelf, Shown, Version, show
from course_builder.silencing import silence
from course_builder.sources import COURSE_FILE, MODULE_FILE, MODULES_FOLDER, Sources

_TOO_MUCH = frozenset({"term-limit"})
"""Problems of pages that would grow beyond measure if they were shown all the same."""


@dataclass(frozen=True, slots=True)
class LivePage:
    """A page as far as it can be shown."""

    path: str
    shown: Shown | None
    """The newest version, or the last one without errors, or whatever can be made of a page that never was without."""
    is_newest: bool
    problems: tuple[Problem, ...]
    """The errors that keep the newest version from being shown."""
    obstacle: str
    """What else keeps it from being shown, in words."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a save may have changed: modules by the names of their folders, and the pages that were saved themselves."""

    modules: frozenset[str]
    pages: tuple[tuple[str, str], ...]
    """Module and page id, of modules that were looked at."""
    is_wide: bool
    """Whether it concerns more than the modules that were looked at."""


@dataclass(slots=True)
class _State:
    """A module as it was parsed last, with what its checks found, once they ran."""

    course: Course
    module: Module
    parsed: Parsed
    shelf: Shelf
    problems: tuple[Problem, ...] = ()
    """Those of the parser, and those of the checks once they ran, without the silenced ones."""
    is_checked: bool = False


class LiveCourse:
    """The modules of a course that somebody looked at, kept up with the disk.

    Its methods may be called from any thread.
    """

    def __init__(self, root: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._folder = Folder(root)
        self._now = now
        self._lock = RLock()
        self._memory = Memory()
        self._states: dict[str, _State] = {}
        self._good: dict[str, Version] = {}
        """By path, the newest version of a page without errors."""
        self._elsewhere: tuple[Problem, ...] = ()
        self._shown: dict[str, Shown] = {}
        """By path, what was rendered last."""

    @property
    def root(self) -> Path:
        """The course's folder."""
        return self._folder.root

    def modules(self) -> tuple[str, ...]:
        """Give the folders of all modules, such as ``m1-readiness``, in the course's order, unlisted ones last."""
        ends = (f"/{MODULE_FILE}", f"{MODULES_FOLDER}/")
        there = [
            path.removesuffix(ends[0]).removeprefix(ends[1])
            for path in sorted(self._folder.sources.files)
            if path.endswith(ends[0]) and path.startswith(ends[1]) and path.count("/") == 2
        ]
        text = self._folder.sources.texts.get(COURSE_FILE)
        listed = _said_in(text, "modules") if isinstance(text, str) else None
        order = [each for each in listed if each in there] if isinstance(listed, list) else []
        return tuple(dict.fromkeys([*order, *there]))

    def module(self, name: str) -> Module | None:
        """Give a module, parsed now if nobody asked for it before; ``None`` if there is none."""
        with self._lock:
            state = self._states.get(name) or self._parse(name)
            return state.module if state else None

    def course(self, name: str) -> Course | None:
        """Give the course around a module."""
        with self._lock:
            state = self._states.get(name) or self._parse(name)
            return state.course if state else None

    def page(self, name: str, page_id: str) -> LivePage | None:
        """Give a page of a module, rendered now if it changed; ``None`` if there never was one."""
        with self._lock:
            module = self.module(name)
            newest = _find(module.pages, page_id) if module else None
            if module is None or newest is None:
                return self._renamed(name, page_id)
            return self._live(name, newest)

    def asset(self, name: str) -> Asset | None:
        """Find a file that pages show by its name in packages, which is made of its content."""
        with self._lock:
            found = (state.shelf.by_name.get(name) for state in self._states.values())
            return next((asset for asset in found if asset is not None), None)

    def refresh(self, changed: Iterable[Path]) -> Change:
        """Follow changes on the disk, and say what may look different now."""
        with self._lock:
            paths = self._folder.refresh(changed)
            touched = {_module_of(path) for path in paths}
            # What stands outside of a module may be used in each.
            names = set(self._states) if None in touched else touched & set(self._states)
            for name in names:
                if name is not None and self._parse(name) is None:
                    self._states.pop(name, None)
            pages = tuple(
                (name, page.id)
                for name in sorted(name for name in names if name is not None and name in self._states)
                for page in self._states[name].module.pages
                if page.path in paths
            )
            is_wide = bool(touched - set(self._states))
            return Change(frozenset(name for name in touched | names if name is not None), pages, is_wide)

    def check(self) -> bool:
        """Run the checks that are due, and say whether there were any."""
        due = [state for state in list(self._states.values()) if not state.is_checked]
        for state in due:
            sources = self._folder.sources
            state.problems = _heard(state.parsed, sources, run_checks(state.course, sources.files))
            state.is_checked = True
        return bool(due)

    def problems(self) -> tuple[Problem, ...]:
        """Give all problems known so far, in the order of the files."""
        with self._lock:
            here = {problem for state in self._states.values() for problem in state.problems}
            known = {None, *self._states}
            return tuple(
                sorted(here.union(each for each in self._elsewhere if _module_of(each.place.path) not in known))
            )

    def learn(self, problems: tuple[Problem, ...]) -> None:
        """Take over what was found in the whole course, for the modules that nobody looked at so far."""
        with self._lock:
            self._elsewhere = problems

    def title(self, name: str) -> str:
        """Give the title of a module, whether or not somebody looked at it; its folder's name if it says none."""
        text = self._folder.sources.texts.get(f"{MODULES_FOLDER}/{name}/{MODULE_FILE}")
        title = _said_in(text, "title") if isinstance(text, str) else None
        return title if isinstance(title, str) and title.strip() else name

    def _parse(self, name: str) -> _State | None:
        if f"{MODULES_FOLDER}/{name}/{MODULE_FILE}" not in self._folder.sources.files:
            return None
        before = self._states.get(name)
        parsed = parse_course(self._folder.sources, f"{MODULES_FOLDER}/{name}", self._memory)
        if not parsed.course.modules:
            return None
        module = parsed.course.modules[0]
        has_same_assets = before is not None and before.shelf.assets == module.assets
        shelf = before.shelf if before is not None and has_same_assets else Shelf(module.assets)
        heard = _heard(parsed, self._folder.sources)
        self._states[name] = state = _State(parsed.course, module, parsed, shelf, heard)
        broken = {problem.place.path for problem in parsed.problems if problem.severity == "error"}
        for page in module.pages:
            kept = self._good.get(page.path)
            is_same = kept is not None and kept.page is page and has_same_assets and _bare(kept.module) == _bare(module)
            if page.path not in broken and not is_same:
                self._good[page.path] = Version(parsed.course, module, page, self._now())
        return state

    def _live(self, name: str, newest: Page) -> LivePage:
        state, path = self._states[name], newest.path
        found = set(state.parsed.problems)
        errors = tuple(sorted(each for each in found if each.place.path == path and each.severity == "error"))
        good = self._good.get(path)
        shown, obstacle = self._shown.get(path), ""
        if good is not None and (shown is None or shown.version is not good):
            try:
                shown = self._shown[path] = show(good, state.shelf)
            except (ValueError, PackageError) as error:
                obstacle = str(error)
        if shown is None and not any(each.code in _TOO_MUCH for each in errors):
            shown = self._show_anyhow(state, newest)
        is_newest = shown is not None and shown.version.page is newest
        return LivePage(path, shown, is_newest=is_newest, problems=errors, obstacle=obstacle)

    def _show_anyhow(self, state: _State, newest: Page) -> Shown | None:
        """Show as much as can be shown of a page that was never without errors."""
        try:
            return show(Version(state.course, state.module, newest, self._now()), state.shelf)
        except Exception:  # noqa: BLE001 - the steps count on a page without errors, and this one has some.
            return None

    def _renamed(self, name: str, page_id: str) -> LivePage | None:
        """Find a page that had this id before, also one whose file is no text any more."""
        module = self.module(name)
        before = [
            each for each in self._good.values() if each.page.id == page_id and _module_of(each.page.path) == name
        ]
        for version in before:
            now = next((page for page in module.pages if page.path == version.page.path), None) if module else None
            if now is not None:
                return self._live(name, now)
            if isinstance(why := self._folder.sources.texts.get(version.page.path), Problem):
                shown = self._shown.get(version.page.path)
                return LivePage(version.page.path, shown, is_newest=False, problems=(why,), obstacle="")
        return None


def _said_in(text: str, key: str) -> object:
    """Give what a YAML file says under a key; ``None`` where it says nothing, or cannot be read.

    Only the lines of this key are read where it begins one: a course may have a hundred modules.
    """
    lines = re.search(rf"^{key}:.*(?:\n[ \t-].*)*", text, re.MULTILINE)
    return _value(lines[0] if lines else text, key)


@lru_cache(maxsize=1024)
def _value(text: str, key: str) -> object:
    data = read_yaml(text, Findings(""))
    return data.value.get(key) if data is not None and isinstance(data.value, dict) else None


def _heard(parsed: Parsed, sources: Sources, more: Iterable[Problem] = ()) -> tuple[Problem, ...]:
    return silence([*parsed.problems, *more], parsed.silences, sources.texts, is_whole=False).problems


def _bare(module: Module) -> Module:
    """Give what is said about a module, without what it holds."""
    return replace(module, pages=(), assets=())


def _find(pages: Iterable[Page], page_id: str) -> Page | None:
    return next((page for page in pages if page.id == page_id), None)


def _module_of(path: str) -> str | None:
    """Name the module that a path in the course lies in."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == MODULES_FOLDER else None
