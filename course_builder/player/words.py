"""What the player says of a question: its worth, its tries, what became of an answer."""

from __future__ import annotations

from fractions import Fraction

from markupsafe import Markup, escape

from course_builder.model import Written
from course_builder.player.language import Language
from course_builder.scoring import Result


def points(language: Language, value: Fraction) -> str:
    """Give points in words: 1 point, 2 points, 0.25 points."""
    return language.ngettext(
        "%(points)s point", "%(points)s points", 1 if value == 1 else 2, points=language.number(value)
    )


def points_of(language: Language, reached: Fraction, most: Fraction) -> str:
    """Give a score in words: 1 of 2 points."""
    return language.ngettext(
        "%(reached)s of %(most)s point",
        "%(reached)s of %(most)s points",
        1 if most == 1 else 2,
        reached=language.number(reached),
        most=language.number(most),
    )


def worth(
    language: Language, value: Fraction, tries: int | None, tries_used: int, *, is_graded: bool, is_locked: bool
) -> str:
    """Say what a question is worth and which try this is: 1 point · try 1 of 2."""
    parts = [points(language, value) if is_graded else language.gettext("Self-check, does not count")]
    if tries is not None and tries > 1:
        if is_locked or tries_used >= tries:
            used = language.gettext("%(used)s of %(tries)s tries used", used=tries_used, tries=tries)
            parts.append(used)
        else:
            parts.append(language.gettext("try %(number)s of %(tries)s", number=tries_used + 1, tries=tries))
    return " · ".join(parts)


def hint(language: Language, cost: Fraction) -> str:
    """Name the button that opens a hint; ``cost`` is in points."""
    if not cost:
        return language.gettext("Show a hint")
    return language.gettext("Hint · costs %(points)s", points=points(language, cost))


def verdict(language: Language, state: str, *, question_type: str) -> str:
    """Say beside an option what became of it."""
    if question_type == "order":
        return {"right": language.gettext("In its place."), "wrong": language.gettext("Not in its place.")}.get(
            state, ""
        )
    verdicts = {
        "right": language.gettext("Right, you chose it."),
        "wrong": language.gettext("You chose it, but it is wrong."),
        "missed": language.gettext("Right, and you missed it."),
    }
    return verdicts.get(state, "")


def part_verdict(language: Language, state: str, *, is_unanswered: bool = False) -> str:
    """Say beside a row, a pair, a gap or a place what became of it."""
    if is_unanswered:
        return language.gettext("No answer.")
    return {"right": language.gettext("Right."), "wrong": language.gettext("Not right.")}.get(state, "")


def accepted(written: Written) -> Markup | None:
    """Give the first answer in words that is right; none where only patterns are."""
    return next((escape(each.text) for each in written.accepted if not each.is_regex), None)


def gap(language: Language, number: int, gaps: int) -> str:
    """Name a gap."""
    return language.gettext("Gap %(number)s of %(gaps)s", number=number, gaps=gaps)


def place(language: Language, number: int, value: str) -> str:
    """Name a place in a picture; ``value`` is as answers have it."""
    left, top = (language.number(Fraction(each)) for each in value.split(",", 1))
    return language.gettext(
        "Place %(number)s: %(left)s %% from the left, %(top)s %% from the top", number=number, left=left, top=top
    )


def outcome(language: Language, result: Result, *, is_graded: bool) -> str:
    """Say below a question what the answer earned."""
    if is_graded:
        return points_of(language, result.points, result.max_points)
    states = {
        "right": language.gettext("Right."),
        "partly": language.gettext("Partly right."),
        "wrong": language.gettext("Not right."),
    }
    return states.get(result.state, language.gettext("No answer."))
