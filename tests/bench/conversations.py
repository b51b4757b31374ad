"""What a browser and its platform say to a tool: a generator yields requests and is sent the answers."""

from __future__ import annotations

import base64
import itertools
import json
import re
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
KEY_ID = "bench"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_RADIO = re.compile(r'type="radio"[^>]*name="q-([^".]+)" value="(\w+)"')
FORM = "application/x-www-form-urlencoded"


class WrongAnswerError(Exception):
    """A tool answered something else than it should; the bench counts it as an error, and errors fail it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came over the wire."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """Give a header's value; nothing where it is absent."""
        return next(iter(self.headers(name)), "")

    def headers(self, name: str) -> Iterator[str]:
        """Give the values of a header that may stand there several times."""
        wanted = name.lower()
        for line in self.head.decode("latin-1").split("\r\n")[1:]:
            found, _, value = line.partition(":")
            if found.lower() == wanted:
                yield value.strip()

    def cookies(self) -> str:
        """Give what a browser would send back of the cookies that were set."""
        pairs = (value.partition(";")[0] for value in self.headers("set-cookie"))
        return "; ".join(pair for pair in pairs if not pair.endswith("="))

    def expect(self, *statuses: int) -> Answer:
        """Give the answer itself if it has one of these statuses.

        Raises:
            WrongAnswerError: if it has another.
        """
        if self.status not in statuses:
            said = self.body[:300].decode(errors="replace")
            raise WrongAnswerError(f"{self.status} instead of {statuses[0]}: {self.header('location')} {said}")
        return self


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; ``name`` is what its time is noted under."""

    name: str
    content: bytes


Conversation = Generator[Request, Answer, None]


def request(name: str, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Request:
    """Write a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{key}: {value}" for key, value in headers.items() if value)]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return Request(name, "\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def get_again(host: str, path: str) -> Iterator[Conversation]:
    """Ask for the same page for ever."""
    asked = request("get", "GET", path, {"Host": host})

    def once() -> Conversation:
        (yield asked).expect(200)

    while True:
        yield once()


