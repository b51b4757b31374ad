"""Reading answers as forms and scripts send them: under drawn names, and not to be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from course_builder.draw import Drawn
from course_builder.scoring import Response
from lti_tool.errors import InputError, NotFoundError
from lti_tool.models import Attempt
from lti_tool.services.shelf import OpenRelease
from lti_tool.views.question_views import draw_options
from lti_tool.views.quiz_views import quiz_id_of


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a form holds for a question."""

    question_id: str
    response: Response
    began_from: int
    """The revision that the page showed."""
    is_blank: bool
    """Nothing was chosen; an order is blank as long as it is the one drawn."""


def read_answers(form: MultiDict[str, str], release: OpenRelease, attempt: Attempt) -> Iterator[GivenAnswer]:
    """Read the answers that a form holds; a question that it does not show has no revision in it.

    Raises:
        InputError: if an answer is none that the page offered.
        NotFoundError: if a question is not one of the attempt's.
    """
    for name in form:
        if not name.startswith("r-"):
            continue
        question_id = name.removeprefix("r-")
        drawn = _draw(release, attempt, question_id)
        given = _given_names(form, question_id, _type_of(release, question_id), drawn)
        response = _to_response(release, question_id, drawn, given)
        is_as_drawn = _type_of(release, question_id) == "order" and given == list(drawn.names)
        yield GivenAnswer(question_id, response, read_number(form[name]), is_blank=not response or is_as_drawn)


def read_response(release: OpenRelease, attempt: Attempt, question_id: str, names: Any) -> Response:
    """Read one answer that a script sent: a name, a list of names, or nothing.

    Raises:
        InputError: if it is none that the page offered.
        NotFoundError: if the question is not one of the attempt's.
    """
    return _to_response(release, question_id, _draw(release, attempt, question_id), names)


def to_names(release: OpenRelease, attempt: Attempt, question_id: str, response: Any) -> Any:
    """Put a kept answer back under the names of its attempt."""
    name_of = {option: name for name, option in _draw(release, attempt, question_id).to_id.items()}
    if isinstance(response, str):
        return name_of.get(response)
    return [name_of[option] for option in response or () if option in name_of]


def read_number(value: object) -> int:
    """Read an attempt's number or a revision.

    Raises:
        InputError: if it is none.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
        return value
    raise InputError(_("The form could not be read. Reload the page and try again."))


def _draw(release: OpenRelease, attempt: Attempt, question_id: str) -> Drawn:
    if not release.has_question(question_id) or quiz_id_of(release, question_id) != attempt.quiz_id:
        raise NotFoundError(_("There is no such question here."))
    text = release.question(release.manifest.source_language, question_id)
    return draw_options(release, text, attempt.seed)


def _type_of(release: OpenRelease, question_id: str) -> str:
    return release.key(question_id).type


def _given_names(form: MultiDict[str, str], question_id: str, question_type: str, drawn: Drawn) -> Any:
    if question_type == "order":
        # Items at the same position keep the order in which they were shown.
        return sorted(drawn.names, key=lambda name: read_number(form.get(f"q-{question_id}.{name}")))
    chosen = form.getlist(f"q-{question_id}")
    if question_type == "single":
        return chosen[0] if chosen else None
    return chosen


def _to_response(release: OpenRelease, question_id: str, drawn: Drawn, names: Any) -> Response:
    """Turn drawn names into the ids that are kept."""
    key = release.key(question_id)
    if not names:
        return None
    if key.type == "single":
        if not isinstance(names, str) or names not in drawn.to_id:
            raise _not_offered()
        return drawn.to_id[names]
    is_list = isinstance(names, list) and len(names) <= len(key.options)
    if not is_list or not all(isinstance(name, str) and name in drawn.to_id for name in names):
        raise _not_offered()
    chosen = [drawn.to_id[name] for name in names]
    if len(set(chosen)) != len(chosen) or (key.type == "order" and len(chosen) != len(key.options)):
        raise _not_offered()
    # What was ticked first says nothing; one order makes equal answers equal.
    return chosen if key.type == "order" else sorted(chosen, key=key.options.index)


def _not_offered() -> InputError:
    return InputError(_("This answer is not one that the page offers. Reload the page and choose again."))
