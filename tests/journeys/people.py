"""People and activities of the practice LMS: each journey takes its own, so that none finds another's answers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from dataclasses import replace

from lti_tool.practice_lms import PracticeLms, Seed, catalogue, gradebook
from lti_tool.practice_lms.model import Column, CourseRole, Enrolment, Person, Placement

COURSE = 1
IN_FRAME, IN_WINDOW = 1, 2
"""The seeded placements."""

ARRIVAL_LIMIT_S = 60
_numbers = itertools.count(101)


def enrol(lms: PracticeLms, role: CourseRole = "Learner") -> Person:
    """Add a person to the seeded course."""
    return enrol_in(lms, {COURSE: role})


def enrol_in(lms: PracticeLms, roles: Mapping[int, CourseRole]) -> Person:
    """Add a person to courses, with a role in each."""
    number = next(_numbers)
    person = Person(sub=f"person-{number}", given_name="Person", family_name=f"Number {number}")
    enrolments = tuple(Enrolment(course_id=course, sub=person.sub, role=role) for course, role in roles.items())
    with lms.connect() as connection:
        catalogue.plant(
            connection, Seed(registrations=(), courses=(), people=(person,), enrolments=enrolments, placements=())
        )
    return person


def place_without_module(lms: PracticeLms, tool: str) -> Placement:
    """Add an activity to the seeded course that names no module."""
    with lms.connect() as connection:
        [known, *_] = catalogue.placements(connection, COURSE)
        (free_id,) = connection.execute("SELECT max(id) + 1 FROM placements").fetchone()
    placement = replace(known, id=free_id, title="To be chosen", target_link_uri=f"{tool}/lti/launch", custom={})
    lms.add_placement(replace(placement, activity_id=None, column=Column()))
    return placement


def wait_for_grade(
    lms: PracticeLms, person: Person, placement_id: int = IN_FRAME, course_id: int = COURSE
) -> float | None:
    """Wait for a person's grade, a share of the maximum, in the LMS's own store."""
    deadline = time.monotonic() + ARRIVAL_LIMIT_S
    while (grade := _grade(lms, person, placement_id, course_id)) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    return grade


def _grade(lms: PracticeLms, person: Person, placement_id: int, course_id: int) -> float | None:
    with lms.connect() as connection:
        for column in gradebook.line_items(connection, course_id):
            if column.placement_id == placement_id:
                for cell in gradebook.results(connection, column.id, keeps_grade=lms.profile.keeps_grade):
                    if cell.sub == person.sub:
                        return cell.points(1)
    return None
