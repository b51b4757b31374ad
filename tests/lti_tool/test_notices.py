"""Notices of copied courses: asked for after a launch, believed only when signed; they carry settings, never people."""

from __future__ import annotations

import re
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from werkzeug.serving import make_server

from lti_tool.extensions import db
from lti_tool.jobs.delivery import open_outbox
from lti_tool.jobs.notices import ask_for_notices
from lti_tool.lti import keys
from lti_tool.lti.content import Content
from lti_tool.lti.notices import NOTICE_SCOPE
from lti_tool.lti.vault import Vault
from lti_tool.models import (
    Columns,
    ContextCopy,
    Deployment,
    Placement,
    Registration,
    RegistrationState,
    Role,
    UsedNotice,
)
from lti_tool.practice_lms import LmsConfig, create_lms, notices, practice_lms_of
from lti_tool.practice_lms.seed import demo_seed
from lti_tool.practice_lms.serving import listen, port_of, serving
from lti_tool.services import library, retention
from lti_tool.services.fingerprints import fingerprint
from tests.lti_tool.admin.browser import signed_in
from tests.lti_tool.conftest import MASTER_KEY, PUBLIC_URL
from tests.lti_tool.launching import add_placement
from tests.lti_tool.learn.test_pick import ToolClient
from tests.lti_tool.learn.town import build_town
from tests.lti_tool.learn.visitor import Visitor
from tests.lti_tool.outbox.grading import Clock
from tests.lti_tool.signing_platform import LTI, MEMBERSHIP, launch_through, signing_platform

SERVICE = LTI + "platformnotificationservice"


def service(url, **changes):
    """The claim of a launch that says where notices can be asked for."""
    offered = {"scope": [NOTICE_SCOPE], "notice_types_supported": ["LtiHelloWorldNotice", "LtiContextCopyNotice"]}
    return {SERVICE: {"platform_notification_service_url": url, "service_versions": ["1.0"]} | offered | changes}


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def platform(app, town):
    """A platform in whose course a trainer chose a quiz for an activity, with a column of its own."""
    with signing_platform() as platform:
        platform.register(app, product="canvas")
        with app.app_context():
            library.publish(db.session(), town, datetime.now(UTC))
            original = add_placement()
            original.title = "Final"
            library.place(db.session(), original, Content(module_id="town", quiz_id="final", version="1.0.0"))
            original.columns = Columns.MODULE
            db.session.commit()
        yield platform


def copy_notice(platform, context="course-copy", origins=("course-1",), **changes):
    """The claims of a notice; a change to ``None`` takes a claim away."""
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": platform.issuer,
        "aud": platform.client_id,
        "azp": platform.client_id,
        "iat": now,
        "exp": now + 3600,
        "nonce": secrets.token_hex(16),
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "1",
        LTI + "notice": {"id": "1", "timestamp": "2026-11-30T12:00:00Z", "type": "LtiContextCopyNotice"},
        LTI + "context": {"id": context, "title": "The copy"},
        LTI + "origin_contexts": list(origins),
    }
    claims |= {name if name in claims else LTI + name: value for name, value in changes.items()}
    return {name: value for name, value in claims.items() if value is not None}


def send(client, *tokens):
    body = {"notices": [{"jwt": token} for token in tokens]}
    return client.post("/lti/notices", json=body, base_url=PUBLIC_URL)


def copies(app):
    with app.app_context():
        return {(each.context_id, each.origin_id) for each in db.session.scalars(select(ContextCopy))}


def enter(app, platform, *, role="Learner", link="link-copy", course="course-copy", custom=None, **changes):
    claims = {
        "resource_link": {"id": link, "title": "Final"},
        "context": {"id": course},
        "roles": [f"{MEMBERSHIP}{role}"],
        "custom": custom,
    }
    client = ToolClient(app, app.response_class)
    response = launch_through(client, platform, **(claims | changes))
    assert response.status_code == 303, response.text
    return Visitor(client, re.match(r"/l/[\w-]+/", response.headers["Location"])[0])


