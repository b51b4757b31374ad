"""A thousand logins that wait for their launches at the same time: how many of them each tool still knows then.

That is a lecture hall that opens an activity while the LMS asks everybody to sign in first.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench import servers
from tests.bench.generator import generate
from tests.bench.servers import BenchPlatform, Server
from tests.bench.table import word

PEOPLE = 1000
AT_ONCE = 16


def run(arguments: Sequence[str] = ()) -> None:
    """Begin all logins, then answer them, with each tool after the other."""
    parser = argparse.ArgumentParser(prog="in_flight")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--without", type=lambda text: text.split(","), default=[], help="names or parts of them")
    options = parser.parse_args(arguments)
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}\n")
    print("| tool | logins at once | lost | none lost |\n|---|---:|---:|---|")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        platform = BenchPlatform(folder, options.people)
        stack.enter_context(servers.running(platform.server))
        database = stack.enter_context(servers.new_database())
        has_redis = servers.is_redis_there()
        tools = {
            "ours on SQLite": lambda: servers.our_tool("ours", folder / "sqlite", platform),
            "ours on PostgreSQL": lambda: (
                servers.our_tool("ours", folder / "postgresql", platform, database) if database else None
            ),
            "stock pylti1p3, cache in Redis": lambda: (
                servers.pylti1p3("pylti1p3", folder, platform) if has_redis else None
            ),
            "stock pylti1p3, cache in files": lambda: servers.pylti1p3(
                "pylti1p3", folder, platform, BENCH_CACHE="files", BENCH_FILES=str(folder / "cache")
            ),
            "stock pylti1p3, cache of its example": lambda: servers.pylti1p3(
                "pylti1p3", folder, platform, BENCH_CACHE="simple"
            ),
        }
        for tool, make in tools.items():
            if not any(part and part in tool for part in options.without):
                _print_lost(tool, make(), platform, options.people)


def _print_lost(name: str, server: Server | None, platform: BenchPlatform, people: int) -> None:
    if server is None:
        print(f"| {name} | – | missing | – |", flush=True)
        return
    with servers.running(server):
        tool = servers.as_parameters(server.tool)
        tally = generate("hold_logins", port=server.port, connections=AT_ONCE, platform=platform.parameters, tool=tool)
    lost = len(tally.lost)
    if tally.done + lost != people:
        raise SystemExit(f"{tally.done} launches and {lost} lost ones are not {people}.")
    met = word(lost == 0) if name.startswith("ours") else "–"
    print(f"| {name} | {people:,} | {lost:,} | {met} |", flush=True)
    if lost and met != "–":
        print(f"\nThe first answer that was wrong: {tally.lost[0]}\n")
