"""The load generator: processes that hold many conversations at once, each in one thread that waits for none of them.

It writes to sockets itself and signs with ``cryptography`` itself: a client library costs more per request than the
tools that are measured. What it needs of the processors, and how far it comes against a server that does nothing, is
printed with what it measured.
"""

from __future__ import annotations

import dataclasses
import heapq
import itertools
import json
import random
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import conversations
from tests.bench.conversations import (
    Answer,
    Begun,
    Conversation,
    Lesson,
    Platform,
    Request,
    Session,
    Tool,
    WrongAnswerError,
)

ROOT = Path(__file__).parents[2]
PROCESSES = 2
MOST_ERRORS_SHOWN = 3


@dataclass(slots=True)
class Tally:
    """What a run did: how long each request took by its name, and each conversation as a whole."""

    seconds: float = 0.0
    cpu_s: float = 0.0
    done: int = 0
    errors: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Errors that are what is measured."""
    times: dict[str, list[float]] = field(default_factory=dict)
    """In seconds; ``whole`` adds up the requests of a conversation."""

    @property
    def rate(self) -> float:
        """Conversations in a second."""
        return self.done / self.seconds

    @property
    def cpu_share(self) -> float:
        """How many processors the generator kept busy."""
        return self.cpu_s / self.seconds

    def add(self, other: Tally) -> None:
        """Take in what another process did in the same time."""
        self.seconds = max(self.seconds, other.seconds)
        self.cpu_s += other.cpu_s
        self.done += other.done
        self.errors += other.errors
        self.lost += other.lost
        for name, times in other.times.items():
            self.times.setdefault(name, []).extend(times)

    def note(self, name: str, seconds: float) -> None:
        """Add a time."""
        self.times.setdefault(name, []).append(seconds)


class _Line:
    """A connection and the conversation that it carries at the moment."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(60)
        self.received = bytearray()
        self.conversation: Conversation | None = None
        self.following: Request | None = None
        self.due = self.whole_s = 0.0