def settings_of(app, link="link-copy"):
    with app.app_context():
        found = db.session.scalars(select(Placement).filter_by(resource_link_id=link)).one()
        return found.module_id, found.quiz_id, found.is_version_fixed, found.columns


CARRIED = ("town", "final", True, Columns.MODULE)
QUIZ = {"module": "town", "quiz": "final", "version": "1.0.0"}


def test_a_copy_begins_with_the_settings_of_the_original(app, client, platform):
    answer = send(client, platform.sign(copy_notice(platform)))
    assert (answer.status_code, answer.json) == (200, {"taken": 1})
    enter(app, platform, custom=QUIZ)
    assert settings_of(app) == CARRIED


def test_no_learner_of_the_original_is_seen_in_the_copy(app, client, platform):
    original = {"link": "link-1", "course": "course-1", "name": "Old Learner", "sub": "old"}
    enter(app, platform, **original).open("pages/quiz").choose("q-single", "Beta").press("Look over and submit")
    send(client, platform.sign(copy_notice(platform)))
    page = enter(app, platform, custom=QUIZ, role="Instructor", sub="new-trainer").open("teach/")
    assert "Nobody has been here yet" in page.text
    assert "Old Learner" not in page.text


def test_a_link_that_names_no_content_is_known_by_its_title(app, client, platform):
    send(client, platform.sign(copy_notice(platform)))
    assert "Final quiz" in enter(app, platform).open("start").text
    assert settings_of(app) == CARRIED


def test_an_empty_link_that_was_opened_before_the_notice_came_is_filled(app, client, platform):
    assert "has not chosen a module" in enter(app, platform).open().text
    send(client, platform.sign(copy_notice(platform)))
    assert settings_of(app) == CARRIED


def test_a_copy_of_a_copy_that_nobody_opened_leads_on_to_the_first(app, client, platform):
    notices = [copy_notice(platform, "course-2"), copy_notice(platform, "course-copy", ["course-2"])]
    # Courses that are copies of each other lead nowhere, and not round and round.
    notices += [
        copy_notice(platform, "course-1", ["course-copy"]),
        copy_notice(platform, "course-copy", ["course-copy"]),
    ]
    assert send(client, *map(platform.sign, notices)).status_code == 200
    enter(app, platform)
    assert settings_of(app) == CARRIED


@pytest.mark.parametrize("history", ["course-1", "course-unknown,course-1", "course%2D1,truncated"])
def test_the_history_of_the_course_does_the_same(app, platform, history):
    enter(app, platform, custom={"context_history": history} | QUIZ)
    assert settings_of(app) == CARRIED


@pytest.mark.parametrize("history", [None, 7, "", "$Context.id.history", "course-copy", "x" * 999])
def test_no_history_leaves_the_link_as_it_is(app, platform, history):
    enter(app, platform, custom={"context_history": history})
    assert settings_of(app)[0] is None


def test_links_that_cannot_be_told_apart_give_nothing_rather_than_the_wrong_one(app, client, platform):
    with app.app_context():
        other = add_placement(link="link-2")
        other.title = "Final"
        library.place(db.session(), other, Content(module_id="town", quiz_id="final", version="1.0.0"))
        db.session.commit()
    send(client, platform.sign(copy_notice(platform)))
    enter(app, platform)
    assert settings_of(app)[0] is None


def test_the_same_notice_again_changes_nothing(app, client, platform):
    token = platform.sign(copy_notice(platform))
    assert [send(client, token).status_code for _ in range(3)] == [200, 200, 200]
    assert copies(app) == {("course-copy", "course-1")}
    enter(app, platform, custom=QUIZ)
    with app.app_context():
        db.session.execute(update(Placement).values(columns=Columns.GIVEN))
        db.session.commit()
    send(client, token)
    assert settings_of(app)[3] is Columns.GIVEN


