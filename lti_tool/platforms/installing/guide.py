"""What an administrator needs to register the tool by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lti_tool.platforms.installing.tool import ToolDescription


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A field of the LMS's own form, by its English label, and what goes into it."""

    label: str
    value: Callable[[ToolDescription], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """How to register in one LMS.

    Addresses hold ``{site}`` for the LMS's own address and ``{client_id}`` where they differ by registration; an empty
    one is not known beforehand.
    """

    name: str
    menu: str
    """Where in the LMS tools are registered, in its own English words."""
    places: tuple[Place, ...]
    issuer: str = ""
    auth_url: str = ""
    token_url: str = ""
    key_set_url: str = ""
    token_audience: str = ""
    takes_registration_url: bool = False
    """Whether it registers a tool by one address."""
    has_one_issuer: bool = False
    """Whether all customers share an issuer, so that the site's own address says nothing."""
    configuration: Callable[[ToolDescription], dict[str, Any]] | None = None
    """The file that the LMS can read in place of a form."""
    example_site: str = field(default="https://lms.example.org")

    def addresses(self, site: str, client_id: str) -> dict[str, str]:
        """Fill in what is known of a registration; what still needs the client id stays empty."""
        values = {
            "issuer": self.issuer,
            "auth_url": self.auth_url,
            "token_url": self.token_url,
            "key_set_url": self.key_set_url,
            "token_audience": self.token_audience,
        }
        known = {"{site}": site.rstrip("/"), "{client_id}": client_id}
        filled = {}
        for name, pattern in values.items():
            if any(mark in pattern and not value for mark, value in known.items()):
                filled[name] = ""
                continue
            for mark, value in known.items():
                pattern = pattern.replace(mark, value)
            filled[name] = pattern
        return filled
