"""The gradebook's values are read over real HTTP and set beside ours; what is chosen is sent again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lti_tool.errors import ConflictError
from lti_tool.jobs import comparisons as jobs
from lti_tool.jobs.delivery import deliver
from lti_tool.jobs.retention import delete_old
from lti_tool.lti.grades import SCORE_SCOPE
from lti_tool.models import (
    ColumnState,
    ComparedGrade,
    Comparison,
    ComparisonState,
    Member,
    MemberKind,
    MemberStatus,
    Participation,
    Person,
    Placement,
    Privacy,
    Registration,
    RegistrationState,
    ScoreReason,
    Verdict,
)
from lti_tool.practice_lms import Fault, gradebook
from lti_tool.services import registrations


def fail(course, **fault):
    course.lms.config.faults.add(Fault(operation="results", **fault))


def result(sub, points=50, maximum=100):
    return {"id": f"x/{sub}", "userId": sub, "resultScore": points, "resultMaximum": maximum}


@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
def test_each_cell_gets_its_verdict(make_course, clock, profile):
    course = make_course(profile=profile, learners=7)
    for number in range(1, 6):
        course.earn(f"learner-{number}", 4)
    clock.advance(seconds=5)
    course.write_by_hand("learner-2", 99)
    course.write_by_hand("learner-3", None)
    course.earn("learner-4", 8, is_delivered=False)
    course.earn("learner-5", 8, is_delivered=False)
    with course.course.sessions.begin() as session:
        newest = max(course.course.scores("learner-5"), key=lambda score: score.scored_at)
        session.merge(newest).state = "failed"
    course.write_by_hand("learner-6", 10)
    course.enrol_stranger()
    course.write_by_hand("stranger", 10)
    assert course.compare() == {
        "learner-1": Verdict.SAME,
        "learner-2": Verdict.BY_HAND,
        "learner-3": Verdict.MISSING,
        "learner-4": Verdict.ON_ITS_WAY,
        "learner-5": Verdict.OTHER,
        "learner-6": Verdict.NOTHING_HERE,
        "stranger": Verdict.UNKNOWN,
    }
    assert {grade.sub for grade in course.grades() if grade.is_advised} == {"learner-3", "learner-5"}
    assert course.differences() == ["learner-2", "learner-3", "learner-4", "learner-5", "learner-6", "stranger"]
    theirs = next(grade for grade in course.grades() if grade.sub == "learner-2")
    assert (theirs.points, theirs.max_points, theirs.theirs, theirs.their_maximum) == ("4", "8", 99, 100)
    done = course.comparison
    assert (done.state, done.compared_at, done.next_try_at) == (ComparisonState.WAITING, clock.at, None)
    assert not course.work(), "it is done"


def test_a_test_account_is_compared_with_nothing(make_course):
    course = make_course(profile="canvas", learners=3)
    course.earn("learner-1", 4)
    course.earn("learner-2", 4, is_delivered=False)
    course.write_by_hand("learner-1", 10)
    course.write_by_hand("learner-3", 10)
    with course.course.sessions.begin() as session:
        session.execute(update(Person).where(Person.sub.in_(["learner-1", "learner-2"])).values(is_test=True))
    assert course.compare() == {"learner-3": Verdict.NOTHING_HERE}


@pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])
def test_what_is_chosen_is_sent_again_later_and_as_no_new_attempt(make_course, clock, outbox, profile):
    course = make_course(profile=profile)
    course.earn("learner-1", 4)
    course.earn("learner-2", 6)
    course.earn("learner-3", 2)
    clock.advance(seconds=5)
    course.write_by_hand("learner-1", None)
    course.write_by_hand("learner-2", 1)
    course.write_by_hand("learner-3", None)
    course.compare()
    assert course.choose("learner-1", "learner-2") == 2
    first, again = course.course.scores("learner-1")
    assert again.attempt_id == first.attempt_id
    assert again.is_again
    assert again.scored_at - first.scored_at >= timedelta(seconds=1)
    assert json.loads(again.payload)["scoreGiven"] == 4
    for sub in ("learner-1", "learner-2"):
        # What somebody wrote by hand has a later time than the click at the same moment.
        clock.advance(seconds=2)
        course.course.change(course.course.scores(sub)[-1].id, next_try_at=clock.at)
        assert deliver(outbox, course.course.cell(sub))
    assert course.course.grade("learner-1") == 0.5
    assert course.course.grade("learner-3") is None, "nobody chose it"
    if profile == "canvas":
        with course.lms.connect() as connection:
            [stored] = gradebook.scores(connection, course.course.line_item_id, "learner-1")
        assert not stored.is_new_submission
    assert course.choose("learner-1") == 0, "it is sent once"
    assert course.compare()["learner-1"] == Verdict.SAME


def test_all_that_are_advised_are_sent_but_what_was_changed_by_hand(make_course, clock, monkeypatch):
    monkeypatch.setattr(jobs, "SENT_AT_ONCE", 2)
    course = make_course(learners=7)
    for number in range(1, 8):
        course.earn(f"learner-{number}", 4)
        clock.advance(seconds=1)
        course.write_by_hand(f"learner-{number}", 1 if number == 7 else None)
    course.compare()
    assert course.choose() == 6
    again = {score.person_id for score in course.course.scores() if score.is_again}
    assert again == {course.course.people[f"learner-{number}"] for number in range(1, 7)}


def test_a_newer_submission_counts_when_a_chosen_grade_is_sent(course, clock):
    course.earn("learner-1", 4)
    course.write_by_hand("learner-1", None)
    course.compare()
    clock.advance(seconds=5)
    course.earn("learner-1", 8, is_delivered=False)
    course.choose("learner-1")
    assert json.loads(course.course.scores("learner-1")[-1].payload)["scoreGiven"] == 8


def test_a_long_gradebook_is_read_in_turns(make_course, monkeypatch):
    monkeypatch.setattr(jobs, "PAGES_AT_ONCE", 2)
    course = make_course(learners=450)
    for number in range(1, 451):
        course.write_by_hand(f"learner-{number}", 10)
    course.ask()
    turns = 0
    while course.work():
        turns += 1
        if turns == 1:
            assert course.column.received == 200
            assert course.comparison.compared_at is None
    assert turns == 3
    assert course.column.state is ColumnState.READ
    assert len(course.differences()) == 450


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 500}, ScoreReason.PLATFORM_ERROR),
        ({"status": 429, "headers": {"Retry-After": "60"}}, ScoreReason.THROTTLED),
        ({"status": 403, "headers": {"X-Rate-Limit-Remaining": "0"}}, ScoreReason.THROTTLED),
        ({"status": 200, "body": "<html>Maintenance</html>"}, ScoreReason.PLATFORM_ERROR),
        ({"status": 200, "body": '{"results": "none"}'}, ScoreReason.PLATFORM_ERROR),
        ({"status": 200, "body": "[" * 5000}, ScoreReason.PLATFORM_ERROR),
        ({"drops_connection": True}, ScoreReason.UNREACHABLE),
    ],
    ids=["500", "429", "403", "html", "no-list", "deep", "dropped"],
)
def test_what_goes_wrong_in_passing_is_tried_again(course, clock, fault, reason):
    course.earn("learner-1", 4)
    fail(course, **fault)
    course.ask()
    assert course.work()
    assert (course.column.state, course.column.reason) == (ColumnState.WAITING, reason)
    wait = course.comparison.next_try_at - clock.at
    assert wait >= timedelta(seconds=60 if fault.get("status") == 429 else 1)
    assert not course.work()
    clock.advance(seconds=120)
    assert course.work()
    assert course.verdicts == {"learner-1": Verdict.SAME}
    assert course.column.reason is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"status": 403}, ScoreReason.ACCESS_REFUSED),
        ({"status": 404}, ScoreReason.COLUMN_GONE),
        (
            {"status": 200, "body": "[]", "headers": {"Link": '<https://evil.test/2>; rel="next"'}},
            ScoreReason.UNREADABLE,
        ),
        ({"status": 200, "body": "[]", "headers": {"Link": "“next”"}}, ScoreReason.UNREADABLE),
        ({"status": 200, "body": " " * 3_000_000}, ScoreReason.UNREADABLE),
        ({"status": 500, "times": -1}, ScoreReason.PLATFORM_ERROR),
        ({"status": 503, "headers": {"Retry-After": "7200"}}, ScoreReason.PLATFORM_ERROR),
    ],
    ids=["403", "404", "elsewhere", "broken link", "too large", "never well", "come tomorrow"],
)
def test_what_fails_for_good_says_why_and_shows_nobody_as_missing(course, clock, fault, reason):
    course.earn("learner-1", 4)
    fault = fault | {
        "headers": {name: value.encode().decode("latin-1") for name, value in fault.get("headers", {}).items()}
    }
    fail(course, **fault)
    course.ask()
    for _try in range(10):
        course.work()
        clock.advance(minutes=5)
    assert (course.column.state, course.column.reason) == (ColumnState.FAILED, reason)
    assert course.verdicts == {}
    assert course.comparison.compared_at is not None
    course.lms.config.faults.clear()
    assert course.compare() == {"learner-1": Verdict.SAME}


def test_pages_that_come_again_end(course):
    body = json.dumps([result("learner-1")])
    link = f'<{course.course.line_item_url}/results?page=2>; rel="next"'
    fail(course, status=200, body=body, headers={"Link": link}, times=-1)
    course.compare()
    assert (course.column.state, course.column.reason) == (ColumnState.FAILED, ScoreReason.UNREADABLE)


@pytest.mark.parametrize(
    "odd",
    [
        "nobody",
        None,
        {},
        {"userId": None, "resultScore": 1},
        {"userId": "a\0b", "resultScore": 1},
        {"userId": "x" * 5000, "resultScore": 1},
        result("learner-1", points="many"),
        result("learner-1", points=1e999),
        result("learner-1", maximum=0),
        result("learner-1", points=True) | {"resultScore": None},
    ],
)
def test_odd_results_are_passed_over(course, odd):
    course.earn("learner-1", 4)
    fail(course, status=200, body=json.dumps([odd, result("learner-2")]))
    assert course.compare() == {"learner-1": Verdict.MISSING, "learner-2": Verdict.NOTHING_HERE}


def test_a_platform_that_lets_nobody_in_fails_all_columns_at_once(course, clock):
    course.lms.config.faults.add(Fault(operation="token", status=401, times=-1))
    course.ask()
    for _try in range(10):
        course.work()
        clock.advance(minutes=5)
    assert (course.column.state, course.column.reason) == (ColumnState.FAILED, ScoreReason.TOKEN_REFUSED)


def test_asking_twice_and_asking_by_two_changes_nothing(course, clock):
    course.earn("learner-1", 4)
    course.ask()
    asked = course.comparison.asked_at
    clock.advance(seconds=1)
    course.ask()
    assert course.comparison.asked_at == asked
    assert course.work()
    assert not course.work()


def test_a_dead_process_leaves_a_lease_that_runs_out(course, clock, outbox):
    course.earn("learner-1", 4)
    course.ask()
    fail(course, drops_connection=True)
    with outbox.sessions.begin() as session:
        assert jobs.comparisons.claim(session, outbox.vault, course.context_id, at=clock.at, lease=outbox.lease)
    assert not course.work()
    clock.advance(seconds=61)
    assert course.work()
    assert jobs.announce_due(outbox) == {"due": 0}
    clock.advance(minutes=1)
    assert jobs.announce_due(outbox) == {"due": 1}
    assert course.work()
    assert course.verdicts == {"learner-1": Verdict.SAME}


def test_who_left_is_not_advised_and_trainers_and_nameless_people_are_nobody(course):
    course.earn("learner-1", 4)
    course.earn("learner-2", 4)
    course.earn("learner-3", 4)
    with course.course.sessions.begin() as session:
        comparison = {"registration_id": 1, "deployment_id": 1, "context_id": course.context_id}
        session.add(
            Member(
                **comparison, sub="learner-1", name="Gone", sort_key="gone", kind=MemberKind.LEARNER,
                status=MemberStatus.LEFT, generation=1,
            )
        )  # fmt: skip
        trainer = update(Participation).where(Participation.person_id == course.course.people["learner-2"])
        session.execute(trainer.values(is_trainer=True))
        session.execute(update(Person).where(Person.sub == "learner-3").values(is_anonymous=True))
    for sub in ("learner-1", "learner-2", "learner-3"):
        course.write_by_hand(sub, None)
    course.compare()
    [grade] = course.grades()
    assert (grade.sub, grade.verdict, grade.has_left, grade.is_advised) == ("learner-1", Verdict.MISSING, True, False)


def test_where_scores_are_not_taken_nothing_can_be_chosen(course):
    course.earn("learner-1", 4)
    course.write_by_hand("learner-1", None)
    with course.course.sessions.begin() as session:
        placement = session.get_one(Placement, course.course.placement_id)
        placement.scopes = [scope for scope in placement.scopes if scope != SCORE_SCOPE]
    assert course.compare() == {"learner-1": Verdict.MISSING}
    assert not course.column.can_send
    assert course.choose() == 0


def test_where_results_are_not_shown_nothing_can_be_compared(course):
    with course.course.sessions.begin() as session:
        session.get_one(Placement, course.course.placement_id).scopes = [SCORE_SCOPE]
    with pytest.raises(ConflictError):
        course.ask()


def test_a_closed_platform_is_not_asked(course):
    course.ask()
    with course.course.sessions.begin() as session:
        session.scalars(select(Registration)).one().state = RegistrationState.CLOSED
    assert not course.work()
    assert course.comparison.next_try_at is None


def test_names_and_old_comparisons_are_forgotten(course, clock, outbox):
    course.earn("learner-1", 4)
    course.compare()
    clock.advance(days=6)
    delete_old(outbox)
    assert course.verdicts
    clock.advance(days=2)
    delete_old(outbox)
    with course.reading() as session:
        for model in (Comparison, ComparedGrade):
            assert session.scalar(select(func.count()).select_from(model)) == 0
    course.compare()
    with course.course.sessions.begin() as session:
        registration = session.scalars(select(Registration)).one()
        registrations.change(session, registration, {"privacy": Privacy.PSEUDONYM}, clock.at, "owner")
    assert course.verdicts == {}
