"""Reading rosters: the one function that both engines call, and the regular look for what is due."""

from __future__ import annotations

from collections.abc import Callable

from lti_tool import metrics
from lti_tool.jobs.delivery import Outbox
from lti_tool.logs import get_logger
from lti_tool.lti.bearer import BearerCalls
from lti_tool.lti.connections import Deadline
from lti_tool.lti.memberships import MembershipService, RosterError
from lti_tool.lti.tokens import keep_token
from lti_tool.services import members, rosters
from lti_tool.services.rosters import Reading

PAGES_AT_ONCE = 20
"""Then another roster may have its turn."""
_ANNOUNCED_AT_ONCE = 500
log = get_logger()


def _never() -> bool:
    return False


def pull(outbox: Outbox, context_id: int, is_stopping: Callable[[], bool] = _never) -> bool:
    """Read some pages of a course's roster, if it is due.

    No transaction is open while the platform is asked. A page is stored with the address of the next one, so that a
    process that dies loses the page at hand, and its lease runs out.

    Args:
        outbox: what work in the background needs.
        context_id: of the course.
        is_stopping: says that this process wants to end.

    Returns:
        Whether there was something to read.
    """
    deadline = outbox.deadline()
    with outbox.sessions.begin() as session:
        reading = rosters.claim(session, outbox.vault, context_id, at=outbox.clock(), lease=outbox.lease)
    if reading is None:
        return False
    calls = BearerCalls(outbox.egress.within(deadline), reading.client, reading.token, outbox.clock)
    service = MembershipService(calls, reading.home_url)
    try:
        _read_pages(outbox, reading, service, deadline, is_stopping)
    except RosterError as error:
        _fail(outbox, reading, error)
    if calls.new_token is not None:
        with outbox.sessions.begin() as session:
            keep_token(session, outbox.vault, reading.client, calls.new_token)
    return True


def announce_due(outbox: Outbox) -> dict[str, int]:
    """Let workers read what is due by the clock."""
    with outbox.sessions.begin() as session:
        return {"due": rosters.announce_due(session, outbox.clock(), _ANNOUNCED_AT_ONCE)}


def _read_pages(
    outbox: Outbox, reading: Reading, service: MembershipService, deadline: Deadline, is_stopping: Callable[[], bool]
) -> None:
    if reading.is_first:
        _read_groups(outbox, reading, service, deadline)
    goes_on: Reading | None = reading
    for number in range(PAGES_AT_ONCE):
        assert goes_on is not None  # noqa: S101  (the loop ends when it is not)
        page = service.page(goes_on.url)
        is_last_here = number == PAGES_AT_ONCE - 1 or is_stopping()
        deadline.restart()
        with outbox.sessions.begin() as session:
            at = outbox.clock()
            roster = rosters.hold(session, reading, at, outbox.lease)
            if roster is None:
                log.warning("roster", context=reading.context_id, state="lease lost")
                return
            goes_on = rosters.take_page(session, roster, goes_on, page, at)
            if goes_on is None:
                rosters.finish(roster, at, outbox.settings)
                log.info("roster", context=reading.context_id, pages=roster.pages, people=roster.received)
                metrics.count("rosters", outcome="read")
                return
            if is_last_here:
                rosters.pause(session, roster, at)
                return


def _read_groups(outbox: Outbox, reading: Reading, service: MembershipService, deadline: Deadline) -> None:
    """Read the groups before those who are in them; a course without them is of use, too."""
    if reading.groups_url is None:
        return
    found = None
    try:
        found = service.groups(reading.groups_url, reading.group_sets_url)
    except RosterError as error:
        log.warning("roster-groups", context=reading.context_id, reason=error.reason, detail=error.detail)
    deadline.restart()
    with outbox.sessions.begin() as session:
        holds = rosters.hold(session, reading, outbox.clock(), outbox.lease) is not None
        if holds and found is not None:
            members.write_groups(session, reading.context_id, found)


def _fail(outbox: Outbox, reading: Reading, error: RosterError) -> None:
    with outbox.sessions.begin() as session:
        at = outbox.clock()
        roster = rosters.hold(session, reading, at, outbox.lease)
        if roster is None:
            return
        rosters.fail(session, roster, reading, error, at, outbox.settings)
        log.warning("roster", context=reading.context_id, reason=error.reason, tries=roster.tries, detail=error.detail)
        metrics.count("rosters", outcome=error.reason)
