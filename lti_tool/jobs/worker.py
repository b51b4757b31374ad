"""Work in the background on PostgreSQL: procrastinate's workers, on as many hosts as wanted."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import procrastinate
from procrastinate.exceptions import ConnectorException
from psycopg.errors import ForeignKeyViolation
from sqlalchemy import text
from sqlalchemy.engine import make_url

from lti_tool import postgresql
from lti_tool.config import Settings
from lti_tool.jobs.chores import do_chores
from lti_tool.jobs.comparisons import compare
from lti_tool.jobs.delivery import Outbox, deliver
from lti_tool.jobs.line_items import make
from lti_tool.jobs.rosters import pull
from lti_tool.logs import get_logger
from lti_tool.services import comparisons, line_items, rosters, scores
from lti_tool.services.deliveries import due_cells
from lti_tool.services.scores import Cell

log = get_logger()
_SWEEP_LIMIT = 500
# Gets its connections when it runs. Jobs come in through another one (lti_tool/job_queue.py): once a worker is open,
# this one can no longer write them through the connection of a session.
_tasks = procrastinate.App(connector=procrastinate.PsycopgConnector())


@_tasks.task(name=scores.DELIVER_TASK, queue="scores", pass_context=True)
def deliver_score(context: procrastinate.JobContext, *, line_item_url: str, person_id: int) -> None:
    """Deliver what is due in a cell; what is queued meanwhile, too."""
    outbox: Outbox = context.additional_context["outbox"]
    while deliver(outbox, Cell(line_item_url, person_id)):
        pass


@_tasks.task(name=line_items.MAKE_TASK, queue="scores", pass_context=True)
def make_line_item(context: procrastinate.JobContext, *, line_item_id: int) -> None:
    """Make or change a gradebook column."""
    make(context.additional_context["outbox"], line_item_id)


@_tasks.task(name=rosters.PULL_TASK, queue="rosters", pass_context=True)
def pull_roster(context: procrastinate.JobContext, *, context_id: int) -> None:
    """Read some pages of a course's roster; what is left has a job of its own."""
    pull(context.additional_context["outbox"], context_id)


@_tasks.task(name=comparisons.COMPARE_TASK, queue="rosters", pass_context=True)
def compare_gradebook(context: procrastinate.JobContext, *, context_id: int) -> None:
    """Go on with the comparison of a course; what is left has a job of its own."""
    compare(context.additional_context["outbox"], context_id)


# Without a lock: a stalled job that holds one would keep this from ever mending it (procrastinate issue 1408).
@_tasks.periodic(cron="* * * * * */5")
@_tasks.task(name="sweep_scores", queue="scores", pass_context=True)
async def sweep(context: procrastinate.JobContext, timestamp: int) -> None:
    """Begin jobs again whose worker is gone, and add jobs for scores that wait without one."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=context.additional_context["stalled_after_s"]):
        try:
            await manager.retry_job(job)
        except ConnectorException:
            # Another worker's sweep was faster.
            continue
    await asyncio.to_thread(add_missing_jobs, context.additional_context["outbox"])


@_tasks.periodic(cron="* * * * *")
@_tasks.task(name="do_chores", queue="scores", pass_context=True)
def look_after(context: procrastinate.JobContext, timestamp: int) -> None:
    """Do what comes back, such as deleting what is old, where it is due."""
    do_chores(context.additional_context["outbox"])


def add_missing_jobs(outbox: Outbox) -> None:
    """Add a job for each cell in which something is due and that has none: a retry, or a lease that ran out."""
    at = outbox.clock()
    with outbox.sessions.begin() as session:
        cells = due_cells(session, at, _SWEEP_LIMIT)
        if not cells:
            return
        waiting = text("SELECT lock FROM procrastinate_jobs WHERE status = 'todo' AND task_name = :task")
        locks = set(session.scalars(waiting, {"task": scores.DELIVER_TASK}))
        for cell in cells:
            if cell.lock not in locks:
                scores.announce(session, cell, at)


def run_worker(outbox: Outbox, settings: Settings, *, concurrency: int) -> None:
    """Work until SIGTERM or SIGINT comes, then finish what is being sent, and end."""
    asyncio.run(_work(outbox, settings, concurrency))


async def _work(outbox: Outbox, settings: Settings, concurrency: int) -> None:
    # Synchronous tasks run in the event loop's pool, which has six threads on two cores unless told otherwise; the
    # sweep takes one more.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency + 1))
    stalled_after_s = settings.score_lease_s / 2
    options: dict[str, Any] = {
        "concurrency": concurrency,
        "fetch_job_polling_interval": settings.score_poll_s,
        # The score table is the truth; a job that is done tells nothing more.
        "delete_jobs": "always",
        "update_heartbeat_interval": stalled_after_s / 3,
        "stalled_worker_timeout": stalled_after_s,
        "additional_context": {"outbox": outbox, "stalled_after_s": stalled_after_s},
    }
    address = make_url(settings.sqlalchemy_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(conninfo=address, kwargs=postgresql.HERE, min_size=1, max_size=4)
    with _tasks.replace_connector(connector) as app:
        async with app.open_async():
            while True:
                try:
                    await app.run_worker_async(**options)
                except ConnectorException as error:
                    if not isinstance(error.__cause__, ForeignKeyViolation):
                        raise
                    # A machine that stood still for longer than `stalled_after_s` was taken for dead by another.
                    log.warning("worker-was-forgotten")
                else:
                    return
