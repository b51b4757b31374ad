"""How a platform is doing: checks at the press of a button, launches, problems, and a text for the LMS's support."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from flask import Response, current_app, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.config import Settings
from lti_tool.errors import SettingsError
from lti_tool.extensions import db
from lti_tool.lti.vault import Vault
from lti_tool.models import Registration, Score
from lti_tool.services import platform_health, test_launches
from lti_tool.services.clients import audience_of
from lti_tool.services.notices import handler_of
from lti_tool.services.platform_health import Undelivered
from lti_tool.views import health_words, launch_words
from lti_tool.views.admin.access import blueprint, current_account
from lti_tool.views.admin.platforms import NUMBER, get_platform
from lti_tool.views.delivery_words import describe_delivery
from lti_tool.views.egress import egress_of
from lti_tool.views.lti import KEYS_PATH
from lti_tool.views.register_words import ability_words


@blueprint.get(f"/platforms/<{NUMBER}:number>/health")
def platform_health_page(number: int) -> Response:
    """Show what is known; nobody is asked anything."""
    return _page(get_platform(number))


@blueprint.post(f"/platforms/<{NUMBER}:number>/health")
def check_platform(number: int) -> BaseResponse:
    """Ask the platform, and show what it said."""
    settings: Settings = current_app.config["SETTINGS"]
    session = db.session()
    registration = get_platform(number)
    try:
        examined = platform_health.begin_check(session, Vault(settings.master_keys), registration.id, datetime.now(UTC))
    except SettingsError as error:
        return _page(registration, error.problems[0])
    session.rollback()
    leeway = timedelta(seconds=settings.clock_leeway_s)
    findings = platform_health.check(examined, egress_of(current_app), leeway, lambda: datetime.now(UTC))
    platform_health.keep(session, number, findings, datetime.now(UTC))
    session.commit()
    return redirect(url_for(".platform_health_page", number=number), 303)


@blueprint.post(f"/platforms/<{NUMBER}:number>/test-launch")
def watch_launches(number: int) -> BaseResponse:
    """Show what the launches of the next minutes bring."""
    test_launches.watch(db.session(), get_platform(number), datetime.now(UTC), current_account().name)
    db.session.commit()
    return redirect(url_for(".platform_health_page", number=number, _anchor="test"), 303)


def _page(registration: Registration, problem: str = "") -> Response:
    session, at = db.session(), datetime.now(UTC)
    checked = platform_health.last_check(session, registration.id)
    key_set_url = current_app.config["SETTINGS"].public_url + KEYS_PATH
    findings = [
        (each, *health_words.finding_words(each, key_set_url, audience_of(registration)))
        for each in (checked[1] if checked else [])
    ]
    problems = [
        (each, launch_words.words(each.code), health_words.problem_step(each.code))
        for each in platform_health.last_problems(session, registration.id)
    ]
    seen = test_launches.seen(session, registration.id)
    watched = registration.watched_until is not None and registration.watched_until > at
    page = render_template(
        "admin/health.html",
        registration=registration,
        problem=problem,
        checked_at=checked[0] if checked else None,
        findings=findings,
        subjects=health_words.subject_words(),
        launches=platform_health.last_launches(session, registration.id),
        problems=problems,
        undelivered=[(each, _describe(each)) for each in platform_health.undelivered(session, registration.id)],
        watched_until=registration.watched_until if watched else None,
        seen=[
            (each, test_launches.brought(each.claims), json.dumps(each.claims, indent=2, ensure_ascii=False))
            for each in seen
        ],
        problem_words=launch_words.words,
        ability_words=ability_words(),
        notices=[
            (each, *health_words.notice_words(each, handler_of(current_app.config["SETTINGS"])))
            for each in sorted(registration.deployments, key=lambda each: each.id)
        ],
        key_set_url=key_set_url,
        at=at,
    )
    return make_response(page, 503 if problem else 200)


def _describe(each: Undelivered) -> str:
    """Say why scores are not delivered, in the words that trainers see."""
    return describe_delivery(Score(state=each.state, reason=each.reason, tries=1)).sentence
