"""Rows of a bench table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

ROUNDS = 5


def median_rate(work: Callable[[], int], rounds: int = ROUNDS) -> float:
    """Run ``work`` several times; give the median of what it did per second."""
    rates = []
    for _ in range(rounds):
        began = time.perf_counter()
        done = work()
        rates.append(done / (time.perf_counter() - began))
    return statistics.median(rates)


def print_head() -> None:
    """Print the head of the table."""
    print("| what | per second | of the limit |\n|---|---:|---:|")


def print_row(what: str, rate: float, limit: float | None = None) -> None:
    """Print one row; ``limit`` is the rate that it is a share of."""
    print(f"| {what} | {rate:,.0f} | {f'{rate / limit:.2f}' if limit else '–'} |", flush=True)


def word(is_met: bool) -> str:
    """Say whether a target was met."""
    return "yes" if is_met else "**no**"
