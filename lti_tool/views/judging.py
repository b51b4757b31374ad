"""The fields in which a trainer judges an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from lti_tool.errors import InputError
from lti_tool.extensions import db
from lti_tool.models import Answer, Judgement, Person
from lti_tool.services.judgements import LONGEST_COMMENT, Given
from lti_tool.services.shelf import OpenRelease
from lti_tool.views import words

_LONGEST_NUMBER = 12


@dataclass(frozen=True, slots=True)
class JudgingView:
    """What stands in the fields of an answer, and who wrote it."""

    points: str
    """Empty before somebody judged."""
    most: str
    comment: str
    judged_by: str
    """Empty before somebody judged."""
    judged_at: datetime | None


def show_judging(release: OpenRelease, answer: Answer, judgement: Judgement | None) -> JudgingView:
    """Make the view of an answer's fields."""
    most = words.number(release.key(answer.question_id).points)
    if judgement is None:
        return JudgingView("", most, "", "", None)
    trainer = db.session.get(Person, judgement.trainer_id)
    name = (trainer.name or trainer.label) if trainer else _("a trainer")
    points = words.number(Fraction(judgement.points))
    return JudgingView(points, most, judgement.comment, name, judgement.judged_at)


def read_judgements(form: MultiDict[str, str], release: OpenRelease, asked: Iterable[str]) -> dict[str, Given]:
    """Read what a form gives for the answers that are to be judged; a field of points left empty judges nothing.

    Raises:
        InputError: if points are no number from 0 to the most there are, or a comment is too long.
    """
    given = {}
    for question_id in asked:
        text = form.get(f"points-{question_id}", "").strip()
        if not text:
            continue
        most = release.key(question_id).points
        points = _read_points(text)
        if points is None or not 0 <= points <= most:
            raise InputError(_("Give points from 0 to %(most)s, such as 1 or 0.5.", most=words.number(most)))
        comment = form.get(f"comment-{question_id}", "").replace("\r\n", "\n").strip().replace("\0", "")
        if len(comment) > LONGEST_COMMENT:
            raise InputError(_("A comment has at most %(number)s characters.", number=LONGEST_COMMENT))
        given[question_id] = Given(points, comment)
    return given


def _read_points(text: str) -> Fraction | None:
    """Read a number with a point or a comma before its decimals."""
    plain = text.replace(",", ".")
    whole, _point, decimals = plain.partition(".")
    is_number = len(plain) <= _LONGEST_NUMBER and plain.isascii() and (whole + decimals).isdigit()
    return Fraction(plain if whole else f"0{plain}") if is_number and not plain.endswith(".") else None
