"""Problems that people report of a module."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.module import Release
from lti_tool.models.user import Person


class ProblemKind(enum.StrEnum):
    """What a problem is about."""

    CONTENT = "content"
    """Something is wrong or hard to understand."""
    BROKEN = "broken"
    """Something does not work."""
    ACCESS = "access"
    """Something cannot be seen, heard, reached or used."""


class ProblemReport(Model):
    """A problem with a page or a question, as somebody described it to the trainers of the activity."""

    __tablename__ = "problem_report"
    __table_args__ = (Index("ix_problem_report_state", "placement_id", "done_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    release_digest: Mapped[str] = mapped_column(ForeignKey("release.digest"))
    """The version that the person saw."""
    language: Mapped[str] = mapped_column(String(50))
    page_id: Mapped[str | None] = mapped_column(String(100))
    """``None``: the start page, the search, or another page of the tool."""
    question_id: Mapped[str | None] = mapped_column(String(100))
    kind: Mapped[ProblemKind] = mapped_column(
        Enum(ProblemKind, native_enum=False, length=20, values_callable=lambda kinds: [kind.value for kind in kinds])
    )
    text: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    """When a trainer said that it is done; ``None``: open."""

    person: Mapped[Person] = relationship()
    release: Mapped[Release] = relationship()
