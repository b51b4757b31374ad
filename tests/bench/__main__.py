"""``make bench``: what the product does per second, and beside it what this machine could do at most."""

from __future__ import annotations

import os
import platform
import sys

from tests.bench import launches, pages


def main() -> None:
    """Run all measurements, or those that are named."""
    wanted = sys.argv[1:] or ["pages", "launches"]
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}\n")
    for name, run in (("pages", pages.run), ("launches", launches.run)):
        if name in wanted:
            print(f"## {name}\n")
            print("| what | per second | of the limit |\n|---|---:|---:|")
            run()
            print()


if __name__ == "__main__":
    main()
