"""Launches per second (login and launch, durable, single use, bound), beside peers and what the machine could do.

``python -m tests.bench launches --rounds 3 --without ltijs`` runs a part of it. Everything runs side by side, and is
measured in turns, so that what else the machine does falls on all of them.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import jwt
import psycopg

from tests.bench import servers
from tests.bench.generator import Tally, generate, percentile
from tests.bench.servers import BenchPlatform, Server
from tests.bench.table import median_rate, print_row, word

ROUNDS = 5
SECONDS = 5.0
AT_ONCE = 16
OURS_SQLITE, OURS_POSTGRESQL = "ours on SQLite", "ours on PostgreSQL"
STOCK, CACHED, LTIJS = "stock pylti1p3", "pylti1p3 with its keys cached", "ltijs"
NOTHING = "a tool that does nothing: the ceiling of the load generator"

_TARGETS = (
    (OURS_SQLITE, STOCK, 1.4),
    (OURS_SQLITE, CACHED, 1.0),
    (OURS_SQLITE, LTIJS, 3.0),
    (OURS_POSTGRESQL, STOCK, 1.2),
    (OURS_POSTGRESQL, LTIJS, 2.7),
)
_MOST_P99 = 3.0
_MOST_MEMORY_MB = 200


@dataclass(slots=True)
class Contender:
    """A tool, and what was measured of it in each round."""

    name: str
    server: Server | None
    newcomers: Tally = field(default_factory=Tally)
    """When everybody came for the first time."""
    tallies: list[Tally] = field(default_factory=list)
    memory_mb: float = 0.0

    @property
    def rate(self) -> float:
        return statistics.median(tally.rate for tally in self.tallies)

    def median_ms(self, share: float) -> float:
        return statistics.median(percentile(tally.times["whole"], share) for tally in self.tallies) * 1000


def run(arguments: Sequence[str] = ()) -> None:
    """Measure what the machine can do, then all tools in turns."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        platform = BenchPlatform(folder, options.people)
        databases = [stack.enter_context(servers.new_database()) for _ in range(2)]
        contenders = _contenders(folder, platform, databases, set(options.without))
        hello = servers.granian("hello world", "flask_hello", folder)
        present = [contender for contender in contenders if contender.server]
        _print_limits(platform, folder, databases[0])
        stack.enter_context(servers.running(platform.server, hello, *(each.server for each in present)))
        platform.ask("GET", "/forget")
        for contender in present:
            _launch(contender, platform)
            contender.newcomers = contender.tallies.pop()
        hellos: list[Tally] = []
        for _ in range(options.rounds):
            hellos.append(generate("get", port=hello.port, connections=AT_ONCE, path="/", seconds=options.seconds))
            for contender in present:
                _launch(contender, platform, seconds=options.seconds)
        print_row("hello world in Flask, same server and generator", statistics.median(t.rate for t in hellos))
        _print_contenders(contenders, hellos)
        _print_fetches(platform)
        _print_targets({contender.name: contender for contender in present})


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="launches")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each measurement")
    parser.add_argument("--people", type=int, default=1000, help="who launch")
    parser.add_argument("--without", type=lambda text: text.split(","), default=[], help="names or parts of them")
    return parser.parse_args(arguments)


def _contenders(
    folder: Path, platform: BenchPlatform, databases: Sequence[str | None], without: set[str]
) -> list[Contender]:
    postgres, of_ltijs = databases
    has_redis = servers.is_redis_there()
    made = {
        NOTHING: lambda: servers.granian(NOTHING, "nothing", folder),
        OURS_SQLITE: lambda: servers.our_tool(OURS_SQLITE, folder / "sqlite", platform),
        OURS_POSTGRESQL: lambda: (
            servers.our_tool(OURS_POSTGRESQL, folder / "postgresql", platform, postgres) if postgres else None
        ),
        STOCK: lambda: servers.pylti1p3(STOCK, folder, platform) if has_redis else None,
        CACHED: lambda: servers.pylti1p3(CACHED, folder, platform, BENCH_KEYS="cached") if has_redis else None,
        LTIJS: lambda: servers.ltijs(LTIJS, folder, platform, of_ltijs) if of_ltijs else None,
    }
    return [
        Contender(name, make()) for name, make in made.items() if not any(part and part in name for part in without)
    ]


