"""Running a practice LMS on a port of this machine."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"


class QuietRequestHandler(WSGIRequestHandler):
    """Serves without a line in the log for each request: addresses carry hints and states.

    A connection is closed after its answer, so that an LMS that was stopped is gone at once.
    """

    protocol_version = "HTTP/1.0"

    def send_response(self, code: int, message: str | None = None) -> None:
        """Leave the date to the app, whose clock may be wrong on purpose."""
        self.log_request(code)
        self.send_response_only(code, message)

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Keep errors only."""
        if type == "error":
            super().log(type, message, *args)


def listen(port: int = 0) -> socket.socket:
    """Take a port before the app is made, whose base URL needs its number.

    Args:
        port: 0 for any free one.

    Raises:
        OSError: if the port is taken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Else a port stays taken for a minute after a restart.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def port_of(listener: socket.socket) -> int:
    """The number of the port that was taken."""
    port: int = listener.getsockname()[1]
    return port


def serve(app: WSGIApplication, listener: socket.socket, tls: ssl.SSLContext | None = None) -> None:
    """Serve until the process is told to end."""
    server = _server(app, listener, tls)
    try:
        server.serve_forever()
    finally:
        server.server_close()


@contextmanager
def serving(app: WSGIApplication, listener: socket.socket, tls: ssl.SSLContext | None = None) -> Iterator[None]:
    """Serve in a thread for as long as the block runs."""
    server = _server(app, listener, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="practice-lms")
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Whole:
    """Gives each answer as a whole.

    Werkzeug's server leaves an answer open, with its file, where the client goes away before it has read it.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        answer = self._app(environ, start_response)
        try:
            return list(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()


def _server(app: WSGIApplication, listener: socket.socket, tls: ssl.SSLContext | None) -> BaseWSGIServer:
    server = make_server(
        HOST,
        port_of(listener),
        _Whole(app),
        threaded=True,
        request_handler=QuietRequestHandler,
        ssl_context=tls,
        fd=listener.fileno(),
    )
    listener.close()  # The server works on its own copy of the socket.
    return server
