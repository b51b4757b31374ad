"""Whom the preview answers, and what: over real HTTP."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.preview.conftest import Running, run_preview


def ask(preview: Running, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> tuple[int, str]:
    """Send one request as it is written, and give status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=30)
    connection.request(method, path, headers={"Host": f"127.0.0.1:{preview.port}", **(headers or {})})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def head(preview: Running, path: str) -> Mapping[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers


def test_begins_with_the_page_that_was_named(course: Path) -> None:
    with run_preview(course, "--port", "0", target="modules/m1-town/other.md") as preview:
        assert head(preview, "/")["Location"].endswith("/view/m1-town/other")


def test_begins_with_the_page_that_was_saved_last(course: Path) -> None:
    (course / "modules/m2-lake/shore.md").touch()
    with run_preview(course, "--port", "0", target="") as preview:
        assert head(preview, "/")["Location"].endswith("/view/m2-lake/shore")


def test_takes_the_next_port_and_says_so(course: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with run_preview(course, "--port", str(port)) as preview:
            assert preview.port > port
            assert f"Port {port} is taken; this preview has the port {preview.port}." in preview.first_lines


def test_listens_on_this_machine_only(preview: Running) -> None:
    listening = [line.split()[1:4:2] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    mine = [address for address, state in listening if address.endswith(f":{preview.port:04X}") and state == "0A"]
    assert mine == [f"0100007F:{preview.port:04X}"]


@pytest.mark.parametrize(
    "host", ["evil.test", "evil.test:{port}", "127.0.0.1", "127.0.0.1:1", "", "localhost.evil.test:{port}"]
)
def test_refuses_other_hosts(preview: Running, host: str) -> None:
    status, text = ask(preview, "/page/m1-town/page", {"Host": host.format(port=preview.port)})
    assert status in {400, 421}
    assert "Who decides?" not in text


def test_answers_to_localhost(preview: Running) -> None:
    assert ask(preview, "/page/m1-town/page", {"Host": f"localhost:{preview.port}"})[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/preview/../app.py",
        "/static/player/../../../pyproject.toml",
        "/static/player/..%2f..%2fcli.py",
        "/static/player/%2e%2e/cli.py",
        "/static/player//etc/passwd",
        "/static/player/vendor.py",
        "/static/player/templates/player/question.html",
        "/static/other/player.css",
        "/assets/..%2fmodule.yaml",
        "/assets/module.yaml",
        "/assets/dot.svg",
        "/view/..%2fm1-town/page",
        "/page/m1-town/..%2fpage",
        "/page/m1-town/%00",
        "/page/nothing/page",
    ],
)
def test_finds_nothing_outside_of_what_it_serves(preview: Running, path: str) -> None:
    assert ask(preview, path)[0] in {400, 404}


def test_refuses_requests_that_other_sites_make(preview: Running) -> None:
    other = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert ask(preview, "/page/m1-town/page", other)[0] == 403


def test_pages_have_a_strict_policy(preview: Running) -> None:
    headers = head(preview, "/page/m1-town/page")
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["frame-ancestors"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_serves_assets_under_names_of_their_content_and_lets_drawings_do_nothing(preview: Running) -> None:
    _, page = ask(preview, "/page/m1-town/other")
    address = page.partition('src="/assets/')[2].partition('"')[0]
    headers = head(preview, f"/assets/{address}")
    assert headers["Content-Type"].startswith("image/svg+xml")
    assert "sandbox" in headers["Content-Security-Policy"]


def test_players_may_ask_for_parts_of_an_asset(preview: Running) -> None:
    _, page = ask(preview, "/page/m1-town/other")
    address = page.partition('src="/assets/')[2].partition('"')[0]
    assert ask(preview, f"/assets/{address}", {"Range": "bytes=1-3"}) == (206, "svg")


@pytest.mark.parametrize(
    ("target", "says"),
    [("nothing", "does not exist"), ("course.yaml", "is no page"), ("modules/m1-town/assets", "neither")],
)
def test_says_what_is_no_course(course: Path, target: str, says: str) -> None:
    from click.testing import CliRunner

    from course_builder.cli import main

    answer = CliRunner().invoke(main, ["preview", "--no-open", str(course / target)])
    assert answer.exit_code == 2
    assert says in answer.output


@pytest.mark.parametrize("origin", ["", "null", "http://evil.test", "https://127.0.0.1:{port}", "http://127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/page/m1-town/page/check/q-town", "/page/m1-town/page/hint/q-town", "/reset"])
def test_takes_no_form_from_elsewhere(preview: Running, path: str, origin: str) -> None:
    headers = {"Origin": origin.format(port=preview.port)} if origin else {}
    assert ask(preview, path, headers, "POST")[0] == 403
    assert ask(preview, path, {"Origin": f"http://127.0.0.1:{preview.port}"}, "POST")[0] in {204, 303}


def test_nothing_is_answered_by_a_link(preview: Running) -> None:
    assert ask(preview, "/page/m1-town/page/check/q-town")[0] == 405
    assert ask(preview, "/reset")[0] == 405


def test_a_large_form_is_refused(preview: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=30)
    origin = {"Origin": f"http://127.0.0.1:{preview.port}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/page/m1-town/page/check/q-town", b"a" * 2_000_000, origin)
    assert connection.getresponse().status == 413
    connection.close()


def test_a_page_may_load_what_it_names_and_no_more(course: Path) -> None:
    (course / "course.yaml").write_text((course / "course.yaml").read_text() + "hosts: [video.example.org]\n")
    page = course / "modules/m1-town/page.md"
    embed = '\n::: embed {src=https://video.example.org/v/1 title="A talk"}\n\nA talk.\n\n:::\n'
    page.write_text(page.read_text() + embed)
    with run_preview(course, "--port", "0") as preview:
        with_embed = head(preview, "/page/m1-town/page")["Content-Security-Policy"]
        without = head(preview, "/page/m1-town/other")["Content-Security-Policy"]
    assert "frame-src 'self' https://video.example.org" in with_embed
    assert "video.example.org" not in without


def test_lists_what_is_wrong_in_modules_that_nobody_opened(course: Path) -> None:
    shore = course / "modules/m2-lake/shore.md"
    shore.write_text("# The shore\n\n[here](nowhere.md)\n", encoding="utf-8")
    with run_preview(course, "--port", "0") as preview:
        events = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=60)
        events.request("GET", "/events")
        stream = events.getresponse()
        while "there is no file <code>nowhere.md</code>" not in ask(preview, "/view/m1-town/page")[1].lower():
            assert stream.readline()
        events.close()
