"""What is counted for Prometheus, in all processes of a host together.

Nothing is counted unless ``METRICS_TOKEN`` is set, since nobody could read it. The processes of a host add up through
files in ``DATA_DIR/metrics``; where that is has to be known before the library is imported, so that happens here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lti_tool.config import Settings

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_counters: dict[str, Counter] = {}
_histograms: dict[str, Histogram] = {}


def configure(settings: Settings) -> None:
    """Begin to count in this process, where somebody may read it."""
    if not settings.metrics_token or _counters:
        return
    folder = settings.data_dir.absolute() / "metrics"
    # Whoever started this process may count, too: its folder, inherited, would hold another tool's numbers.
    os.environ[_FOLDER] = str(folder)
    folder.mkdir(parents=True, exist_ok=True)
    from prometheus_client import Counter, Histogram

    for name, meaning, *labels in (
        ("errors", "Errors shown to people, by what went wrong", "code"),
        ("deliveries", "Tries to deliver a score, by how they ended", "state", "reason"),
        ("comparisons", "Columns read to compare a course with its gradebook, by how that ended", "outcome"),
        ("rosters", "Readings of course lists, by how they ended", "outcome"),
        ("pauses", "Pauses of platforms that were not well", "reason"),
        ("chores", "Runs of work that comes back", "chore", "outcome"),
    ):
        _counters[name] = Counter(f"lti_tool_{name}_total", meaning, labels)
    for name, meaning, *labels in (
        ("request", "Requests answered, by view and status", "view", "status"),
        ("egress", "Calls to platforms, by how they ended", "outcome"),
    ):
        _histograms[name] = Histogram(f"lti_tool_{name}_seconds", meaning, labels, buckets=_BUCKETS)


def count(name: str, /, **labels: str) -> None:
    """Count one thing."""
    if counter := _counters.get(name):
        counter.labels(**labels).inc()


def observe(name: str, seconds: float, /, **labels: str) -> None:
    """Count one thing that took a while."""
    if histogram := _histograms.get(name):
        histogram.labels(**labels).observe(seconds)


def exposition(gauges: dict[str, tuple[str, dict[tuple[tuple[str, str], ...], float]]]) -> bytes:
    """Write everything that was counted on this host, and some numbers of now.

    Args:
        gauges: names to their meaning and their values by labels, such as ``{(("state", "waiting"),): 3}``.
    """
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.core import GaugeMetricFamily
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]

    class Now:
        def collect(self) -> Any:
            for name, (meaning, values) in gauges.items():
                labels = [label for label, _value in next(iter(values), ())]
                family = GaugeMetricFamily(f"lti_tool_{name}", meaning, labels=labels)
                for key, value in values.items():
                    family.add_metric([text for _label, text in key], value)
                yield family

    registry.register(Now())
    return bytes(generate_latest(registry))


def forget_dead_processes(folder: Path) -> None:
    """Delete the files of processes that run no more; Prometheus knows counters that begin anew."""
    for path in folder.glob("*.db"):
        number = path.stem.rpartition("_")[2]
        if number.isdigit() and not _is_running(int(number)):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state != "Z"  # a container's first process may never fetch what its dead children leave
