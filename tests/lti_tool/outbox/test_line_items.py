"""Columns that the tool makes: found again, made once, kept in step, and scores that wait for them."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.jobs.delivery import Outbox, deliver, now
from lti_tool.jobs.line_items import announce_due, make
from lti_tool.lti.egress import Answer
from lti_tool.lti.failures import GradeError
from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.lti.line_items import LINE_ITEM_SCOPE, MAX_PAGES, LineItemService, Wanted
from lti_tool.models import (
    Attempt,
    Columns,
    LineItem,
    LineItemState,
    Participation,
    Placement,
    Score,
    ScoreReason,
    ScoreState,
)
from lti_tool.practice_lms import Fault, gradebook, model
from lti_tool.practice_lms.database import transaction
from lti_tool.services import backlog, line_items
from lti_tool.services.scores import Cell, queue_score
from lti_tool.views.delivery_words import describe_column
from tests.lti_tool.outbox.grading import DIGEST, Clock, Course, wait_until
from tests.lti_tool.outbox.test_faults import FAULTS, SLOW, impatient

QUIZZES = {"q1": Fraction(8), "q2": Fraction(5, 2)}
both_lmss = pytest.mark.parametrize("profile", ["strict", "moodle"])


def manifest(**points: Fraction) -> Any:
    """What the services read of a module with these quizzes."""
    quizzes = [SimpleNamespace(id=name, points=most, title={"en": name.upper()}) for name, most in points.items()]
    return cast(Any, SimpleNamespace(source_language="en", title={"en": "Module"}, quizzes=quizzes))


@dataclass
class Bare:
    """A placement that the LMS gives no column, in a course that has another one."""

    course: Course
    placement_id: int

    def choose(self, columns: Columns, *, at: Any, **points: Fraction) -> None:
        with self.course.sessions.begin() as session:
            placement = session.get_one(Placement, self.placement_id)
            line_items.choose(session, placement, columns, manifest(**(points or QUIZZES)), at)

    def rows(self) -> list[LineItem]:
        with self.course.sessions() as session:
            found = list(session.scalars(select(LineItem).order_by(LineItem.quiz_id)))
            session.expunge_all()
        return found

    def in_lms(self) -> list[model.LineItem]:
        with self.course.lms.connect() as connection:
            return [each for each in gradebook.line_items(connection, 1) if each.placement_id == 2]

    def submit(self, sub: str, points: int, quiz_id: str = "q1", *, at: Any) -> int:
        """Submit an attempt as the quiz's view does; gives the score's id."""
        with self.course.sessions.begin() as session:
            placement = session.get_one(Placement, self.placement_id)
            goes_to = line_items.target(session, placement, None, quiz_id)
            attempt = self.add_attempt(session, sub, quiz_id, points, at)
            score = queue_score(
                session,
                attempt=attempt,
                launch_line_item_url=goes_to,
                points=Fraction(points),
                max_points=QUIZZES[quiz_id],
                at=at,
            )
            assert score is not None
            return score.id

    def add_attempt(self, session: Any, sub: str, quiz_id: str, points: int, at: Any) -> Attempt:
        attempt = self.course.add_attempt(session, sub, at)
        attempt.placement_id, attempt.quiz_id = self.placement_id, quiz_id
        attempt.points, attempt.max_points = str(points), str(QUIZZES[quiz_id])
        session.flush()
        return attempt

    def grades(self, sub: str) -> list[float]:
        with self.course.lms.connect() as connection:
            found = [gradebook.scores(connection, each.id, sub) for each in self.in_lms()]
        return [score.given / score.maximum for scores in found for score in scores]


@pytest.fixture
def bare(course: Course, clock: Clock) -> Bare:
    lms = course.lms
    lms.add_placement(
        model.Placement(
            id=2, course_id=1, registration_id=1, title="Bare", target_link_uri="https://tool.test/lti/launch"
        )
    )
    path = (
        "/mod/lti/services.php/1/lineitems?type_id=1" if lms.profile.name == "moodle" else "/lti/courses/1/line-items"
    )
    with course.sessions.begin() as session:
        placement = Placement(
            deployment_id=session.get_one(Placement, course.placement_id).deployment_id,
            resource_link_id="2",
            title="Bare",
            module_id="m",
            release_digest=DIGEST,
            line_items_url=lms.issuer + path,
            scopes=[SCORE_SCOPE, RESULT_SCOPE, LINE_ITEM_SCOPE],
            created_at=clock(),
        )
        session.add(placement)
        session.flush()
        return Bare(course, placement.id)


def make_all(outbox: Outbox, bare: Bare) -> None:
    for row in bare.rows():
        make(outbox, row.id)


@both_lmss
def test_one_column_for_the_whole_activity(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    bare.choose(Columns.MODULE, at=clock())
    make_all(outbox, bare)
    [row], [column] = bare.rows(), bare.in_lms()
    assert (column.label, column.maximum, column.resource_id, column.tag) == ("Bare", 10.5, "m", "module")
    assert (row.state, row.reason) == (LineItemState.READY, None)
    assert row.url is not None
    assert f"/{column.id}" in row.url
    assert not make(outbox, row.id), "nothing is left to do"


@both_lmss
def test_one_column_for_each_quiz(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    bare.choose(Columns.QUIZ, at=clock())
    make_all(outbox, bare)
    found = {(column.label, column.maximum, column.resource_id, column.tag) for column in bare.in_lms()}
    assert found == {("Bare: Q1", 8, "m/q1", "quiz"), ("Bare: Q2", 2.5, "m/q2", "quiz")}


@both_lmss
def test_a_score_waits_for_its_column_and_arrives_once(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    bare.choose(Columns.QUIZ, at=clock())
    first = bare.submit("learner-1", 4, at=clock())
    waiting = bare.course.score(first)
    assert waiting.line_item_url == f"line-item:{bare.rows()[0].id}"
    assert not deliver(outbox, Cell(waiting.line_item_url, waiting.person_id))
    clock.advance(seconds=5)
    second = bare.submit("learner-1", 8, at=clock())
    make_all(outbox, bare)
    row = bare.rows()[0]
    assert row.url is not None
    clock.advance(seconds=5)
    while deliver(outbox, Cell(row.url, waiting.person_id)):
        pass
    assert bare.grades("learner-1") == [1.0]
    assert bare.course.score(first).state is ScoreState.SUPERSEDED
    assert bare.course.score(second).state is ScoreState.DELIVERED
    third = bare.submit("learner-1", 8, at=clock())
    assert bare.course.score(third).line_item_url == row.url


def test_a_score_that_is_older_than_one_in_the_column_is_superseded(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    bare.choose(Columns.MODULE, at=clock())
    old = bare.submit("learner-1", 4, at=clock())
    [row] = bare.rows()
    making = claim(bare, outbox, row.id)
    made = line_items.make(making, outbox.egress, clock)
    # The LMS shows the column at the next launch, before we have written it down.
    with bare.course.sessions.begin() as session:
        attempt = bare.add_attempt(session, "learner-1", "q1", 8, clock())
        newer = queue_score(
            session,
            attempt=attempt,
            launch_line_item_url=made.url,
            points=Fraction(8),
            max_points=Fraction(8),
            at=clock(),
        )
        assert newer is not None
        newer_id = newer.id
    with bare.course.sessions.begin() as session:
        line_items.record(session, outbox.vault, making, made, at=clock(), patience=outbox.patience)
    assert bare.course.score(old).state is ScoreState.SUPERSEDED
    assert bare.course.score(newer_id).state is ScoreState.WAITING


def claim(bare: Bare, outbox: Outbox, line_item_id: int) -> line_items.Making:
    with bare.course.sessions.begin() as session:
        making = line_items.claim(session, outbox.vault, line_item_id, at=outbox.clock(), lease=outbox.lease)
    assert making is not None
    return making


@both_lmss
@pytest.mark.parametrize("fault", [{"drops_connection": True}, {"status": 504}], ids=["dropped", "gateway"])
def test_a_column_whose_answer_was_lost_is_found_again(
    bare: Bare, outbox: Outbox, clock: Clock, fault: dict[str, Any]
) -> None:
    bare.choose(Columns.MODULE, at=clock())
    [row] = bare.rows()
    faults = bare.course.lms.config.faults
    # The look for it finds nothing, and of what is made then nobody hears.
    faults.add(Fault(operation="line_items", when="after", status=200, body="[]"))
    faults.add(Fault(operation="line_items", when="after", **fault))
    make(outbox, row.id)
    [row] = bare.rows()
    assert row.state is LineItemState.WAITING
    assert row.reason in {"unreachable", "platform-error"}
    assert len(bare.in_lms()) == 1
    clock.advance(hours=1)
    make(outbox, row.id)
    assert bare.rows()[0].state is LineItemState.READY
    assert len(bare.in_lms()) == 1


@pytest.mark.parametrize("operation", ["token", "line_items"])
def test_a_column_waits_with_its_reason_and_is_made_once(
    app: Flask, bare: Bare, outbox: Outbox, clock: Clock, operation: Any
) -> None:
    bare.choose(Columns.MODULE, at=clock())
    [row] = bare.rows()
    faults = bare.course.lms.config.faults
    for name, (fault, reason) in FAULTS.items():
        faults.add(Fault(operation=operation, **fault))
        make(impatient(outbox) if name == SLOW else outbox, row.id)
        [row] = bare.rows()
        assert (row.state, row.reason) == (LineItemState.WAITING, reason), name
        with app.test_request_context("/"):
            assert "Nothing is lost" in describe_column(row).sentence, name
        assert bare.in_lms() == [], name
        assert row.next_try_at is not None
        clock.at = row.next_try_at
    # What is lost last is the answer to what was made.
    faults.add(Fault(operation="line_items", when="after", status=200, body="[]"))
    faults.add(Fault(operation="line_items", when="after", cuts_answer=True))
    for _try in range(2):
        make(outbox, row.id)
        clock.advance(hours=1)
    assert bare.rows()[0].state is LineItemState.READY
    assert len(bare.in_lms()) == 1


def test_a_column_of_a_process_that_died_is_found_by_the_next(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    bare.choose(Columns.MODULE, at=clock())
    [row] = bare.rows()
    dead = claim(bare, outbox, row.id)
    line_items.make(dead, outbox.egress, clock)
    assert not make(outbox, row.id), "its lease holds"
    clock.advance(seconds=outbox.lease.total_seconds() + 1)
    assert announce_due(outbox) == {"due": 1}
    assert make(outbox, row.id)
    assert len(bare.in_lms()) == 1
    with bare.course.sessions.begin() as session:
        late = line_items.Made(url="https://elsewhere.test/1")
        line_items.record(session, outbox.vault, dead, late, at=clock(), patience=outbox.patience)
    assert bare.rows()[0].url != "https://elsewhere.test/1"


def test_there_is_one_column_however_many_choose_and_work_at_once(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    start = threading.Barrier(8)

    def rush() -> None:
        start.wait()
        bare.choose(Columns.MODULE, at=clock())
        for row in bare.rows():
            make(outbox, row.id)

    threads = [threading.Thread(target=rush) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bare.rows()) == 1
    assert len(bare.in_lms()) == 1


def test_no_score_is_left_behind_that_comes_while_the_column_is_made(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    bare.choose(Columns.MODULE, at=clock())
    [row] = bare.rows()
    start = threading.Barrier(4)

    def submit(sub: str) -> None:
        start.wait()
        bare.submit(sub, 8, at=clock())

    threads = [threading.Thread(target=submit, args=(f"learner-{number}",)) for number in (1, 2, 3)]
    for thread in threads:
        thread.start()
    start.wait()
    make(outbox, row.id)
    for thread in threads:
        thread.join()
    with bare.course.sessions() as session:
        addresses = set(session.scalars(select(Score.line_item_url)))
    assert addresses == {bare.rows()[0].url}


@both_lmss
def test_label_and_maximum_follow_and_dates_stay(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    bare.choose(Columns.MODULE, at=clock())
    make_all(outbox, bare)
    [column] = bare.in_lms()
    with bare.course.lms.connect() as connection, transaction(connection):
        connection.execute("UPDATE line_items SET ends_at = '2027-01-31T21:59:00Z' WHERE id = ?", (column.id,))
    with bare.course.sessions.begin() as session:
        placement = session.get_one(Placement, bare.placement_id)
        placement.title = "Renamed"
        line_items.keep_in_step(session, placement, manifest(q1=Fraction(8), q2=Fraction(4)), clock())
    make_all(outbox, bare)
    [changed] = bare.in_lms()
    assert (changed.id, changed.label, changed.maximum) == (column.id, "Renamed", 12)
    assert changed.ends_at == "2027-01-31T21:59:00Z"
    with bare.course.sessions.begin() as session:
        placement = session.get_one(Placement, bare.placement_id)
        line_items.keep_in_step(session, placement, manifest(q1=Fraction(8), q2=Fraction(4)), clock())
    assert bare.rows()[0].state is LineItemState.READY, "nothing changed"


def test_a_column_that_was_deleted_is_not_made_again_by_itself(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    bare.choose(Columns.MODULE, at=clock())
    make_all(outbox, bare)
    with bare.course.lms.connect() as connection, transaction(connection):
        gradebook.delete_line_item(connection, bare.in_lms()[0].id)
    bare.choose(Columns.MODULE, at=clock(), q1=Fraction(9))
    make_all(outbox, bare)
    [row] = bare.rows()
    assert (row.state, row.reason) == (LineItemState.FAILED, "column-gone")
    clock.advance(days=2)
    assert not make(outbox, row.id)
    bare.choose(Columns.MODULE, at=clock(), q1=Fraction(9))
    make_all(outbox, bare)
    assert [column.maximum for column in bare.in_lms()] == [9], "it is when the trainer saves the choice again"
    assert bare.rows()[0].state is LineItemState.READY


def test_what_was_earned_before_goes_into_the_new_columns(bare: Bare, outbox: Outbox, clock: Clock) -> None:
    with bare.course.sessions.begin() as session:
        for sub, quiz_id, points in (("learner-1", "q1", 8), ("learner-1", "q1", 4), ("learner-1", "q2", 1)):
            bare.add_attempt(session, sub, quiz_id, points, clock())
        bare.add_attempt(session, "trainer-1", "q1", 8, clock())
        for sub, is_trainer in (("learner-1", False), ("trainer-1", True)):
            seen = {"first_seen_at": clock(), "last_seen_at": clock()}
            person_id = bare.course.people[sub]
            session.add(
                Participation(placement_id=bare.placement_id, person_id=person_id, is_trainer=is_trainer, **seen)
            )
    bare.choose(Columns.QUIZ, at=clock())
    for expected in (2, 0):
        with bare.course.sessions.begin() as session:
            placement = session.get_one(Placement, bare.placement_id)
            assert backlog.queue(session, placement, manifest(**QUIZZES), clock()) == expected
    make_all(outbox, bare)
    for row in bare.rows():
        assert row.url is not None
        clock.advance(seconds=2)
        deliver(outbox, Cell(row.url, bare.course.people["learner-1"]))
    assert sorted(bare.grades("learner-1")) == [0.4, 1.0], "the best attempt counts"
    assert not bare.grades("trainer-1")


def test_nothing_is_made_where_the_lms_gives_a_column_or_takes_none(bare: Bare, clock: Clock) -> None:
    for values in ({"line_item_url": "https://lms.test/1"}, {"scopes": [SCORE_SCOPE]}, {"line_items_url": None}):
        with bare.course.sessions() as session:
            placement = session.get_one(Placement, bare.placement_id)
            for name, value in values.items():
                setattr(placement, name, value)
            with pytest.raises(line_items.ConflictError):
                line_items.choose(session, placement, Columns.MODULE, manifest(**QUIZZES), clock())
            session.rollback()
    assert not bare.rows()


WANTED = Wanted(resource_link_id="2", resource_id="m", tag="module", label="M", maximum=Fraction(8))
OURS = {"id": "https://lms.test/items/7", "resourceLinkId": "2", "resourceId": "m", "tag": "module"}
OTHER = {**OURS, "id": "https://lms.test/items/1", "tag": "quiz"}


class Pages:
    """A platform whose container has pages, and which may not know filters."""

    def __init__(self, *pages: tuple[list[Any], str], status: int = 200) -> None:
        self.pages = list(pages)
        self.status = status
        self.calls: list[tuple[str, str]] = []
        self.sent: list[dict[str, Any]] = []

    def call(self, method: str, url: str, _headers: Any, body: Any = None) -> Answer:
        self.calls.append((method, url))
        if method != "GET":
            self.sent.append(json.loads(body))
            return Answer(201, {}, json.dumps({**OURS, "id": "https://lms.test/items/new"}).encode())
        items, link = self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        return Answer(self.status, {"Link": link} if link else {}, json.dumps(items).encode())


def find(pages: Pages, url: str = "https://lms.test/items?type_id=1") -> str:
    return LineItemService(cast(Any, pages), url).find_or_make(WANTED)


def test_the_container_is_read_page_by_page() -> None:
    pages = Pages(
        ([OTHER, "no item"], '<https://lms.test/items?type_id=1&page=2>; rel="next", <https://lms.test/>; rel="first"'),
        ([{**OURS, "label": "M", "scoreMaximum": 8}], ""),
    )
    assert find(pages) == OURS["id"]
    assert [url for _method, url in pages.calls] == [
        "https://lms.test/items?type_id=1&resource_link_id=2&resource_id=m&tag=module",
        "https://lms.test/items?type_id=1&page=2",
    ]


@pytest.mark.parametrize(
    "link",
    [
        '<https://evil.test/items>; rel="next"',
        "<//evil.test/items>; rel=next",
        "<http://lms.test/items?page=2>; rel=next",
        "<http://>; rel=next",
        "<https://[>; rel=next",
        "https://lms.test/items?page=2; rel=next",
        "<https://lms.test/items?page=2; rel=next",
        '<https://lms.test/items?page=2>; rel="“next”"',
        "“next”",
    ],
)
def test_a_next_page_that_cannot_be_followed_makes_no_second_column(link: str) -> None:
    pages = Pages(([OTHER], link))
    with pytest.raises(GradeError) as caught:
        find(pages)
    assert (caught.value.reason, caught.value.is_permanent) == (ScoreReason.UNREADABLE, True)
    assert [method for method, _url in pages.calls] == ["GET"]


def test_a_column_on_the_first_page_is_taken_whatever_comes_behind() -> None:
    found = {**OURS, "label": "M", "scoreMaximum": 8}
    assert find(Pages(([found], '<https://evil.test/items>; rel="next"'))) == OURS["id"]


@pytest.mark.parametrize(
    "link", ['<https://lms.test/items?page=next>; rel="current"', '<https://nextcloud.test/>; rel="help"', ""]
)
def test_a_link_to_something_else_that_is_called_next_is_no_next_page(link: str) -> None:
    assert find(Pages(([OTHER], link))).endswith("/new")


@pytest.mark.parametrize("changed", [{"label": "Old", "scoreMaximum": 8}, {"label": "M", "scoreMaximum": 9}])
def test_a_column_that_differs_in_one_thing_is_changed_and_keeps_all_else(changed: dict[str, Any]) -> None:
    kept = {"gradesReleased": False, "endDateTime": "2027-01-31T21:59:00Z"}
    pages = Pages(([{**OURS, **kept, **changed}], ""))
    find(pages)
    assert [method for method, _url in pages.calls] == ["GET", "PUT"]
    assert pages.sent == [{**OURS, **kept, "label": "M", "scoreMaximum": 8}]


@pytest.mark.parametrize("status", [404, 500, 503])
def test_an_error_that_looks_like_an_empty_list_makes_no_column(status: int) -> None:
    pages = Pages(([], ""), status=status)
    with pytest.raises(GradeError):
        find(pages)
    assert [method for method, _url in pages.calls] == ["GET"]


def test_pages_without_end_make_no_column() -> None:
    pages = Pages(([OTHER], '<https://lms.test/items?page=2>; rel="next"'))
    with pytest.raises(GradeError) as caught:
        find(pages)
    assert caught.value.reason == ScoreReason.UNREADABLE
    assert len(pages.calls) == MAX_PAGES


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"null"])
def test_an_answer_that_is_no_list_makes_no_column(body: bytes) -> None:
    class Broken(Pages):
        def call(self, method: str, url: str, _headers: Any, _body: Any = None) -> Answer:
            assert method == "GET"
            return Answer(200, {}, body)

    with pytest.raises(GradeError):
        find(Broken())


def test_a_column_without_an_address_is_an_error() -> None:
    pages = Pages(([{**OURS, "id": "javascript:alert(1)", "label": "M", "scoreMaximum": 8}], ""))
    with pytest.raises(GradeError):
        find(pages)


def test_making_a_column_at_a_slow_lms_ends_before_its_lease(bare, outbox):
    """Each of its calls is in time, and all of them together are not: two workers would make the column twice."""
    lease_s = 3.0
    real = replace(outbox, clock=now, lease=timedelta(seconds=lease_s))
    bare.choose(Columns.MODULE, at=now())
    (row,) = bare.rows()
    for operation in ("token", "line_items"):
        slow = Fault(operation=operation, delay_s=lease_s * 0.36, when="after", times=-1)
        bare.course.lms.config.faults.add(slow)
    maker = threading.Thread(target=make, args=(real, row.id))
    maker.start()
    wait_until(lambda: bare.rows()[0].state is not LineItemState.WAITING)
    lease_until = bare.rows()[0].lease_until
    maker.join()
    assert now() < lease_until
    bare.course.lms.config.faults.clear()
    assert make(replace(outbox, clock=lambda: now() + timedelta(hours=1)), row.id)
    assert len(bare.in_lms()) == 1
