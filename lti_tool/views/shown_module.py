"""What the placement of this request's launch shows, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from flask_babel import gettext as _

from course_builder.package import Manifest
from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.i18n import language_tag
from lti_tool.services.parts import part_of
from lti_tool.services.records import Participant
from lti_tool.services.shelf import OpenRelease, Shelf
from lti_tool.views.session import current_launch, current_placement


@dataclass(frozen=True, slots=True)
class ShownModule:
    """A release in a language, for the person of the launch."""

    release: OpenRelease
    manifest: Manifest
    """``module.json``, cut down to what the placement shows of the module."""
    language: str
    participant: Participant

    def text(self, by_language: Mapping[str, str]) -> str:
        """Take a text of the manifest in the language shown."""
        return by_language.get(self.language) or next(iter(by_language.values()), "")


def shown_module() -> ShownModule:
    """Open what the placement shows.

    Raises:
        NotFoundError: while no module was chosen for it.
    """
    placement = current_placement()
    if placement.release_digest is None:
        raise NotFoundError(_("No module has been chosen for this activity yet."))
    release = open_release(placement.release_digest)
    try:
        manifest = part_of(release.manifest, placement.page_id, placement.quiz_id)
    except NotFoundError as error:
        message = _("The link in your course leads to a part that this version of the module does not have.")
        raise NotFoundError(message, detail=error.message) from error
    return ShownModule(release, manifest, release.choose_language(language_tag()), participant())


def participant() -> Participant:
    """Give the person of the launch at its placement."""
    return Participant(current_placement().id, current_launch().person_id)


def open_release(digest: str) -> OpenRelease:
    """Open a release by its digest."""
    shelf: Shelf = current_app.extensions["shelf"]
    return shelf.open(db.session(), digest)


def now() -> datetime:
    """Give the time, aware and in UTC."""
    return datetime.now(UTC)
