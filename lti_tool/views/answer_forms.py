"""Reading the answers to an attempt as forms and scripts send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from course_builder.draw import Drawn
from course_builder.package import QuestionText
from course_builder.player import forms
from course_builder.scoring import Response
from lti_tool.errors import InputError, NotFoundError
from lti_tool.models import Attempt
from lti_tool.services import attempts
from lti_tool.services.shelf import OpenRelease
from lti_tool.views.question_views import draw_options


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
        text, drawn = _draw(release, attempt, question_id)
        try:
            response = forms.read_form(text, drawn, form)
        except forms.NotOfferedError as error:
            raise _not_offered() from error
        is_blank = forms.is_untouched(text, drawn, response)
        yield GivenAnswer(question_id, response, read_number(form[name]), is_blank)


def read_response(release: OpenRelease, attempt: Attempt, question_id: str, sent: Any) -> Response:
    """Read one answer that a script sent.

    Raises:
        InputError: if it is none that the page offered.
        NotFoundError: if the question is not one of the attempt's.
    """
    text, drawn = _draw(release, attempt, question_id)
    try:
        return forms.read_sent(text, drawn, sent)
    except forms.NotOfferedError as error:
        raise _not_offered() from error


def to_names(release: OpenRelease, attempt: Attempt, question_id: str, response: Any) -> Any:
    """Put a kept answer back under the names of its attempt."""
    text, drawn = _draw(release, attempt, question_id)
    return forms.to_sent(text, drawn, response)


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


def read_time(value: object) -> datetime | None:
    """Read a time that a script says, with its zone; nothing where it is none."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) and len(value) < 40 else None
        return read.astimezone(UTC) if read is not None and read.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def read_json(longest: int) -> dict[str, Any]:
    """Read what a script sent.

    Args:
        longest: the bytes that it may have.

    Raises:
        InputError: if it is no JSON object.
    """
    request.max_content_length = longest
    try:
        sent = request.get_json(silent=True)
    except RecursionError:
        sent = None
    if not isinstance(sent, dict):
        raise InputError(_("The answer could not be read."))
    return sent


def _draw(release: OpenRelease, attempt: Attempt, question_id: str) -> tuple[QuestionText, Drawn]:
    if not attempts.has_question(attempt, release, question_id):
        raise NotFoundError(_("There is no such question here."))
    text = release.question(release.manifest.source_language, question_id)
    return text, draw_options(release, text, attempt.seed)


def _not_offered() -> InputError:
    return InputError(_("This answer is not one that the page offers. Reload the page and choose again."))
