"""What the placement of this request's launch shows, and to whom."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, g
from flask_babel import gettext as _
from markupsafe import Markup, escape

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

    def html(self, by_language: Mapping[str, str]) -> Markup:
        """Give such a text marked with its language, where that is another one than the interface's."""
        language = self.language if by_language.get(self.language) else next(iter(by_language), "")
        text = escape(self.text(by_language))
        if language in {"", language_tag()}:
            return text
        return Markup('<span lang="{}">{}</span>').format(language, text)

    @property
    def lang(self) -> Markup:
        """The attribute of an element that holds text of the module, where the interface speaks another language."""
        return _lang(self.language) if self.language != language_tag() else Markup()

    @property
    def words_lang(self) -> Markup:
        """The attribute of an element inside such a one that holds words of the interface."""
        return _lang(language_tag()) if self.lang else Markup()


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
    return ShownModule(release, manifest, fitting_language(release), participant())


def fitting_language(release: OpenRelease) -> str:
    """Choose the language of a release that the person wants: what they chose, else their platform's."""
    return release.choose_language(*g.get("launch_languages", ()), language_tag())


def _lang(language: str) -> Markup:
    return Markup(' lang="{}"').format(language)


def participant() -> Participant:
    """Give the person of the launch at its placement."""
    return Participant(current_placement().id, current_launch().person_id)


def browser_owner(who: Participant) -> str:
    """Name a person at a placement for the browser's store, so that nobody is shown what another left there."""
    name = f"owner\0{who.placement_id}\0{who.person_id}"
    return hmac.digest(current_app.config["SETTINGS"].secret_key.encode(), name.encode(), "sha256").hex()[:16]


def browser_person(who: Participant) -> str:
    """Name a person for the browser's store, whatever placement they are at."""
    name = f"person\0{who.person_id}"
    return hmac.digest(current_app.config["SETTINGS"].secret_key.encode(), name.encode(), "sha256").hex()[:16]


def open_release(digest: str) -> OpenRelease:
    """Open a release by its digest."""
    shelf: Shelf = current_app.extensions["shelf"]
    return shelf.open(db.session(), digest)


def now() -> datetime:
    """Give the time, aware and in UTC."""
    return datetime.now(UTC)
