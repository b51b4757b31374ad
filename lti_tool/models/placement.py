"""Where our content stands in a platform, and who was there."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.module import Release
from lti_tool.models.platform import Deployment
from lti_tool.models.user import Person
from lti_tool.types import SortKey


class Context(Model):
    """A course in the LMS; its id is unique within a deployment only."""

    __tablename__ = "context"
    __table_args__ = (UniqueConstraint("deployment_id", "context_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    context_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str | None] = mapped_column(String(500))
    label: Mapped[str | None] = mapped_column(String(255))
    memberships_url: Mapped[str | None] = mapped_column(String(2000))
    """Where the platform says who is in the course; ``None`` where it does not."""
    groups_url: Mapped[str | None] = mapped_column(String(2000))
    group_sets_url: Mapped[str | None] = mapped_column(String(2000))

    deployment: Mapped[Deployment] = relationship()


class ContextCopy(Model):
    """A course that the platform said is a copy of another; either may be one that nobody came from yet."""

    __tablename__ = "context_copy"

    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"), primary_key=True)
    context_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    """The copy, by the platform's own id, as is the next one."""
    origin_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    noticed_at: Mapped[datetime]


class Columns(enum.StrEnum):
    """Which gradebook columns a placement has."""

    GIVEN = "given"
    """The one that the platform gives it, if any."""
    MODULE = "module"
    """One that the tool makes for all that is shown."""
    QUIZ = "quiz"
    """One that the tool makes for each quiz."""


class Placement(Model):
    """A resource link with its settings."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("deployment_id", "resource_link_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    context_id: Mapped[int | None] = mapped_column(ForeignKey("context.id"))
    resource_link_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str | None] = mapped_column(String(500))
    module_id: Mapped[str | None] = mapped_column(String(100))
    """``None`` until a trainer has chosen."""
    page_id: Mapped[str | None] = mapped_column(String(100))
    """The only page that is shown, where it is not the whole module."""
    quiz_id: Mapped[str | None] = mapped_column(String(100))
    """The only quiz that is shown, on its page."""
    is_version_fixed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether later compatible releases of the module leave this placement alone."""
    release_digest: Mapped[str | None] = mapped_column(ForeignKey("release.digest"))
    """The version that pages show; running attempts keep their own."""
    line_items_url: Mapped[str | None] = mapped_column(String(2000))
    line_item_url: Mapped[str | None] = mapped_column(String(2000))
    """The gradebook column of the last launch; a score keeps the one it was queued for."""
    columns: Mapped[Columns] = mapped_column(
        Enum(Columns, native_enum=False, length=20, values_callable=lambda items: [item.value for item in items]),
        default=Columns.GIVEN,
        server_default=Columns.GIVEN.value,
    )
    """As a trainer chose."""
    scopes: Mapped[list[str]] = mapped_column(default=list)
    """What the platform granted for its grade service."""
    quiz_rules: Mapped[dict[str, Any] | None]
    """What a trainer set for its quizzes, by quiz, as ``services/quiz_rules.py`` keeps it."""
    has_allowances: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether anybody was ever given more than the rules; else nobody has to look."""
    created_at: Mapped[datetime]

    deployment: Mapped[Deployment] = relationship()
    context: Mapped[Context | None] = relationship()
    release: Mapped[Release | None] = relationship()


class Participation(Model):
    """A person at a placement: their roles there and where they left."""

    __tablename__ = "participation"
    __table_args__ = (Index("ix_participation_order", "placement_id", "is_trainer", "sort_key"),)

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    is_trainer: Mapped[bool] = mapped_column(default=False)
    last_page: Mapped[str | None] = mapped_column(String(100))
    last_block: Mapped[str | None] = mapped_column(String(200))
    """The id of what was last in view there; ``None``: the top of the page."""
    sort_key: Mapped[str] = mapped_column(SortKey, default="", server_default="")
    """Made of the person's name; trainers see people in this order."""
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    placement: Mapped[Placement] = relationship()
    person: Mapped[Person] = relationship()


class PageVisit(Model):
    """A page that a person opened, and whether they said it is done."""

    __tablename__ = "page_visit"

    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    page_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
