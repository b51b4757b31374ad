"""What a page tells the page of the LMS around its frame; the rest is in ``static/frame.js``."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from lti_tool.lti.text import origin
from lti_tool.models import Launch
from lti_tool.platforms import differences_of


@dataclass(frozen=True, slots=True)
class FrameTalk:
    """Whom a page may tell what."""

    parent: str
    """The origin of the page around the frame: nobody else is told anything."""
    messages: tuple[str, ...]
    is_page_turn: bool
    """Whether another page of ours led here; the first page of a launch stays where the LMS shows it."""


def remember(launch: Launch) -> None:
    """Keep what the pages of this request may tell, an error page included, which must not need the database.

    The page around the frame is of the site that the launch leads back to: Canvas frames from the school's host, which
    is not its issuer's. Where a launch names none, and the deployment is known from one site only, it is that one.
    """
    messages = differences_of(launch.deployment.registration.product).frame_messages
    hosts = launch.deployment.frame_hosts
    parent = origin(launch.return_url) if launch.return_url else hosts[0] if len(hosts) == 1 else None
    if messages and parent is not None:
        is_page_turn = request.headers.get("Sec-Fetch-Site") == "same-origin"
        g.page_talk = FrameTalk(parent, messages, is_page_turn=is_page_turn)


def frame_talk() -> FrameTalk | None:
    """Say what this page may tell the page around its frame; nothing where there is none, or the LMS takes nothing."""
    talk: FrameTalk | None = g.get("page_talk")
    return talk
