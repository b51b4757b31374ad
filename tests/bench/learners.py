"""Learners at once: each launches, reads five pages, has twelve answers saved while going on, and submits.

Closed: 64 connections that never rest. Open: people come by chance, at half the rate that the closed run reached, and
the time of what they ask for counts from when they ask. ``--learners 100 --without PostgreSQL`` runs a part of it.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.extensions import db
from lti_tool.models import Answer, Attempt, PageVisit, Score
from tests.bench import servers
from tests.bench.conversations import Lesson
from tests.bench.generator import Tally, generate, percentile
from tests.bench.servers import BenchPlatform, Server
from tests.bench.table import word

LEARNERS, CONNECTIONS, SECONDS = 1000, 64, 5.0
LESSON = Lesson(
    pages=("why-cities-stall", "who-owns-innovation", "principles-and-standards", "portfolio", "quiz"),
    quiz_id="readiness-quiz",
    autosaves=12,
)
_REQUESTS = 2 + len(LESSON.pages) + LESSON.autosaves + 1
_PAUSE_S = 1.0
"""Between two requests of somebody in the open run."""
_PAGE, _MIX = {"SQLite": 0.22, "PostgreSQL": 0.12}, {"SQLite": 0.13, "PostgreSQL": 0.08}
_MOST_P99 = 2.5


def run(arguments: Sequence[str] = ()) -> None:
    """Let learners come, on SQLite and on PostgreSQL, with hello world on the same server just before."""
    parser = argparse.ArgumentParser(prog="learners")
    parser.add_argument("--learners", type=int, default=LEARNERS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of hello world and of reading")
    parser.add_argument("--pause", type=float, default=_PAUSE_S, help="seconds between two requests in the open run")
    parser.add_argument("--connections", type=int, default=CONNECTIONS, help="in the closed run")
    parser.add_argument("--without", type=lambda text: text.split(","), default=[], help="databases to leave out")
    options = parser.parse_args(arguments)
    targets: list[str] = []
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}\n")
    print("| what | a second | of hello world | request | p50 | p99 |\n|---|---:|---:|---|---:|---:|")
    for database in ("SQLite", "PostgreSQL"):
        if database not in options.without:
            targets += _measure(database, options)
    print(f"\nLoad of this machine after: {os.getloadavg()[0]:.1f}\n")
    print("| target | wanted | found | met |\n|---|---:|---:|---|", *targets, sep="\n")


def _measure(database: str, options: argparse.Namespace) -> list[str]:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        url = stack.enter_context(servers.new_database()) if database == "PostgreSQL" else ""
        if url is None:
            print(f"| {database} | missing | – | – | – | – |")
            return [f"| {database} | – | missing | – |"]
        platform = BenchPlatform(folder, people=options.connections)
        ours = servers.our_tool(database, folder / "ours", platform, url)
        hello = servers.granian("hello world", "flask_hello", folder)
        stack.enter_context(servers.running(platform.server, hello, ours))
        world = generate("get", port=hello.port, connections=options.connections, path="/", seconds=options.seconds)
        _print(f"{database}: hello world in Flask", world, world.rate, world.rate, "get")
        reading = list(LESSON.pages[:4])
        pages = _generate("read", ours, platform, options, pages=reading, seconds=options.seconds)
        _print(f"{database}: a page", pages, pages.rate, world.rate, "page")
        # People who never came before, in activities of their own.
        closed = _learn(ours, platform, options, options.connections)
        rate = closed.rate / 2
        opened = _learn(
            ours, platform, options, options.connections + options.learners, rate=rate, pause_s=options.pause
        )
        _check(ours, options)
    for what, tally in (("learners, closed", closed), ("learners, open at half the rate", opened)):
        for request in ("launch", "page", "save", "submit"):
            _print(f"{database}: {what}", tally, tally.rate * _REQUESTS, world.rate, request)
    spread = percentile(closed.times["save"], 0.99) / percentile(closed.times["save"], 0.5)
    return [
        _target(f"{database}, pages, of hello world", _PAGE[database], pages.rate / world.rate),
        _target(f"{database}, the mix, of hello world", _MIX[database], closed.rate * _REQUESTS / world.rate),
        f"| {database}, saving, p99 ÷ p50 | at most {_MOST_P99} | {spread:.1f} | {word(spread <= _MOST_P99)} |",
    ]


def _learn(ours: Server, platform: BenchPlatform, options: argparse.Namespace, first: int, **more: float) -> Tally:
    return _generate(
        "learn", ours, platform, options, lesson=asdict(LESSON), first=first, count=options.learners, **more
    )


def _generate(job: str, ours: Server, platform: BenchPlatform, options: argparse.Namespace, **parameters: Any) -> Tally:
    tool = servers.as_parameters(ours.tool)
    return generate(
        job, port=ours.port, connections=options.connections, platform=platform.parameters, tool=tool, **parameters
    )


def _check(ours: Server, options: argparse.Namespace) -> None:
    """Count what was kept: each save, each submitted attempt with its score, each page that was opened."""
    with application(Settings.from_environment({**ours.environment, "RUNS_WORKER": "no"})):
        learners = select(Attempt.id).where(Attempt.submitted_at.is_not(None))
        attempts = db.session.scalar(select(func.count()).select_from(learners.subquery()))
        saves = db.session.scalar(select(func.sum(Answer.revision)).where(Answer.attempt_id.in_(learners)))
        scores = db.session.scalar(select(func.count()).select_from(Score))
        visits = db.session.scalar(select(func.count()).where(PageVisit.page_id == LESSON.pages[-1]))
    both = 2 * options.learners
    if (attempts, saves, scores, visits) != (both, both * LESSON.autosaves, both, both):
        raise SystemExit(
            f"Of {both} learners {attempts} attempts, {saves} saves, {scores} scores, {visits} visits stay."
        )


def _print(what: str, tally: Tally, rate: float, hello: float, request: str) -> None:
    p50, p99 = (percentile(tally.times[request], share) * 1000 for share in (0.5, 0.99))
    print(f"| {what} | {rate:,.0f} | {rate / hello:.2f} | {request} | {p50:.0f} ms | {p99:.0f} ms |", flush=True)


def _target(what: str, wanted: float, found: float) -> str:
    return f"| {what} | at least {wanted} | {found:.2f} | {word(found >= wanted)} |"