@dataclass(slots=True, kw_only=True)
class Platform:
    """A platform that signs launches of many people in many courses; the same for our tool and for its peers."""

    issuer: str
    client_id: str
    deployment_id: str
    private_key: str
    """As PEM."""
    people: int = 1000
    activities: int = 20
    """Each in a course of its own."""
    _key: rsa.RSAPrivateKey = field(init=False)
    _head: str = field(init=False)
    _claims: str = field(init=False)

    def __post_init__(self) -> None:
        key = serialization.load_pem_private_key(self.private_key.encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self._key = key
        self._head = _encoded(json.dumps({"alg": "RS256", "typ": "JWT", "kid": KEY_ID}))
        self._claims = json.dumps(self._template(), separators=(",", ":"))

    def token(self, nonce: str, target: str, person: int) -> str:
        """Sign a launch of a person in the activity that is theirs."""
        activity = person % self.activities
        now = int(time.time())
        filled = self._claims.replace("@nonce@", nonce).replace("@target@", target).replace("@person@", str(person))
        filled = filled.replace("@activity@", str(activity)).replace('"@now@"', str(now - 1))
        filled = filled.replace('"@then@"', str(now + 60))
        content = f"{self._head}.{_encoded(filled)}"
        signature = self._key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    def _template(self) -> dict[str, Any]:
        """Give the claims of a launch as Moodle sends them."""
        course = f"{self.issuer}/courses/@activity@"
        scopes = ("lineitem", "lineitem.readonly", "result.readonly", "score")
        return {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "learner-@person@",
            "nonce": "@nonce@",
            "iat": "@now@",
            "exp": "@then@",
            "name": "Learner @person@",
            "given_name": "Learner",
            "family_name": "@person@",
            "email": "learner-@person@@lms.example",
            LTI + "message_type": "LtiResourceLinkRequest",
            LTI + "version": "1.3.0",
            LTI + "deployment_id": self.deployment_id,
            LTI + "target_link_uri": "@target@",
            LTI + "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            LTI + "resource_link": {"id": "link-@activity@", "title": "Activity @activity@", "description": ""},
            LTI + "context": {"id": "c-@activity@", "label": "C@activity@", "title": "Course @activity@"},
            LTI + "tool_platform": {"guid": "lms.example", "name": "LMS", "product_family_code": "moodle"},
            LTI + "launch_presentation": {
                "locale": "en",
                "document_target": "iframe",
                "return_url": f"{course}/return",
            },
            LTI + "custom": {},
            AGS + "claim/endpoint": {
                "scope": [f"{AGS}scope/{scope}" for scope in scopes],
                "lineitems": f"{course}/lineitems",
                "lineitem": f"{course}/lineitems/1/lineitem",
            },
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
                "context_memberships_url": f"{course}/memberships",
                "service_versions": ["1.0", "2.0"],
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Where a tool takes logins and launches, and how it answers a launch that it let in."""

    host: str
    login_path: str
    launch_path: str
    target: str
    launched: int
    """The status of the answer."""
    text: str
    """Part of the address that it leads to, or of its body."""


@dataclass(slots=True)
class Begun:
    """A login that waits for its launch."""

    person: int
    state: str
    nonce: str
    cookies: str


@dataclass(slots=True)
class Session:
    """What a browser holds after a launch."""

    location: str = ""
    cookies: str = ""

    @property
    def base(self) -> str:
        """The path that all pages of this launch are below."""
        return "/".join(urlsplit(self.location).path.split("/")[:3])


def log_in(platform: Platform, tool: Tool, person: int, begun: list[Begun]) -> Conversation:
    """Begin a login; adds it to ``begun``."""
    form = {
        "iss": platform.issuer,
        "client_id": platform.client_id,
        "lti_deployment_id": platform.deployment_id,
        "target_link_uri": tool.target,
        "login_hint": f"learner-{person}",
        "lti_message_hint": f'{{"cmid":{person},"launchid":"ltilaunch_{person}"}}',
    }
    headers = {"Host": tool.host, "Content-Type": FORM, "Sec-Fetch-Dest": "document"}
    answer = yield request("login", "POST", tool.login_path, headers, urlencode(form).encode())
    answer.expect(302, 303)
    query = dict(parse_qsl(urlsplit(answer.header("location")).query))
    begun.append(Begun(person, query["state"], query["nonce"], answer.cookies()))


def answer_login(platform: Platform, tool: Tool, begun: Begun, session: Session | None = None) -> Conversation:
    """Send the launch that answers a login."""
    token = platform.token(begun.nonce, tool.target, begun.person)
    body = f"id_token={token}&state={quote(begun.state, safe='')}".encode()
    headers = {"Host": tool.host, "Content-Type": FORM, "Cookie": begun.cookies, "Origin": "http://lms.example"}
    answer = (yield request("launch", "POST", tool.launch_path, headers, body)).expect(tool.launched)
    where = unquote(answer.header("location"))
    if tool.text not in where and tool.text.encode() not in answer.body:
        raise WrongAnswerError(f"{answer.status} without {tool.text!r}: {where}")
    if session is not None:
        session.location, session.cookies = where, answer.cookies()


def enter(platform: Platform, tool: Tool, person: int, sessions: list[Session]) -> Conversation:
    """Launch, and add what the browser holds then to ``sessions``."""
    begun: list[Begun] = []
    session = Session()
    yield from log_in(platform, tool, person, begun)
    yield from answer_login(platform, tool, begun[0], session)
    sessions.append(session)


def read_pages(tool: Tool, sessions: Sequence[Session], pages: Sequence[str]) -> Iterator[Conversation]:
    """Read pages for ever, one person after the other."""

    def read(session: Session, page: str) -> Conversation:
        headers = {"Host": tool.host, "Cookie": session.cookies}
        (yield request("page", "GET", f"{session.base}/pages/{page}", headers)).expect(200)

    for page in itertools.cycle(pages):
        for session in sessions:
            yield read(session, page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a learner does after a launch."""

    pages: Sequence[str]
    """The last one holds the quiz."""
    quiz_id: str
    autosaves: int


def learn(platform: Platform, tool: Tool, person: int, lesson: Lesson) -> Conversation:
    """Launch, read pages, answer questions one by one, each of them several times, and submit."""
    sessions: list[Session] = []
    yield from enter(platform, tool, person, sessions)
    session = sessions[0]
    headers = {"Host": tool.host, "Cookie": session.cookies}
    for page in lesson.pages:
        shown = (yield request("page", "GET", f"{session.base}/pages/{page}", headers)).expect(200).body.decode()
    token = _TOKEN.findall(shown)[0]
    options: dict[str, list[str]] = {}
    for question, name in _RADIO.findall(shown):
        options.setdefault(question, []).append(name)
    revisions = dict.fromkeys(options, 0)
    quiz = f"{session.base}/quizzes/{lesson.quiz_id}"
    saving = headers | {"Content-Type": "application/json", "X-CSRF-Token": token}
    for number in range(lesson.autosaves):
        question = list(options)[number % len(options)]
        # Always another option than before: the same one again would be no save.
        chosen = options[question][number // len(options) % len(options[question])]
        sent = {"attempt": 1, "revision": revisions[question], "response": chosen}
        path = f"{quiz}/answers/{question}"
        kept = json.loads((yield request("save", "PUT", path, saving, json.dumps(sent).encode())).expect(200).body)
        if kept["response"] != chosen or kept["revision"] <= revisions[question]:
            raise WrongAnswerError(f"{chosen} was saved as {kept}")
        revisions[question] = kept["revision"]
    form = urlencode({"csrf_token": token, "attempt": 1}).encode()
    (yield request("submit", "POST", f"{quiz}/submit", headers | {"Content-Type": FORM}, form)).expect(303)


def launches(platform: Platform, tool: Tool, first: int, step: int) -> Iterator[Conversation]:
    """Launch one person after the other, again and again: those that are ``step`` apart, beginning with ``first``."""

    def launch(person: int) -> Conversation:
        begun: list[Begun] = []
        yield from log_in(platform, tool, person, begun)
        yield from answer_login(platform, tool, begun[0])

    person = first
    while True:
        yield launch(person % platform.people)
        person += step


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
