"""The courses, people, tools and placements of the recorded Moodle, also under other names."""

from __future__ import annotations

from datetime import timedelta

from lti_tool.practice_lms.model import Column, Course, Enrolment, Person, Placement, Registration
from lti_tool.practice_lms.seed import Seed
from tests.practice_lms.recordings import Names
from tests.practice_lms.tool import TOOL_URL

CLIENT_IDS = {"1": "GMFLE3wlSZZmYRv", "2": "LJT3WYJuSHqFwEg", "4": "KGebjUkimIDpBH7", "6": "rOsterTool00001"}
TOOL_NAMES = {"1": "Tool same-site", "4": "Cross-site JS POST login"}
FIRST_LINE_ITEM = 2  # The first one is the total of the course.
PEOPLE = (
    ("2", "Admin", "User", "admin", ""),
    ("3", "Tess", "Teacher", "teacher1", "SIS-teacher1"),
    ("4", "Ana", "Álvarez", "student1", "SIS-student1"),
    ("5", "Bo", "Bergström", "student2", "SIS-student2"),
    ("6", "Chi", "Nguyễn", "student3", "SIS-student3"),
)
TYPE_CUSTOM = {
    "course": "$Context.id",
    "uname": "$User.username",
    "grp": "$Moodle.Person.userGroupIds",
    "hist": "$Context.id.history",
    "end": "$ResourceLink.submission.endDateTime",
    "static": "abc",
}
LINK_CUSTOM = {"item": "1", "due": "$ResourceLink.submission.endDateTime"}


def moodle_seed(names: Names) -> Seed:
    word = lambda text: names.words.get(text, text)  # noqa: E731
    picked = [("3", 21, 10), ("4", 21, 10), ("5", 21, 10), ("6", 22, 20)]
    return Seed(
        registrations=[registration(number, names) for number in CLIENT_IDS],
        courses=[
            Course(id=int(names.course("1")), label="testbed", title="testbed"),
            Course(
                id=int(names.course("2")),
                label=word("LTI101"),
                title=word("LTI course one"),
                sourced_id=f"SIS-{word('LTI101')}",
            ),
        ],
        people=[
            Person(
                sub=names.person(sub),
                given_name=word(given),
                family_name=word(family),
                username=word(username),
                email=f"{word(username)}@example.org",
                sourced_id=sourced_id.replace(username, word(username)),
                is_administrator=username == "admin",
            )
            for sub, given, family, username, sourced_id in PEOPLE
        ],
        enrolments=[
            Enrolment(
                course_id=int(names.course("2")),
                sub=names.person(sub),
                role="Instructor" if username == "teacher1" else "Learner",
            )
            for sub, _, _, username, _ in PEOPLE
            if username != "admin"
        ],
        placements=[
            picked_item_1("1", "1", names),
            placement("2", "2", names, title="No line item", item="nl", column=Column(maximum=100), opens_in="window"),
            *(
                placement(number, "2", names, title=f"Picked item {item}", item=str(item), column=quiz(item, maximum))
                for number, item, maximum in picked
            ),
        ],
        first_line_item_id=int(names.line_item(str(FIRST_LINE_ITEM))),
    )


def registration(number: str, names: Names) -> Registration:
    is_private = number == "4"
    return Registration(
        id=int(names.tool(number)),
        client_id=names.words.get(CLIENT_IDS[number], CLIENT_IDS[number]),
        name=TOOL_NAMES.get(number, f"Tool {number}"),
        login_url=f"{TOOL_URL}/login",
        redirect_uris=(f"{TOOL_URL}/launch",),
        jwks_url=f"{TOOL_URL}/jwks",
        deployment_ids=(names.tool(number),),
        custom=TYPE_CUSTOM if number == "1" else {},
        shares_personal_data=not is_private,
        has_grades=not is_private,
        has_roster=not is_private,
        content_url=f"{TOOL_URL}/dl",
    )


def quiz(item: int, maximum: float) -> Column:
    return Column(maximum=maximum, resource_id=f"res-{item}", tag="quiz", has_submission_review=True)


def placement(number: str, tool: str, names: Names, *, item: str, **values: object) -> Placement:
    return Placement(
        **{
            "id": int(names.placement(number)),
            "course_id": int(names.course("2")),
            "registration_id": int(names.tool(tool)),
            "deployment_id": names.tool(tool),
            "target_link_uri": f"{TOOL_URL}/launch?item={item}",
            **values,
        }  # type: ignore[arg-type]
    )


def picked_item_1(number: str, tool: str, names: Names, **values: object) -> Placement:
    return placement(
        number,
        tool,
        names,
        item="1",
        **{
            "title": "Picked item 1",
            "description": "Text of item 1",
            "custom": LINK_CUSTOM,
            "column": quiz(1, 40),
            **values,
        },
    )


def other_names(shift: int) -> Names:
    """Other ids, people and times; ``shift`` makes them different each time."""
    return Names(
        host=f"lms-{shift}.example.net",
        courses={"1": str(10 + shift), "2": str(300 + shift)},
        tools={"1": str(70 + shift), "2": str(7 + shift), "4": str(500 + shift), "6": str(40 + shift)},
        placements={str(n): str(900 + 3 * n + shift) for n in range(1, 10)},
        line_items={str(n): str(n + 1000 * shift) for n in range(1, 20)},
        people={"2": f"{shift}01", "3": f"{shift}77", "4": f"{shift}42", "5": f"{shift}05", "6": f"{shift}13"},
        words={
            "Ana": "Mikko",
            "Álvarez": "Aaltonen",
            "Bo": "Oona",
            "Bergström": "Järvi",
            "Chi": "Kaisa",
            "Nguyễn": "Mäkelä",
            "Tess": "Paula",
            "Teacher": "Tamm",
            "student1": f"officer{shift}a",
            "student2": f"officer{shift}b",
            "student3": f"officer{shift}c",
            "teacher1": f"trainer{shift}",
            "LTI101": f"DIM{shift}",
            "LTI course one": f"Innovation {shift}",
            **{client_id: f"client-{number}-{shift}" for number, client_id in CLIENT_IDS.items()},
        },
        later=timedelta(days=41 * shift),
    )
