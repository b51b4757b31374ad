"""Whole processes: how long they take, how much of the processors and of memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took, those it started included; ``memory`` is of the largest of them, ``together`` of all."""

    wall_s: float
    cpu_s: float
    memory_mb: float
    together_mb: float = 0.0


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command and wait for it; a failure ends the bench with what the command said."""
    with (folder / "said.txt").open("w+") as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdout=said, stderr=said, env={**os.environ, **(environment or {})}
        )
        watch = _Watch(process.pid)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.stop()
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}\n{said.read()[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, watch.most_mb)


def median(costs: Sequence[Cost]) -> Cost:
    """Give the median of each measure; of memory the most."""
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        max(cost.memory_mb for cost in costs),
        max(cost.together_mb for cost in costs),
    )


class _Watch(threading.Thread):
    """Adds up the memory of a process and those it started, what they share counted once, ten times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.most_mb = 0.0

    def run(self) -> None:
        while not self._ended.wait(0.1):
            self.most_mb = max(self.most_mb, sum(share_mb(pid) for pid in family(self._pid)))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def family(pid: int) -> list[int]:
    """Name a process and those that it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(member for child in children for member in family(int(child)))]


def share_mb(pid: int) -> float:
    """Give a process's memory; what it shares with others is divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:")), 0.0)
