"""A learner's own record: each attempt, what it was worth, and what the gradebook was told of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask import Blueprint, Response, make_response, render_template

from lti_tool.extensions import db
from lti_tool.models import Attempt, Score
from lti_tool.services import progress, quiz_rules, records, reviews, scores
from lti_tool.services.records import QuizRecord
from lti_tool.views import session, words
from lti_tool.views.learn import obstacle
from lti_tool.views.rule_words import describe_counting
from lti_tool.views.shown_module import shown_module

blueprint = Blueprint("record", __name__, url_prefix="/l/<handle>/record")
session.guard(blueprint)


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """An attempt that was submitted, with the scores that were made of it."""

    attempt: Attempt
    ordinal: int
    """As people count; 0 for one that was set aside."""
    points: str
    is_counted: bool
    sent: list[Score]


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz with its attempts, the first one first, and what of them counts."""

    title: str
    counting: str
    points: str
    attempts: list[AttemptRow]


@blueprint.get("/")
def index() -> Response:
    """Show the record of the person of the launch."""
    module, launch = shown_module(), session.current_launch()
    who = module.participant
    by_quiz = records.records(db.session(), who, [quiz.id for quiz in module.manifest.quizzes])
    submitted = reviews.list_handed_in(db.session(), who)
    sent = scores.of_person(db.session(), who.placement_id, who.person_id)
    rows = [
        QuizRow(
            module.text(quiz.title),
            describe_counting(by_quiz[quiz.id].rules),
            words.points_of(by_quiz[quiz.id].share * quiz.points, quiz.points),
            _attempts(by_quiz[quiz.id], submitted[quiz.id][::-1], sent),
        )
        for quiz in module.manifest.quizzes
        if quiz.id in submitted
    ]
    html = render_template(
        "learn/record.html",
        module=module,
        launch=launch,
        rows=rows,
        obstacle=obstacle(),
        progress=progress.read_progress(db.session(), who, module.manifest),
    )
    return make_response(html)


def _attempts(record: QuizRecord, submitted: list[Attempt], sent: dict[int, list[Score]]) -> list[AttemptRow]:
    counted = {each.id for each in quiz_rules.counted(record.rules, record.attempts)}
    standing = [each.id for each in record.attempts]
    return [
        AttemptRow(
            each,
            standing.index(each.id) + 1 if each.id in standing else 0,
            words.points_of(Fraction(each.points or 0), Fraction(each.max_points or 0)),
            each.id in counted,
            sent.get(each.id, []),
        )
        for each in submitted
    ]
