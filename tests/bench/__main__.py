"""``make bench``: what the product does, and beside it what this machine or others do."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Sequence

BENCHES = ("pages", "launches", "in_flight", "deliveries", "growth", "learners", "preview", "slow_lines")


def main(arguments: Sequence[str]) -> None:
    """Run all measurements, or the named one with its options."""
    name, *options = arguments or [""]
    if name and name not in BENCHES:
        raise SystemExit(f"There is no measurement {name}. There are {', '.join(BENCHES)}; without a name all are run.")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}\n")
    for each in [name] if name else BENCHES:
        print(f"## {each}\n")
        importlib.import_module(f"tests.bench.{each}").run(options)
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
