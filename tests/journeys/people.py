"""People of the practice LMS: each journey takes its own, so that none finds another's answers."""

from __future__ import annotations

import itertools

from lti_tool.practice_lms import PracticeLms, Seed, catalogue, gradebook
from lti_tool.practice_lms.model import CourseRole, Enrolment, Person

COURSE = 1
IN_FRAME, IN_WINDOW = 1, 2
"""The seeded placements."""

_numbers = itertools.count(101)


def enrol(lms: PracticeLms, role: CourseRole = "Learner") -> Person:
    """Add a person to the seeded course."""
    number = next(_numbers)
    person = Person(sub=f"person-{number}", given_name="Person", family_name=f"Number {number}")
    enrolment = Enrolment(course_id=COURSE, sub=person.sub, role=role)
    with lms.connect() as connection:
        catalogue.plant(
            connection, Seed(registrations=(), courses=(), people=(person,), enrolments=(enrolment,), placements=())
        )
    return person


def grade_of(lms: PracticeLms, person: Person, placement_id: int = IN_FRAME) -> float | None:
    """Read a person's grade from the LMS's store, as a share of the maximum."""
    with lms.connect() as connection:
        for column in gradebook.line_items(connection, COURSE):
            if column.placement_id == placement_id:
                for cell in gradebook.results(connection, column.id, keeps_grade=lms.profile.keeps_grade):
                    if cell.sub == person.sub:
                        return cell.points(1)
    return None
