"""The language that a person chose for the tool and its modules."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lti_tool.models import Person


def keep_language(session: Session, person: Person, language: str) -> None:
    """Keep which language a person chose, for all activities of their platform and on every device."""
    person.language = language
    session.flush()
