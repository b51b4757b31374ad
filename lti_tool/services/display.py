"""How somebody wants pages shown: kept with the person, so that each device and each course shows them so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lti_tool.models import Contrast, Person, TextSize


def choose(session: Session, person: Person, text_size: TextSize, contrast: Contrast) -> None:
    """Keep how somebody wants pages shown."""
    person.text_size, person.contrast = text_size, contrast
    session.flush()
