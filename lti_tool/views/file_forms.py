"""Files in forms, and as downloads."""

from __future__ import annotations

import io
from collections.abc import Iterator

from flask import Response, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from course_builder.package import LimitsEntry
from course_builder.player import words as question_words
from course_builder.player.parts import HandedFile
from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.models import Answer, Attempt
from lti_tool.services import attempts, uploads
from lti_tool.services.records import Participant
from lti_tool.services.shelf import OpenRelease
from lti_tool.services.uploads import Given, UploadRefusedError
from lti_tool.views.words import INTERFACE

_PREFIX = "q-"


def questions_with_files(release: OpenRelease, attempt: Attempt) -> Iterator[tuple[str, LimitsEntry]]:
    """Give the questions that the form brings files for, each with what it takes.

    Raises:
        NotFoundError: if one of them asks for none.
    """
    for name in request.files:
        question_id = name.removeprefix(_PREFIX)
        if not name.startswith(_PREFIX) or not sent_files(question_id):
            continue
        if not attempts.has_question(attempt, release, question_id):
            raise NotFoundError(_("There is no such question here."))
        text = release.question(release.manifest.source_language, question_id)
        if text.type != "upload":
            raise NotFoundError(_("There is no such question here."))
        yield question_id, text.limits or LimitsEntry()


def sent_files(question_id: str) -> list[Given]:
    """Give the files that the form brings for a question; a control in which none was chosen sends one without name."""
    sent = request.files.getlist(f"{_PREFIX}{question_id}")
    files = []
    for each in sent:
        if each.filename:
            each.stream.seek(0)
            files.append(Given(each.filename, each.stream.read()))
    return files


def show_files(answer: Answer | None, endpoint: str) -> tuple[HandedFile, ...]:
    """Show what was handed in as an answer, with addresses at an endpoint."""
    if answer is None or not answer.response:
        return ()
    return tuple(
        HandedFile(
            str(each.id),
            each.name,
            question_words.file_size(INTERFACE, each.size),
            url_for(endpoint, question_id=answer.question_id, upload_id=each.id),
        )
        for each in uploads.list_files(db.session(), answer)
    )


def give_file(participant: Participant, question_id: str, upload_id: int, *, is_submitted: bool = False) -> Response:
    """Give a file as a download, which no browser opens as a page of ours; ``is_submitted`` asks for no draft's.

    Raises:
        NotFoundError: if the person handed in no such file.
    """
    try:
        found = uploads.find_file(db.session(), participant, question_id, upload_id, is_submitted=is_submitted)
    except NotFoundError as error:
        raise NotFoundError(_("There is no such file.")) from error
    response = send_file(
        io.BytesIO(found.content), mimetype="application/octet-stream", as_attachment=True, download_name=found.name
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def refusal(refused: UploadRefusedError) -> str:
    """Say why a file was not taken, and what to do."""
    limits, name = refused.limits, refused.name
    endings = ", ".join(each.removeprefix(".") for each in limits.accept)
    size = INTERFACE.number(question_words.megabytes(limits.most_bytes))
    return {
        "too-many": ngettext(
            "One file may be handed in here. Take it back to add another.",
            "%(num)s files may be handed in here. Take one back, or choose fewer.",
            limits.files,
        ),
        "too-large": _(
            "“%(name)s” is larger than %(size)s MB. Make it smaller, or hand it in in parts.", name=name, size=size
        ),
        "empty": _("“%(name)s” is empty. Save it again, and then choose it again.", name=name),
        "ending": _("“%(name)s” is of another kind. This question takes: %(endings)s.", name=name, endings=endings),
        "program": _("“%(name)s” is a program, and those are not taken. Hand in a document.", name=name),
        "content": _(
            "“%(name)s” is not what its ending says, or it is damaged. Save it again in the right format.", name=name
        ),
    }[refused.reason]
