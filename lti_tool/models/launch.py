"""From a login to a session that belongs to one launch in one browser."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import Enum, ForeignKey, String, sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.extensions import Model
from lti_tool.models.placement import Context, Placement
from lti_tool.models.platform import Deployment
from lti_tool.models.user import Person


class Message(enum.StrEnum):
    """The kinds of messages that the tool takes, by the names that platforms send."""

    RESOURCE_LINK = "LtiResourceLinkRequest"
    DEEP_LINKING = "LtiDeepLinkingRequest"
    SUBMISSION_REVIEW = "LtiSubmissionReviewRequest"
    DATA_PRIVACY = "DataPrivacyLaunchRequest"


class Login(Model):
    """A login initiation that waits for its launch; used up by one atomic UPDATE."""

    __tablename__ = "login"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    deployment_id: Mapped[str | None] = mapped_column(String(255))
    """Where the platform named one at login; the token has to name the same."""
    target_link_uri: Mapped[str] = mapped_column(String(2000))
    storage_target: Mapped[str | None] = mapped_column(String(255))
    binding_hash: Mapped[str] = mapped_column(String(64))
    """Of the secret that only the browser of this login holds."""
    auth_request: Mapped[str] = mapped_column(String(4000))
    """The address at the platform that this login goes on to."""
    window_ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Lets a new window take this login over, once."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Launch(Model):
    """The session of one launch.

    Its handle (128 random bits) stands in the address: ``/l/<handle>/…``. Where a cookie stuck, the request must carry
    it too (``browser_hash``); where none did, the handle alone is the secret and ends sooner.
    """

    __tablename__ = "launch"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str | None] = mapped_column(String(64))
    """Of the browser's cookie; ``None``: the handle is the bearer."""
    proof_ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Set while the browser has still to prove that it began the login; the launch opens nothing until then."""
    binding_hash: Mapped[str | None] = mapped_column(String(64))
    """What the proof is compared with."""
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    message: Mapped[Message] = mapped_column(
        Enum(Message, native_enum=False, length=50, values_callable=lambda kinds: [kind.value for kind in kinds]),
        default=Message.RESOURCE_LINK,
    )
    context_id: Mapped[int | None] = mapped_column(ForeignKey("context.id"))
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    """``None`` where the message is about no resource link."""
    request: Mapped[dict[str, Any] | None]
    """What the message asks beyond opening: settings of deep linking, or whom it is about."""
    picked: Mapped[dict[str, Any] | None]
    """What a trainer has picked so far (``services/picking.py``)."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    is_trainer: Mapped[bool]
    """Instructor or administrator in the *context*; institution roles give no power."""
    is_learner: Mapped[bool]
    locale: Mapped[str | None] = mapped_column(String(50))
    return_url: Mapped[str | None] = mapped_column(String(2000))
    document_target: Mapped[str | None] = mapped_column(String(20))
    line_item_url: Mapped[str | None] = mapped_column(String(2000))
    """Scores of this launch go to this gradebook column."""
    window_ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Lets a new window begin a launch like this one, once."""
    window_until: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
    """When the person said that others use the computer, too."""
    prefers_contrast: Mapped[bool] = mapped_column(default=False, server_default=sql.false())
    """Whether the LMS shows its own pages to the person in high contrast."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    deployment: Mapped[Deployment] = relationship()
    context: Mapped[Context | None] = relationship()
    placement: Mapped[Placement | None] = relationship()
    person: Mapped[Person] = relationship()

    # What Flask-Login asks of a user.
    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Name the session for Flask-Login."""
        return str(self.id)
