"""Comparing courses with their gradebooks: the one function that both engines call."""

from __future__ import annotations

from collections.abc import Callable

from lti_tool import metrics
from lti_tool.jobs.delivery import Outbox
from lti_tool.logs import get_logger
from lti_tool.lti.connections import Deadline
from lti_tool.lti.failures import GradeError
from lti_tool.lti.grades import GradeService
from lti_tool.lti.tokens import keep_token
from lti_tool.services import compared_grades, comparisons
from lti_tool.services.comparisons import Work

PAGES_AT_ONCE = 20
"""Then another course may have its turn."""
SENT_AT_ONCE = 100
"""Grades put into the outbox in one transaction."""
_ANNOUNCED_AT_ONCE = 500
log = get_logger()


def _never() -> bool:
    return False


def compare(outbox: Outbox, context_id: int, is_stopping: Callable[[], bool] = _never) -> bool:
    """Go on with the comparison of a course, if it is due: with some pages of a column, or with what was chosen.

    No transaction is open while the platform is asked.

    Args:
        outbox: what work in the background needs.
        context_id: of the course.
        is_stopping: says that this process wants to end.

    Returns:
        Whether there was something to do.
    """
    deadline = outbox.deadline()
    with outbox.sessions.begin() as session:
        work = comparisons.claim(session, outbox.vault, context_id, at=outbox.clock(), lease=outbox.lease)
    if work is None:
        return False
    if work.column_id is None:
        _send(outbox, work, is_stopping)
    else:
        _read(outbox, work, work.column_id, deadline, is_stopping)
    return True


def announce_due(outbox: Outbox) -> dict[str, int]:
    """Let workers go on with what is due and may have no job."""
    with outbox.sessions.begin() as session:
        return {"due": comparisons.announce_due(session, outbox.clock(), _ANNOUNCED_AT_ONCE)}


def _read(outbox: Outbox, work: Work, column_id: int, deadline: Deadline, is_stopping: Callable[[], bool]) -> None:
    service = GradeService(
        outbox.egress.within(deadline),
        work.line_item_url,
        client=work.client,
        token=work.token,
        differences=work.differences,
        clock=outbox.clock,
    )
    url, outcome = work.url, "read"
    try:
        for number in range(PAGES_AT_ONCE):
            page = service.results(url)
            deadline.restart()
            with outbox.sessions.begin() as session:
                comparison = comparisons.hold(session, work, outbox.clock(), outbox.lease)
                if comparison is None:
                    log.warning("comparison", context=work.context_id, state="lease lost")
                    return
                url = comparisons.take_page(session, comparison, column_id, url, page)
                if url is None or number == PAGES_AT_ONCE - 1 or is_stopping():
                    comparisons.go_on(session, comparison, outbox.clock())
                    break
    except GradeError as error:
        outcome = error.reason
        _fail(outbox, work, column_id, error)
    if service.new_token is not None:
        with outbox.sessions.begin() as session:
            keep_token(session, outbox.vault, work.client, service.new_token)
    metrics.count("comparisons", outcome=outcome)


def _fail(outbox: Outbox, work: Work, column_id: int, error: GradeError) -> None:
    log.warning("comparison", context=work.context_id, reason=error.reason, detail=error.detail)
    with outbox.sessions.begin() as session:
        comparison = comparisons.hold(session, work, outbox.clock(), outbox.lease)
        if comparison is not None:
            comparisons.fail(session, comparison, column_id, error, outbox.clock())


def _send(outbox: Outbox, work: Work, is_stopping: Callable[[], bool]) -> None:
    """Put what was chosen into the outbox, some at a time: learners who submit meanwhile wait for one batch at most."""
    sent = SENT_AT_ONCE
    while sent == SENT_AT_ONCE and not is_stopping():
        with outbox.sessions.begin() as session:
            if comparisons.hold(session, work, outbox.clock(), outbox.lease) is None:
                return
            sent = compared_grades.send_chosen(session, work.context_id, outbox.clock(), SENT_AT_ONCE)
    with outbox.sessions.begin() as session:
        comparison = comparisons.hold(session, work, outbox.clock(), outbox.lease)
        if comparison is not None:
            comparisons.go_on(session, comparison, outbox.clock())