class Driver:
    """Holds conversations over connections of one process.

    Args:
        port: of the server, on this machine.
        connections: at most; where conversations begin by a timetable, more are opened as needed.
    """

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self.pause_s = 0.0
        """Between the moments at which two requests of a conversation are due."""
        self._selector = selectors.DefaultSelector()
        self._idle = [self._open() for _ in range(connections)]
        self._due: list[tuple[float, int, _Line | Conversation]] = []
        self._number = 0
        self._busy = 0
        self.tally = Tally()

    def close(self) -> None:
        """Close the connections."""
        for key in list(self._selector.get_map().values()):
            key.data.socket.close()
        self._selector.close()

    def run(self, pending: Iterator[Conversation], seconds: float = float("inf")) -> None:
        """Hold conversations one after the other on each connection: all of them, or those that begin in a time."""
        with self._measured() as began:
            has_more = True
            while has_more or self._busy:
                while has_more and self._idle:
                    following = next(pending, None) if time.perf_counter() < began + seconds else None
                    has_more = following is not None
                    if following is not None:
                        self._begin(following, time.perf_counter())
                self._hear(None)

    def run_by_timetable(self, pending: Iterable[tuple[float, Conversation]]) -> None:
        """Begin each conversation at its second, and each of its requests a pause after the one before was due.

        The time of a request counts from when it was due: what waits because others are served late takes longer.
        """
        with self._measured() as began:
            for at, conversation in pending:
                self._put_off(began + at, conversation)
            while self._due or self._busy:
                while self._due and self._due[0][0] <= time.perf_counter():
                    due, _, item = heapq.heappop(self._due)
                    if isinstance(item, _Line):
                        self._send(item)
                    else:
                        self._begin(item, due)
                self._hear(max(0.0, self._due[0][0] - time.perf_counter()) if self._due else None)

    @contextmanager
    def _measured(self) -> Iterator[float]:
        began, cpu = time.perf_counter(), time.process_time()
        yield began
        self.tally.seconds += time.perf_counter() - began
        self.tally.cpu_s += time.process_time() - cpu

    def _open(self) -> _Line:
        line = _Line(self._port)
        self._selector.register(line.socket, selectors.EVENT_READ, line)
        return line

    def _put_off(self, due: float, item: _Line | Conversation) -> None:
        self._number += 1
        heapq.heappush(self._due, (due, self._number, item))

    def _begin(self, conversation: Conversation, due: float) -> None:
        line = self._idle.pop() if self._idle else self._open()
        line.conversation, line.due, line.whole_s = conversation, due, 0.0
        self._busy += 1
        self._go_on(line, None)

    def _go_on(self, line: _Line, answer: Answer | None) -> None:
        conversation = line.conversation
        assert conversation is not None
        try:
            line.following = next(conversation) if answer is None else conversation.send(answer)
        except StopIteration:
            self.tally.done += 1
            self.tally.note("whole", line.whole_s)
        except (WrongAnswerError, LookupError, ValueError) as error:
            self.tally.errors.append(f"{type(error).__name__}: {error}")
        else:
            if answer is None:
                self._send(line)
            elif self.pause_s:
                line.due += self.pause_s
                self._put_off(line.due, line)
            else:
                line.due = time.perf_counter()
                self._send(line)
            return
        line.conversation = None
        self._busy -= 1
        self._idle.append(line)

    def _send(self, line: _Line) -> None:
        assert line.following is not None
        line.socket.sendall(line.following.content)

    def _hear(self, timeout_s: float | None) -> None:
        if not self._busy and timeout_s is None:
            return
        for key, _ in self._selector.select(timeout_s):
            line: _Line = key.data
            chunk = line.socket.recv(262_144)
            line.received += chunk
            if not chunk:
                self._lose(line)
            elif (answer := read_answer(line.received)) is not None:
                assert line.following is not None
                took = time.perf_counter() - line.due
                self.tally.note(line.following.name, took)
                line.whole_s += took
                line.received.clear()
                self._go_on(line, answer)

    def _lose(self, line: _Line) -> None:
        """Put a connection that the server closed out of use; in the middle of a conversation that is an error."""
        self._selector.unregister(line.socket)
        line.socket.close()
        if line.conversation is not None:
            self.tally.errors.append("the server closed a connection that was in use")
            self._busy -= 1
            self._due = [each for each in self._due if each[2] is not line]
            heapq.heapify(self._due)
        else:
            self._idle.remove(line)
        self._idle.append(self._open())


def read_answer(received: bytearray) -> Answer | None:
    """Read an answer once all of it has come."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(received[:end])
    lowered = head.lower()
    start = lowered.find(b"\r\ncontent-length:")
    if start >= 0:
        length = int(lowered[start + 17 :].split(b"\r\n", 1)[0])
        if len(received) < end + 4 + length:
            return None
    elif b"\r\ntransfer-encoding: chunked" in lowered and not received.endswith(b"0\r\n\r\n"):
        return None
    return Answer(int(head[9:12]), head, bytes(received[end + 4 :]))


def generate(job: str, *, port: int, connections: int, processes: int = PROCESSES, **parameters: Any) -> Tally:
    """Run a job of this module in processes of its own that begin together; they share the connections.

    Raises:
        SystemExit: if one of them fails, or if an answer was wrong: a bench with errors measured something else.
    """
    plans = [
        {"job": job, "port": port, "connections": connections // processes, "number": number, "of": processes}
        for number in range(processes)
    ]
    command = [sys.executable, "-m", "tests.bench.generator"]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in plans
    ]
    tally = Tally()
    try:
        for process, plan in zip(running, plans, strict=True):
            _tell(process, json.dumps({**plan, "parameters": parameters}))
        for process in running:
            _hear(process)
        for process in running:
            _tell(process, "go")
        for process in running:
            tally.add(Tally(**json.loads(_hear(process))))
    finally:
        for process in running:
            process.kill()
            process.communicate()
    if tally.errors:
        shown = "\n  ".join(tally.errors[:MOST_ERRORS_SHOWN])
        raise SystemExit(f"{job} at port {port}: {len(tally.errors)} errors, {tally.done} done:\n  {shown}")
    return tally


def percentile(times: Sequence[float], share: float) -> float:
    """Give the time that so large a share of the times does not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise SystemExit("A process of the load generator ended early; its own words are above.")
    return line


