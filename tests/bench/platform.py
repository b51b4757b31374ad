"""A platform that does next to nothing, as a process of its own: a key set, tokens, and scores that are counted.

``python -m tests.bench.platform PORT`` serves it. ``PUT /delay/50`` lets it answer scores after 50 ms; ``GET /counts``
says how often each path was asked for, and ``GET /arrivals`` how many scores came, for how many people, and when.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path


class Platform:
    """What the platform was asked, and how slowly it answers."""

    def __init__(self, key_set: bytes) -> None:
        self.key_set = key_set
        self.delay_s = 0.0
        self.counts: Counter[str] = Counter()
        self.people: set[str] = set()
        self.scores: list[float] = []

    def answer(self, method: str, path: str, body: bytes) -> tuple[bytes, float]:
        """Give the body of an answer, and the seconds until it is sent."""
        path = path.partition("?")[0]
        if path == "/counts":
            return json.dumps(self.counts).encode(), 0
        if path == "/arrivals":
            first, last = (self.scores[0], self.scores[-1]) if self.scores else (0.0, 0.0)
            said = {"people": len(self.people), "scores": len(self.scores), "first": first, "last": last}
            return json.dumps(said).encode(), 0
        if path == "/forget":
            self.counts.clear()
            self.people.clear()
            self.scores.clear()
            return b"{}", 0
        if method == "PUT":
            self.delay_s = float(path.rpartition("/")[2]) / 1000
            return b"{}", 0
        self.counts[path] += 1
        if "keys" in path or "jwks" in path:
            return self.key_set, 0
        if path.endswith("/token"):
            return b'{"access_token":"token","token_type":"Bearer","expires_in":3600}', 0
        if path.endswith("/scores"):
            self.people.add(json.loads(body)["userId"])
            self.scores.append(time.perf_counter())
            return b"", self.delay_s
        return b"[]", 0


class Line(asyncio.Protocol):
    """A connection; it is kept, and requests on it come one after the other."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, blank, rest = self.received.partition(b"\r\n\r\n")
        if not blank:
            return
        lowered = head.lower()
        start = lowered.find(b"content-length:")
        length = int(lowered[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
        if len(rest) < length:
            return
        self.received = rest[length:]
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
        body, delay_s = self.platform.answer(method, path, rest[:length])
        said = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        if delay_s:
            asyncio.get_running_loop().call_later(delay_s, self.transport.write, said)
        else:
            self.transport.write(said)


async def serve(port: int, key_set: bytes) -> None:
    """Answer until the process is ended."""
    platform = Platform(key_set)
    server = await asyncio.get_running_loop().create_server(lambda: Line(platform), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]).read_bytes()))
