"""``make bench``: what the product does, and beside it what this machine or others do."""

from __future__ import annotations

import importlib
import os
import platform
import sys

BENCHES = ("pages", "launches", "preview")


def main() -> None:
    """Run all measurements, or the named one with its options."""
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}\n")
    name, *options = sys.argv[1:] or [""]
    for each in [name] if name else BENCHES:
        print(f"## {each}\n")
        importlib.import_module(f"tests.bench.{each}").run(options)
        print()


if __name__ == "__main__":
    main()
