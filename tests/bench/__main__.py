"""``make bench``: what the product does per second, and beside it what this machine could do at most."""

from __future__ import annotations

import importlib
import os
import platform
import sys

BENCHES = ("pages", "launches", "preview")


def main() -> None:
    """Run all measurements, or those that are named."""
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}\n")
    for name in sys.argv[1:] or BENCHES:
        print(f"## {name}\n")
        print("| what | per second | of the limit |\n|---|---:|---:|")
        importlib.import_module(f"tests.bench.{name}").run()
        print()


if __name__ == "__main__":
    main()
