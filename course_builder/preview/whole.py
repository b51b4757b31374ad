"""The problems of the whole course, found by a process of its own: an author's save does not wait for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread

from course_builder.model import Place, Problem, Severity

Told = Callable[[tuple[Problem, ...]], None]


class WholeCourse:
    """Runs ``course-builder check`` over a course, and tells what it found."""

    def __init__(self, root: Path, told: Told) -> None:
        self._root = root
        self._told = told
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Check now; a check that still runs is of an older state, and ends."""
        with self._lock:
            self._end()
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "course_builder", "check", "--format", "json", "."],
                cwd=self._root,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                # Ctrl-C is for the preview, which ends this one.
                start_new_session=True,
            )
        Thread(target=self._wait, args=(process,), name="whole course", daemon=True).start()

    def stop(self) -> None:
        """End a check that runs."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()

    def _wait(self, process: subprocess.Popen[str]) -> None:
        text, _ = process.communicate()
        with self._lock:
            if process is not self._process:
                return
            self._process = None
        if process.returncode in {0, 1}:
            self._told(tuple(_problem(each) for each in json.loads(text)["problems"]))


def _problem(each: dict[str, object]) -> Problem:
    place = Place(Path(str(each["path"])).as_posix(), int(str(each["line"])), int(str(each["column"])))
    severity: Severity = "error" if each["severity"] == "error" else "warning"
    return Problem(place, severity, str(each["code"]), str(each["message"]), str(each["hint"]))
