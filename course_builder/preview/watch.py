"""Follows the disk: every save is parsed, told to the open pages, and checked once the author pauses."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from course_builder.model import Problem
from course_builder.preview.events import Events
from course_builder.preview.live import LiveCourse
from course_builder.preview.pages import view_url
from course_builder.preview.whole import WholeCourse

_STEP_MS = 10
"""Changes that come closer to each other than this are one: editors write, rename and touch."""
_GROUP_MS = 200
_PAUSE_MS = 150
"""The checks wait so long after a save, so that they do not compete with the page that is being shown."""
_EMPTIED_S = 0.1
"""An editor that writes in place empties the file first; so long it has to fill it again."""


class Watcher:
    """A thread that keeps a course and its open pages up with the disk."""

    def __init__(self, live: LiveCourse, events: Events) -> None:
        self._live = live
        self._events = events
        self._whole = WholeCourse(live.root, self._learn)
        self._is_whole_due = True
        self._stop = Event()
        self._thread = Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)
        self._whole.stop()

    def _run(self) -> None:
        from watchfiles import watch

        # What was saved before the watch began is found by reading everything again.
        unseen: set[Path] = {self._live.root}
        for changes in watch(
            self._live.root,
            debounce=_GROUP_MS,
            step=_STEP_MS,
            rust_timeout=_PAUSE_MS,
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
            watch_filter=None,
        ):
            if changes or unseen:
                self._follow(unseen | {Path(path) for _, path in changes})
                unseen = set()
            else:
                self._check()

    def _follow(self, changed: Iterable[Path]) -> None:
        changed = set(changed)
        if any(_is_empty(path) for path in changed):
            self._stop.wait(_EMPTIED_S)
        try:
            change = self._live.refresh(changed)
        except Exception:  # noqa: BLE001 - the outermost handler of this thread: a fault of ours must not end the preview.
            traceback.print_exc()
            return
        self._is_whole_due |= change.is_wide
        if change.modules:
            message = {
                "modules": sorted(change.modules),
                "pages": [view_url(name, page_id) for name, page_id in change.pages],
                "at": f"{datetime.now().astimezone():%H:%M:%S}",
            }
            self._events.send("changed", message)

    def _check(self) -> None:
        try:
            has_checked = self._live.check()
        except Exception:  # noqa: BLE001 - as above.
            traceback.print_exc()
            return
        if has_checked:
            self._events.send("checked", {})
            # What was parsed stays for long: without it, no collection of garbage gets in the way of the next save.
            gc.collect()
            gc.freeze()
        if self._is_whole_due:
            self._is_whole_due = False
            self._whole.start()

    def _learn(self, problems: tuple[Problem, ...]) -> None:
        self._live.learn(problems)
        self._events.send("checked", {})


def _is_empty(path: Path) -> bool:
    try:
        return path.stat().st_size == 0
    except OSError:
        return False
