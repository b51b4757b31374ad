"""Whole launches: from a login to a session."""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from lti_tool.extensions import db
from lti_tool.lti import key_sets
from lti_tool.models import (
    Attempt,
    Context,
    Deployment,
    Launch,
    Login,
    Participation,
    Person,
    Placement,
    Registration,
    Release,
)
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import (
    GRADES,
    LTI,
    MEMBERSHIP,
    TARGET,
    begin_login,
    launch_through,
    post_launch,
    signing_platform,
)

INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"


@pytest.fixture
def platform(app):
    with signing_platform() as platform:
        platform.register(app)
        yield platform


@pytest.fixture
def only(app):
    """Give the only row of a table."""

    def read(model):
        with app.app_context():
            found = db.session.scalars(select(model)).one()
            db.session.expunge_all()
            return found

    return read


def count(app, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def publish(app, *module_ids: str) -> None:
    """Put releases into the library, as far as a launch looks at them."""
    with app.app_context():
        for module_id in module_ids:
            db.session.add(
                Release(
                    digest=module_id.ljust(64, "0"),
                    module_id=module_id,
                    version="1.0.0",
                    title={"en": module_id},
                    archive=b"",
                    published_at=datetime.now(UTC),
                )
            )
        db.session.commit()


def test_a_launch_becomes_a_session_of_this_browser(app, client, platform, only):
    response = launch_through(client, platform)
    assert response.status_code == 303
    handle = re.fullmatch(r"/l/([\w-]{22})/", response.headers["Location"])[1]
    launch = only(Launch)
    assert launch.handle_hash != handle
    assert launch.browser_hash is not None
    assert (launch.is_learner, launch.is_trainer) == (True, False)
    assert launch.line_item_url == "https://lms.test/items/1"
    assert launch.return_url == "https://lms.test/course"
    assert launch.document_target == "iframe"
    assert launch.locale == "en"


def test_the_login_cookie_goes_and_one_browser_cookie_stays(client, platform):
    launch_through(client, platform)
    first = {cookie.key: cookie.value for cookie in client._cookies.values()}
    assert list(first) == ["__Host-browser"]
    launch_through(client, platform)
    assert {cookie.key: cookie.value for cookie in client._cookies.values()} == first


def test_the_browser_cookie_belongs_to_a_partition_and_to_no_script(client, platform):
    header = next(
        value for value in launch_through(client, platform).headers.getlist("Set-Cookie") if "browser=" in value
    )
    for attribute in ("__Host-browser", "Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
        assert attribute in header


def test_each_launch_has_a_session_of_its_own(app, client, platform):
    addresses = {launch_through(client, platform).headers["Location"] for _ in range(2)}
    assert len(addresses) == 2
    assert count(app, Launch) == 2
    assert count(app, Person) == count(app, Placement) == count(app, Participation) == 1


def test_writes_down_what_the_platform_says(client, platform, only):
    launch_through(client, platform)
    assert (only(Context).title, only(Context).label) == ("Course one", "C1")
    placement = only(Placement)
    assert (placement.title, placement.line_items_url) == ("An activity", "https://lms.test/items")
    assert placement.scopes == ["https://purl.imsglobal.org/spec/lti-ags/scope/score"]
    assert only(Person).name == "Ana Álvarez"
    assert only(Deployment).frame_hosts == ["https://lms.test"]


def test_learns_the_host_that_frames_the_launch(client, platform, only):
    launch_through(client, platform, launch_presentation={"return_url": "https://School.test:443/course?x=1"})
    launch_through(client, platform, launch_presentation={"return_url": "https://school.test:8443/"})
    launch_through(client, platform, launch_presentation={"return_url": "javascript:alert(1)"})
    assert only(Deployment).frame_hosts == ["https://school.test", "https://school.test:8443"]
    # Where people are sent back to is never a script.


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test; script-src-elem *; x/",
        "https://evil.test, x/",
        "https://evil.test https:/",
        "https://*/",
        "https://'self'/",
        f"https://{'x' * 64}.test/",
    ],
)
def test_learns_no_host_that_would_change_the_policy_of_pages(client, platform, only, address):
    response = launch_through(client, platform, launch_presentation={"return_url": address})
    assert only(Deployment).frame_hosts == []
    page = client.get(response.headers["Location"], base_url=PUBLIC_URL)
    assert page.headers["Content-Security-Policy"].endswith("; frame-ancestors https://lms.test")


