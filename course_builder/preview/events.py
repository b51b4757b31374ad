"""What open pages are told while they are open: server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock

PATIENCE_S = 15.0
"""After so long without news a line is sent all the same: only so is it noticed that a page is gone."""


class Events:
    """Hands each message to every page that listens."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._lock = Lock()
        self._listeners: set[SimpleQueue[bytes | None]] = set()

    def send(self, name: str, data: Mapping[str, object]) -> None:
        """Tell all listeners."""
        message = f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
        with self._lock:
            for listener in self._listeners:
                listener.put(message)

    def close(self) -> None:
        """End all streams."""
        with self._lock:
            for listener in self._listeners:
                listener.put(None)

    def listen(self) -> Iterator[bytes]:
        """Give messages as they come, until the stream is closed from either side."""
        queue: SimpleQueue[bytes | None] = SimpleQueue()
        with self._lock:
            self._listeners.add(queue)
        try:
            yield b"retry: 500\n\n"
            while (message := self._next(queue)) is not None:
                yield message
        finally:
            with self._lock:
                self._listeners.discard(queue)

    def _next(self, queue: SimpleQueue[bytes | None]) -> bytes | None:
        with suppress(Empty):
            return queue.get(timeout=self._patience_s)
        return b": still here\n\n"