def test_a_notice_is_good_once(app, client, platform):
    """Later, what it would do is done no more: the trainer took the activity's module away again."""
    token = platform.sign(copy_notice(platform))
    assert "has not chosen a module" in enter(app, platform).open().text
    assert send(client, token).json == {"taken": 1}
    with app.app_context():
        db.session.execute(
            update(Placement).where(Placement.resource_link_id == "link-copy").values(module_id=None, quiz_id=None)
        )
        db.session.execute(delete(ContextCopy))
        db.session.commit()
    assert send(client, token).status_code == 200, "a platform whose answer got lost tries again, and has done no wrong"
    assert settings_of(app)[0] is None
    assert copies(app) == set()


def test_of_a_notice_that_comes_many_times_at_once_one_counts(app, platform):
    token = platform.sign(copy_notice(platform))
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: send(app.test_client(), token).status_code, range(6)))
    assert answers == [200] * 6
    with app.app_context():
        (used,) = db.session.scalars(select(UsedNotice)).all()
        assert used.expires_at > datetime.now(UTC) + timedelta(hours=23)


def test_a_notice_of_which_nothing_came_can_be_sent_again(app, client, platform):
    """As one of a deployment that is approved only now."""
    token = platform.sign(copy_notice(platform))
    with app.app_context():
        db.session.execute(update(Deployment).values(is_approved=False))
        db.session.commit()
    assert send(client, token).status_code == 400
    with app.app_context():
        db.session.execute(update(Deployment).values(is_approved=True))
        db.session.commit()
    assert send(client, token).status_code == 200
    assert copies(app) == {("course-copy", "course-1")}


def test_the_same_nonce_of_another_platform_is_another_one(app, client, platform):
    with app.app_context():
        other = add_placement(issuer="https://other.test").deployment.registration
        db.session.add(UsedNotice(registration_id=other.id, nonce_hash=fingerprint("n"), expires_at=datetime.now(UTC)))
        db.session.commit()
    send(client, platform.sign(copy_notice(platform, nonce="n")))
    assert copies(app) == {("course-copy", "course-1")}


def test_used_notices_are_kept_until_their_tokens_are_too_old(app, client, platform):
    send(client, platform.sign(copy_notice(platform)))
    with app.app_context():
        for hours, left in ((23, 1), (25, 0)):
            for rule in retention.short_lived(datetime.now(UTC) + timedelta(hours=hours)):
                retention.delete_some(db.session(), rule)
            assert len(db.session.scalars(select(UsedNotice)).all()) == left


def test_other_deployments_know_nothing_of_it(app, client, platform):
    with app.app_context():
        add_placement(deployment="2", context="course-2", link="link-2")
        db.session.commit()
    send(client, platform.sign(copy_notice(platform, deployment_id="2")))
    enter(app, platform)
    assert settings_of(app)[0] is None


def test_notices_of_other_kinds_are_taken_and_do_nothing(app, client, platform):
    hello = copy_notice(platform, notice={"id": "1", "type": "LtiHelloWorldNotice"})
    assert send(client, platform.sign(hello)).status_code == 200
    assert copies(app) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.test"},
        {"aud": "client-2", "azp": "client-2"},
        {"azp": "client-2"},
        {"iat": 1, "exp": 2},
        {"exp": None},
        {"nonce": None},
        {"version": "1.1"},
        {"deployment_id": None},
        {"deployment_id": "nowhere"},
        {"notice": None},
        {"context": None},
        {"context": {"id": "x" * 999}},
        {"origin_contexts": "course-1"},
    ],
    ids=str,
)
def test_a_notice_that_breaks_a_rule_is_refused(app, client, platform, changes):
    answer = send(client, platform.sign(copy_notice(platform, **changes)))
    assert answer.status_code == 400
    assert answer.json["code"] == "notice-refused"
    assert copies(app) == set()


