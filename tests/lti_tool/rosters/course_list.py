"""A course with people in a practice LMS, and the same course in the tool's database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.jobs.delivery import Outbox
from lti_tool.jobs.rosters import pull
from lti_tool.models import (
    Context,
    Deployment,
    Member,
    MemberStatus,
    Participation,
    Person,
    Placement,
    Registration,
    Roster,
    SigningKey,
)
from lti_tool.practice_lms import LmsConfig, PracticeLms, Seed, catalogue, create_lms, model, practice_lms_of
from lti_tool.practice_lms.serving import listen, port_of, serving
from lti_tool.services import rosters
from lti_tool.services.name_order import sort_key
from tests.lti_tool.outbox.grading import CLIENT_ID, _key_set, _signing_key

PATHS = {
    "strict": "/lti/courses/1/memberships",
    "moodle": "/mod/lti/services.php/CourseSection/1/bindings/1/memberships",
}


@dataclass(frozen=True, slots=True)
class CourseList:
    """A course in a running LMS, whose list nobody has read yet."""

    lms: PracticeLms
    sessions: sessionmaker[Session]
    outbox: Outbox
    context_id: int
    placement_id: int

    def ask(self) -> None:
        """Press the trainer's button."""
        with self.sessions.begin() as session:
            rosters.ask(session, session.get_one(Context, self.context_id), self.outbox.clock())

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that takes no lock."""
        with self.sessions() as session:
            session.connection(execution_options={"only_reads": True})
            yield session

    def pull(self) -> bool:
        """Read some pages, if the list is due."""
        return pull(self.outbox, self.context_id)

    def read(self) -> Roster:
        """Ask, and read as long as there is something to read now."""
        self.ask()
        while self.pull():
            pass
        return self.roster

    @property
    def roster(self) -> Roster:
        """How the list stands."""
        with self.reading() as session:
            roster = session.get_one(Roster, self.context_id)
            session.expunge_all()
            return roster

    def members(self) -> dict[str, Member]:
        """Everybody on the list, by ``sub``."""
        with self.reading() as session:
            found = list(session.scalars(select(Member).order_by(Member.sort_key)))
            session.expunge_all()
        return {member.sub: member for member in found}

    def left(self) -> set[str]:
        """Those who are on the list and no longer in the course."""
        return {sub for sub, member in self.members().items() if member.status is MemberStatus.LEFT}

    def change(self, **values: Any) -> None:
        """Change the list's row under the tool."""
        with self.sessions.begin() as session:
            for name, value in values.items():
                setattr(session.get_one(Roster, self.context_id), name, value)

    def plant(self, **rows: Any) -> None:
        """Write into the LMS."""
        empty: dict[str, Any] = {"registrations": (), "courses": (), "people": (), "enrolments": ()}
        with self.lms.connect() as connection:
            catalogue.plant(connection, Seed(**(empty | rows)))

    def enrol(self, *people: model.Person, role: model.CourseRole = "Learner", status: str = "Active") -> None:
        """Let people into the course, or change how they are in it."""
        enrolments = [model.Enrolment(course_id=1, sub=person.sub, role=role, status=status) for person in people]
        self.plant(people=people, enrolments=enrolments)


def learner(number: int) -> model.Person:
    return model.Person(
        sub=f"learner-{number}", given_name="Learner", family_name=f"{number}", email=f"{number}@example.org"
    )


@contextmanager
def open_course_list(
    engine: Engine, folder: Path, outbox: Outbox, *, profile: str = "strict", learners: int = 3, **registration: Any
) -> Iterator[CourseList]:
    """Start an LMS with one course, and let the tool know it as after a trainer's launch."""
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        session.add(SigningKey(**_signing_key(), created_at=outbox.clock(), signs_from=outbox.clock()))
    listener = listen()
    config = LmsConfig(
        database=folder / "lms.db",
        base_url=f"http://127.0.0.1:{port_of(listener)}",
        seed=_seed(learners, registration),
        profile=profile,
        clock=outbox.clock,
        fetch_key_set=lambda _url: _key_set(sessions, outbox.clock()),
    )
    app = create_lms(config)
    lms = practice_lms_of(app)
    with serving(app, listener):
        context_id, placement_id = _tool_side(sessions, lms, outbox)
        yield CourseList(lms, sessions, outbox, context_id, placement_id)


def _seed(learners: int, registration: dict[str, Any]) -> Seed:
    tool = "https://tool.test"
    trainer = model.Person(sub="trainer-1", given_name="Tess", family_name="Trainer")
    people = [learner(number) for number in range(1, learners + 1)]
    return Seed(
        registrations=[
            model.Registration(
                id=1,
                client_id=CLIENT_ID,
                name="Tool",
                login_url=f"{tool}/lti/login",
                redirect_uris=(f"{tool}/lti/launch",),
                jwks_url=f"{tool}/lti/keys",
                **registration,
            )
        ],
        courses=[model.Course(id=1, label="C1", title="Course")],
        people=[*people, trainer],
        enrolments=[
            *(model.Enrolment(course_id=1, sub=person.sub, role="Learner") for person in people),
            model.Enrolment(course_id=1, sub="trainer-1", role="Instructor"),
        ],
        placements=[
            model.Placement(id=1, course_id=1, registration_id=1, title="M", target_link_uri=f"{tool}/lti/launch")
        ],
    )


def _tool_side(sessions: sessionmaker[Session], lms: PracticeLms, outbox: Outbox) -> tuple[int, int]:
    at = outbox.clock()
    has_groups = lms.profile.name == "strict"
    with sessions.begin() as session:
        registration = Registration(
            issuer=lms.issuer,
            client_id=CLIENT_ID,
            title="LMS",
            auth_url=lms.auth_url,
            token_url=lms.token_url,
            key_set_url=lms.jwks_url,
            created_at=at,
        )
        deployment = Deployment(registration=registration, deployment_id="1", created_at=at)
        context = Context(
            deployment=deployment,
            context_id="1",
            memberships_url=lms.issuer + PATHS[lms.profile.name],
            groups_url=f"{lms.issuer}/lti/courses/1/groups" if has_groups else None,
            group_sets_url=f"{lms.issuer}/lti/courses/1/group-sets" if has_groups else None,
        )
        placement = Placement(deployment=deployment, context=context, resource_link_id="1", scopes=[], created_at=at)
        session.add_all([registration, context, placement])
        session.flush()
        trainer = Person(
            registration_id=registration.id, sub="trainer-1", name="T. Trainer", created_at=at, last_seen_at=at
        )
        session.add(trainer)
        session.flush()
        session.add(
            Participation(
                placement_id=placement.id,
                person_id=trainer.id,
                is_trainer=True,
                sort_key=sort_key(trainer.name, trainer.sub),
                first_seen_at=at,
                last_seen_at=at,
            )
        )
        return context.id, placement.id
