"""Do the same work for many things in several processes, and give the results in the things' order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")

_work: Any = None
"""In a worker: what it does. It came with the process, so it is not sent along with each thing."""


def each(work: Callable[[_Thing], _Result], things: Sequence[_Thing], workers: int | None = None) -> Iterator[_Result]:
    """Yield what the work makes of each thing, in order; with one worker, in this process.

    What the work raises is raised here, and ends the workers; so does Ctrl-C.
    """
    count = min(workers or processors(), len(things))
    if count < 2:
        yield from map(work, things)
        return
    import multiprocessing

    # A fork has all that this process imported. Where there is none to be had (Windows) or it is not safe (macOS), the
    # work is sent to new processes.
    method = "fork" if sys.platform == "linux" else "spawn"
    with multiprocessing.get_context(method).Pool(count, _start, (work,)) as pool:
        yield from pool.imap(_do, things)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _start(work: Any) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The process that waits for the results ends the workers.


def _do(thing: Any) -> Any:
    return _work(thing)
