"""What platforms have to know of this tool, whatever they call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

AGS, NRPS = "https://purl.imsglobal.org/spec/lti-ags/scope/", "https://purl.imsglobal.org/spec/lti-nrps/scope/"
SCOPES = (
    AGS + "lineitem",
    AGS + "lineitem.readonly",
    AGS + "result.readonly",
    AGS + "score",
    NRPS + "contextmembership.readonly",
)
"""What the tool asks for. It works without any of them, and does less."""
NOTICES = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
"""Lets a platform tell of copied courses; asked for only where it is known to be offered, since few know it."""
CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "locale")
"""Names are shown to trainers where a registration shares them; an e-mail address is never asked for."""
CUSTOM = {"context_history": "$Context.id.history", "link_history": "$ResourceLink.id.history"}
"""Tell where a copied course comes from, on platforms that know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolDescription:
    """The tool as platforms see it."""

    url: str
    """Its public address, without a path."""
    name: str
    description: str
    login_url: str
    launch_url: str
    key_set_url: str
    icon_url: str
    shares_names: bool = True
    """Whether names are asked for."""
    asks_for_notices: bool = True
    """Whether a configuration names the scope for notices, which an older LMS may refuse as unknown."""

    @property
    def domain(self) -> str:
        """Host and port, as they stand in its address."""
        return urlsplit(self.url).netloc

    @property
    def claims(self) -> tuple[str, ...]:
        """What is asked for about people."""
        return CLAIMS if self.shares_names else ("iss", "sub", "locale")

    def configuration_url(self, product: str) -> str:
        """Give the address of the configuration that an LMS can read by itself."""
        return f"{self.url}/lti/configurations/{product}.json"

    @property
    def custom(self) -> Mapping[str, str]:
        """Custom parameters of each launch, and the variables that fill them."""
        return CUSTOM
