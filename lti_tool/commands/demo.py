"""``lti-tool demo``: everything on this machine, one address to click."""

from __future__ import annotations

import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from lti_tool.demo import check, prepare
from lti_tool.demo.answers import read_answers
from lti_tool.demo.stack import Addresses, DemoError, Stack, free_port, is_free

TOOL_PORT = 8000
LMS_PORT = 8001


@click.command("demo")
@click.option(
    "--check", "only_check", is_flag=True, help="Walk the whole way without a browser, print the grade, and end."
)
@click.option("--port", type=int, help=f"The tool's port.  [default: {TOOL_PORT}, or a free one]")
@click.option("--lms-port", type=int, help=f"The practice LMS's port.  [default: {LMS_PORT}, or a free one]")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    help="Where the demo keeps its data between starts.",
)
def command(only_check: bool, port: int | None, lms_port: int | None, data_dir: Path) -> None:
    """Build the course, start the tool and a practice LMS, and print one address."""
    if only_check:
        with tempfile.TemporaryDirectory(prefix="lti-tool-demo-") as folder:
            addresses = Addresses(tool_port=port or free_port(), lms_port=lms_port or free_port())
            with _started(Path(folder), addresses) as stack:
                grade = check.walk(stack, read_answers(next(Path(folder).glob("packages/*.module.zip"))), step)
            click.echo(click.style(f"The grade arrived: {grade}", fg="green", bold=True))
        return
    addresses = Addresses(
        tool_port=_choose_port(port, TOOL_PORT, "--port"), lms_port=_choose_port(lms_port, LMS_PORT, "--lms-port")
    )
    with prepare.only_one(data_dir), _started(data_dir, addresses):
        prepare.note_address(data_dir, addresses.lms)
        click.echo(f"\nOpen {click.style(addresses.lms, bold=True, underline=True)} and choose “learner” or “trainer”.")
        click.echo("Ctrl-C ends the demo; what was done stays for the next start.")
        _wait_for_the_end()
        click.echo("\nStopping …")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print a step when it begins and its time when it is done."""
    click.echo(f"  {title} … ", nl=False)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        click.echo(click.style("failed", fg="red"))
        raise
    click.echo(f"{click.style('done', fg='green')} ({time.monotonic() - began:.2f} s)")


@contextmanager
def _started(data_dir: Path, addresses: Addresses) -> Iterator[Stack]:
    """Prepare and start everything, with a line for each step."""
    with step("Build the course"):
        packages = prepare.build_course(data_dir / "packages")
    environment = prepare.environment_for(data_dir, addresses)
    with step("Prepare the database, publish the module"):
        began_anew = prepare.prepare_database(environment, packages, addresses)
    if began_anew:
        click.echo("  The module changed under the same version: the demo's data was started anew.")
    answers = read_answers(packages[0])
    stack = Stack(addresses, data_dir, environment, module_id=answers.module_id, module_title=answers.module_title)
    with step("Start the tool and the practice LMS"):
        stack.__enter__()
    try:
        yield stack
    finally:
        stack.__exit__(None, None, None)


def _choose_port(wanted: int | None, default: int, option: str) -> int:
    """Take the wanted port, or the default one, or any free one where nobody asked for a certain one.

    Raises:
        DemoError: if the wanted one is taken.
    """
    if wanted is not None:
        if not is_free(wanted):
            raise DemoError(f"Port {wanted} is taken by another program. Choose another with {option}.")
        return wanted
    if is_free(default):
        return default
    chosen = free_port()
    click.echo(f"  Port {default} is taken by another program; taking {chosen} ({option} chooses one).")
    return chosen


def _wait_for_the_end() -> None:
    """Wait for Ctrl-C or a request to end."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
