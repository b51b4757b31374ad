"""What grows with what is stored: launches, pages and lists, with a million rows of each kind and with next to none.

Both databases are filled before anything is measured, and are then measured in turns.
``python -m tests.bench growth --rows 100000 --without PostgreSQL`` runs a part of it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.extensions import db
from lti_tool.models import Person, Placement
from lti_tool.services import launches
from tests.bench import servers
from tests.bench.fill import Size, fill
from tests.bench.generator import generate, percentile
from tests.bench.servers import MODULE, BenchPlatform, Server
from tests.bench.table import word
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.conftest import PUBLIC_URL

ROWS, ROUNDS, SECONDS = 1_000_000, 3, 5.0
AT_ONCE = 16
QUIZ = "readiness-quiz"
LISTS = {
    "people": "/admin/people",
    "somebody's page": "/admin/people/7",
    "grades that were delivered": "/admin/outbox?state=delivered",
    "grades that were not": "/admin/outbox?state=failed",
    "grades that wait": "/admin/outbox",
    "a course's people, roster of 10,000": "{launch}teach/",
    "a platform's health": "/admin/platforms/1/health",
    "the first page of the administration": "/admin/",
}
_HELD = ("people", "grades that were delivered", "grades that were not", "a course's people, roster of 10,000")
"""Cost what one page of them costs; the others are looked at, too."""
_LEAST_LAUNCHES, _MOST_P99, _MOST_LIST = 0.95, 1.1, 1.2


@dataclass(slots=True)
class Filled:
    """A database with its server, and what was measured of it."""

    rows: int
    server: Server
    launches: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    lists: dict[str, list[float]] = field(default_factory=dict)


def run(arguments: Sequence[str] = ()) -> None:
    """Measure an empty database and a full one in turns, on SQLite and on PostgreSQL."""
    parser = argparse.ArgumentParser(prog="growth")
    parser.add_argument("--rows", type=int, default=ROWS, help="of each kind")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement")
    parser.add_argument("--people", type=int, default=200, help="who launch and read")
    parser.add_argument("--without", type=lambda text: text.split(","), default=[], help="databases to leave out")
    options = parser.parse_args(arguments)
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}\n")
    for database in ("SQLite", "PostgreSQL"):
        if database not in options.without:
            _measure(database, options)


def _measure(database: str, options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        platform = BenchPlatform(folder, options.people)
        both = []
        for rows in (0, options.rows):
            url = stack.enter_context(servers.new_database()) if database == "PostgreSQL" else ""
            if url is None:
                print(f"{database} is missing.")
                return
            server = servers.our_tool(database, folder / f"with-{rows}", platform, url)
            fill(dict(server.environment), Size.of(rows), MODULE, QUIZ)
            both.append(Filled(rows, server))
        stack.enter_context(servers.running(platform.server, *(each.server for each in both)))
        for each in both:
            _launch(each, platform)
        for _ in range(options.rounds):
            for each in both:
                each.launches.append(_launch(each, platform, seconds=options.seconds))
            for each in both:
                each.p99.append(_read(each, platform, options.seconds))
        _time_lists(both, max(3, int(options.rounds * options.seconds)))
    _print(database, *both)


def _launch(filled: Filled, platform: BenchPlatform, **options: float) -> float:
    tool = servers.as_parameters(filled.server.tool)
    tally = generate(
        "launch", port=filled.server.port, connections=AT_ONCE, platform=platform.parameters, tool=tool, **options
    )
    return tally.rate


def _read(filled: Filled, platform: BenchPlatform, seconds: float) -> float:
    """Give the p99 of a page."""
    tool = servers.as_parameters(filled.server.tool)
    tally = generate(
        "read",
        port=filled.server.port,
        connections=AT_ONCE,
        platform=platform.parameters,
        tool=tool,
        pages=["portfolio", "why-cities-stall"],
        seconds=seconds,
    )
    return percentile(tally.times["page"], 0.99)


def _time_lists(both: Sequence[Filled], times: int) -> None:
    """Time each list in this process, the two databases in turns."""
    with ExitStack() as stack:
        readers = [_reader(stack, filled) for filled in both]
        for name, path in LISTS.items():
            for number in range(times + 1):
                for filled, read in zip(both, readers, strict=True):
                    began = time.perf_counter()
                    read(path)
                    if number:  # The first time loads what is loaded once.
                        filled.lists.setdefault(name, []).append(time.perf_counter() - began)


def _reader(stack: ExitStack, filled: Filled) -> Callable[[str], None]:
    """Sign in as an administrator, and open the activity with the long roster as its trainer."""
    settings = {**filled.server.environment, "RUNS_WORKER": "no", "PUBLIC_URL": PUBLIC_URL}
    at = datetime.now(UTC)
    with application(Settings.from_environment(settings)) as app:
        handle, _ = launches.start_launch(
            db.session(),
            placement=db.session.get_one(Placement, 1),
            person=db.session.get_one(Person, 7),
            is_trainer=True,
            is_learner=False,
            browser_secret=None,
            at=at,
            idle=timedelta(hours=1),
        )
        db.session.commit()
    stack.callback(_close, app)
    # Outside of that context: each request has one of its own, as behind a server.
    owner = signed_in(app)

    def read(path: str) -> None:
        answer = owner.get(path.format(launch=f"/l/{handle}/"))
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}.")

    return read


def _close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def _print(database: str, empty: Filled, full: Filled) -> None:
    print(f"### {database}, with {full.rows:,} launches, attempts, answers and scores\n")
    print("| what | next to nothing stored | all of it | wanted | found | met |\n|---|---:|---:|---:|---:|---|")
    few, many = statistics.median(empty.launches), statistics.median(full.launches)
    _print_row(
        "launches", f"{few:,.0f}/s", f"{many:,.0f}/s", f"at least {_LEAST_LAUNCHES}", many / few, _LEAST_LAUNCHES
    )
    few, many = statistics.median(empty.p99) * 1000, statistics.median(full.p99) * 1000
    _print_row("p99 of a page", f"{few:.0f} ms", f"{many:.0f} ms", f"at most {_MOST_P99}", many / few, -_MOST_P99)
    for name in LISTS:
        few, many = (statistics.median(each.lists[name]) * 1000 for each in (empty, full))
        wanted, bound = (f"at most {_MOST_LIST}", -_MOST_LIST) if name in _HELD else ("–", None)
        _print_row(name, f"{few:.1f} ms", f"{many:.1f} ms", wanted, many / few, bound)
    print(f"\nLoad of this machine after: {os.getloadavg()[0]:.1f}\n", flush=True)


def _print_row(what: str, few: str, many: str, wanted: str, found: float, bound: float | None) -> None:
    """Print a row; a bound below zero is one from above."""
    is_met = bound is not None and (found >= bound if bound > 0 else found <= -bound)
    print(f"| {what} | {few} | {many} | {wanted} | {found:.2f} | {word(is_met) if bound is not None else '–'} |")