def get(driver: Driver, plan: dict[str, Any], *, path: str, seconds: float) -> None:
    """Ask for one page again and again."""
    driver.run(conversations.get_again(f"localhost:{plan['port']}", path), seconds)


def launch(
    driver: Driver, plan: dict[str, Any], *, platform: dict[str, Any], tool: dict[str, Any], **options: float
) -> None:
    """Launch for so many ``seconds``, or each person once."""
    signer = Platform(**platform)
    pending = conversations.launches(signer, Tool(**tool), plan["number"], plan["of"])
    if "seconds" not in options:
        pending = itertools.islice(pending, len(range(plan["number"], signer.people, plan["of"])))
    driver.run(pending, options.get("seconds", float("inf")))


def hold_logins(driver: Driver, plan: dict[str, Any], *, platform: dict[str, Any], tool: dict[str, Any]) -> None:
    """Begin a login for each person, and only then answer them all; a launch that is refused is no error here."""
    signer, where = Platform(**platform), Tool(**tool)
    begun: list[Begun] = []
    driver.run(
        conversations.log_in(signer, where, person, begun)
        for person in range(plan["number"], signer.people, plan["of"])
    )
    if driver.tally.errors:
        return
    driver.tally.done = 0
    driver.run(conversations.answer_login(signer, where, each) for each in begun)
    driver.tally.lost, driver.tally.errors = driver.tally.errors, []


def read(
    driver: Driver,
    plan: dict[str, Any],
    *,
    platform: dict[str, Any],
    tool: dict[str, Any],
    pages: list[str],
    seconds: float,
) -> None:
    """Launch, and then read pages again and again."""
    signer, where = Platform(**platform), Tool(**tool)
    sessions: list[Session] = []
    people = range(plan["number"], signer.people, plan["of"])
    driver.run(conversations.enter(signer, where, person, sessions) for person in people)
    # The first visit to a page is written down.
    first = itertools.islice(conversations.read_pages(where, sessions, pages), len(pages) * len(sessions))
    driver.run(first)
    errors, driver.tally = driver.tally.errors, Tally()
    driver.tally.errors = errors
    driver.run(conversations.read_pages(where, sessions, pages), seconds)


def learn(
    driver: Driver,
    plan: dict[str, Any],
    *,
    platform: dict[str, Any],
    tool: dict[str, Any],
    lesson: dict[str, Any],
    first: int,
    count: int,
    rate: float = 0.0,
    pause_s: float = 0.0,
) -> None:
    """Let so many people learn: as fast as the connections let them, or a certain number more each second."""
    signer, where, what = Platform(**platform), Tool(**tool), Lesson(**lesson)
    people = range(first + plan["number"], first + count, plan["of"])
    pending = (conversations.learn(signer, where, person, what) for person in people)
    if not rate:
        driver.run(pending)
        return
    driver.pause_s = pause_s
    # Evenly spread would be kinder than people are.
    chance = random.Random(plan["number"])
    at = itertools.accumulate(chance.expovariate(rate / plan["of"]) for _ in people)
    driver.run_by_timetable(zip(at, pending, strict=True))


JOBS = {job.__name__: job for job in (get, launch, hold_logins, read, learn)}


def main() -> None:
    """Do what the first line of the input says once the second line comes; print a tally as JSON."""
    plan = json.loads(sys.stdin.readline())
    driver = Driver(plan["port"], plan["connections"])
    print("ready", flush=True)
    sys.stdin.readline()
    JOBS[plan["job"]](driver, plan, **plan["parameters"])
    driver.close()
    print(json.dumps(dataclasses.asdict(driver.tally)), flush=True)


if __name__ == "__main__":
    main()
