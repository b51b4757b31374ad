"""Addresses that come from outside lead nowhere they should not: each way in, each way to write "myself"."""

from __future__ import annotations

import ast
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

import lti_tool
from lti_tool.errors import InputError, PlatformError
from lti_tool.lti import names
from lti_tool.lti.addresses import is_public
from lti_tool.lti.connections import TimedSocket
from lti_tool.lti.egress import Egress
from lti_tool.lti.grades import SCORE_SCOPE, GradeService
from lti_tool.lti.text import web_address
from lti_tool.lti.tokens import Client, Token
from lti_tool.platforms import differences_of
from tests.lti_tool.servers import answer, raw_server, read_request
from tests.lti_tool.signing_platform import SigningPlatform, begin_login, post_launch

NOW = datetime.now(UTC)

MYSELF = [
    "http://127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "http://127.8.9.1:{port}/", "http://localhost:{port}/",
    "http://localhost.:{port}/", "http://LOCALHOST:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
    "http://0x7f.1:{port}/", "http://0177.0.0.1:{port}/", "http://017700000001:{port}/", "http://127.1:{port}/",
    "http://0.0.0.0:{port}/", "http://0:{port}/", "http://[::1]:{port}/", "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/", "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[64:ff9b::127.0.0.1]:{port}/", "https://user:pw@127.0.0.1:{port}/",
    "http://lms.test@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@lms.test/", "http://127.0.0.1:{port}\\@lms.test/",
    "http://127.0.0.1:{port}/ http://lms.test/", "http://127.0.0.1:{port}\t/", "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/", "http://127%2e0%2e0%2e1:{port}/", "HTTP://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "http:///127.0.0.1:{port}/",
]  # fmt: skip
"""Ways to write this machine, each of which some program takes for something else."""
INSIDE = [
    "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.0.1/", "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/", "https://[fe80::1%25lo]/", "https://[fc00::1]/", "https://100.100.100.200/",
    "https://[64:ff9b:1::a00:1]/", "https://[2002:a00:1::]/", "https://[::ffff:169.254.169.254]/", "https://2852039166/",
]  # fmt: skip
"""Networks that are not the open internet; clouds answer with secrets at some of them."""
NO_WEB = [
    "file:///etc/passwd", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_x", "dict://127.0.0.1:{port}/",
    "javascript:alert(1)", "data:application/json,{{}}", "unix:///var/run/docker.sock", "jar:http://127.0.0.1:{port}!/",
    "ldap://127.0.0.1:{port}/", "\\\\127.0.0.1\\share", "", "https://", "https://:443/",
]  # fmt: skip
HOSTILE = [*MYSELF, *INSIDE, *NO_WEB]


@dataclass
class Trap:
    """A server that nothing may reach."""

    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    def converse(self, connection: socket.socket) -> None:
        self.connections += 1
        while request := read_request(connection):
            self.requests.append(request)
            connection.sendall(answer(b'{"keys": [], "access_token": "x"}'))


@contextmanager
def trapped() -> Iterator[Trap]:
    trap = Trap()
    with raw_server(trap.converse) as port:
        trap.port = port
        yield trap


@pytest.fixture
def trap() -> Iterator[Trap]:
    with trapped() as trap:
        yield trap


def client_at(token_url: str) -> Client:
    return Client(1, "client-1", token_url, token_url, (SCORE_SCOPE,), lambda claims: json.dumps(claims))


def service(line_item_url: str, token_url: str, token: Token | None, egress: Egress) -> GradeService:
    return GradeService(
        egress, line_item_url, client=client_at(token_url), token=token, differences=differences_of("generic"),
        clock=lambda: NOW,
    )  # fmt: skip


def test_a_key_set_address_reaches_nothing_of_ours(make_app, trap):
    app = make_app(egress_allow=(), egress_timeout_s=1.0)
    client = app.test_client()
    registered = 0
    for number, hostile in enumerate(HOSTILE):
        platform = SigningPlatform(client_id=f"client-{number}")
        with suppress(InputError):
            platform.register(app, key_set_url=hostile.format(port=trap.port))
            registered += 1
            asked = begin_login(client, platform)
            refused = post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"])))
            assert refused.status_code == 502, hostile
            assert "could not be asked whether this launch is genuine" in refused.text
        assert trap.connections == 0, hostile
    assert registered >= 30


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_token_endpoint_reaches_nothing_of_ours(trap, hostile):
    grades = service("https://lms.test/items/1", hostile.format(port=trap.port), None, Egress((), 1.0, 1000))
    with pytest.raises(PlatformError, match="did not take the score"):
        grades.publish("{}", NOW)
    assert trap.connections == 0


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_line_item_reaches_nothing_of_ours_and_no_token_leaves(trap, hostile):
    token = Token("secret-token", NOW.replace(year=NOW.year + 1))
    grades = service(hostile.format(port=trap.port), "https://lms.test/token", token, Egress((), 1.0, 1000))
    for call in (lambda: grades.publish("{}", NOW), lambda: grades.result("learner-1")):
        with pytest.raises(PlatformError, match="did not take the score"):
            call()
    assert trap.connections == 0


