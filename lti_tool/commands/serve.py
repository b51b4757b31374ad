"""``lti-tool serve``: the tool on a production server."""

from __future__ import annotations

import os
import sys

import click

from lti_tool.config import Settings
from lti_tool.metrics import forget_dead_processes


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, help="The port to listen at.")
@click.option("--workers", default=1, show_default=True, help="Processes.")
@click.option("--threads", default=4, show_default=True, help="Threads in each process.")
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the tool; put a reverse proxy with https in front (see docs/operations.md)."""
    forget_dead_processes(Settings.from_environment().data_dir / "metrics")
    # The server's command takes the place of this process, so that signals reach it directly.
    arguments = [
        *("--interface", "wsgi"),
        *("--host", host),
        *("--port", str(port)),
        *("--workers", str(workers)),
        *("--blocking-threads", str(threads)),
        *("--no-ws", "--log-level", "warning"),
        "lti_tool.wsgi:app",
    ]
    os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments])  # noqa: S606  (no shell is wanted)
