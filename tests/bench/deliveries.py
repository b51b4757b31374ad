"""Scores delivered per second by the real worker, beside the bare client of the same HTTP library.

``python -m tests.bench deliveries --rounds 3 --seconds 5`` says how often and how long, ``--delays 50`` after how many
milliseconds the platform answers. Rates are taken at the platform, from the first score that came to the last.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.demo import prepare
from lti_tool.demo.stack import Addresses, free_port
from lti_tool.extensions import db
from lti_tool.jobs.loop import THREADS
from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.models import Attempt, Deployment, Person, Placement, Registration, Release, Score, ScoreState
from lti_tool.services.scores import queue_score
from tests.bench import servers
from tests.bench.generator import ROOT
from tests.bench.servers import BenchPlatform
from tests.bench.stored import store
from tests.bench.table import word

ROUNDS, SECONDS = 3, 5.0
COLUMNS = 20
MOST_AT_ONCE = 400
"""Scores per second that are guessed to be delivered where the platform answers at once."""
_DIGEST = "0" * 64
_WAIT_S = 300.0


@dataclass(slots=True)
class Case:
    """One way to deliver, and the rates that were found."""

    database: str
    delay_ms: int
    at_once: int
    wanted: float | None
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def count(self, seconds: float) -> int:
        """How many scores keep it busy for so long."""
        rate = self.at_once / (self.delay_ms / 1000) if self.delay_ms else MOST_AT_ONCE
        return max(4, int(min(rate, MOST_AT_ONCE) * seconds))


CASES = (
    ("SQLite", 0, THREADS, 0.85),
    ("SQLite", 50, THREADS, 0.97),
    ("PostgreSQL", 0, 8, None),
    ("PostgreSQL", 50, 8, 0.9),
    ("PostgreSQL", 50, 13, 0.9),
)


@dataclass(slots=True)
class Course:
    """Learners with attempts that nobody has queued a score for yet."""

    name: str
    environment: dict[str, str]
    attempts: Iterator[list[int]]


def run(arguments: Sequence[str] = ()) -> None:
    """Deliver in turns: the bare client, then our worker, in each case."""
    parser = argparse.ArgumentParser(prog="deliveries")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement, about")
    parser.add_argument("--delays", type=lambda text: [int(part) for part in text.split(",")], default=[0, 50])
    options = parser.parse_args(arguments)
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        platform = BenchPlatform(folder)
        postgres = stack.enter_context(servers.new_database())
        stack.enter_context(servers.running(platform.server))
        databases = {"SQLite": ""} | ({"PostgreSQL": postgres} if postgres else {})
        cases = [Case(*case) for case in CASES if case[1] in options.delays]
        for database, url in databases.items():
            own = [case for case in cases if case.database == database]
            sizes = [case.count(options.seconds) for _ in range(options.rounds) for case in own]
            course = _course(folder / database, platform, url, sizes)
            for _ in range(options.rounds):
                for case in own:
                    _measure(case, course, platform)
        if postgres:
            _print_ceiling(postgres, options)
    _print_cases(cases)


def _course(folder: Path, platform: BenchPlatform, url: str, sizes: list[int]) -> Course:
    """Make a course in our database, with as many submitted attempts as all measurements need."""
    port = free_port()
    environment = servers.our_environment(folder, platform, port, url, RUNS_WORKER="no")
    prepare.prepare_database(environment, [], Addresses(tool_port=port, lms_port=platform.server.port))
    settings = Settings.from_environment(environment)
    at = datetime.now(UTC)
    with application(settings):
        registration_id = db.session.scalar(select(Registration.id))
    total = sum(sizes)
    with store(settings.sqlalchemy_url) as rows:
        rows.put(Release, [_release(at)])
        rows.put(Deployment, [{"id": 1, "registration_id": registration_id, "deployment_id": "1", "created_at": at}])
        rows.put(Placement, (_placement(number, platform, at) for number in range(1, COLUMNS + 1)))
        rows.put(
            Person,
            (
                {
                    "id": number,
                    "registration_id": registration_id,
                    "sub": f"learner-{number}",
                    "created_at": at,
                    "last_seen_at": at,
                }
                for number in range(1, total + 1)
            ),
        )
        rows.put(Attempt, (_attempt(number, at) for number in range(1, total + 1)))
    return Course(folder.name, environment, _slices(sizes))


def _slices(sizes: list[int]) -> Iterator[list[int]]:
    start = 1
    for size in sizes:
        yield list(range(start, start + size))
        start += size


def _release(at: datetime) -> dict[str, Any]:
    return {"digest": _DIGEST, "module_id": "m", "version": "1.0.0", "title": {}, "archive": b"", "published_at": at}


def _placement(number: int, platform: BenchPlatform, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "deployment_id": 1,
        "resource_link_id": f"link-{number}",
        "line_item_url": _column(platform, number),
        "scopes": [SCORE_SCOPE, RESULT_SCOPE],
        "created_at": at,
    }


def _column(platform: BenchPlatform, number: int) -> str:
    return f"{platform.address}/courses/{number}/lineitems/1/lineitem"


def _attempt(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "placement_id": number % COLUMNS + 1,
        "person_id": number,
        "quiz_id": "quiz",
        "number": 1,
        "release_digest": _DIGEST,
        "seed": b"",
        "started_at": at,
        "submitted_at": at,
        "points": "5",
        "max_points": "8",
    }


def _measure(case: Case, course: Course, platform: BenchPlatform) -> None:
    attempts = next(course.attempts)
    platform.ask("PUT", f"/delay/{case.delay_ms}")
    with application(Settings.from_environment(course.environment)):
        sent = _queue(attempts)
    case.bare.append(_send_bare(sent, case, platform))
    case.ours.append(_deliver(len(sent), case, course, platform))
    with application(Settings.from_environment(course.environment)):
        delivered = db.session.scalar(
            select(func.count()).where(Score.attempt_id.in_(attempts), Score.state == ScoreState.DELIVERED)
        )
    if delivered != len(attempts):
        raise SystemExit(f"{delivered} of {len(attempts)} scores stand as delivered on {case.database}.")


def _queue(attempts: list[int]) -> list[tuple[str, str]]:
    """Queue scores as a submit does; give the address and the body that each is sent to and with."""
    sent = []
    for start in range(0, len(attempts), 200):
        wanted = select(Attempt).where(Attempt.id.in_(attempts[start : start + 200]))
        for attempt in db.session.scalars(wanted).all():
            score = queue_score(
                db.session(),
                attempt=attempt,
                launch_line_item_url=attempt.placement.line_item_url,
                points=Fraction(5),
                max_points=Fraction(8),
                at=datetime.now(UTC),
            )
            assert score
            sent.append((f"{score.line_item_url.partition('/courses')[2]}/scores", score.payload))
        db.session.commit()
    return [(f"/courses{path}", payload) for path, payload in sent]


def _send_bare(sent: list[tuple[str, str]], case: Case, platform: BenchPlatform) -> float:
    platform.ask("GET", "/forget")
    command = [sys.executable, "-m", "tests.bench.senders", "bare", platform.address, str(case.at_once)]
    subprocess.run(command, input=json.dumps(sent), text=True, check=True, cwd=ROOT)
    return _rate(len(sent), platform)


def _deliver(count: int, case: Case, course: Course, platform: BenchPlatform) -> float:
    platform.ask("GET", "/forget")
    command = [sys.executable, "-m", "lti_tool.cli", "worker", "--concurrency", str(case.at_once)]
    log = Path(course.environment["DATA_DIR"]) / "worker.log"
    with log.open("ab") as said:
        worker = subprocess.Popen(
            command, env={**os.environ, **course.environment}, stdout=said, stderr=said, start_new_session=True
        )
    try:
        deadline = time.monotonic() + _WAIT_S
        while platform.ask("GET", "/arrivals")["people"] < count:
            if worker.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"Scores were lost. The worker said:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
    finally:
        worker.terminate()
        worker.wait(30)
    return _rate(count, platform)


def _rate(count: int, platform: BenchPlatform) -> float:
    """Give the scores per second, after a look at whether each came, and came once."""
    arrivals = platform.ask("GET", "/arrivals")
    if (arrivals["people"], arrivals["scores"]) != (count, count):
        raise SystemExit(f"{arrivals['scores']} scores for {arrivals['people']} of {count} people came.")
    return float((count - 1) / (arrivals["last"] - arrivals["first"]))


def _print_ceiling(database: str, options: argparse.Namespace) -> None:
    count = max(20, int(MOST_AT_ONCE * options.seconds))
    command = [sys.executable, "-m", "tests.bench.senders", "empty-jobs", database, "8", str(count)]
    rates = [
        float(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
        for _ in range(options.rounds)
    ]
    print(f"procrastinate's ceiling, one process that does nothing: {statistics.median(rates):,.0f} jobs/s\n")


def _print_cases(cases: Sequence[Case]) -> None:
    print("| scores to | answered after | at once | bare client/s | ours/s | wanted | found | met |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    for case in cases:
        start = f"| {case.database} | {case.delay_ms} ms | {case.at_once}"
        if not case.ours:
            print(f"{start} | missing | – | – | – | – |")
            continue
        bare, ours = statistics.median(case.bare), statistics.median(case.ours)
        found = ours / bare
        wanted, is_met = (f"at least {case.wanted}", word(found >= case.wanted)) if case.wanted else ("–", "–")
        print(f"{start} | {bare:,.0f} | {ours:,.0f} | {wanted} | {found:.2f} | {is_met} |")
    print(f"\nLoad of this machine after: {os.getloadavg()[0]:.1f}")
