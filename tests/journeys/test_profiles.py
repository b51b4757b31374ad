"""The browser profiles that the journeys stand on do what their names say.

Without this, a journey "with third-party cookies blocked" would pass on the day Chromium renames a preference.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, Playwright

from tests.journeys.browser import ALLOWED, BLOCKED, open_chromium

_STORE = (
    """<a href="/show">show</a><script>try { sessionStorage.kept = 'session'; } catch { /* not allowed */ }</script>"""
)
_SHOW = """<p id="kept"></p><script>
  let session = ''; try { session = sessionStorage.kept || ''; } catch { /* not allowed */ }
  document.getElementById('kept').textContent = ['%s', session].filter(Boolean).join('; ');
</script>"""


class _Site(BaseHTTPRequestHandler):
    """``/outer`` frames ``/store`` of the other site, which keeps things; ``/show`` says what was kept."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/store":
            self.send_header("Set-Cookie", "plain=1; Path=/; SameSite=None; Secure; HttpOnly")
            self.send_header("Set-Cookie", "partitioned=1; Path=/; SameSite=None; Secure; HttpOnly; Partitioned")
        bodies = {
            "/outer": f'<iframe src="http://localhost:{self.server.server_address[1]}/store"></iframe>',
            "/store": _STORE,
            "/show": _SHOW % self.headers.get("Cookie", ""),
        }
        self.end_headers()
        self.wfile.write(bodies.get(self.path, "").encode())

    def log_message(self, *_arguments: object) -> None:
        """Keep the test output clean."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def kept_by(page: Page | Frame) -> set[str]:
    page.click("a")
    return set(filter(None, page.inner_text("#kept").split("; ")))


def kept_in_a_frame(page: Page, port: int) -> set[str]:
    page.goto(f"http://127.0.0.1:{port}/outer")
    frame = page.frames[1]
    frame.wait_for_load_state()
    return kept_by(frame)


def kept_at_the_top(page: Page, port: int) -> set[str]:
    page.goto(f"http://localhost:{port}/store")
    return kept_by(page)


def test_a_frame_keeps_everything_where_third_party_cookies_are_allowed(
    playwright: Playwright, tmp_path: Path, port: int
) -> None:
    with open_chromium(playwright, tmp_path / "profile", third_party_cookies=ALLOWED) as context:
        assert kept_in_a_frame(context.pages[0], port) == {"plain=1", "partitioned=1", "session"}


def test_a_frame_keeps_only_the_partitioned_cookie_where_third_party_cookies_are_blocked(
    playwright: Playwright, tmp_path: Path, port: int
) -> None:
    with open_chromium(playwright, tmp_path / "profile", third_party_cookies=BLOCKED) as context:
        page = context.pages[0]
        assert kept_in_a_frame(page, port) == {"partitioned=1"}
        assert kept_at_the_top(page, port) >= {"plain=1", "session"}


def test_a_frame_without_storage_keeps_nothing_while_a_window_does(
    playwright: Playwright, tmp_path: Path, port: int
) -> None:
    sites = (f"http://localhost:{port}", f"http://127.0.0.1:{port}")
    with open_chromium(playwright, tmp_path / "profile", without_storage=sites) as context:
        page = context.pages[0]
        assert kept_in_a_frame(page, port) == set()
        assert kept_at_the_top(page, port) >= {"plain=1", "session"}
