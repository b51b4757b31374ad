"""A module with a session, a poll, a board and a worksheet, as its author writes it."""

from __future__ import annotations

from course_builder.model import Course
from course_builder.package.write import package_members
from course_builder.render import render_module
from tests.course_builder.sources import MODULE_YAML, PAGE, check

TEXT = """\
# The kick-off

## Agenda

::: session {#kick-off minutes=25 title="Ninety minutes <short>"}

Bring your sheet.[^law]

::: materials

- pens

:::

::: facilitator

SECRET-A Be there early.

:::

::: step {minutes=10 who="teams sponsor"}

Say where *ideas* stop

::: poll {#stop type=single}

Where do ideas stop?

- At the desk <!--#desk-->
- In a drawer <!--#drawer-->

:::

::: room

Raise a hand.

:::

::: remote

Type it.

:::

:::

::: step {minutes=15}

Write notes

::: board {#ideas columns="Keep & like|Change" votes=3}

One note for each idea.

:::

::: facilitator

SECRET-B The call first.

:::

:::

:::

::: worksheet {#sheet}

For your team.

::: field {#owner type=text required=yes}

Who **owns** it?

One name.

:::

::: field {#hours type=number unit="hours a week" from=m1-town/sheet.rating}

How long?

:::

::: field {#rating type=scale min=0 max=4 labels="never|always"}

How often?

:::

::: field {#ratings type=table rows=1}

Rate each.

| Statement | Rating <!--#rating--> |
|---|---|
| Sponsor <!--#sponsor--> | |

:::

:::

[^law]: The statute.
"""


def workshop_course(text: str = TEXT) -> Course:
    """Give the course with that page; it has no problems."""
    passing = "passing: {worksheets: [sheet], sessions: [kick-off]}\n"
    course, problems = check({PAGE: text, "modules/m1-town/module.yaml": MODULE_YAML + passing})
    assert [problem for problem in problems if problem.severity == "error"] == []
    return course


def workshop_members(text: str = TEXT) -> dict[str, bytes]:
    """Give the members of its package."""
    course = workshop_course(text)
    return package_members(course, course.modules[0], render_module(course.modules[0]))