@pytest.mark.parametrize("hostile", NO_WEB)
def test_what_browsers_are_sent_to_is_an_address_of_the_web(hostile):
    """Return addresses of launches and of deep linking are opened by the browser: never as a script or a file."""
    assert web_address(hostile.format(port=1)) is None


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_platform_that_redirects_leads_nowhere(make_app, trap, status):
    """Not with the key set, not with the token request, not with a score, though the platform itself may be called."""

    def redirect(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(answer(b"", status, f"Location: http://127.0.0.1:{trap.port}/"))

    with raw_server(redirect) as port:
        here = f"http://127.0.0.1:{port}/"
        app = make_app(egress_allow=("127.0.0.1/32",))
        platform = SigningPlatform()
        platform.register(app, key_set_url=here)
        client = app.test_client()
        asked = begin_login(client, platform)
        assert post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"]))).status_code == 502
        token = Token("secret-token", NOW.replace(year=NOW.year + 1))
        for kept in (None, token):
            with pytest.raises(PlatformError):
                service(here, here, kept, Egress(("127.0.0.1/32",), 1.0, 1000)).publish("{}", NOW)
    assert trap.connections == 0


@pytest.mark.parametrize(
    "address",
    [
        "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::1", "64:ff9b::a9fe:a9fe", "5f00::1", "100::1", "fe80::1%lo",
        "192.0.0.1", "192.0.0.170", "4000::1", "::2", "2001:10::1", "2002:7f00:1::", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_calls_no_address_that_only_looks_public(address):
    assert not is_public(ip_address(address))


def test_a_name_that_changes_between_check_and_connect_gains_nothing(monkeypatch):
    """The connection goes to the address that was checked: nobody looks the name up a second time."""
    looked_up: list[str] = []
    connected: list[tuple[str, int]] = []

    def rebind(host: str, *_arguments: object, **_options: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        address = "9.9.9.9" if len(looked_up) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

    def connect(_socket: TimedSocket, address: tuple[str, int]) -> None:
        connected.append(address)
        raise OSError("no network in tests")

    monkeypatch.setattr(names.socket, "getaddrinfo", rebind)
    monkeypatch.setattr(TimedSocket, "connect", connect)
    with pytest.raises(PlatformError, match="could not be reached"):
        Egress((), 1.0, 1000).request("GET", "https://rebinding.test/")
    assert (looked_up, connected) == (["rebinding.test"], [("9.9.9.9", 443)])
    with pytest.raises(PlatformError, match="may not be called"):
        Egress((), 1.0, 1000).request("GET", "https://rebinding.test/")
    assert connected == [("9.9.9.9", 443)]


@pytest.mark.parametrize("addresses", [["9.9.9.9", "127.0.0.1"], ["127.0.0.1", "9.9.9.9"], ["::1", "9.9.9.9"]])
def test_a_name_with_a_public_and_a_private_address_leads_to_the_public_one(monkeypatch, addresses):
    connected: list[str] = []

    def connect(_socket: TimedSocket, address: tuple[str, int]) -> None:
        connected.append(address[0])
        raise OSError("no network in tests")

    monkeypatch.setattr(TimedSocket, "connect", connect)
    egress = Egress((), 1.0, 1000, resolve=lambda _host, _port: addresses)
    with pytest.raises(PlatformError, match="could not be reached"):
        egress.request("GET", "https://mixed.test/")
    assert connected == ["9.9.9.9"]


@pytest.mark.parametrize("port", ["0", "00443", "65536", "-1", "4４3", "443x", " 443"])
def test_an_odd_port_is_refused_in_words(port):
    egress = Egress(("lms.test",), 1.0, 1000, resolve=lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(PlatformError, match=r"cannot be called|could not be reached"):
        egress.request("GET", f"https://lms.test:{port}/")


@pytest.mark.parametrize(
    "head",
    [
        "X: " + "x" * 70_000,
        "\r\n".join(f"X-{number}: x" for number in range(200)),
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked, chunked",
        "Content-Encoding: br",
    ],
    ids=["long", "many", "negative", "endless", "twice", "unknown"],
)
def test_a_head_that_is_no_head_of_an_answer_ends_in_nothing_but_an_error_of_the_platform(head):
    def converse(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\nxx".encode())
            connection.shutdown(socket.SHUT_WR)

    with raw_server(converse) as port, suppress(PlatformError):
        assert len(Egress(("127.0.0.1",), 1.0, 1000).request("GET", f"http://127.0.0.1:{port}/").body) <= 1000


@pytest.mark.parametrize("body", [b"x" * 2_000_000, b'{"keys": [' + b"[" * 100_000, b"\xff\xfe", b'{"keys": 1e999}'])
def test_a_key_set_that_is_none_is_refused_in_words(make_app, body):
    def converse(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(answer(body))

    with raw_server(converse) as port:
        app = make_app()
        platform = SigningPlatform()
        platform.register(app, key_set_url=f"http://127.0.0.1:{port}/")
        client = app.test_client()
        asked = begin_login(client, platform)
        refused = post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"])))
    assert refused.status_code == 502
    assert "could not be asked" in refused.text


WAYS_OUT = {
    "socket",
    "ssl",
    "http.client",
    "urllib.request",
    "urllib3",
    "requests",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
}
MAY_CALL = {
    "lti/connections.py", "lti/egress.py", "lti/names.py",  # the one way out
    "practice_lms/", "demo/",  # a platform of its own, and the program that starts one for a demonstration
}  # fmt: skip


def test_there_is_one_way_out():
    """No module but the guarded client imports anything that opens connections."""
    root = Path(lti_tool.__file__).parent
    found = set()
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            else:
                continue
            if any(name == way or name.startswith(f"{way}.") for name in imported for way in WAYS_OUT):
                found.add(str(path.relative_to(root)))
    assert not {path for path in found if not any(path.startswith(each) for each in MAY_CALL)}
    assert "lti/connections.py" in found
