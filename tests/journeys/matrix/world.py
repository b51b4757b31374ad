"""The tool and the practice LMS on two https sites, with two courses for each way to open an activity."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from lti_tool.demo import prepare
from lti_tool.demo.answers import read_answers
from lti_tool.demo.stack import LMS_HOST, TOOL_HOST, Addresses, Stack, free_port
from lti_tool.practice_lms import PracticeLms, Seed, catalogue
from lti_tool.practice_lms.model import Column, Course, Person, Placement
from lti_tool.practice_lms.serving import listen, port_of
from tests.journeys.matrix.states import OPENINGS, Opening
from tests.journeys.matrix.tls import Line, tls_front
from tests.journeys.people import COURSE
from tests.journeys.world import World
from tests.lti_tool.servers import make_certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsAddresses(Addresses):
    """Where the two are reached over https; their own ports are behind."""

    https_tool_port: int
    https_lms_port: int

    @property
    def tool(self) -> str:
        return f"https://{TOOL_HOST}:{self.https_tool_port}"

    @property
    def lms(self) -> str:
        return f"https://{LMS_HOST}:{self.https_lms_port}"


@dataclass(frozen=True)
class HttpsWorld(World):
    """The two sites on https."""

    line: Line
    """From the browsers to the tool."""


@contextmanager
def start_https_world(folder: Path) -> Iterator[HttpsWorld]:
    """Start both, as the demo does, behind https."""
    (folder / "certificates").mkdir()
    tls, _ = make_certificate(folder / "certificates", TOOL_HOST, LMS_HOST)
    certificate = str(folder / "certificates" / "certificate.pem")
    for_tool, for_lms = listen(), listen()
    addresses = HttpsAddresses(
        tool_port=free_port(),
        lms_port=free_port(),
        https_tool_port=port_of(for_tool),
        https_lms_port=port_of(for_lms),
    )
    packages = prepare.build_course(folder / "packages")
    environment = {
        **prepare.environment_for(folder, addresses),
        "EGRESS_ALLOW": f"{LMS_HOST}:{addresses.https_lms_port}",
        "SSL_CERT_FILE": certificate,
    }
    prepare.prepare_database(environment, packages, addresses)
    answers = read_answers(packages[0])
    named = {"module_id": answers.module_id, "module_title": answers.module_title}
    stack = Stack(addresses, folder, environment, **named)
    with pytest.MonkeyPatch.context() as patch:
        # The LMS, in this process, reads the tool's key set.
        patch.setitem(os.environ, "SSL_CERT_FILE", certificate)
        with (
            tls_front(tls, for_tool, addresses.tool_port) as line,
            tls_front(tls, for_lms, addresses.lms_port),
            stack,
        ):
            _add_courses(stack.lms)
            yield HttpsWorld(stack, answers, folder / "tool" / "lti-tool.db", line)


def _add_courses(lms: PracticeLms) -> None:
    """Place the activity in courses of their own, so that signing in opens nothing else before."""
    with lms.connect() as connection:
        seeded = {each.opens_in: each for each in catalogue.placements(connection, COURSE)}
        courses = [places(opening) for opening in OPENINGS]
        for opening, (first, second) in zip(OPENINGS, courses, strict=True):
            original = seeded["iframe" if opening == "frame" else "window"]
            for number in (first, second):
                course = Course(id=number, label=f"C{number}", title=f"Course {number}")
                placed = {"id": number, "course_id": number, "activity_id": None, "title": f"Activity {number}"}
                placement = replace(original, **placed, column=Column())
                catalogue.plant(connection, _seed(course, placement))


def places(opening: Opening) -> tuple[int, int]:
    """Give the ids of two courses; the activity of each has the same."""
    first = 11 + 2 * OPENINGS.index(opening)
    return first, first + 1


def _seed(course: Course, placement: Placement) -> Seed:
    return Seed(registrations=(), courses=(course,), people=(), enrolments=(), placements=(placement,))


def is_carried_by_cookie(world: World, person: Person) -> bool:
    """Look up how the tool knows the last launch of a person again."""
    with closing(sqlite3.connect(world.tool_database, timeout=15)) as connection:
        found = connection.execute(
            "SELECT browser_hash IS NOT NULL FROM launch JOIN person ON person.id = launch.person_id"
            " WHERE person.sub = ? ORDER BY launch.id DESC LIMIT 1",
            [person.sub],
        ).fetchone()
    return bool(found[0])
