"""Serving a platform written by others from a process of its own."""

from __future__ import annotations

import json
import sys
import threading
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref import simple_server


class _Server(ThreadingMixIn, simple_server.WSGIServer):
    """One thread per request: while it answers the launch, the platform fetches keys and is called back."""

    daemon_threads = True


class _Quiet(simple_server.WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Say nothing: the line of JSON is the only output."""


def make_server() -> tuple[simple_server.WSGIServer, str]:
    """Take a free port before the app is made, which has to know its own address."""
    server = simple_server.make_server("127.0.0.1", 0, lambda *_: [], server_class=_Server, handler_class=_Quiet)
    return server, f"http://127.0.0.1:{server.server_port}"


def serve(server: simple_server.WSGIServer, app: Any, facts: dict[str, str]) -> None:
    """Serve, say what the tool has to be told, and end when standard input is closed."""
    server.set_app(app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(facts), flush=True)
    sys.stdin.read()
    server.shutdown()
