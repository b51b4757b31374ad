"""What an administrator needs to register the tool by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    registration_menu: str = ""
    """Where in the LMS that address is pasted, in its own English words."""
    has_one_issuer: bool = False
    """Whether all customers share an issuer, so that the site's own address says nothing."""
    configuration: Callable[[ToolDescription], dict[str, Any]] | None = None
    """The file that the LMS can read in place of a form."""
    example_site: str = field(default="https://lms.example.org")
    family_codes: tuple[str, ...] = ()
    """What it calls itself (``product_family_code``) in its openid configuration."""
    configuration_domains: tuple[str, ...] = ()
    """Domains that may publish the configuration of :attr:`issuer`, beside the issuer's own."""
    title_claim: str = ""
    """Where its openid configuration says what the site or account is called."""
    picking_placements: tuple[str, ...] = ("ContentArea",)
    """Where trainers choose content, by the names of its dynamic registration."""
    declares_resource_links: bool = True
    """Whether a message without a placement means something to it."""
    lists_all_variables: bool = True
    """Whether it fills in no other custom variables than those in its openid configuration."""
    custom: Mapping[str, str] = field(default_factory=dict)
    """Custom parameters that only this LMS fills in."""
    extensions: Callable[[ToolDescription], dict[str, Any]] = lambda _tool: {}
    """What it wants in the tool's configuration beyond the specification."""

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
