"""Content from a tool: the request, the signed answer, and what each LMS makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.practice_lms import PracticeLms, Seed, catalogue, gradebook, practice_lms_of
from lti_tool.practice_lms.html_page import Form, PageParser
from lti_tool.practice_lms.model import LineItem, Placement
from lti_tool.practice_lms.vocabulary import DEEP_LINKING, LTI
from tests.practice_lms.conftest import LMS_URL, client_of
from tests.practice_lms.tool import TOOL_URL, Tool, authentication_request, decode, form_of, sign_in

QUIZ = {
    "type": "ltiResourceLink",
    "title": "The quiz",
    "text": "Eight questions",
    "url": f"{TOOL_URL}/launch?quiz=1",
    "custom": {"quiz": "1", "course": "$Context.id"},
    "lineItem": {"scoreMaximum": 12.5, "label": "Points of the quiz", "resourceId": "m/quiz", "tag": "quiz"},
    "available": {"startDateTime": "2027-01-01T06:00:00Z"},
    "submission": {"endDateTime": "2027-01-31T21:59:00Z"},
}
READING = {"type": "ltiResourceLink", "title": "Reading", "url": f"{TOOL_URL}/launch?page=1", "window": {}}


@dataclass
class Trainer:
    """A trainer's browser, and the tool that answers in it."""

    client: FlaskClient
    lms: PracticeLms
    tool: Tool

    def ask(self, placement_id: int | None = None, sub: str = "trainer-1") -> dict[str, Any]:
        """Ask the tool for content; gives the claims of the request."""
        sign_in(self.client, sub)
        query = "" if placement_id is None else f"?placement={placement_id}"
        page = self.client.get(f"/courses/1/tools/1/content{query}")
        assert page.status_code == 200, page.text
        _, login = form_of(page)
        asked = authentication_request(login, f"{TOOL_URL}/launch")
        _, fields = form_of(self.client.get(urlsplit(self.lms.auth_url).path, query_string=asked))
        assert "error" not in fields, fields
        claims = decode(self.client, self.lms, fields["id_token"])[1]
        assert claims[f"{LTI}target_link_uri"] == login["target_link_uri"]
        return claims

    def token(self, asked: dict[str, Any], items: list[Any], **changes: Any) -> str:
        """Sign an answer; ``changes`` are made to its claims, and ``None`` takes one away."""
        now = int(self.lms.now().timestamp())
        settings = asked[f"{DEEP_LINKING}deep_linking_settings"]
        claims = {
            "iss": asked["aud"],
            "aud": [asked["iss"]],
            "iat": now,
            "exp": now + 300,
            "nonce": f"nonce-{id(items)}",
            f"{LTI}message_type": "LtiDeepLinkingResponse",
            f"{LTI}version": "1.3.0",
            f"{LTI}deployment_id": asked[f"{LTI}deployment_id"],
            f"{DEEP_LINKING}content_items": items,
            f"{DEEP_LINKING}data": settings.get("data"),
            **{changed_claim(name): value for name, value in changes.items()},
        }
        return self.tool.sign({name: value for name, value in claims.items() if value is not None})

    def send(self, asked: dict[str, Any], token: str) -> TestResponse:
        """Bring a token back to the LMS."""
        url = urlsplit(asked[f"{DEEP_LINKING}deep_linking_settings"]["deep_link_return_url"])
        return self.client.post(f"{url.path}?{url.query}", data={"JWT": token})

    def answer(self, asked: dict[str, Any], items: list[Any], **changes: Any) -> TestResponse:
        """Sign an answer and bring it back."""
        return self.send(asked, self.token(asked, items, **changes))

    def added(self) -> list[tuple[Placement, LineItem | None]]:
        """The activities of the course that the seed did not place, with their columns."""
        with self.lms.connect() as connection:
            placements = [each for each in catalogue.placements(connection, 1) if each.id > 2]
            columns = {each.placement_id: each for each in gradebook.line_items(connection, 1)}
        return [(each, columns.get(each.id)) for each in placements]


def changed_claim(name: str) -> str:
    """The full name of a claim that a test changes."""
    if name in {"data", "content_items", "msg"}:
        return DEEP_LINKING + name
    return LTI + name if name in {"message_type", "version", "deployment_id"} else name


@pytest.fixture
def profile() -> str:
    return "strict"


@pytest.fixture
def trainer(make_lms: Callable[..., Flask], tool: Tool, profile: str) -> Trainer:
    app = make_lms(profile=profile)
    return Trainer(client_of(app), practice_lms_of(app), tool)


as_each = pytest.mark.parametrize("profile", ["strict", "moodle", "canvas"])


def test_a_request_says_what_is_taken(trainer: Trainer) -> None:
    claims = trainer.ask()
    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert claims[f"{LTI}target_link_uri"] == f"{TOOL_URL}/dl"
    assert f"{LTI}resource_link" not in claims
    settings = claims[f"{DEEP_LINKING}deep_linking_settings"]
    assert settings == {
        "deep_link_return_url": f"{LMS_URL}/lti/content",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": True,
        "data": settings["data"],
    }