def test_learns_an_international_host_in_the_form_that_headers_take(client, platform, only):
    launch_through(client, platform, launch_presentation={"return_url": "https://Bücher.test/course"})
    launch_through(client, platform, launch_presentation={"return_url": "https://[::1]:8443/"})
    assert only(Deployment).frame_hosts == ["https://xn--bcher-kva.test", "https://[::1]:8443"]


def test_a_launch_needs_no_more_than_the_specification_does(client, platform, only):
    nothing = dict.fromkeys((LTI + "context", LTI + "launch_presentation", GRADES, "name"))
    response = launch_through(client, platform, roles=[], resource_link={"id": "link-1"}, **nothing)
    assert response.status_code == 303
    launch = only(Launch)
    assert (launch.is_learner, launch.is_trainer, launch.return_url, launch.line_item_url) == (False, False, None, None)
    assert only(Person).name is None
    assert only(Placement).context_id is None


def test_empty_objects_of_php_are_objects(client, platform):
    changes = {LTI + "custom": [], LTI + "launch_presentation": [], LTI + "context": [], GRADES: []}
    assert launch_through(client, platform, **changes).status_code == 303


@pytest.mark.parametrize("recorded", ["learner-iframe", "learner-window", "instructor-iframe", "admin-iframe"])
def test_takes_what_moodle_sends(client, platform, only, recorded):
    """The claims of a recorded launch, but for what a login of this test fixes."""
    path = Path(__file__).parent.parent / "practice_lms" / "recorded" / f"resource-link-{recorded}.json"
    claims = json.loads(path.read_text())["claims"]
    ours = {"iss", "aud", "iat", "exp", "nonce", LTI + "target_link_uri"}
    changes = {name: value for name, value in claims.items() if name not in ours}
    asked = begin_login(client, platform, lti_deployment_id=claims[LTI + "deployment_id"])
    token = platform.sign(platform.claims(asked["nonce"], **changes))
    assert post_launch(client, asked["state"], token).status_code == 303
    assert only(Person).name == claims["name"]
    assert only(Launch).is_trainer == ("learner" not in recorded)


@pytest.mark.parametrize(
    ("roles", "is_trainer", "is_learner"),
    [
        ([MEMBERSHIP + "Learner"], False, True),
        ([MEMBERSHIP + "Instructor"], True, False),
        ([MEMBERSHIP + "Administrator"], True, False),
        ([MEMBERSHIP.replace("#", "/") + "Instructor#TeachingAssistant"], True, False),
        (["Instructor"], True, False),
        (["Learner"], False, True),
        ([MEMBERSHIP + "Learner", INSTITUTION + "Instructor"], False, True),
        ([INSTITUTION + "Instructor"], False, False),
        ([INSTITUTION + "Administrator"], False, False),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], False, False),
        (["http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"], False, False),
        (["https://elsewhere.test/membership#Instructor"], False, False),
        (["instructor", "", "urn:lti:role:ims/lis/Instructor"], False, False),
        ([1, None, {"a": 1}], False, False),
        ([], False, False),
    ],
)
def test_only_roles_in_the_context_give_power(client, platform, only, roles, is_trainer, is_learner):
    assert launch_through(client, platform, roles=roles).status_code == 303
    launch = only(Launch)
    assert (launch.is_trainer, launch.is_learner) == (is_trainer, is_learner)
    assert only(Participation).is_trainer == is_trainer


def test_a_person_is_a_registration_and_a_sub(app, client, platform):
    with signing_platform(client_id="client-2") as other:
        other.register(app)
        launch_through(client, platform)
        launch_through(client, other)
    assert count(app, Person) == 2


def test_equal_ids_in_two_deployments_mean_two_things(app, client, platform):
    launch_through(client, platform)
    launch_through(client, platform, deployment_id="2")
    assert count(app, Deployment) == count(app, Context) == count(app, Placement) == 2
    assert count(app, Person) == 1


def test_a_name_that_the_platform_stops_sending_is_forgotten(client, platform, only):
    launch_through(client, platform)
    launch_through(client, platform, name=None)
    assert only(Person).name is None


def test_a_name_may_come_in_parts(client, platform, only):
    launch_through(client, platform, name=None, given_name="Ana", family_name="Álvarez")
    assert only(Person).name == "Ana Álvarez"


