"""A course in a practice LMS and the same course in the tool's database, for tests of the outbox."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool import practice_lms
from lti_tool.lti import keys
from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.lti.vault import Vault
from lti_tool.models import Attempt, Deployment, Person, Placement, Registration, Release, Score, SigningKey
from lti_tool.platforms import PRODUCTS
from lti_tool.practice_lms import LmsConfig, PracticeLms, Seed, create_lms, gradebook, model, practice_lms_of
from lti_tool.practice_lms.serving import listen, port_of, serving
from lti_tool.practice_lms.strict import claims
from lti_tool.services.scores import Cell, queue_score
from tests.lti_tool.conftest import MASTER_KEY

CLIENT_ID = "tool-1"
DIGEST = "0" * 64
MAXIMUM = 100.0


def wait_until(is_done: Callable[[], Any], seconds: float = 60.0) -> None:
    """Wait for something that other threads or processes do; fail if they do not."""
    deadline = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@dataclass(slots=True)
class Clock:
    """The time, for the tool and the LMS alike; it stands still until told otherwise."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **delta: float) -> None:
        self.at += timedelta(**delta)


@dataclass(frozen=True, slots=True)
class Course:
    """One module placed in one course of a running LMS, with learners in both places."""

    lms: PracticeLms
    sessions: sessionmaker[Session]
    line_item_url: str
    line_item_id: int
    registration_id: int
    placement_id: int
    people: dict[str, int]
    """Ids by ``sub``."""

    def submit(self, sub: str, points: int | Fraction, most: int | Fraction = 8, *, at: datetime) -> int | None:
        """Submit an attempt and queue its score in one transaction; gives the score's id."""
        with self.sessions.begin() as session:
            score = self.queue(session, sub, points, most, at=at)
            return score.id if score else None

    def queue(
        self, session: Session, sub: str, points: int | Fraction, most: int | Fraction = 8, *, at: datetime
    ) -> Score | None:
        """The same inside a transaction of the caller's."""
        return self.queue_attempt(session, self.add_attempt(session, sub, at), points, most, at=at)

    def queue_attempt(
        self, session: Session, attempt: Attempt, points: int | Fraction, most: int | Fraction = 8, *, at: datetime
    ) -> Score | None:
        """Queue the score of an attempt that is there."""
        return queue_score(
            session,
            attempt=attempt,
            launch_line_item_url=self.line_item_url,
            points=Fraction(points),
            max_points=Fraction(most),
            at=at,
        )

    def add_attempt(self, session: Session, sub: str, at: datetime) -> Attempt:
        """Add a submitted attempt."""
        person_id = self.people[sub]
        last = session.scalar(select(func.max(Attempt.number)).where(Attempt.person_id == person_id)) or 0
        attempt = Attempt(
            placement_id=self.placement_id,
            person_id=person_id,
            quiz_id="quiz",
            number=last + 1,
            release_digest=DIGEST,
            seed=b"",
            started_at=at,
            submitted_at=at,
        )
        session.add(attempt)
        session.flush()
        return attempt

    def detached(self) -> Course:
        """The same for another process, which has to bring its own connections."""
        return replace(self, lms=cast(Any, None), sessions=cast(Any, None))

    def cell(self, sub: str) -> Cell:
        """The learner's cell, as the outbox names it."""
        return Cell(self.line_item_url, self.people[sub])

    def score(self, score_id: int | None) -> Score:
        """A score as it stands now."""
        with self.sessions() as session:
            found = session.get(Score, score_id)
            assert found is not None
            session.expunge(found)
            return found

    def change(self, score_id: int | None, **values: Any) -> None:
        """Change a score under the outbox."""
        with self.sessions.begin() as session:
            for name, value in values.items():
                setattr(session.get(Score, score_id), name, value)

    def scores(self, sub: str | None = None) -> list[Score]:
        """The scores in the outbox, oldest first."""
        query = select(Score).order_by(Score.scored_at)
        with self.sessions() as session:
            found = list(session.scalars(query.where(Score.person_id == self.people[sub]) if sub else query))
            session.expunge_all()
        return found

    def received(self, sub: str) -> list[float]:
        """What the LMS stored for a learner, as shares of the maximum, in the order it came."""
        with self.lms.connect() as connection:
            return [s.given / s.maximum for s in gradebook.scores(connection, self.line_item_id, sub)]

    def grade(self, sub: str) -> float | None:
        """What the gradebook shows for a learner, as a share of the maximum."""
        with self.lms.connect() as connection:
            results = gradebook.results(connection, self.line_item_id, sub)
        points = results[0].points(MAXIMUM) if results else None
        return None if points is None else points / MAXIMUM