def _launch(contender: Contender, platform: BenchPlatform, **options: float) -> None:
    assert contender.server
    tool = servers.as_parameters(contender.server.tool)
    tally = generate(
        "launch", port=contender.server.port, connections=AT_ONCE, platform=platform.parameters, tool=tool, **options
    )
    contender.tallies.append(tally)
    contender.memory_mb = max(contender.memory_mb, servers.memory_mb(contender.server.pid))


def _print_limits(platform: BenchPlatform, folder: Path, database: str | None) -> None:
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}\n")
    print("| limit | per second | of the limit |\n|---|---:|---:|")
    print_row("RS256 verifications, one thread", median_rate(lambda: _verify(platform)))
    print_row("durable inserts on SQLite, one thread", median_rate(lambda: _commit_sqlite(folder / "commits.db")))
    if database:
        print_row("durable inserts on PostgreSQL, one connection", median_rate(lambda: _commit_postgresql(database)))


def _verify(platform: BenchPlatform) -> int:
    token = platform.signer.token("nonce", "http://tool.example/", 1)
    public = platform.key.public_key()
    for _ in range(1000):
        jwt.decode(token, public, algorithms=["RS256"], options={"verify_aud": False})
    return 1000


def _commit_sqlite(path: Path) -> int:
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS t (x TEXT)")
        for _ in range(300):
            connection.execute("INSERT INTO t VALUES ('x')")
    connection.close()
    return 300


def _commit_postgresql(database: str) -> int:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_commits (x TEXT)")
        for _ in range(300):
            connection.execute("INSERT INTO bench_commits VALUES ('x')")
    return 300


def _print_contenders(contenders: Sequence[Contender], hellos: Sequence[Tally]) -> None:
    hello = statistics.median(tally.rate for tally in hellos)
    rounds = max(len(contender.tallies) for contender in contenders)
    print(f"\nMedians of {rounds} rounds, {AT_ONCE} at once, two requests for each launch:\n")
    print("| tool | launches/s | of hello world | p50 | p99 | of newcomers/s | generator's processors | memory |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for contender in contenders:
        if contender.server is None:
            print(f"| {contender.name} | missing | – | – | – | – | – | – |")
            continue
        share = 2 * contender.rate / hello
        times = f"{contender.median_ms(0.5):.0f} ms | {contender.median_ms(0.99):.0f} ms"
        busy = statistics.median(tally.cpu_share for tally in contender.tallies)
        rates = f"{contender.rate:,.0f} | {share:.2f} | {times} | {contender.newcomers.rate:,.0f}"
        row = f"{rates} | {busy:.2f} | {contender.memory_mb:.0f} MB"
        print(f"| {contender.name} | {row} |", flush=True)


def _print_fetches(platform: BenchPlatform) -> None:
    counts = platform.ask("GET", "/counts")
    print("\nKey sets were fetched: " + ", ".join(f"{path} {count:,} times" for path, count in sorted(counts.items())))


def _print_targets(contenders: dict[str, Contender]) -> None:
    print(f"\nLoad of this machine after: {os.getloadavg()[0]:.1f}\n")
    print("| target | wanted | found | met |\n|---|---:|---:|---|")
    for ours, other, wanted in _TARGETS:
        if ours in contenders and other in contenders:
            found = contenders[ours].rate / contenders[other].rate
            print(f"| {ours}, launches against {other} | at least {wanted} | {found:.2f} | {word(found >= wanted)} |")
        else:
            print(f"| {ours}, launches against {other} | at least {wanted} | – | one of them is missing |")
    for name in (OURS_SQLITE, OURS_POSTGRESQL):
        if name not in contenders:
            continue
        found = contenders[name].median_ms(0.99) / contenders[name].median_ms(0.5)
        print(f"| {name}, p99 ÷ p50 | at most {_MOST_P99} | {found:.1f} | {word(found <= _MOST_P99)} |")
        memory = contenders[name].memory_mb
        print(
            f"| {name}, {servers.WORKERS} workers | under {_MOST_MEMORY_MB} MB | {memory:.0f} MB |"
            f" {word(memory < _MOST_MEMORY_MB)} |"
        )