def test_nobody_without_a_sub_unless_the_registration_allows_it(app, client, platform, only):
    assert launch_through(client, platform, sub=None).status_code == 400
    with app.app_context():
        db.session.execute(update(Registration).values(allows_anonymous=True))
        db.session.commit()
    for sub in (None, ""):
        assert launch_through(client, platform, sub=sub).status_code == 303
    with app.app_context():
        people = db.session.scalars(select(Person)).all()
        assert len(people) == 2
        assert all(person.is_anonymous for person in people)


def test_a_new_deployment_waits_where_the_registration_says_so(app, client, platform, only):
    with app.app_context():
        db.session.execute(update(Registration).values(accepts_new_deployments=False))
        db.session.commit()
    response = launch_through(client, platform)
    assert response.status_code == 400
    assert "not approved" in response.text
    assert not only(Deployment).is_approved
    assert count(app, Launch) == count(app, Person) == 0
    with app.app_context():
        db.session.execute(update(Deployment).values(is_approved=True))
        db.session.commit()
    assert launch_through(client, platform).status_code == 303


@pytest.mark.parametrize(
    ("custom", "query", "expected"),
    [
        ({"module": "m1"}, "", "m1"),
        ({}, "?module=m1", "m1"),
        ({"module": "m2"}, "?module=m1", "m2"),
        ({"module": "$Canvas.x"}, "?module=m1", "m1"),
        ({"module": ""}, "?module=m1", "m1"),
        ({"module": ["m1"]}, "", None),
        ({"module": "m9"}, "", None),
        ({"module": "a\0b"}, "", None),
        ({}, "?module=", None),
        (None, "", None),
    ],
)
def test_a_placement_shows_the_module_that_its_link_names(app, client, platform, only, custom, query, expected):
    publish(app, "m1", "m2")
    launch_through(client, platform, custom=custom, target_link_uri=TARGET + query)
    placement = only(Placement)
    assert placement.module_id == expected
    assert placement.release_digest == (expected.ljust(64, "0") if expected else None)


def test_a_module_that_people_have_answered_stays_whatever_its_link_names_later(app, client, platform, only):
    publish(app, "m1", "m2")
    launch_through(client, platform, custom={"module": "m1"})
    launch_through(client, platform)
    assert only(Placement).module_id == "m1"
    with app.app_context():
        values = {"placement_id": 1, "person_id": 1, "quiz_id": "q", "number": 1, "seed": b"", "release_digest": ""}
        values |= {"release_digest": db.session.scalars(select(Placement.release_digest)).one()}
        db.session.add(Attempt(**values, started_at=datetime.now(UTC)))
        db.session.commit()
    for later in ("m9", "m2"):
        assert launch_through(client, platform, custom={"module": later}).status_code == 303
        assert only(Placement).module_id == "m1"


def test_a_link_that_was_edited_shows_what_it_names_now_as_long_as_nobody_has_answered(app, client, platform, only):
    publish(app, "m1", "m2")
    launch_through(client, platform, custom={"module": "m1"})
    launch_through(client, platform, custom={"module": "m2", "page": "p1", "version": "1"})
    placement = only(Placement)
    assert (placement.module_id, placement.page_id, placement.is_version_fixed) == ("m2", "p1", False)
    launch_through(client, platform, target_link_uri=f"{TARGET}?module=m2&quiz=q1&version=1.0.0")
    placement = only(Placement)
    assert (placement.page_id, placement.quiz_id, placement.is_version_fixed) == (None, "q1", True)
    launch_through(client, platform, custom={"module": "m2", "quiz": "q1", "version": "7"})
    assert only(Placement).release_digest == placement.release_digest, "a version that is not there changes nothing"


def test_where_no_module_is_chosen_a_trainer_chooses_one(app, client, platform):
    trainer = [MEMBERSHIP + "Instructor"]
    assert re.fullmatch(r"/l/[\w-]+/", launch_through(client, platform).headers["Location"])
    to_choose = launch_through(client, platform, roles=trainer).headers["Location"]
    assert re.fullmatch(r"/l/[\w-]+/pick/", to_choose)
    told = launch_through(client, platform, roles=trainer, custom={"module": "m9&"}).headers["Location"]
    assert told.endswith("/pick/?missing=m9%26")
    assert "“m9&amp;”" in client.get(told, base_url=PUBLIC_URL).text
    publish(app, "m1")
    shown = launch_through(client, platform, roles=trainer, custom={"module": "m1"}).headers["Location"]
    assert re.fullmatch(r"/l/[\w-]+/", shown)


