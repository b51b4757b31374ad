"""What the tool can do at a platform, by what the platform granted."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

from lti_tool.platforms.installing.offer import DEEP_LINKING, Offer
from lti_tool.platforms.installing.tool import AGS, CUSTOM, NRPS


class Ability(enum.StrEnum):
    """One thing that a platform may grant; the views have the words."""

    GRADES = "grades"
    COLUMNS = "columns"
    RESULTS = "results"
    PICKING = "picking"
    ROSTER = "roster"
    NAMES = "names"
    COPIES = "copies"


_SCOPES = {
    Ability.GRADES: AGS + "score",
    Ability.COLUMNS: AGS + "lineitem",
    Ability.RESULTS: AGS + "result.readonly",
    Ability.ROSTER: NRPS + "contextmembership.readonly",
}
_VARIABLES = tuple(value.removeprefix("$") for value in CUSTOM.values())


def offered(offer: Offer) -> dict[Ability, bool | None]:
    """Say of each ability whether an LMS offers it; ``None`` where it does not say."""
    return _judge(offer.scopes, None if offer.messages is None else tuple(offer.messages), offer.claims) | {
        Ability.COPIES: None if offer.variables is None else any(name in offer.variables for name in _VARIABLES)
    }


def granted(said: Mapping[str, Sequence[str] | None]) -> dict[Ability, bool | None]:
    """Say of each ability whether it was granted, by ``Registration.granted``."""
    custom = said.get("custom")
    return _judge(said.get("scopes"), said.get("messages"), said.get("claims")) | {
        Ability.COPIES: None if custom is None else any(name in custom for name in CUSTOM)
    }


def _judge(
    scopes: Sequence[str] | None, messages: Sequence[str] | None, claims: Sequence[str] | None
) -> dict[Ability, bool | None]:
    found: dict[Ability, bool | None] = {
        ability: None if scopes is None else scope in scopes for ability, scope in _SCOPES.items()
    }
    found[Ability.PICKING] = None if messages is None else DEEP_LINKING in messages
    found[Ability.NAMES] = None if claims is None else "name" in claims
    return {ability: found.get(ability) for ability in Ability}
