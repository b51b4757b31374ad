"""Delivering a score to a platform that is well, and to one that is not."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from lti_tool.jobs.delivery import deliver
from lti_tool.lti.egress import Answer
from lti_tool.lti.grades import SCORE_SCOPE, service_url
from lti_tool.lti.retry_after import retry_after_s
from lti_tool.lti.tokens import find_token
from lti_tool.models import AccessToken, Placement, Registration, ScoreReason, ScoreState
from lti_tool.practice_lms import Fault
from lti_tool.services.deliveries import Patience, due_cells
from tests.lti_tool.outbox.grading import wait_until

LEARNER = "learner-1"
both_profiles = pytest.mark.parametrize("profile", ["strict", "moodle"])


@pytest.fixture
def submit(course, clock):
    def submit(points, sub=LEARNER):
        score_id = course.submit(sub, points, at=clock())
        # A score that came right after another one has a timestamp a second ahead.
        clock.advance(seconds=2)
        return score_id

    return submit


@pytest.fixture
def fail(course):
    def fail(operation, **fault):
        course.lms.config.faults.add(Fault(operation=operation, **fault))

    return fail


def deliver_to(outbox, course, sub=LEARNER):
    return deliver(outbox, course.cell(sub))


# The way it should go -------------------------------------------------------------------------------------------------


@both_profiles
def test_a_score_arrives_in_the_gradebook(course, outbox, submit):
    score_id = submit(6)
    assert deliver_to(outbox, course)
    score = course.score(score_id)
    assert (score.state, score.reason, score.lease_token) == (ScoreState.DELIVERED, None, None)
    assert score.delivered_at is not None
    assert course.grade(LEARNER) == 0.75


@both_profiles
def test_scores_of_one_person_arrive_in_order(course, outbox, submit):
    for points in (2, 4, 8):
        submit(points)
        deliver_to(outbox, course)
    assert course.received(LEARNER) == [0.25, 0.5, 1.0]


@both_profiles
def test_rapid_scores_are_taken_each_with_a_timestamp_of_its_own(course, outbox, clock):
    for points in (2, 4, 6):
        course.submit(LEARNER, points, at=clock())
        # Delivered as soon as its own timestamp is reached.
        clock.at = max(clock(), course.scores(LEARNER)[-1].scored_at)
        deliver_to(outbox, course)
    assert course.received(LEARNER) == [0.25, 0.5, 0.75]


def test_only_the_newest_of_what_waits_is_sent(course, outbox, submit):
    for points in (2, 4, 8):
        submit(points)
    assert deliver_to(outbox, course)
    assert not deliver_to(outbox, course)
    assert course.received(LEARNER) == [1.0]


def test_there_is_nothing_to_deliver_where_nothing_waits(course, outbox):
    assert not deliver_to(outbox, course)


def test_a_score_is_not_sent_before_its_time(course, outbox, submit, clock):
    course.change(submit(4), next_try_at=clock() + timedelta(seconds=1))
    assert not deliver_to(outbox, course)
    clock.advance(seconds=1)
    assert deliver_to(outbox, course)


@pytest.mark.parametrize(
    ("line_item_url", "expected"),
    [
        ("https://lms.test/items/1", "https://lms.test/items/1/scores"),
        ("https://lms.test/items/1/", "https://lms.test/items/1/scores"),
        ("https://lms.test/item?type_id=1", "https://lms.test/item/scores?type_id=1"),
        ("https://lms.test/item?a=%2F&b=c+d#part", "https://lms.test/item/scores?a=%2F&b=c+d"),
    ],
)
def test_the_service_stands_before_the_query_of_a_line_item(line_item_url, expected):
    assert service_url(line_item_url, "scores") == expected


def test_a_query_joins_the_one_that_is_there():
    found = service_url("https://lms.test/item?type_id=1", "results", user_id="a b&c")
    assert found == "https://lms.test/item/results?type_id=1&user_id=a+b%26c"


# Tokens ---------------------------------------------------------------------------------------------------------------


def test_a_token_serves_many_scores_and_is_stored_encrypted(course, outbox, submit, clock):
    for sub in ("learner-1", "learner-2", "learner-3"):
        submit(4, sub)
        deliver_to(outbox, course, sub)
    assert issued(course) == 1
    with course.sessions() as session:
        kept = session.scalars(select(AccessToken)).one()
        token = find_token(session, outbox.vault, course.registration_id, kept.scopes.split(), clock())
        assert token.value.encode() not in kept.encrypted


def test_a_token_is_not_used_in_its_last_minute(course, outbox, submit, clock):
    submit(4)
    deliver_to(outbox, course)
    clock.advance(seconds=3600 - 61)
    submit(6)
    clock.advance(seconds=5)
    deliver_to(outbox, course)
    assert issued(course) == 2
    assert course.grade(LEARNER) == 0.75


@both_profiles
def test_a_token_that_is_refused_is_replaced_once(course, outbox, submit):
    submit(4)
    deliver_to(outbox, course)
    with course.lms.connect() as connection:
        connection.execute("DELETE FROM access_tokens")
    submit(6)
    assert deliver_to(outbox, course)
    assert course.grade(LEARNER) == 0.75
    assert issued(course) == 1


def test_two_registrations_at_one_platform_do_not_share_a_token(course, outbox, submit, clock):
    submit(4)
    deliver_to(outbox, course)
    with course.sessions.begin() as session:
        first = session.get(Registration, course.registration_id)
        values = {name: getattr(first, name) for name in ("issuer", "title", "auth_url", "token_url", "key_set_url")}
        other = Registration(client_id="another", created_at=clock(), **values)
        session.add(other)
        session.flush()
        scopes = session.scalars(select(AccessToken)).one().scopes.split()
        assert find_token(session, outbox.vault, other.id, scopes, clock()) is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 200, "body": "<html>Maintenance</html>"}, ScoreReason.PLATFORM_ERROR),
        ({"status": 200, "body": '{"access_token": 7}'}, ScoreReason.PLATFORM_ERROR),
        ({"status": 200, "body": '["access_token"]'}, ScoreReason.PLATFORM_ERROR),
        ({"status": 200, "body": '{"access_token": "a\\nb"}'}, ScoreReason.PLATFORM_ERROR),
        ({"status": 400, "body": '{"error" : ""kid" invalid"}'}, ScoreReason.TOKEN_REFUSED),
        ({"status": 401}, ScoreReason.TOKEN_REFUSED),
        ({"status": 429, "headers": {"Retry-After": "120"}}, ScoreReason.THROTTLED),
        ({"status": 503}, ScoreReason.PLATFORM_ERROR),
        ({"drops_connection": True}, ScoreReason.UNREACHABLE),
    ],
)
def test_without_a_token_a_score_waits_and_has_surely_not_arrived(course, outbox, submit, fail, fault, reason):
    fail("token", **fault)
    score_id = submit(4)
    deliver_to(outbox, course)
    score = course.score(score_id)
    assert (score.state, score.reason, score.may_have_arrived) == (ScoreState.WAITING, reason, False)
    assert_delivered_later(course, outbox, score_id)


@pytest.mark.parametrize("expires_in", ['"3600"', "1e99", "NaN", "null", '"soon"', "[]"])
def test_any_expiry_of_a_token_can_be_read(course, outbox, submit, fail, expires_in):
    fail("token", status=200, body=f'{{"access_token": "unknown", "expires_in": {expires_in}}}')
    submit(4)
    # The token is unknown to the LMS; the delivery has had its one renewal with the first request.
    deliver_to(outbox, course)
    assert course.scores(LEARNER)[0].reason == ScoreReason.ACCESS_REFUSED


def issued(course) -> int:
    with course.lms.connect() as connection:
        return connection.execute("SELECT count(*) FROM access_tokens").fetchone()[0]


# A platform that fails ------------------------------------------------------------------------------------------------


def assert_delivered_later(course, outbox, score_id, sub=LEARNER):
    clock = outbox.clock
    clock.at = max(clock(), course.score(score_id).next_try_at)
    assert deliver_to(outbox, course, sub)
    assert course.score(score_id).state == ScoreState.DELIVERED
    assert course.received(sub) == [json_share(course.score(score_id).payload)]


def json_share(payload):
    score = json.loads(payload)
    return score["scoreGiven"] / score["scoreMaximum"]


@both_profiles
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 502, "body": "<html>Bad gateway</html>"}, {"drops_connection": True}]
)
def test_a_score_whose_fate_is_unknown_is_looked_up_before_it_is_sent_again(course, outbox, submit, fail, when, fault):
    score_id = submit(4)
    fail("scores", when=when, **fault)
    deliver_to(outbox, course)
    score = course.score(score_id)
    assert (score.state, score.may_have_arrived) == (ScoreState.WAITING, True)
    assert_delivered_later(course, outbox, score_id)


@both_profiles
def test_without_results_the_same_bytes_are_sent_again(course, outbox, submit, fail):
    with course.sessions.begin() as session:
        session.get(Placement, course.placement_id).scopes = [SCORE_SCOPE]
    score_id = submit(4)
    fail("scores", when="after", status=504)
    deliver_to(outbox, course)
    assert_delivered_later(course, outbox, score_id)
    assert course.score(score_id).http_status == 409


@pytest.mark.parametrize("status", [400, 403, 404, 406])
def test_results_that_are_refused_do_not_hold_a_score_up(course, outbox, submit, fail, status):
    score_id = submit(4)
    fail("scores", status=500)
    deliver_to(outbox, course)
    fail("results", status=status, body="<html>no</html>", headers={"Content-Type": "text/html"})
    assert_delivered_later(course, outbox, score_id)


@pytest.mark.parametrize("body", ["<html>", "{}", "7", '[{"userId": "learner-1"}]', '[{"userId": 1}, 7]', "[" * 9999])
def test_results_that_cannot_be_read_show_no_score(course, outbox, submit, fail, body):
    score_id = submit(4)
    fail("scores", status=500)
    deliver_to(outbox, course)
    fail("results", status=200, body=body)
    for _ in range(2):
        outbox.clock.at = max(outbox.clock(), course.score(score_id).next_try_at)
        deliver_to(outbox, course)
    assert course.score(score_id).state == ScoreState.DELIVERED
    assert course.received(LEARNER) == [0.5]


def test_a_platform_that_fails_to_show_results_is_asked_again_later(course, outbox, submit, fail):
    score_id = submit(4)
    fail("scores", when="after", status=500)
    deliver_to(outbox, course)
    fail("results", status=503)
    outbox.clock.advance(hours=1)
    deliver_to(outbox, course)
    assert course.score(score_id).state == ScoreState.WAITING
    assert_delivered_later(course, outbox, score_id)


@pytest.mark.parametrize(
    ("fault", "reason", "at_least_s"),
    [
        ({"status": 429, "headers": {"Retry-After": "120"}}, ScoreReason.THROTTLED, 120),
        ({"status": 429}, ScoreReason.THROTTLED, 0),
        ({"status": 403, "headers": {"X-Rate-Limit-Remaining": "0.0"}}, ScoreReason.THROTTLED, 0),
        ({"status": 403, "headers": {"Retry-After": "7"}}, ScoreReason.THROTTLED, 7),
        ({"status": 503, "headers": {"Retry-After": "30"}}, ScoreReason.PLATFORM_ERROR, 30),
        ({"status": 503, "headers": {"Retry-After": "99999999999999999999"}}, ScoreReason.PLATFORM_ERROR, 86_400),
        ({"status": 503, "headers": {"Retry-After": "soon"}}, ScoreReason.PLATFORM_ERROR, 0),
        ({"status": 302, "headers": {"Location": "/maintenance"}}, ScoreReason.PLATFORM_ERROR, 0),
        ({"status": 200, "body": "<html>Back soon</html>"}, ScoreReason.PLATFORM_ERROR, 0),
    ],
)
def test_a_platform_that_asks_for_patience_gets_it(course, outbox, submit, fail, clock, fault, reason, at_least_s):
    score_id = submit(4)
    fail("scores", **fault)
    deliver_to(outbox, course)
    score = course.score(score_id)
    assert (score.state, score.reason) == (ScoreState.WAITING, reason)
    assert at_least_s <= (score.next_try_at - clock()).total_seconds() <= max(at_least_s, 1)
    assert_delivered_later(course, outbox, score_id)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "Mon, 02 Mar 2026 10:01:30 GMT", "Date": "Mon, 02 Mar 2026 10:00:00 GMT"}, 90),
        ({"Retry-After": "Mon, 02 Mar 2026 10:01:30 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "²"}, None),
        ({"Retry-After": "Mon, 02 Mar 2026 10:01:30", "Date": "Mon, 02 Mar 2026 10:00:00 GMT"}, None),
    ],
)
def test_reads_how_long_to_wait_from_the_platforms_own_clock(headers, expected):
    assert retry_after_s(Answer(503, headers, b"")) == expected


def test_a_platform_that_is_not_there_is_tried_again(course, outbox, submit):
    with course.sessions.begin() as session:
        session.get(Registration, course.registration_id).token_url = "http://127.0.0.1:9/token"
    score_id = submit(4)
    deliver_to(outbox, course)
    score = course.score(score_id)
    assert (score.state, score.reason) == (ScoreState.WAITING, ScoreReason.UNREACHABLE)
    assert not score.may_have_arrived


@pytest.mark.parametrize(
    ("profile", "sub"), [("strict", "trainer-1"), ("strict", "nobody"), ("moodle", "trainer-1"), ("moodle", "nobody")]
)
def test_a_person_the_course_does_not_grade_ends_the_tries(course, outbox, submit, sub):
    score_id = submit(4, sub)
    deliver_to(outbox, course, sub)
    score = course.score(score_id)
    assert (score.state, score.reason) == (ScoreState.FAILED, ScoreReason.PERSON_REFUSED)
    outbox.clock.advance(days=1)
    assert not deliver_to(outbox, course, sub)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, ScoreReason.COLUMN_GONE),
        (410, ScoreReason.COLUMN_GONE),
        (403, ScoreReason.ACCESS_REFUSED),
        (415, ScoreReason.SCORE_REFUSED),
        (422, ScoreReason.PERSON_REFUSED),
    ],
)
def test_an_error_that_will_stay_ends_the_tries(course, outbox, submit, fail, status, reason):
    score_id = submit(4)
    fail("scores", status=status)
    deliver_to(outbox, course)
    score = course.score(score_id)
    assert (score.state, score.reason, score.http_status) == (ScoreState.FAILED, reason, status)


def test_an_error_that_stayed_does_not_stop_the_next_score(course, outbox, submit, fail):
    submit(4)
    fail("scores", status=404)
    deliver_to(outbox, course)
    submit(6)
    deliver_to(outbox, course)
    assert course.grade(LEARNER) == 0.75


def test_access_that_is_refused_is_tried_again_since_administrators_can_mend_it(course, outbox, submit, fail):
    score_id = submit(4)
    fail("scores", status=401, times=2)
    deliver_to(outbox, course)
    assert course.score(score_id).reason == ScoreReason.ACCESS_REFUSED
    assert_delivered_later(course, outbox, score_id)


def test_pauses_grow_and_differ_and_end(course, outbox, submit, fail):
    score_id = submit(4)
    fail("scores", status=500, times=-1)
    pauses = []
    while course.score(score_id).state == ScoreState.WAITING:
        outbox.clock.at = max(outbox.clock(), course.score(score_id).next_try_at)
        before = outbox.clock()
        deliver_to(outbox, course)
        pauses.append((course.score(score_id).next_try_at - before).total_seconds())
        outbox.clock.advance(hours=6)
        assert len(pauses) < 100
    assert course.score(score_id).reason == ScoreReason.GAVE_UP
    assert course.score(score_id).http_status == 500
    assert all(2**number / 2 <= pause <= 2**number for number, pause in enumerate(pauses[:10]))
    assert all(1800 <= pause <= 3600 for pause in pauses[13:-1])
    assert len(set(pauses)) == len(pauses)


def test_a_pause_never_overflows():
    assert Patience(timedelta(seconds=1), timedelta(days=1)).pause(10**6, 1e300 if False else None) <= timedelta(
        hours=1
    )


# Order ----------------------------------------------------------------------------------------------------------------


def test_a_score_that_is_being_sent_is_left_alone(course, outbox, submit, clock):
    first = submit(2)
    course.change(first, state=ScoreState.SENDING, lease_token="t", lease_until=clock() + timedelta(minutes=1))
    submit(4)
    assert not deliver_to(outbox, course)
    with course.sessions() as session:
        assert due_cells(session, clock(), 10) == []


@pytest.mark.parametrize("has_arrived", [True, False])
def test_a_lease_that_ran_out_is_taken_over_and_the_gradebook_read_first(
    course, outbox, submit, clock, fail, has_arrived
):
    score_id = submit(4)
    if has_arrived:
        deliver_to(outbox, course)
    course.change(score_id, state=ScoreState.SENDING, lease_token="t", lease_until=clock() - timedelta(seconds=1))
    with course.sessions() as session:
        assert due_cells(session, clock(), 10) == [course.cell(LEARNER)]
    assert deliver_to(outbox, course)
    assert course.score(score_id).state == ScoreState.DELIVERED
    assert course.received(LEARNER) == [0.5]


def test_a_newer_score_takes_the_place_of_one_whose_lease_ran_out(course, outbox, submit, clock):
    first = submit(2)
    course.change(first, state=ScoreState.SENDING, lease_token="t", lease_until=clock() - timedelta(seconds=1))
    second = submit(4)
    deliver_to(outbox, course)
    assert course.score(first).state == ScoreState.SUPERSEDED
    assert course.score(second).state == ScoreState.DELIVERED
    assert course.received(LEARNER) == [0.5]


@pytest.mark.parametrize("product", ["canvas", "openedx"])
def test_a_refused_timestamp_is_no_error_where_it_is_answered_as_one(course, outbox, submit, fail, product):
    with course.sessions.begin() as session:
        session.get_one(Registration, course.registration_id).product = product
    score_id = submit(4)
    fail("scores", status=400)
    deliver_to(outbox, course)
    score = course.score(score_id)
    assert (score.state, score.reason) == (ScoreState.SUPERSEDED, ScoreReason.LATER_IN_GRADEBOOK)


@both_profiles
def test_an_older_score_never_overwrites_a_newer_one(course, outbox, submit, clock):
    first, second = submit(2), submit(4)
    deliver_to(outbox, course)
    # As if a process had slept on the first one, with the network in its hands.
    course.change(first, state=ScoreState.WAITING)
    deliver_to(outbox, course)
    assert course.score(first).state == ScoreState.SUPERSEDED
    assert course.score(first).reason == ScoreReason.LATER_IN_GRADEBOOK
    assert course.score(second).state == ScoreState.DELIVERED
    assert course.grade(LEARNER) == 0.5


def test_who_lost_the_lease_while_sending_writes_nothing(course, outbox, submit, clock, fail):
    score_id = submit(4)
    fail("scores", when="after", delay_s=0.3)
    slow = threading.Thread(target=deliver_to, args=(outbox, course))
    slow.start()
    wait_until(lambda: course.received(LEARNER))
    # Somebody else takes the score over, finds it in the gradebook, and is told of a failure nobody else knows.
    later = replace(outbox, clock=lambda: clock() + timedelta(minutes=2))
    assert deliver_to(later, course)
    course.change(score_id, reason="written by the one who took it over")
    slow.join()
    assert course.score(score_id).reason == "written by the one who took it over"
    assert course.received(LEARNER) == [0.5]


def test_two_workers_deliver_each_score_once_and_in_order(course, outbox, clock):
    subs = ("learner-1", "learner-2", "learner-3")
    stop = threading.Event()

    def work():
        while not stop.is_set():
            with course.sessions() as session:
                cells = due_cells(session, clock(), 10)
            for cell in cells:
                deliver(outbox, cell)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for points in range(1, 9):
        for sub in subs:
            course.submit(sub, Fraction(points), at=clock())
        clock.advance(seconds=2)
    try:
        wait_until(lambda: {score.state for score in course.scores()} <= {ScoreState.DELIVERED, ScoreState.SUPERSEDED})
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    for sub in subs:
        received = course.received(sub)
        assert received == sorted(set(received))
        assert received[-1] == 1.0
        sent = [score for score in course.scores(sub) if score.state == ScoreState.DELIVERED]
        assert [json_share(score.payload) for score in sent] == received
