"""Calls to platforms: where they may go, and what a hostile server can do to them."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from ipaddress import ip_address

import pytest

from lti_tool import metrics
from lti_tool.errors import PlatformError, SettingsError
from lti_tool.lti.addresses import is_public, parse_url
from lti_tool.lti.egress import Egress
from tests.lti_tool.servers import answer, make_certificate, raw_server, read_request


def egress(*allow: str, timeout_s: float = 2.0, max_bytes: int = 1000, **options) -> Egress:
    return Egress(allow, timeout_s, max_bytes, **options)


def say(reply: bytes, requests: list[bytes] | None = None):
    """Answer every request of a connection with the same bytes."""

    def converse(connection: socket.socket) -> None:
        while request := read_request(connection):
            if requests is not None:
                requests.append(request)
            connection.sendall(reply)

    return converse


def test_gives_status_headers_and_body():
    requests: list[bytes] = []
    with raw_server(say(answer(b"hello", "201 Created", "X-Kind: short"), requests)) as port:
        got = egress("127.0.0.1").request(
            "POST", f"http://127.0.0.1:{port}/scores?type_id=1", {"Content-Type": "text/plain"}, b"a body"
        )
    assert (got.status, got.headers["x-kind"], got.body) == (201, "short", b"hello")
    head, _, body = requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /scores?type_id=1 HTTP/1.1\r\n")
    assert f"host: 127.0.0.1:{port}".encode() in head.lower()
    assert b"user-agent: hybrid-training/" in head.lower()
    assert body == b"a body"


def test_calls_are_counted_by_how_they_ended(monkeypatch):
    counted: list[tuple[str, str]] = []
    monkeypatch.setattr(metrics, "observe", lambda name, seconds, outcome: counted.append((name, outcome)))
    with raw_server(say(answer(b"", "404 Not Found"))) as port:
        egress("127.0.0.1").request("GET", f"http://127.0.0.1:{port}/")
    with pytest.raises(PlatformError):
        egress().request("GET", "https://127.0.0.1/")
    assert counted == [("egress", "4xx"), ("egress", "failed")]


def test_uses_a_connection_again():
    connections: list[socket.socket] = []

    def converse(connection: socket.socket) -> None:
        connections.append(connection)
        say(answer(b"ok"))(connection)

    with raw_server(converse) as port:
        client = egress("127.0.0.1")
        for _ in range(3):
            assert client.request("GET", f"http://127.0.0.1:{port}/").body == b"ok"
        assert len(connections) == 1


def test_opens_a_new_connection_where_the_server_closed_the_old_one():
    def converse(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer(b"ok"))

    with raw_server(converse) as port:
        client = egress("127.0.0.1")
        assert client.request("GET", f"http://127.0.0.1:{port}/").body == b"ok"
        time.sleep(0.05)
        assert client.request("GET", f"http://127.0.0.1:{port}/").body == b"ok"


def test_follows_no_redirect():
    with raw_server(say(answer(b"", "302 Found", "Location: http://127.0.0.1:1/elsewhere"))) as port:
        got = egress("127.0.0.1").request("GET", f"http://127.0.0.1:{port}/")
    assert got.status == 302


def test_takes_no_proxy_from_the_environment(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with raw_server(say(answer(b"direct"))) as port:
        assert egress("127.0.0.1").request("GET", f"http://127.0.0.1:{port}/").body == b"direct"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fc00::1",
        "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2001:db8::1", "2001::1",
    ],
)  # fmt: skip
def test_calls_no_address_that_is_not_public(address):
    assert not is_public(ip_address(address))
    client = egress(resolve=lambda host, port: [address])
    with pytest.raises(PlatformError, match="may not be called") as caught:
        client.request("GET", "https://lms.example.org/")
    assert caught.value.is_outcome_known


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"])
def test_takes_public_addresses_for_what_they_are(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("literal", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "localhost"])
def test_calls_no_private_address_however_it_is_written(literal):
    with pytest.raises(PlatformError, match=r"may not be called|not found"):
        egress().request("GET", f"https://{literal}/")


def test_calls_no_public_host_over_plain_http():
    client = egress(resolve=lambda host, port: ["9.9.9.9"])
    with pytest.raises(PlatformError, match="may not be called") as caught:
        client.request("GET", "http://lms.example.org/keys?secret=1")
    assert "EGRESS_ALLOW" in caught.value.detail
    assert "secret" not in caught.value.detail


@pytest.mark.parametrize("entry", ["127.0.0.0/8", "127.0.0.1", "lms.test", "LMS.test", "lms.test:{port}"])
def test_calls_what_the_administrator_named(entry):
    with raw_server(say(answer(b"ok"))) as port:
        client = egress(entry.format(port=port), resolve=lambda host, port: ["127.0.0.1"])
        assert client.request("GET", f"http://lms.test:{port}/").body == b"ok"


@pytest.mark.parametrize("entry", ["lms.test:1", "other.test", "10.0.0.0/8", "test"])
def test_an_entry_for_something_else_opens_nothing(entry):
    client = egress(entry, resolve=lambda host, port: ["127.0.0.1"])
    with pytest.raises(PlatformError, match="may not be called"):
        client.request("GET", "http://lms.test:2/")


@pytest.mark.parametrize(
    "entry", ["https://lms.test", "lms.test/path", "lms.test?x", "lms.test#x", "a:b:c", "user@lms.test", "lms test"]
)
def test_refuses_entries_that_mean_nothing(entry):
    with pytest.raises(SettingsError, match="EGRESS_ALLOW"):
        egress(entry)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://lms.test/", "file:///etc/passwd", "//lms.test/", "https://", "https://user:pw@lms.test/",
        "https://lms.test\\@127.0.0.1/", "https://lms.test/a b", "https://lms.test/\r\nX: 1", "https://lms.test:99999/",
        "https://lms.tést/", "",
    ],
)  # fmt: skip
def test_refuses_addresses_that_are_none(url):
    with pytest.raises(PlatformError, match="cannot be called"):
        egress("lms.test").request("GET", url)


def test_looks_a_host_up_once_so_that_a_changing_name_gains_nothing():
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    with raw_server(say(answer(b"checked"))) as port:
        client = egress("127.0.0.1/32", resolve=lambda host, port: next(answers))
        assert client.request("GET", f"http://rebinding.test:{port}/").body == b"checked"
        # The second call looks it up anew and checks anew, though a connection to the first address is at hand.
        with pytest.raises(PlatformError, match="may not be called"):
            client.request("GET", f"http://rebinding.test:{port}/")


def test_skips_the_private_addresses_of_a_host():
    with raw_server(say(answer(b"ok"))) as port:
        client = egress("127.0.0.1/32", resolve=lambda host, port: ["10.0.0.1", "127.0.0.1"])
        assert client.request("GET", f"http://lms.test:{port}/").body == b"ok"


def test_tries_the_next_address_when_one_takes_no_connection():
    with raw_server(say(answer(b"ok"))) as port:
        client = egress("127.0.0.0/8", resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
        assert client.request("GET", f"http://lms.test:{port}/").body == b"ok"


def test_checks_the_certificate_against_the_host_and_not_the_address(tmp_path):
    server, trusting = make_certificate(tmp_path, "lms.test")
    requests: list[bytes] = []
    with raw_server(say(answer(b"ok"), requests), server) as port:
        client = egress("127.0.0.0/8", resolve=lambda host, port: ["127.0.0.1"], tls=trusting)
        assert client.request("GET", f"https://lms.test:{port}/").body == b"ok"
        assert f"host: lms.test:{port}".encode() in requests[0].lower()
        for url in (f"https://other.test:{port}/", f"https://127.0.0.1:{port}/"):
            with pytest.raises(PlatformError, match="could not be reached") as caught:
                client.request("GET", url)
            assert caught.value.is_outcome_known
    assert len(requests) == 1


def test_trusts_no_certificate_of_unknown_origin(tmp_path):
    server, _ = make_certificate(tmp_path, "lms.test")
    with raw_server(say(answer(b"ok")), server) as port:
        client = egress("127.0.0.0/8", resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(PlatformError, match="could not be reached"):
            client.request("GET", f"https://lms.test:{port}/")


def drip(first: bytes, then: bytes):
    """Send one byte after another, each soon enough for a timeout per read."""

    def converse(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(first)
        for _ in range(500):
            connection.sendall(then)
            time.sleep(0.02)

    return converse


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"HTTP/1.1 200 ", b"O"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "header", "body", "continue"],
)
@pytest.mark.parametrize("has_tls", [False, True], ids=["http", "https"])
def test_one_deadline_ends_a_server_that_drips(first, then, has_tls, tmp_path):
    server, trusting = make_certificate(tmp_path, "127.0.0.1")
    with raw_server(drip(first, then), server if has_tls else None) as port:
        began = time.monotonic()
        url = f"http{'s' * has_tls}://127.0.0.1:{port}/"
        with pytest.raises(PlatformError) as caught:
            egress("127.0.0.1", timeout_s=0.5, tls=trusting).request("GET", url)
        assert time.monotonic() - began < 4
    assert not caught.value.is_outcome_known


def test_one_deadline_ends_a_tls_handshake_that_never_comes():
    with raw_server(drip(b"", b"\x16")) as port:
        began = time.monotonic()
        with pytest.raises(PlatformError) as caught:
            egress("127.0.0.1", timeout_s=0.5).request("GET", f"https://127.0.0.1:{port}/")
        assert time.monotonic() - began < 4
    assert caught.value.is_outcome_known


def test_one_deadline_ends_a_look_up_that_hangs():
    released = threading.Event()

    def hang(host: str, port: int) -> list[str]:
        released.wait(5)
        return ["127.0.0.1"]

    began = time.monotonic()
    with pytest.raises(PlatformError, match="not found") as caught:
        egress("127.0.0.1", timeout_s=0.1, resolve=hang).request("GET", "http://slow.test/")
    released.set()
    assert time.monotonic() - began < 4
    assert caught.value.is_outcome_known


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"x" * 1001),
        answer(gzip.compress(b"\0" * 50_000_000), "200 OK", "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nf00000\r\n" + b"x" * 4096,
        b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 1001,
    ],
    ids=["long", "packed", "chunked", "unending"],
)  # fmt: skip
def test_reads_no_more_than_the_limit(reply):
    with raw_server(say(reply)) as port, pytest.raises(PlatformError, match="larger") as caught:
        egress("127.0.0.1").request("GET", f"http://127.0.0.1:{port}/")
    assert not caught.value.is_outcome_known


@pytest.mark.parametrize(
    "reply", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", b"\0\xff garbage\r\n\r\n"]
)
def test_an_answer_that_breaks_off_leaves_the_outcome_unknown(reply):
    def converse(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(reply)

    with raw_server(converse) as port, pytest.raises(PlatformError) as caught:
        egress("127.0.0.1").request("POST", f"http://127.0.0.1:{port}/", body=b"score")
    assert not caught.value.is_outcome_known


def test_a_refused_connection_leaves_the_outcome_known():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(PlatformError, match="could not be reached") as caught:
        egress("127.0.0.1").request("POST", f"http://127.0.0.1:{port}/")
    assert caught.value.is_outcome_known


def test_names_the_port_in_the_host_only_where_it_is_not_the_usual_one():
    assert parse_url("https://LMS.example.org:443/a?b#c").host_header == "lms.example.org"
    assert parse_url("https://[2001:db8::1]:8443/").host_header == "[2001:db8::1]:8443"
