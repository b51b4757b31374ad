"""Canvas."""

from lti_tool.platforms.differences import Differences

CANVAS = Differences(
    product="canvas",
    # An older timestamp is a mistake in the request: "timestamp … before last updated". We make no other such mistake.
    # Source: Canvas API, Score, https://canvas.instructure.com/doc/api/score.html
    timestamp_refused=frozenset({400}),
    # Source: Canvas, Deep Linking: items may bring "available" and "submission".
    keeps_dates=True,
    adds_several_at_once=False,
    # Somebody who is not enrolled as a student, a concluded course, no attempt left.
    # Source: the same page, "user not found in course".
    person_refused=frozenset({422}),
)
