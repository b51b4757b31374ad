"""What the player says of a question: its worth, its tries, what became of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup, escape

from course_builder.model import NumberAnswer, Written
from course_builder.package import LimitsEntry
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


def minutes(language: Language, count: int | None) -> str:
    """Give a time in words: about 7 minutes; empty where none is known."""
    return language.ngettext("about %(num)s minute", "about %(num)s minutes", count) if count else ""


def worth(
    language: Language,
    value: Fraction,
    tries: int | None,
    tries_used: int,
    penalty: Fraction = Fraction(0),
    *,
    is_graded: bool,
    is_locked: bool,
) -> str:
    """Say what a question is worth, which try this is and what a further one costs: 1 point · try 1 of 2.

    ``penalty`` is in points.
    """
    parts = [points(language, value) if is_graded else language.gettext("Self-check, does not count")]
    if tries is not None and tries > 1:
        if is_locked or tries_used >= tries:
            used = language.gettext("%(used)s of %(tries)s tries used", used=tries_used, tries=tries)
            parts.append(used)
        else:
            parts.append(language.gettext("try %(number)s of %(tries)s", number=tries_used + 1, tries=tries))
    if penalty and is_graded and not is_locked and (tries is None or tries_used + 1 < tries):
        parts.append(language.gettext("each further try costs %(points)s", points=points(language, penalty)))
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


def check(language: Language, question_type: str) -> str:
    """Name the button of a question that is answered by itself."""
    if question_type in {"survey", "essay", "upload"}:
        return language.gettext("Hand in")
    return language.gettext("Check")


def accepted(written: Written) -> Markup | None:
    """Give the first answer in words that is right; none where only patterns are."""
    return next((escape(each.text) for each in written.accepted if not each.is_regex), None)


def right_number(language: Language, number: NumberAnswer | None, unit: str) -> Markup | None:
    """Give the right number, or the range that it lies in, with its unit."""
    if number is None:
        return None
    ends = [None if each is None else language.answer(each) for each in (number.minimum, number.maximum)]
    if number.answer is not None:
        said = language.answer(number.answer)
        if number.tolerance:
            low, high = (language.answer(number.answer + sign * number.tolerance) for sign in (-1, 1))
            said = language.gettext("%(number)s (anything from %(low)s to %(high)s)", number=said, low=low, high=high)
    elif ends[0] is None:
        said = language.gettext("at most %(number)s", number=ends[1])
    elif ends[1] is None:
        said = language.gettext("at least %(number)s", number=ends[0])
    else:
        said = language.gettext("from %(low)s to %(high)s", low=ends[0], high=ends[1])
    return escape(f"{said} {unit}".strip())


def unclear(language: Language, response: str, readings: Sequence[str]) -> str:
    """Ask back a number that reads in two ways, or is none."""
    if not readings:
        return language.gettext("“%(answer)s” is not a number. Write digits only, such as 12.5.", answer=response)
    return language.gettext("“%(answer)s” can be read in two ways. Which one do you mean?", answer=response)


def files(language: Language, limits: LimitsEntry) -> str:
    """Say which files may be handed in: up to 3 files, pdf or docx, up to 5 MB each."""
    parts = [language.ngettext("%(num)s file", "up to %(num)s files", limits.files)]
    if limits.accept:
        parts.append(", ".join(each.removeprefix(".") for each in limits.accept))
    size = language.number(megabytes(limits.most_bytes))
    parts.append(language.gettext("up to %(size)s MB each", size=size))
    return " · ".join(parts)


def megabytes(size: int) -> Fraction:
    """Give a size in megabytes of a million bytes."""
    return Fraction(size, 1_000_000)


def file_size(language: Language, size: int) -> str:
    """Say how large a file is: 12 kB, 3.5 MB."""
    if size < 1_000_000:
        return f"{language.number(Fraction(max(1, round(size / 1_000))))} kB"
    return f"{language.number(round(megabytes(size), 1))} MB"


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
    if result.state == "given":
        return language.gettext("Thank you. Your answers are kept.")
    if result.state == "waiting":
        if not is_graded:
            return language.gettext("Your answer is kept.")
        most = points(language, result.max_points)
        return language.gettext("Waits for your trainer, who gives up to %(points)s.", points=most)
    if is_graded:
        reached = points_of(language, result.points, result.max_points)
        # Else it would read like an answer that is wrong.
        return f"{language.gettext('No answer.')} {reached}" if result.state == "unanswered" else reached
    states = {
        "right": language.gettext("Right."),
        "partly": language.gettext("Partly right."),
        "wrong": language.gettext("Not right."),
    }
    return states.get(result.state, language.gettext("No answer."))
