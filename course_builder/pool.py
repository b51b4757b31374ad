"""Do the same work for many things in several processes, and give the results in the things' order."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from course_builder.interrupts import uninterrupted

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")


def each(
    work: Callable[[_Thing], _Result], things: Sequence[_Thing], workers: int | None = None
) -> Generator[_Result, None, None]:
    """Yield what the work makes of each thing, in order; with one worker, in this process.

    What the work raises is raised here, and ends the workers; so do Ctrl-C, and closing the iterator.

    Raises:
        ChildProcessError: if a worker came to an end, as happens where memory runs out.
    """
    count = min(workers or processors(), len(things))
    if count < 2:
        yield from map(work, things)
        return
    pool = _Pool(work, count)
    try:
        yield from pool.results(things)
    finally:
        pool.end()


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


class _Pool:
    """Processes that wait for things to work on; :mod:`multiprocessing`'s own would wait for ever for one that died."""

    def __init__(self, work: Callable[[Any], Any], count: int) -> None:
        import multiprocessing

        # A fork has all that this process imported. Where there is none to be had (Windows) or it is not safe (macOS),
        # the work is sent to new processes.
        method = "fork" if sys.platform == "linux" else "spawn"
        context: Any = multiprocessing.get_context(method)
        self._workers: dict[Any, BaseProcess] = {}
        # The terminal sends Ctrl-C to all processes at once: to new ones not before they know what to make of it.
        with uninterrupted():
            for _ in range(count):
                ours, theirs = context.Pipe()
                inherited = (*self._workers, ours) if method == "fork" else ()
                process = context.Process(target=_serve, args=(theirs, work, inherited), daemon=True)
                process.start()
                theirs.close()
                self._workers[ours] = process

    def results(self, things: Sequence[Any]) -> Iterator[Any]:
        """Have the things worked on, each by the first worker that has nothing to do, and yield what comes of them."""
        from multiprocessing.connection import wait

        waiting = iter(enumerate(things))
        asked: dict[Any, int] = {}
        done: dict[int, Any] = {}
        for connection in self._workers:
            self._ask(connection, waiting, asked)
        for number in range(len(things)):
            while number not in done:
                for each in wait(list(asked)):
                    done[asked.pop(each)] = self._answer(each)
                    self._ask(each, waiting, asked)
            yield done.pop(number)

    def end(self) -> None:
        """End the workers, whatever they are at."""
        with uninterrupted():
            for connection, process in self._workers.items():
                connection.close()
                process.kill()
            for process in self._workers.values():
                process.join()

    def _ask(self, connection: Any, waiting: Iterator[tuple[int, Any]], asked: dict[Any, int]) -> None:
        for number, thing in waiting:
            asked[connection] = number
            with suppress(BrokenPipeError):  # That it ended is seen when it is asked for the answer.
                connection.send(thing)
            return

    def _answer(self, connection: Any) -> Any:
        try:
            is_done, answer = connection.recv()
        except (EOFError, ConnectionResetError):
            process = self._workers[connection]
            process.join()
            reason = f"a process of the build ended with the status {process.exitcode}: is there enough memory?"
            raise ChildProcessError(reason) from None
        if not is_done:
            raise answer
        return answer


def _serve(connection: Connection, work: Callable[[Any], Any], inherited: Sequence[Connection]) -> None:
    """Work until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The process that waits for the results ends the workers.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for end in inherited:  # Else a worker would not notice that nobody is there who might ask.
        end.close()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            thing = connection.recv()
            try:
                connection.send((True, work(thing)))
            except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for.
                error.add_note(traceback.format_exc())
                connection.send((False, error))