@pytest.mark.parametrize("profile", ["canvas"])
def test_canvas_puts_its_data_into_the_address(trainer: Trainer) -> None:
    claims = trainer.ask()
    settings = claims[f"{DEEP_LINKING}deep_linking_settings"]
    assert settings["deep_link_return_url"].startswith(f"{LMS_URL}/courses/1/deep_linking_response?data=")
    assert not {"data", "accept_lineitem"} & settings.keys()
    assert claims["https://www.instructure.com/placement"] == "course_assignments_menu"


@as_each
def test_several_items_become_activities_at_once(trainer: Trainer, profile: str) -> None:
    page = trainer.answer(trainer.ask(), [QUIZ, READING])
    assert page.status_code == 200, page.text
    assert "2 activities were added" in page.text
    (quiz, column), (reading, no_column) = trainer.added()
    assert (quiz.description, quiz.target_link_uri) == ("Eight questions", QUIZ["url"])
    assert quiz.custom == QUIZ["custom"]
    assert column is not None
    assert (column.maximum, column.resource_id, column.tag) == (12.5, "m/quiz", "quiz")
    assert no_column is None
    # What each LMS keeps beside that.
    title = "Points of the quiz" if profile == "canvas" else "The quiz"
    label = "The quiz" if profile == "moodle" else "Points of the quiz"
    assert (quiz.title, column.label) == (title, label)
    dates = ("", "") if profile == "moodle" else ("2027-01-01T06:00:00Z", "2027-01-31T21:59:00Z")
    assert (column.starts_at, column.ends_at) == dates
    assert reading.opens_in == ("iframe" if profile == "moodle" else "window")


@pytest.mark.parametrize("profile", ["moodle"])
def test_in_moodle_one_item_fills_in_a_form(trainer: Trainer) -> None:
    page = trainer.answer(trainer.ask(), [QUIZ])
    assert not trainer.added(), "nothing is added before the trainer saves"
    saved = send(trainer.client, form_in(page), title="My quiz", maximum="20")
    assert saved.status_code == 303
    [(quiz, column)] = trainer.added()
    assert column is not None
    assert (quiz.title, column.label, column.maximum, column.tag) == ("My quiz", "My quiz", 20, "quiz")


@pytest.mark.parametrize("maximum", ["many", "0", "nan"])
@pytest.mark.parametrize("profile", ["moodle"])
def test_the_form_takes_no_maximum_that_is_none(trainer: Trainer, maximum: str) -> None:
    page = trainer.answer(trainer.ask(), [QUIZ])
    assert send(trainer.client, form_in(page), maximum=maximum).status_code == 400
    assert not trainer.added()


@as_each
def test_an_activity_shows_something_else_after_it_was_chosen_again(trainer: Trainer, profile: str) -> None:
    trainer.answer(trainer.ask(), [QUIZ, READING])
    (quiz, before), _ = trainer.added()
    asked = trainer.ask(quiz.id)
    named = asked[f"{LTI}target_link_uri"], asked.get(f"{LTI}custom", {}).get("quiz")
    # Moodle says nothing of what is edited, Canvas gives the address, but not the custom parameters.
    expected = {"strict": (QUIZ["url"], "1"), "canvas": (QUIZ["url"], None), "moodle": (f"{TOOL_URL}/dl", None)}
    assert named == expected[profile]
    page = trainer.answer(asked, [{**QUIZ, "custom": {"quiz": "2"}, "lineItem": {"scoreMaximum": 4}}])
    if profile == "moodle":
        send(trainer.client, form_in(page))
    (changed, after), _ = trainer.added()
    assert (changed.id, changed.custom) == (quiz.id, {"quiz": "2"})
    assert before is not None
    assert after is not None
    assert (after.id, after.maximum) == (before.id, 4), "the grades stay where they are"


@as_each
def test_an_empty_answer_adds_nothing(trainer: Trainer) -> None:
    page = trainer.answer(trainer.ask(), [], msg="Nothing was <picked>.")
    assert "Nothing was added" in page.text
    assert "Nothing was &lt;picked&gt;." in page.text
    assert not trainer.added()


@as_each
def test_an_answer_counts_once(trainer: Trainer) -> None:
    asked = trainer.ask()
    token = trainer.token(asked, [QUIZ, READING])
    assert trainer.send(asked, token).status_code == 200
    assert trainer.send(asked, token).status_code == 400
    assert trainer.answer(asked, [QUIZ, READING]).status_code == 400
    assert len(trainer.added()) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iss": "somebody"}, "client id of a registered tool"),
        ({"aud": ["https://other.example.org"]}, "Audience"),
        ({"iat": 1e12}, "iat lies in the future"),
        ({"exp": 1}, "has expired"),
        ({"exp": None}, "needs iat and exp"),
        ({"nonce": None}, "needs a nonce"),
        ({"message_type": "LtiResourceLinkRequest"}, "LtiDeepLinkingResponse"),
        ({"version": "1.1"}, "LtiDeepLinkingResponse"),
        ({"deployment_id": "another"}, "deployment"),
        ({"data": "guessed"}, "Nothing is being waited for"),
        ({"data": None}, "Nothing is being waited for"),
    ],
    ids=str,
)
def test_an_answer_that_is_not_right_is_refused(trainer: Trainer, changes: dict[str, Any], words: str) -> None:
    page = trainer.answer(trainer.ask(), [QUIZ], **changes)
    assert page.status_code == 400
    assert words in page.text
    assert not trainer.added()


