"""``check --external``, against a server of our own on this machine."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from click.testing import CliRunner, Result

from course_builder.cli import main
from course_builder.external import Answer, Cache, Manners, ask
from tests.course_builder.sources import COURSE_YAML, MODULE_YAML, OTHER

PATIENT = Manners(timeout_s=5, pause_s=0)


class Server(ThreadingHTTPServer):
    """A server that counts what it is asked; its paths say how it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: Counter[str] = Counter()
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self.may_answer = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing about clients that hang up."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def answer(self) -> None:
        server = self.server
        with server.lock:
            server.asked[f"{self.command} {self.path}"] += 1
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
        try:
            self.respond()
        finally:
            with server.lock:
                server.at_once -= 1

    do_HEAD = do_GET = answer  # noqa: N815

    def respond(self) -> None:
        kind, _, rest = self.path[1:].partition("/")
        if kind == "slow":
            self.server.may_answer.wait(20)
        if kind == "closing" or (kind == "closing-on-head" and self.command == "HEAD"):
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if kind.startswith("no-head-"):
            kind = kind.removeprefix("no-head-") if self.command == "HEAD" else "200"
        status = int(kind) if kind.isdigit() else 200
        self.send_response(status)
        if 300 <= status < 400:
            # After two slashes stands a whole address, as a server may send it that was taken over.
            self.send_header("Location", unquote(rest[1:]) if rest.startswith("/") else f"/{rest}")
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.may_answer.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    module = tmp_path / "course" / "modules" / "m1-town"
    module.mkdir(parents=True)
    (tmp_path / "course" / "course.yaml").write_text(COURSE_YAML)
    (module / "module.yaml").write_text(MODULE_YAML)
    (module / "other.md").write_text(OTHER)
    return tmp_path / "course"


def check(course: Path, *addresses: str) -> Result:
    links = "\n\n".join(f"[Source number {number}]({address})" for number, address in enumerate(addresses))
    (course / "modules" / "m1-town" / "page.md").write_text(f"# A page\n\n{links}\n")
    cache = course.parent / "cache" / "links.json"
    arguments = ["check", str(course), "--external", "--timeout", "5", "--cache", str(cache)]
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("200", "ok"),
        ("404", "broken"),
        ("410", "broken"),
        ("403", "ok"),
        ("429", "ok"),
        ("500", "unreachable"),
        ("no-head-405", "ok"),
        ("no-head-404", "ok"),
        ("no-head-500", "ok"),
        ("301/200", "moved"),
        ("308/301/200", "moved"),
        ("302/200", "ok"),
        ("301/302/200", "ok"),
        ("301/404", "broken"),
        ("closing", "unreachable"),
        ("closing-on-head", "ok"),
        ("/".join(["302"] * 9), "broken"),
    ],
)
def test_judges_what_a_server_answers(server: Server, path: str, state: str) -> None:
    [answer] = ask([f"{server.address}/{path}"], PATIENT).values()
    assert answer.state == state
    if state == "moved":
        assert answer.detail == f"{server.address}/200"


def test_a_server_that_does_not_answer_in_time_is_not_waited_for(server: Server) -> None:
    [answer] = ask([f"{server.address}/slow"], Manners(timeout_s=0.2, pause_s=0)).values()
    assert answer == Answer("unreachable", "no answer in time")


def test_asks_a_host_one_question_at_a_time(server: Server) -> None:
    ask([f"{server.address}/200/{number}" for number in range(12)], PATIENT)
    assert server.most_at_once == 1
    assert sum(server.asked.values()) == 12


def test_reports_links_at_their_places(server: Server, course: Path) -> None:
    addresses = [f"{server.address}/{path}" for path in ("404", "301/200", "500", "200")]
    result = check(course, *addresses)
    assert result.exit_code == 1
    lines = [line for line in result.output.splitlines() if line.startswith(str(course)) or "page.md:" in line]
    assert [line.split("page.md:")[1].split(" `")[0] for line in lines] == [
        "3:1: error link-broken",
        "5:1: warning link-moved",
        "7:1: warning link-unreachable",
    ]


def test_a_link_that_leads_to_nothing_can_be_silenced_with_a_reason(server: Server, course: Path) -> None:
    silence = "<!-- quiet: link-broken: it is back after the works -->\n\n"
    links = check(course, f"{server.address}/404")
    assert links.exit_code == 1
    page = course / "modules" / "m1-town" / "page.md"
    page.write_text(page.read_text().replace("[Source", f"{silence}[Source"))
    again = CliRunner().invoke(main, ["check", str(course), "--external", "--cache", str(course.parent / "c.json")])
    assert (again.exit_code, "(1 silenced)" in again.output) == (0, True)
    assert CliRunner().invoke(main, ["check", str(course)]).output == "no problems in 4 files\n"


def test_asks_again_only_when_the_answer_is_old(server: Server, course: Path) -> None:
    address = f"{server.address}/200"
    check(course, address, address + "#part", address)
    check(course, address)
    assert server.asked == {"HEAD /200": 1}
    cache = course.parent / "cache" / "links.json"
    at = json.loads(cache.read_text())[address]["at"]
    assert Cache(cache, at + 60).get(address) == Answer("ok")
    assert Cache(cache, at + 8 * 86_400).get(address) is None
    assert Cache(cache, at - 60).get(address) is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"http://a/": 3}', '{"http://a/": {"state": "ok"}}'])
def test_a_cache_that_is_damaged_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "links.json").write_text(content)
    assert Cache(tmp_path / "links.json", 0).get("http://a/") is None


def test_offline_is_one_notice_and_no_failure(course: Path) -> None:
    result = check(course, *(f"https://host-{number}.invalid/" for number in range(5)))
    assert result.exit_code == 0
    assert result.output.count("warning") == 2  # The notice, and the count at the end.
    assert "link-offline no host could be reached, so 5 links could not be checked" in result.output


def test_one_host_that_is_gone_does_not_mean_offline(server: Server, course: Path) -> None:
    result = check(course, f"{server.address}/200", "https://host.invalid/")
    assert result.exit_code == 0
    assert "link-unreachable `https://host.invalid/` could not be reached: no connection" in result.output


@pytest.mark.parametrize(
    "target",
    [
        "http://[",
        "http://[::1",
        "http://]/",
        "//[",
        "http://a:b:c/",
        "http://" + "a" * 300,
        "\u00e9://",
        "http://\u00e9\xff/",
    ],
)
def test_a_redirect_to_what_is_no_address_is_a_broken_link(target: str, server: Server, course: Path) -> None:
    result = check(course, f"{server.address}/301//{quote(target, encoding='latin-1')}")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "link-broken" in result.output or "link-unreachable" in result.output


def test_an_address_that_is_none_is_broken_whoever_wrote_it() -> None:
    answers = ask(["https://[x/a.mp4", "https://]/", "http://a.example:port/"], PATIENT)
    assert {answer.state for answer in answers.values()} == {"broken"}
