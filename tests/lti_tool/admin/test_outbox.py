"""The outbox in the admin pages: every state in words, pages at one cost, and scores tried again or stopped."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.jobs.delivery import deliver
from lti_tool.models import AuditEntry, Role, Score, ScoreReason, ScoreState
from lti_tool.services import outbox as service
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.outbox.conftest import clock, course, outbox, profile

__all__ = ["clock", "course", "outbox", "profile"]


def entries(app, action):
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).filter_by(action=action)))


def test_each_state_is_shown_in_words_with_its_count(app, course, clock):
    number = course.submit("learner-1", 4, at=clock.at)
    owner = signed_in(app)
    assert "(1)" in owner.get("/admin/outbox").text
    for state in ScoreState:
        course.change(number, state=state, reason=ScoreReason.THROTTLED, tries=2, http_status=429)
        page = owner.get(f"/admin/outbox?state={state.value}")
        assert page.status_code == 200
        assert "2 tries" in page.text
        other = next(each for each in ScoreState if each is not state)
        assert "2 tries" not in owner.get(f"/admin/outbox?state={other.value}").text
    assert owner.get("/admin/outbox?state=nonsense&before=x").status_code == 200


def test_a_failed_score_is_sent_again_and_arrives(app, course, clock, outbox):
    number = course.submit("learner-1", 4, at=clock.at)
    course.change(number, state=ScoreState.FAILED, reason=ScoreReason.ACCESS_REFUSED)
    owner = signed_in(app)
    sent = owner.send("/admin/outbox?state=failed", f"/admin/outbox/{number}", do="retry")
    assert sent.status_code == 303
    assert course.score(number).state is ScoreState.WAITING
    clock.advance(days=1)
    assert deliver(outbox, course.cell("learner-1"))
    assert course.grade("learner-1") == 0.5
    [entry] = entries(app, "score-retried")
    assert entry.before == {"state": "failed", "reason": "access-refused"}


def test_a_waiting_score_is_stopped_and_says_who_did(app, course, clock, outbox):
    number = course.submit("learner-1", 4, at=clock.at)
    owner = signed_in(app)
    owner.send("/admin/outbox", f"/admin/outbox/{number}", do="stop")
    assert (course.score(number).state, course.score(number).reason) == (ScoreState.FAILED, ScoreReason.STOPPED)
    assert not deliver(outbox, course.cell("learner-1"))
    assert "Whoever runs this tool stopped it." in owner.get("/admin/outbox?state=failed").text
    assert len(entries(app, "score-stopped")) == 1


def test_what_moved_on_meanwhile_is_left_alone(app, course, clock):
    number = course.submit("learner-1", 4, at=clock.at)
    owner = signed_in(app)
    page = owner.get("/admin/outbox")
    course.change(number, state=ScoreState.SENDING, lease_token="t", lease_until=clock.at + timedelta(minutes=1))
    for do in ("retry", "stop"):
        refused = owner.send_from(page, f"/admin/outbox/{number}", do=do)
        assert refused.status_code == 409
        assert "nothing was changed" in refused.text
    course.change(number, state=ScoreState.FAILED, lease_token=None, lease_until=None)
    course.submit("learner-1", 8, at=clock.at + timedelta(minutes=1))
    assert owner.send_from(page, f"/admin/outbox/{number}", do="retry").status_code == 409
    assert owner.send_from(page, f"/admin/outbox/{number}", do="burn").status_code == 400
    assert entries(app, "score-retried") == entries(app, "score-stopped") == []
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)[1]
    assert owner.post("/admin/outbox/999999", {"form_token": token, "do": "stop"}).status_code == 404


def test_auditors_look_and_change_nothing(app, course, clock):
    number = course.submit("learner-1", 4, at=clock.at)
    auditor = signed_in(app, Role.AUDITOR)
    page = auditor.get("/admin/outbox")
    assert "Send now" not in page.text
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)[1]
    assert auditor.post(f"/admin/outbox/{number}", {"form_token": token, "do": "stop"}).status_code == 403
    assert course.score(number).state is ScoreState.WAITING


def test_pages_follow_each_other_and_miss_none(app, course, clock, monkeypatch):
    monkeypatch.setattr(service, "PAGE_ROWS", 2)
    minutes = [timedelta(minutes=index) for index in range(5)]
    numbers = [course.submit("learner-1", 4, at=clock.at + later) for later in minutes]
    with course.sessions.begin() as session:
        for score in session.scalars(select(Score)):
            score.state, score.next_try_at = ScoreState.FAILED, clock.at
    owner, seen, path = signed_in(app), [], "/admin/outbox?state=failed"
    while path:
        page = owner.get(path)
        seen += [int(number) for number in re.findall(r'action="/admin/outbox/(\d+)"', page.text)]
        older = re.search(r'href="([^"]*before=\d+)"', page.text)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == sorted(numbers, reverse=True)


@pytest.mark.parametrize("before", ["0", "-1", "99999999999999999999", "'"])
def test_a_page_that_there_is_not_is_the_first(app, course, clock, before):
    course.submit("learner-1", 4, at=clock.at)
    assert "(1)" in signed_in(app).get(f"/admin/outbox?before={before}").text