@as_each
def test_an_answer_that_somebody_else_signed_is_refused(trainer: Trainer) -> None:
    asked = trainer.ask()
    forged = Trainer(trainer.client, trainer.lms, Tool()).token(asked, [QUIZ, READING])
    page = trainer.send(asked, forged)
    assert page.status_code == 400
    assert "Signature" in page.text
    assert trainer.send(asked, "no.token").status_code == 400
    assert not trainer.added()


@as_each
def test_another_persons_browser_cannot_bring_the_answer(trainer: Trainer) -> None:
    asked = trainer.ask()
    token = trainer.token(asked, [QUIZ, READING])
    sign_in(trainer.client, "learner-1")
    assert trainer.send(asked, token).status_code == 400
    stranger = client_of(trainer.client.application)
    url = urlsplit(asked[f"{DEEP_LINKING}deep_linking_settings"]["deep_link_return_url"])
    page = stranger.post(f"{url.path}?{url.query}", data={"JWT": token})
    action, fields = form_of(page)
    assert fields["repost"] == "1", "coming from another site, the cookie comes with the second try"
    assert stranger.post(action, data=fields).status_code == 403
    assert not trainer.added()


def test_a_frame_brings_its_answer_at_the_second_try(trainer: Trainer) -> None:
    asked = trainer.ask()
    stranger = client_of(trainer.client.application)
    page = stranger.post("/lti/content", data={"JWT": trainer.token(asked, [QUIZ])})
    action, fields = form_of(page)
    assert "1 activity was added" in trainer.client.post(action, data=fields).text


def test_learners_add_nothing(trainer: Trainer) -> None:
    sign_in(trainer.client, "learner-1")
    assert "Add content" not in trainer.client.get("/courses/1").text
    for path in ("/courses/1/tools/1/content", "/courses/1/tools/1", "/courses/1/placements/1/content"):
        assert trainer.client.get(path).status_code in {403, 404}
    form = {"registration": "1", "items": json.dumps([QUIZ])}
    assert trainer.client.post("/courses/1/content", data=form).status_code == 403
    assert not trainer.added()


def test_a_trainer_finds_the_tool_in_the_course(trainer: Trainer) -> None:
    sign_in(trainer.client, "trainer-1")
    course = trainer.client.get("/courses/1").text
    assert 'href="/courses/1/tools/1">Add content from Training tool' in course
    assert 'src="/courses/1/tools/1/content"' in trainer.client.get("/courses/1/tools/1").text
    assert 'src="/courses/1/tools/1/content?placement=1"' in trainer.client.get("/courses/1/placements/1/content").text
    for path in ("/courses/1/tools/9", "/courses/1/tools/1/content?placement=9", "/courses/9/tools/1/content"):
        assert trainer.client.get(path).status_code == 404


def test_a_tool_without_content_is_not_offered(make_lms: Callable[..., Flask], seed: Seed) -> None:
    [registration] = seed.registrations
    app = make_lms(seed=replace(seed, registrations=[replace(registration, content_url="")]))
    client = client_of(app)
    sign_in(client, "trainer-1")
    assert "Add content" not in client.get("/courses/1").text
    assert client.get("/courses/1/tools/1/content").status_code == 404


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"type": "file"}, "no object of the type"),
        ("quiz", "no object of the type"),
        ({**QUIZ, "title": 7}, "title has to be a string"),
        ({**QUIZ, "url": "javascript:alert(1)"}, "url has to be"),
        ({**QUIZ, "url": "http://[::1"}, "url has to be"),
        ({**QUIZ, "custom": {"quiz": 1}}, "custom has to be"),
        ({**QUIZ, "custom": ["quiz"]}, "custom has to be"),
        ({**QUIZ, "lineItem": {"scoreMaximum": 0}}, "scoreMaximum"),
        ({**QUIZ, "lineItem": {"scoreMaximum": True}}, "scoreMaximum"),
        ({**QUIZ, "lineItem": []}, "scoreMaximum"),
        ({**QUIZ, "available": {"startDateTime": "tomorrow"}}, "available.startDateTime"),
        ({**QUIZ, "submission": "soon"}, "submission.endDateTime"),
    ],
    ids=str,
)
def test_an_item_that_is_not_right_is_named(trainer: Trainer, item: Any, words: str) -> None:
    page = trainer.answer(trainer.ask(), [READING, item])
    assert page.status_code == 400
    assert "Item 2" in page.text
    assert words in page.text
    assert not trainer.added()


def form_in(page: TestResponse) -> Form:
    """The one form of a page that people fill in."""
    parser = PageParser("")
    parser.feed(page.text)
    [form] = [form for form in parser.forms if any(control.name == "items" for control in form.controls)]
    return form


def send(client: FlaskClient, form: Form, **values: str) -> TestResponse:
    return client.post(form.action, data=dict(form.fields(values)))
