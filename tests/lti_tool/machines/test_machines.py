"""The tool on several machines behind one address: any of them may be gone, and nothing is."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.extensions import db
from lti_tool.models import Attempt, Person
from lti_tool.practice_lms import Fault
from lti_tool.practice_lms.browser import Browser, BrowserError
from tests.conftest import skip_unless_in_ci
from tests.lti_tool.machines.machines import program, wait_for
from tests.lti_tool.machines.network import what_is_missing
from tests.lti_tool.machines.town import PORT, Learner, Town, answers_at, open_town

pytestmark = pytest.mark.xdist_group("machines")
LEARNERS = 300
DEATHS = 6


@pytest.fixture(scope="module", autouse=True)
def _has_what_it_takes() -> None:
    missing = what_is_missing() or next(
        (f"no {name}" for name in ("nginx", "initdb", "runuser") if program(name) is None), ""
    )
    if missing:
        skip_unless_in_ci(missing)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two web machines, two for work in the background, a database, an LMS, and one address before them."""
    with open_town(tmp_path_factory.mktemp("machines"), on_postgresql=True, learners=LEARNERS) as running:
        yield running


def test_any_machine_goes_on_with_what_another_began(town: Town) -> None:
    """Login, launch, pages and answers fall on both machines in turn; the grade comes from a third."""
    learner = Learner(town, 1)
    with town.network.inside("lms"):
        learner.open()
        for number in range(2):
            learner.read(number)
        result = learner.submit()
    assert len(learner.machines) == 2, learner.machines
    assert "You reached" in result.words
    wait_for("the grade arrives", lambda: town.grade(learner.sub) == 100.0)
    senders = {town.machine_of(address) for address in town.guestbook.senders("/scores")}
    assert senders <= {"worker1", "worker2"}


def test_a_grade_arrives_through_another_machine(town: Town) -> None:
    """A worker is cut off while the LMS has its request: another finds out what arrived, and brings what did not."""
    learner = Learner(town, 2)
    before = len(town.guestbook.senders("/scores"))
    # The LMS has it, and does nothing with it until long after the worker is gone.
    town.fault(Fault(operation="scores", delay_s=1.5, status=503))
    with town.network.inside("lms"):
        learner.open()
        learner.submit()
    wait_for("a worker sends it", lambda: len(town.guestbook.senders("/scores")) > before)
    lost = town.machine_of(town.guestbook.senders("/scores")[before])
    town.network.cut_off(lost)
    try:
        wait_for("the grade arrives", lambda: town.grade(learner.sub) == 100.0)
        sender = town.machine_of(town.guestbook.senders("/scores")[-1])
        assert sender != lost
    finally:
        town.network.join(lost)
    # Back again, it does not send what is there: the next grade that it brings is another one's.
    brought_by: set[str] = set()
    for number in range(3, 23):
        another = Learner(town, number)
        with town.network.inside("lms"):
            another.open()
            another.submit()
        wait_for("the next grade arrives", lambda another=another: town.grade(another.sub) == 100.0)
        brought_by.add(town.machine_of(town.guestbook.senders("/scores")[-1]))
        if lost in brought_by:
            break
    assert lost in brought_by
    assert len(town.received(learner.sub)) == 1


def test_learners_stay_while_a_machine_is_gone(town: Town) -> None:
    """A session goes on elsewhere, a machine that lost the database says so, and it is used again when it is back."""
    learner, newcomer = Learner(town, 30), Learner(town, 31)
    with town.network.inside("lms"):
        learner.open()
        town.network.cut_off("web1")
        try:
            for _ in range(3):
                learner.read()
            newcomer.open()
            newcomer.submit()
        finally:
            town.network.join("web1")
        wait_for("web1 is back", lambda: answers_at(f"{town.network.addresses['web1']}:{PORT}"))
        learner.machines.clear()
        wait_for("web1 is used again", lambda: (learner.read(), len(learner.machines) == 2)[1])


def test_says_that_the_database_is_away(town: Town) -> None:
    """People get a page that says so, load balancers a 503, and nobody waits for long; then all goes on."""
    learner = Learner(town, 32)
    web = f"http://{town.network.addresses['web1']}:{PORT}"
    with town.network.inside("lms"):
        learner.open()
        town.network.cut_off("database")
        try:
            browser = Browser(timeout_s=30)
            assert browser.open(f"{web}/healthz").status == 200
            ready = browser.open(f"{web}/readyz")
            assert (ready.status, ready.data["database"]) == (503, "does not answer")
            page = Browser(timeout_s=30).open(f"{web}/l/{learner.base.rpartition('/')[2]}/")
            assert page.status == 503, page.words
            assert "database" not in page.text.lower()
            assert int(page.headers["Retry-After"]) > 0
        finally:
            town.network.join("database")
        wait_for("pages come again", lambda: answers_at(f"{town.network.addresses['web1']}:{PORT}"))
        learner.read()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_whatever_dies(tmp_path, request: pytest.FixtureRequest, kind: str) -> None:
    """Processes are killed at random while people launch and submit: what they were told is so, once, and arrives.

    On SQLite that is two servers on one machine, with the one database.
    """
    chance = random.Random(20)
    with open_town(tmp_path, on_postgresql=kind == "postgresql", learners=LEARNERS) as town:
        numbers = iter(range(1, LEARNERS + 1))
        over = threading.Event()

        def learn() -> list[str]:
            """One after the other comes, opens the activity and submits; who sees an error opens it again."""
            served = []
            with town.network.inside("lms"):
                while not over.is_set():
                    learner = Learner(town, next(numbers))
                    for _ in range(100):
                        try:
                            learner.open()
                            learner.submit()
                        except BrowserError:
                            time.sleep(0.2)
                            continue
                        served.append(learner.sub)
                        break
                    else:
                        raise AssertionError(f"{learner.sub} never came through")
            return served

        def kill() -> None:
            for _ in range(DEATHS):
                time.sleep(chance.random())
                name = chance.choice(sorted(town.running))
                town.running[name].end(signal.SIGKILL)
                town.running[name].start()
                machine, _colon, port = name.partition(":")
                if port:
                    # The others carry on until it is back: who is killed faster than it starts serves nobody.
                    with town.network.inside("lms"):
                        address = f"{town.network.addresses[machine]}:{port}"
                        wait_for(f"{name} is back", lambda address=address: answers_at(address))

        with ThreadPoolExecutor(3) as pool:
            people = [pool.submit(learn) for _ in range(3)]
            try:
                kill()
            finally:
                over.set()
            served = [sub for one in people for sub in one.result()]
        assert len(served) > DEATHS
        for sub in served:
            wait_for(f"the grade of {sub} arrives", lambda sub=sub: town.grade(sub) == 100.0, 90)
        assert town.columns() == 1
        assert {sub: town.received(sub) for sub in served} == {sub: [100.0] for sub in served}
        with town.network.inside("web1"), application(Settings.from_environment(town.environment)):
            attempts_by_sub = (
                select(Person.sub, func.count())
                .join(Attempt, Attempt.person_id == Person.id)
                .where(Attempt.submitted_at.is_not(None))
                .group_by(Person.sub)
            )
            submitted = {row[0]: row[1] for row in db.session.execute(attempts_by_sub)}
        assert submitted == dict.fromkeys(served, 1)
