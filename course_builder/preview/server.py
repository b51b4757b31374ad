"""The preview as a running server: a port, the threads, and an end by Ctrl-C."""

from __future__ import annotations

import errno
import signal
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from course_builder.preview.app import Preview
from course_builder.preview.events import Events
from course_builder.preview.live import LiveCourse
from course_builder.preview.problem_list import Editor
from course_builder.preview.start import Start
from course_builder.preview.watch import Watcher

HOST = "127.0.0.1"
_PORTS_TRIED = 50


class NoPortError(Exception):
    """No port is free; the message says which were tried."""


class _QuietHandler(WSGIRequestHandler):
    """Keeps the terminal free for what the author has to read."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about requests that went well."""


def serve(start: Start, port: int, editor: str, *, opens_browser: bool, say: Callable[[str], None]) -> None:
    """Serve a course until Ctrl-C.

    Args:
        start: the course and the page to begin with.
        port: the first one to try.
        editor: see :data:`~course_builder.preview.problem_list.EDITORS`.
        opens_browser: whether to open the first page.
        say: prints a line.

    Raises:
        NoPortError: if no port is free.
    """
    with _bind(port) as listener:
        own_port: int = listener.getsockname()[1]
        live, events = LiveCourse(start.root), Events()
        app = Preview(live, events, start, Editor(start.root, editor), own_port)
        server = make_server(HOST, own_port, app, threaded=True, request_handler=_QuietHandler, fd=listener.fileno())
    address = f"http://{HOST}:{own_port}/"
    watcher = Watcher(live, events)
    # Ctrl-C ends werkzeug's loop quietly, but it may also come before that begins.
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, _interrupt)
        watcher.start()
        if port and own_port != port:
            say(f"Port {port} is taken; this preview has the port {own_port}.")
        say(f"Preview of {start.page or start.root.name} at {address}\nIt follows what you save. Ctrl-C ends it.")
        if opens_browser:
            webbrowser.open(address)
        server.serve_forever(poll_interval=0.1)
    events.close()
    watcher.stop()
    server.server_close()
    say("The preview has ended.")


def _bind(port: int) -> socket.socket:
    """Take the port, or the next one that is free."""
    last = min(port + _PORTS_TRIED, 65_536)
    for each in range(port, last):
        try:
            return socket.create_server((HOST, each))
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
    raise NoPortError(f"the ports {port} to {last - 1} are taken: name another one with --port")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """End on SIGTERM as on Ctrl-C."""
    raise KeyboardInterrupt
