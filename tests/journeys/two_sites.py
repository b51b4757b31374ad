"""Two sites that find out what a browser keeps for a frame: ``127.0.0.1`` frames ``localhost``."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_STORE = (
    """<a href="/show">show</a><script>try { sessionStorage.kept = 'session'; } catch { /* not allowed */ }</script>"""
)
_SHOW = """<p id="kept"></p><script>
  let session = ''; try { session = sessionStorage.kept || ''; } catch { /* not allowed */ }
  document.getElementById('kept').textContent = ['%s', session].filter(Boolean).join('; ');
</script>"""


class _Site(BaseHTTPRequestHandler):
    """``/outer`` frames ``/store`` of the other site, which keeps things; ``/show`` says what was kept.

    ``/first`` keeps a cookie, to be opened at the top before: a frame that sees it shares what its site keeps.
    """

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/first":
            self.send_header("Set-Cookie", "first=1; Path=/; SameSite=None; Secure; HttpOnly")
        if self.path == "/store":
            self.send_header("Set-Cookie", "plain=1; Path=/; SameSite=None; Secure; HttpOnly")
            self.send_header("Set-Cookie", "partitioned=1; Path=/; SameSite=None; Secure; HttpOnly; Partitioned")
        bodies = {
            "/outer": f'<iframe name="activity" src="http://localhost:{self.server.server_address[1]}/store"></iframe>',
            "/store": _STORE,
            "/show": _SHOW % self.headers.get("Cookie", ""),
        }
        self.end_headers()
        self.wfile.write(bodies.get(self.path, "").encode())

    def log_message(self, *_arguments: object) -> None:
        """Keep the test output clean."""


@contextmanager
def two_sites() -> Iterator[int]:
    """Serve them; gives the port, which is the same for both."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def names(shown: str) -> set[str]:
    """Read what ``/show`` shows: names of cookies, and ``session``."""
    return {each.split("=")[0] for each in shown.split("; ") if each}