@contextmanager
def open_course(
    engine: Engine,
    folder: Path,
    *,
    clock: Any,
    profile: str = "strict",
    learners: int = 3,
    has_remote_faults: bool = False,
) -> Iterator[Course]:
    """Start an LMS with one course, and make the tool know it."""
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        session.add(SigningKey(**_signing_key(), created_at=clock(), signs_from=clock()))
    listener = listen()
    subs = [f"learner-{number}" for number in range(1, learners + 1)]
    config = LmsConfig(
        database=folder / "lms.db",
        base_url=f"http://127.0.0.1:{port_of(listener)}",
        seed=_seed(subs),
        profile=profile,
        clock=clock,
        fetch_key_set=lambda _url: _key_set(sessions, clock()),
        has_remote_faults=has_remote_faults,
    )
    app = create_lms(config)
    lms = practice_lms_of(app)
    with serving(app, listener):
        yield _tool_side(sessions, lms, subs, clock())


@functools.cache
def _signing_key() -> dict[str, Any]:
    """Make a key pair once: it takes longer than most tests."""
    key = keys.create_key(Session(), Vault((MASTER_KEY,)), datetime.now(UTC))
    return {name: getattr(key, name) for name in ("kid", "public_jwk", "encrypted_private_key")}


def _key_set(sessions: sessionmaker[Session], at: datetime) -> bytes:
    with sessions() as session:
        return json.dumps(keys.key_set(session, at)).encode()


def _seed(subs: list[str]) -> Seed:
    tool = "https://tool.test"
    registration = model.Registration(
        id=1,
        client_id=CLIENT_ID,
        name="Tool",
        login_url=f"{tool}/lti/login",
        redirect_uris=(f"{tool}/lti/launch",),
        jwks_url=f"{tool}/lti/keys",
    )
    placement = model.Placement(
        id=1,
        course_id=1,
        registration_id=1,
        title="Module",
        target_link_uri=f"{tool}/lti/launch",
        column=model.Column(maximum=MAXIMUM),
    )
    return practice_lms.Seed(
        registrations=(registration,),
        courses=(model.Course(id=1, label="C1", title="Course"),),
        people=(
            *(model.Person(sub=sub) for sub in subs),
            model.Person(sub="trainer-1"),
            # Somebody who left the course.
            model.Person(sub="outsider"),
        ),
        enrolments=(
            *(model.Enrolment(course_id=1, sub=sub, role="Learner") for sub in subs),
            model.Enrolment(course_id=1, sub="trainer-1", role="Instructor"),
        ),
        placements=(placement,),
    )


def _tool_side(sessions: sessionmaker[Session], lms: PracticeLms, subs: list[str], at: datetime) -> Course:
    with lms.connect() as connection:
        (item,) = gradebook.line_items_of_placement(connection, 1)
    is_moodle = lms.profile.name == "moodle"
    path = f"/mod/lti/services.php/1/lineitems/{item.id}/lineitem?type_id=1"
    line_item_url = lms.issuer + path if is_moodle else claims.line_item_url(lms.issuer, item)
    with sessions.begin() as session:
        registration = Registration(
            issuer=lms.issuer,
            client_id=CLIENT_ID,
            title="LMS",
            product=lms.profile.name if lms.profile.name in PRODUCTS else "generic",
            auth_url=lms.auth_url,
            token_url=lms.token_url,
            token_audience=lms.profile.token_audience or None,
            key_set_url=lms.jwks_url,
            created_at=at,
        )
        placement = Placement(
            deployment=Deployment(registration=registration, deployment_id="1", created_at=at),
            resource_link_id="1",
            line_item_url=line_item_url,
            scopes=[SCORE_SCOPE, RESULT_SCOPE],
            created_at=at,
        )
        release = Release(digest=DIGEST, module_id="m", version="1.0.0", title={}, archive=b"", published_at=at)
        session.add_all([registration, placement, release])
        session.flush()
        people = [
            Person(registration_id=registration.id, sub=sub, created_at=at, last_seen_at=at)
            for sub in (*subs, "trainer-1", "outsider", "nobody")
        ]
        session.add_all(people)
        session.flush()
        return Course(
            lms=lms,
            sessions=sessions,
            line_item_url=line_item_url,
            line_item_id=item.id,
            registration_id=registration.id,
            placement_id=placement.id,
            people={person.sub: person.id for person in people},
        )
