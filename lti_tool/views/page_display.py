"""How pages are shown to somebody: text size and contrast."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from lti_tool.models import Contrast, Launch, TextSize

_MEDIA = {Contrast.AUTO: "(prefers-contrast: more)", Contrast.MORE: "all", Contrast.STANDARD: "not all"}
"""When the sheet of high contrast applies."""


@dataclass(frozen=True, slots=True)
class Display:
    """How a page is shown."""

    text_size: TextSize
    contrast: Contrast
    """What was chosen; left to the device and the LMS at first."""
    automatic: str
    """The media query of the sheet of high contrast where the choice is left to them."""

    @property
    def media(self) -> str:
        """The media query of the sheet of high contrast."""
        return self.automatic if self.contrast is Contrast.AUTO else _MEDIA[self.contrast]

    @property
    def all_media(self) -> dict[str, str]:
        """The media query of each choice, for the script that shows it at once."""
        return {str(choice): media for choice, media in _MEDIA.items()} | {str(Contrast.AUTO): self.automatic}


_OF_NOBODY = Display(TextSize.NORMAL, Contrast.AUTO, _MEDIA[Contrast.AUTO])


def remember(launch: Launch) -> None:
    """Keep how the pages of this request are shown, an error page included, which must not need the database."""
    automatic = _MEDIA[Contrast.MORE if launch.prefers_contrast else Contrast.AUTO]
    g.page_display = Display(launch.person.text_size, launch.person.contrast, automatic)


def display() -> Display:
    """Say how this page is shown: as the person chose, else as the LMS or the device says."""
    shown: Display = g.get("page_display", _OF_NOBODY)
    return shown
