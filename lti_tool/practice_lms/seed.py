"""What a practice LMS holds when it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lti_tool.practice_lms.model import Column, Course, Enrolment, Group, GroupSet, Person, Placement, Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Registrations, courses, people and placements that are written at each start.

    Rows of the same id are brought up to date, so that a tool may come back on another port; line items and scores
    that are there stay as they are.
    """

    registrations: Sequence[Registration]
    courses: Sequence[Course]
    people: Sequence[Person]
    enrolments: Sequence[Enrolment]
    placements: Sequence[Placement] = field(default_factory=tuple)
    group_sets: Sequence[GroupSet] = field(default_factory=tuple)
    groups: Sequence[Group] = field(default_factory=tuple)
    first_line_item_id: int = 1
    """The id the first line item gets."""


def demo_seed(
    *,
    login_url: str,
    redirect_uris: Sequence[str],
    jwks_url: str,
    target_link_uri: str,
    content_url: str = "",
    module_title: str,
    custom: Mapping[str, str] | None = None,
    maximum: float = 100.0,
    client_id: str = "practice-client",
    deployment_id: str = "practice-deployment",
) -> Seed:
    """One course with one module, placed in a frame and in a new window, and its people.

    They are a trainer, three learners and an administrator.

    Args:
        login_url: the tool's third-party-initiated login.
        redirect_uris: where the tool accepts launches.
        jwks_url: the tool's key set.
        target_link_uri: the page of the tool that both placements open.
        content_url: where the tool lets trainers choose content; empty: it does not.
        module_title: what the placements are called.
        custom: custom parameters of both placements.
        maximum: of the gradebook column of each placement.
        client_id: the tool's, at this LMS.
        deployment_id: of the one deployment.
    """
    registration = Registration(
        id=1,
        client_id=client_id,
        name="Training tool",
        login_url=login_url,
        redirect_uris=tuple(redirect_uris),
        jwks_url=jwks_url,
        deployment_ids=(deployment_id,),
        content_url=content_url,
    )
    course = Course(id=1, label="DIM-1", title="Digital innovation management, spring cohort")
    people = (
        Person(sub="learner-1", given_name="Learner", family_name="One", email="learner.one@example.org"),
        Person(sub="learner-2", given_name="Learner", family_name="Two", email="learner.two@example.org"),
        Person(sub="learner-3"),
        Person(sub="trainer-1", given_name="Trainer", family_name="One", email="trainer.one@example.org"),
    )
    administrator = Person(sub="administrator-1", given_name="Administrator", family_name="One", is_administrator=True)
    enrolments = tuple(
        Enrolment(course_id=1, sub=person.sub, role="Instructor" if person.sub == "trainer-1" else "Learner")
        for person in people
    )
    framed = Placement(
        id=1,
        course_id=1,
        registration_id=1,
        deployment_id=deployment_id,
        title=module_title,
        target_link_uri=target_link_uri,
        custom=dict(custom or {}),
        opens_in="iframe",
        column=Column(maximum=maximum),
    )
    in_window = replace(framed, id=2, title=f"{module_title} (new window)", opens_in="window")
    return Seed(
        registrations=(registration,),
        courses=(course,),
        people=(*people, administrator),
        enrolments=enrolments,
        placements=(framed, in_window),
    )
