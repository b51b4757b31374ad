"""The browsers of the matrix, the states that a person can set them to, and what a frame keeps in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lti_tool.practice_lms.storage import NO_STORAGE, SILENT_STORAGE, STORAGE

BrowserName = Literal["chromium", "firefox", "webkit"]
Opening = Literal["frame", "window"]
Way = Literal["cookie", "address", "new window"]
"""How the pages of a launch know it again: by a cookie, or by their address; or in the window that a frame offers."""

STORAGES = {"on": STORAGE, "off": NO_STORAGE, "silent": SILENT_STORAGE}
OPENINGS: tuple[Opening, ...] = ("frame", "window")
EVERYTHING = frozenset({"first", "plain", "partitioned", "session"})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A browser in a state."""

    browser: BrowserName
    name: str
    keeps: frozenset[str] | None
    """What a frame of another site keeps (:mod:`tests.journeys.two_sites`); ``None``: it is not asked, since looking
    would warm up a browser that has to be cold."""
    in_frame: Mapping[str, Way]
    """The way that a launch in a frame goes, by the name of the platform's storage."""
    preferences: Mapping[str, int | bool | str] = field(default_factory=dict)
    storages: tuple[str, ...] = tuple(STORAGES)

    @property
    def id(self) -> str:
        return f"{self.browser}-{self.name.replace(' ', '-')}"

    def way(self, storage: str, opening: Opening) -> Way:
        """Say how a launch has to go; a window is on its own site and keeps its cookie in each state."""
        return "cookie" if opening == "window" else self.in_frame[storage]


def _always(way: Way) -> dict[str, Way]:
    return dict.fromkeys(STORAGES, way)


# network.cookie.cookieBehavior: 0 takes all cookies, 1 none of other sites, 5 those in a partition of their own.
# Source: Firefox, netwerk/cookie/nsICookieService.idl.
_FIREFOX = "network.cookie.cookieBehavior"
STATES = (
    State(browser="chromium", name="cookies allowed", keeps=EVERYTHING, in_frame=_always("cookie")),
    # Its storage stays, partitioned; Playwright starts Chromium without partitions of storage, and there it does not.
    State(
        browser="chromium",
        name="cookies blocked",
        keeps=frozenset({"partitioned", "session"}),
        in_frame=_always("cookie"),
    ),
    State(
        browser="chromium",
        name="nothing kept",
        keeps=frozenset(),
        in_frame={"on": "address", "off": "new window", "silent": "new window"},
    ),
    State(
        browser="firefox",
        name="cookies allowed",
        keeps=EVERYTHING,
        in_frame=_always("cookie"),
        preferences={_FIREFOX: 0},
    ),
    State(
        browser="firefox",
        name="cookies partitioned",
        keeps=EVERYTHING - {"first"},
        in_frame=_always("cookie"),
        preferences={_FIREFOX: 5},
    ),
    State(
        browser="firefox",
        name="cookies blocked",
        keeps=frozenset({"session"}),
        in_frame=_always("address"),
        preferences={_FIREFOX: 1},
    ),
    State(browser="webkit", name="cold", keeps=None, in_frame=_always("address"), storages=("off",)),
)