def test_a_notice_that_another_key_signed_is_refused_and_takes_nothing_from_the_others(app, client, platform):
    good = platform.sign(copy_notice(platform))
    forged = platform.sign(copy_notice(platform, origins=["course-9"]), key="key-2")
    unknown = platform.sign(copy_notice(platform, origins=["course-9"]), kid="key-9")
    answer = send(client, forged, good, unknown)
    assert answer.status_code == 400
    assert len(answer.json["problems"]) == 2
    assert copies(app) == {("course-copy", "course-1")}


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"notices": []}', b'{"notices": [7]}', b'{"notices": [{"jwt": "a.b.c"}]}', b"[" * 9999],
)
def test_what_is_no_notice_is_refused_in_words(client, platform, body):
    answer = client.post("/lti/notices", data=body, base_url=PUBLIC_URL, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["error"]


@pytest.mark.parametrize("state", [RegistrationState.CLOSED, RegistrationState.PENDING])
def test_a_platform_that_is_not_open_tells_nothing(app, client, platform, state):
    with app.app_context():
        db.session.execute(update(Registration).values(state=state))
        db.session.commit()
    assert send(client, platform.sign(copy_notice(platform))).status_code == 400
    assert copies(app) == set()


# Asking for notices, at a practice LMS that behaves as Canvas.


@pytest.fixture
def lms(app, tmp_path):
    listener = listen()
    url = f"http://127.0.0.1:{port_of(listener)}"
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    tool = f"http://127.0.0.1:{server.port}"
    seed = demo_seed(
        login_url=f"{PUBLIC_URL}/lti/login",
        redirect_uris=[f"{PUBLIC_URL}/lti/launch"],
        jwks_url=f"{tool}/lti/keys",
        target_link_uri=f"{PUBLIC_URL}/lti/open",
        module_title="The town",
    )

    def post(handler, body):
        # The tool's public address is no server of this test.
        notices.post_notice(handler.replace(PUBLIC_URL, tool), body)

    config = LmsConfig(database=tmp_path / "lms.db", base_url=url, seed=seed, profile="canvas", post_notice=post)
    running = create_lms(config)
    with serving(running, listener):
        yield practice_lms_of(running)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def outbox(app):
    with app.app_context():
        keys.ensure_key(db.session(), Vault((MASTER_KEY,)), datetime.now(UTC))
        db.session.commit()
        return open_outbox(db.engine, app.config["SETTINGS"], Clock())


@pytest.fixture
def registered(app, lms):
    """The tool as it knows that LMS, with a deployment whose launch said where to ask."""
    with app.app_context():
        placement = add_placement(issuer=lms.issuer, client_id="practice-client", deployment="practice-deployment")
        deployment = placement.deployment
        registration = deployment.registration
        registration.product = "canvas"
        registration.auth_url, registration.token_url, registration.key_set_url = (
            lms.auth_url,
            lms.token_url,
            lms.jwks_url,
        )
        deployment.notices_url = f"{lms.issuer}/api/lti/notice-handlers/1"
        db.session.commit()
        return deployment.id


def asked(app, deployment_id):
    with app.app_context():
        found = db.session.get(Deployment, deployment_id)
        return found.notices_handler, found.notices_next_at, found.notices_tries


def test_a_platform_is_asked_once_and_its_notice_arrives(app, lms, outbox, registered):
    assert ask_for_notices(outbox) == {"asked": 1}
    assert asked(app, registered) == (f"{PUBLIC_URL}/lti/notices", None, 0)
    assert ask_for_notices(outbox) == {"asked": 0}
    with lms.connect() as connection:
        assert notices.handlers(connection, 1) == {"LtiContextCopyNotice": f"{PUBLIC_URL}/lti/notices"}
    copied = lms.copy_course(1)
    assert copies(app) == {(str(copied.id), "1")}


def test_a_platform_that_refuses_is_asked_again_later(app, lms, outbox, registered):
    with app.app_context():
        db.session.execute(update(Deployment).values(notices_url=f"{lms.issuer}/api/lti/notice-handlers/7"))
        db.session.commit()
    assert ask_for_notices(outbox) == {"asked": 0}
    handler, next_at, tries = asked(app, registered)
    assert (handler, tries) == (None, 1)
    assert next_at > outbox.clock()
    assert ask_for_notices(outbox) == {"asked": 0}
    assert asked(app, registered)[2] == 1, "it was not asked again at once"
    outbox.clock.advance(seconds=301)
    ask_for_notices(outbox)
    assert asked(app, registered)[2] == 2


def health(app):
    """What the platform's health page says of notices."""
    with app.app_context():
        number = db.session.scalars(select(Registration.id)).one()
    page = signed_in(app, Role.AUDITOR).get(f"/admin/platforms/{number}/health").text
    part = page.partition("Notices of copied courses")[2].partition("</dl>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_administrators_see_how_it_stands_with_notices(app, lms, outbox, registered):
    assert "The LMS is asked for notices in a moment. Last notice: none yet" in health(app)
    with app.app_context():
        db.session.execute(update(Deployment).values(notices_url=f"{lms.issuer}/api/lti/notice-handlers/7"))
        db.session.commit()
    ask_for_notices(outbox)
    assert re.search(r"does not work The LMS does not send notices .*: HTTP 40\d.* Asked so far: 1\. ", health(app))
    assert re.search(r"Asked again not before: \d{4}-", health(app))
    with app.app_context():
        db.session.execute(update(Deployment).values(notices_url=f"{lms.issuer}/api/lti/notice-handlers/1"))
        db.session.commit()
    outbox.clock.advance(seconds=301)
    ask_for_notices(outbox)
    assert "works The LMS sends notices of copied courses here. Last notice: none yet" in health(app)
    lms.copy_course(1)
    assert re.search(r"Last notice: \d{4}-\d\d-\d\d", health(app))
    with app.app_context():
        db.session.execute(update(Deployment).values(notices_handler="https://old.test/lti/notices"))
        db.session.commit()
    assert "to https://old.test/lti/notices until" in health(app)
    with app.app_context():
        db.session.execute(update(Deployment).values(is_approved=False))
        db.session.commit()
    assert "not asked for notices while" in health(app)
    with app.app_context():
        db.session.execute(update(Deployment).values(notices_url=None))
        db.session.commit()
    assert "No launch said yet that the LMS sends notices" in health(app)


def test_a_tool_that_moved_asks_anew(app, outbox, lms, registered):
    with app.app_context():
        db.session.execute(update(Deployment).values(notices_handler="https://old.test/lti/notices"))
        db.session.commit()
    assert ask_for_notices(outbox) == {"asked": 1}
    assert asked(app, registered)[0] == f"{PUBLIC_URL}/lti/notices"


@pytest.mark.parametrize(
    ("claim", "kept"),
    [
        (service("https://lms.test/notices"), "https://lms.test/notices"),
        (service("https://lms.test/notices", scope=[]), None),
        (service("https://lms.test/notices", notice_types_supported=["LtiHelloWorldNotice"]), None),
        (service("javascript:alert(1)"), None),
        (service(None), None),
        ({SERVICE: "x"}, None),
        ({SERVICE: {"scope": 7}}, None),
        ({}, None),
    ],
)
def test_a_launch_says_where_to_ask(app, platform, claim, kept):
    for _ in range(2):
        enter(app, platform, **claim)
    with app.app_context():
        assert db.session.scalar(select(Deployment.notices_url)) == kept


def test_a_launch_that_says_nothing_takes_nothing_away_and_another_address_is_asked(app, platform):
    enter(app, platform, **service("https://lms.test/notices"))
    with app.app_context():
        db.session.execute(update(Deployment).values(notices_handler=f"{PUBLIC_URL}/lti/notices"))
        db.session.commit()
    enter(app, platform)
    enter(app, platform, **service("https://lms.test/notices"))
    with app.app_context():
        found = db.session.scalars(select(Deployment)).one()
        assert (found.notices_url, found.notices_handler) == ("https://lms.test/notices", f"{PUBLIC_URL}/lti/notices")
    enter(app, platform, **service("https://lms.test/other"))
    with app.app_context():
        found = db.session.scalars(select(Deployment)).one()
        assert (found.notices_url, found.notices_handler) == ("https://lms.test/other", None)