@pytest.mark.parametrize(
    ("error", "words"), [("login_required", "signed in"), ("invalid_request", "did not open"), ("x" * 9999, "did not")]
)
def test_an_error_instead_of_a_token_is_said_in_words(client, platform, capsys, error, words):
    asked = begin_login(client, platform)
    response = post_launch(client, asked["state"], None, error=error, error_description="Session\r\nlost <b>")
    assert response.status_code == 400
    assert words in response.text
    assert "Session" not in response.text
    reference = re.search(r"<code>(\w{8})</code>", response.text)[1]
    logged = capsys.readouterr().err
    assert reference in logged
    assert error[:50] in logged
    again = post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"])))
    assert again.status_code == 400


def test_errors_of_a_launch_speak_the_browsers_language_and_may_be_framed(client, platform):
    response = client.post("/lti/launch", base_url=PUBLIC_URL, headers={"Accept-Language": "sv-SE,sv"})
    assert '<html lang="sv"' in response.text
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]


def test_no_token_and_no_secret_reaches_the_log(client, platform, capsys):
    asked = begin_login(client, platform)
    token = platform.sign(platform.claims(asked["nonce"]), kid="unknown")
    post_launch(client, asked["state"], token)
    location = launch_through(client, platform).headers["Location"]
    client.get(location + "nothing", base_url=PUBLIC_URL)
    logged = capsys.readouterr().err
    assert "key-unknown" in logged
    assert token not in logged
    assert token.split(".")[1] not in logged
    assert asked["state"] not in logged
    assert location.split("/")[2] not in logged


def test_only_one_of_many_posts_at_once_becomes_a_launch(app, client, platform):
    asked = begin_login(client, platform)
    token = platform.sign(platform.claims(asked["nonce"]))
    cookie = next(iter(client._cookies.values()))
    statuses: list[int] = []
    barrier = threading.Barrier(6)

    def post() -> None:
        browser = app.test_client()
        browser.set_cookie(cookie.key, cookie.value, domain="tool.test", secure=True)
        barrier.wait(5)
        statuses.append(post_launch(browser, asked["state"], token).status_code)

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(statuses) == [303, 400, 400, 400, 400, 400]
    assert count(app, Launch) == 1


def test_many_first_launches_at_once_make_each_row_once(app, platform):
    asked = []
    for number in range(6):
        browser = app.test_client()
        login = begin_login(browser, platform)
        claims = platform.claims(login["nonce"], sub=f"learner-{number % 2}")
        asked.append((browser, login["state"], platform.sign(claims)))
    statuses: list[int] = []
    barrier = threading.Barrier(len(asked))

    def post(browser, state: str, token: str) -> None:
        barrier.wait(5)
        statuses.append(post_launch(browser, state, token).status_code)

    threads = [threading.Thread(target=post, args=each) for each in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert statuses == [303] * 6
    assert count(app, Deployment) == count(app, Context) == count(app, Placement) == 1
    assert count(app, Person) == count(app, Participation) == 2
    assert count(app, Launch) == 6


def test_a_class_that_opens_its_activity_for_the_first_time_at_once_gets_in(app, platform, monkeypatch):
    """Each brings somebody new to one placement, which each may have to change: nobody waits in a circle."""
    # What waiting for a slow platform brings is another test's: a busy machine is slow, too.
    monkeypatch.setattr(key_sets, "SLOW_AFTER_S", 60)
    publish(app, "m1", "m2")
    asked = []
    for number in range(32):
        browser = app.test_client()
        login = begin_login(browser, platform)
        claims = platform.claims(login["nonce"], sub=f"learner-{number}", custom={"module": f"m{number % 2 + 1}"})
        asked.append((browser, login["state"], platform.sign(claims)))
    statuses: list[int] = []
    barrier = threading.Barrier(8)

    def post(some) -> None:
        barrier.wait(60)
        statuses.extend(post_launch(*each).status_code for each in some)

    threads = [threading.Thread(target=post, args=(asked[first::8],)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert statuses == [303] * 32
    assert count(app, Placement) == 1
    assert count(app, Participation) == 32


def test_a_login_that_took_too_long_opens_nothing(app, client, platform):
    asked = begin_login(client, platform)
    with app.app_context():
        db.session.execute(update(Login).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        db.session.commit()
    response = post_launch(client, asked["state"], platform.sign(platform.claims(asked["nonce"])))
    assert response.status_code == 400
    assert "too long" in response.text
