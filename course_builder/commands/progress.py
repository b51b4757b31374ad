"""A line that says that work goes on, where it takes longer than a second: on a terminal only, and gone at the end."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

PATIENCE_S = 1.0
_CLEAR_LINE = "\r\x1b[K"


@contextmanager
def progress(what: str, stream: TextIO | None = None, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Show ``what`` and for how long, from the first second on, until the work in the context is done.

    A timer's signal does it and not a thread, since the work may fork.
    """
    stream = stream or sys.stderr
    is_main = threading.current_thread() is threading.main_thread()
    if not (stream.isatty() and is_main and hasattr(signal, "setitimer")):
        yield
        return
    started = time.monotonic()
    is_shown = False

    def tell(*_: object) -> None:
        nonlocal is_shown
        is_shown = True
        stream.write(f"{_CLEAR_LINE}{what} … {time.monotonic() - started:.0f} s")
        stream.flush()

    before = signal.signal(signal.SIGALRM, tell)
    signal.setitimer(signal.ITIMER_REAL, patience_s, patience_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if is_shown:
            stream.write(_CLEAR_LINE)
            stream.flush()
