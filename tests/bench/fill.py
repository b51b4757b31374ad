"""A database as it is after years: courses, people, and a million launches, attempts, answers and scores."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.extensions import db
from lti_tool.lti.grades import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.models import (
    Answer,
    Attempt,
    Context,
    Deployment,
    Launch,
    Member,
    MemberKind,
    MemberStatus,
    PageVisit,
    Participation,
    Person,
    Placement,
    Registration,
    Release,
    Roster,
    Score,
    ScoreReason,
    ScoreState,
)
from lti_tool.services.name_order import sort_key
from tests.bench.servers import DEPLOYMENT
from tests.bench.stored import store

_FAMILIES = ("Aalto", "Berg", "Cruz", "Dahl", "Eriksen", "Ferrari", "García", "Huber", "Ivanova", "Jansen")
_EACH = 10
"""Launches, attempts, answers and scores of one person."""
_FAILED = 60


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is; the first course is the one with the roster."""

    people: int
    roster: int

    @classmethod
    def of(cls, rows: int) -> Size:
        """Give the size at which there are so many launches, attempts, answers and scores each."""
        people = max(_FAILED, rows // _EACH)
        return cls(people, min(10_000, people))

    @property
    def courses(self) -> int:
        """Fifty people in each, but for the first."""
        return max(2, self.people // 50)

    def course_of(self, person: int) -> int:
        """Half of the first course's roster came here; the others are spread over the other courses."""
        return 1 if person <= (self.roster + 1) // 2 else 2 + person % (self.courses - 1)

    def placement_of(self, person: int, number: int) -> int:
        """Two activities in each course, which people open in turns."""
        return 2 * self.course_of(person) - number % 2


def fill(environment: dict[str, str], size: Size, module_id: str, quiz_id: str) -> None:
    """Store it all in a database that is ready for its first launch."""
    settings = Settings.from_environment(environment)
    with application(settings):
        registration = db.session.scalars(select(Registration)).one()
        registration_id, issuer = registration.id, registration.issuer
        wanted = select(Release.digest).where(Release.module_id == module_id)
        digest = db.session.scalar(wanted.order_by(Release.published_at.desc()).limit(1))
    now = datetime.now(UTC)
    rows = _Rows(size, registration_id, issuer, digest or "", quiz_id, module_id, now)
    with store(settings.sqlalchemy_url) as opened:
        opened.put(Deployment, rows.deployments())
        opened.put(Context, rows.contexts())
        opened.put(Placement, rows.placements())
        opened.put(Person, rows.people())
        opened.put(Participation, rows.participations())
        opened.put(PageVisit, rows.visits())
        opened.put(Roster, rows.rosters())
        opened.put(Member, rows.members())
        opened.put(Launch, rows.launches())
        opened.put(Attempt, rows.attempts())
        opened.put(Answer, rows.answers())
        opened.put(Score, rows.scores())


Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Rows:
    size: Size
    registration_id: int
    issuer: str
    digest: str
    quiz_id: str
    module_id: str
    now: datetime

    def deployments(self) -> Iterator[Row]:
        yield {
            "id": 1,
            "registration_id": self.registration_id,
            "deployment_id": DEPLOYMENT,
            "frame_hosts": [self.issuer],
            "created_at": self.now,
        }

    def contexts(self) -> Iterator[Row]:
        for number in range(1, self.size.courses + 1):
            address = f"{self.issuer}/stored/{number}/memberships"
            yield {
                "id": number,
                "deployment_id": 1,
                "context_id": f"stored-{number}",
                "title": f"Course {number}",
                "memberships_url": address,
            }

    def placements(self) -> Iterator[Row]:
        for number in range(1, 2 * self.size.courses + 1):
            yield {
                "id": number,
                "deployment_id": 1,
                "context_id": (number + 1) // 2,
                "resource_link_id": f"stored-{number}",
                "title": f"Activity {number}",
                "module_id": self.module_id,
                "release_digest": self.digest,
                "line_item_url": self._column(number),
                "scopes": [SCORE_SCOPE, RESULT_SCOPE],
                "created_at": self.now,
            }

    def people(self) -> Iterator[Row]:
        for person in self._people():
            yield {
                "id": person,
                "registration_id": self.registration_id,
                "sub": self._sub(person),
                "name": self._name(person),
                "created_at": self.now,
                "last_seen_at": self.now,
            }

    def participations(self) -> Iterator[Row]:
        for person, number in itertools.product(self._people(), (0, 1)):
            yield {
                "placement_id": self.size.placement_of(person, number),
                "person_id": person,
                "sort_key": sort_key(self._name(person), self._sub(person)),
                "first_seen_at": self.now,
                "last_seen_at": self.now,
            }

    def visits(self) -> Iterator[Row]:
        for person, number, page in itertools.product(self._people(), (0, 1), ("portfolio", "quiz")):
            yield {
                "placement_id": self.size.placement_of(person, number),
                "person_id": person,
                "page_id": page,
                "opened_at": self.now,
                "done_at": self.now,
            }

    def rosters(self) -> Iterator[Row]:
        yield {
            "context_id": 1,
            "registration_id": self.registration_id,
            "deployment_id": 1,
            "generation": 1,
            "pages": self.size.roster // 50,
            "received": self.size.roster,
            "learners": self.size.roster,
            "pulled_at": self.now,
            "full_pulled_at": self.now,
            "created_at": self.now,
        }

    def members(self) -> Iterator[Row]:
        for person in range(1, self.size.roster + 1):
            yield {
                "id": person,
                "registration_id": self.registration_id,
                "deployment_id": 1,
                "context_id": 1,
                "sub": self._sub(person),
                "name": self._name(person),
                "sort_key": sort_key(self._name(person), self._sub(person)),
                "kind": MemberKind.LEARNER,
                "status": MemberStatus.ACTIVE,
                "generation": 1,
            }

    def launches(self) -> Iterator[Row]:
        for person, number in itertools.product(self._people(), range(_EACH)):
            at = self._time(person, number)
            placement = self.size.placement_of(person, number)
            yield {
                "id": (person - 1) * _EACH + number + 1,
                "handle_hash": secrets.token_hex(32),
                "browser_hash": secrets.token_hex(32),
                "deployment_id": 1,
                "context_id": (placement + 1) // 2,
                "placement_id": placement,
                "person_id": person,
                "is_trainer": False,
                "is_learner": True,
                "locale": "en",
                "return_url": f"{self.issuer}/courses/{placement}/return",
                "document_target": "iframe",
                "line_item_url": self._column(placement),
                "created_at": at,
                "last_seen_at": at,
                "expires_at": at + timedelta(hours=4),
            }

    def attempts(self) -> Iterator[Row]:
        for person, number in itertools.product(self._people(), range(_EACH)):
            at = self._time(person, number)
            yield {
                "id": (person - 1) * _EACH + number + 1,
                "placement_id": self.size.placement_of(person, number),
                "person_id": person,
                "quiz_id": self.quiz_id,
                "number": number // 2 + 1,
                "release_digest": self.digest,
                "seed": person.to_bytes(16, "big"),
                "started_at": at,
                "submitted_at": at + timedelta(minutes=20),
                "points": "5",
                "max_points": "8",
            }

    def answers(self) -> Iterator[Row]:
        for person, number in itertools.product(self._people(), range(_EACH)):
            yield {
                "attempt_id": (person - 1) * _EACH + number + 1,
                "question_id": "q-designated-person",
                "response": "an option of some length",
                "tries_used": 1,
                "saved_at": self._time(person, number),
                "points": "1",
                "state": "right",
            }

    def scores(self) -> Iterator[Row]:
        for person, number in itertools.product(self._people(), range(_EACH)):
            at = self._time(person, number) + timedelta(minutes=20)
            placement = self.size.placement_of(person, number)
            has_failed = number == 0 and person <= _FAILED
            yield {
                "id": (person - 1) * _EACH + number + 1,
                "registration_id": self.registration_id,
                "placement_id": placement,
                "person_id": person,
                "attempt_id": (person - 1) * _EACH + number + 1,
                "line_item_url": self._column(placement),
                "payload": f'{{"userId":"{self._sub(person)}","scoreGiven":5,"scoreMaximum":8}}',
                "scored_at": at,
                "state": ScoreState.FAILED if has_failed else ScoreState.DELIVERED,
                "reason": ScoreReason.PERSON_REFUSED if has_failed else None,
                "next_try_at": at,
                "tries": 1,
                "created_at": at,
                "delivered_at": None if has_failed else at,
            }

    def _people(self) -> range:
        return range(1, self.size.people + 1)

    def _time(self, person: int, number: int) -> datetime:
        """Give one of the last twenty days, the later the higher the number."""
        return self.now - timedelta(days=2 * (_EACH - number), seconds=person % 80_000)

    def _name(self, person: int) -> str:
        return f"{_FAMILIES[person * 7 % len(_FAMILIES)]} {person:06}"

    def _sub(self, person: int) -> str:
        return f"stored-{person}"

    def _column(self, placement: int) -> str:
        return f"{self.issuer}/stored/{placement}/lineitems/1/lineitem"
