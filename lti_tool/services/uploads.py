"""Files that learners hand in: checked, kept beside their answer, and given back as downloads only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from course_builder.package import LimitsEntry
from course_builder.scoring import Key
from lti_tool.errors import InputError, NotFoundError
from lti_tool.models import Answer, Attempt, Upload
from lti_tool.services import attempts
from lti_tool.services.records import Participant

LONGEST_NAME = 200
"""Characters, with the ending."""
BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".zip"), (b"PK\x03\x04", b"PK\x05\x06")),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    **dict.fromkeys((".jpg", ".jpeg"), (b"\xff\xd8\xff",)),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".rtf": (b"{\\rtf",),
}
"""With what files of a kind begin; those that are not here are believed by their ending."""
PROGRAMS = frozenset(
    [
        ".app",
        ".bat",
        ".cmd",
        ".com",
        ".dll",
        ".exe",
        ".hta",
        ".jar",
        ".js",
        ".lnk",
        ".msi",
        ".ps1",
        ".reg",
        ".scr",
        ".sh",
        ".vbs",
        ".wsf",
    ]
)
"""Endings that nobody may hand in unless the question asks for them: whoever opens the file would run it."""

Reason = Literal["too-many", "too-large", "empty", "ending", "program", "content"]

_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class UploadRefusedError(InputError):
    """A file cannot be handed in here; the views have the words."""

    def __init__(self, reason: Reason, name: str, limits: LimitsEntry) -> None:
        super().__init__(f"The file was refused: {reason}.")
        self.reason = reason
        self.name = name
        self.limits = limits


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was sent."""

    name: str
    content: bytes


def tidy_name(name: str) -> str:
    """Give a file's own name: without folders and signs that nobody sees, and no longer than there is room for."""
    bare = PurePosixPath(_UNSEEN.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/")).name.strip(" .")
    stem, dot, ending = bare.rpartition(".")
    if dot and 0 < len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}" if stem else f"file.{ending}"
    return bare[:LONGEST_NAME] or "file"


def hand_in(
    session: Session,
    attempt: Attempt,
    key: Key,
    question_id: str,
    limits: LimitsEntry,
    files: Sequence[Given],
    at: datetime,
) -> Answer:
    """Add files to the answer of an open, locked attempt; one of a name that is there takes its place. All, or none.

    Raises:
        UploadRefusedError: if one of them is not what the question asks for, or they are too many.
        InputError: if the question cannot be answered any more.
    """
    there = {each.name: each for each in _find(session, attempt.id, question_id)}
    tidy = {tidy_name(each.name): each.content for each in files}
    for name, content in tidy.items():
        _check(name, content, limits)
    names = list(dict.fromkeys([*there, *tidy]))
    if len(names) > limits.files:
        raise UploadRefusedError("too-many", next(iter(tidy)), limits)
    answer = _answer(session, attempt, key, question_id, names, at)
    for name, content in tidy.items():
        if (old := there.get(name)) is not None:
            session.delete(old)
            session.flush()
        session.add(
            Upload(
                attempt_id=attempt.id,
                question_id=question_id,
                name=name,
                size=len(content),
                content=content,
                uploaded_at=at,
            )
        )
        answer.saved_at = at
    session.flush()
    return answer


def take_back(
    session: Session, attempt: Attempt, key: Key, question_id: str, upload_id: int, at: datetime
) -> Answer | None:
    """Take a file out of the answer of an open, locked attempt; one that is gone already is no error.

    Raises:
        InputError: if the question cannot be answered any more.
    """
    there = _find(session, attempt.id, question_id)
    gone = next((each for each in there if each.id == upload_id), None)
    if gone is None:
        return None
    names = [each.name for each in there if each is not gone]
    answer = _answer(session, attempt, key, question_id, names, at)
    session.delete(gone)
    session.flush()
    return answer


def list_files(session: Session, answer: Answer) -> Sequence[Upload]:
    """List what was handed in as an answer, without the contents, in the order in which it came."""
    return _find(session, answer.attempt_id, answer.question_id)


def find_file(
    session: Session, participant: Participant, question_id: str, upload_id: int, *, is_submitted: bool = False
) -> Upload:
    """Find a file that a person handed in at a placement; with ``is_submitted``, only in a submitted attempt.

    Raises:
        NotFoundError: if it is not there, or somebody else's.
    """
    found = session.scalar(
        select(Upload)
        .join(Attempt, Attempt.id == Upload.attempt_id)
        .where(
            Upload.id == upload_id,
            Upload.question_id == question_id,
            Attempt.placement_id == participant.placement_id,
            Attempt.person_id == participant.person_id,
            Attempt.submitted_at.is_not(None) if is_submitted else true(),
        )
    )
    if found is None:
        raise NotFoundError("There is no such file.")
    return found


def _find(session: Session, attempt_id: int, question_id: str) -> Sequence[Upload]:
    query = select(Upload).where(Upload.attempt_id == attempt_id, Upload.question_id == question_id)
    return session.scalars(query.order_by(Upload.id)).all()


def _answer(session: Session, attempt: Attempt, key: Key, question_id: str, names: list[str], at: datetime) -> Answer:
    """Keep the names as the answer. Two windows that add files do not disagree: both files are there."""
    known = attempts.find_answer(session, attempt, question_id)
    revision = known.revision if known else 0
    if known is not None and known.state is not None:
        # A file of the same name is another answer too.
        known.response = None
    return attempts.save_answer(session, attempt, key, question_id, names or None, revision, at)


def _check(name: str, content: bytes, limits: LimitsEntry) -> None:
    ending = PurePosixPath(name).suffix.lower()
    if limits.accept and ending not in limits.accept:
        raise UploadRefusedError("ending", name, limits)
    if ending in PROGRAMS and ending not in limits.accept:
        raise UploadRefusedError("program", name, limits)
    if not content:
        raise UploadRefusedError("empty", name, limits)
    if len(content) > limits.most_bytes:
        raise UploadRefusedError("too-large", name, limits)
    beginnings = BEGINNINGS.get(ending)
    if beginnings and not content.startswith(beginnings):
        raise UploadRefusedError("content", name, limits)
