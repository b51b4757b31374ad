"""Chromium as different people have set it up."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright

ALLOWED, BLOCKED = 0, 1
"""Chromium's values of ``cookie_controls_mode`` for third-party cookies."""
CONTENT_BLOCKED = 2


def find_chromium() -> str | None:
    """Give the path of the browser: ``CHROMIUM`` in the environment, or what the system has."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else shutil.which("chromium") or shutil.which("chromium-browser")


def write_preferences(profile: Path, third_party_cookies: int, without_storage: Sequence[tuple[str, str]] = ()) -> None:
    """Set a new profile up, as :func:`open_chromium` says."""
    settings: dict[str, Any] = {"cookie_controls_mode": third_party_cookies}
    if without_storage:
        blocked = {",".join(pair): {"setting": CONTENT_BLOCKED} for pair in without_storage}
        settings["content_settings"] = {"exceptions": {"cookies": blocked}}
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps({"profile": settings}))


@contextmanager
def open_chromium(
    playwright: Playwright,
    profile: Path,
    *,
    third_party_cookies: int = ALLOWED,
    without_storage: tuple[str, str] | None = None,
    **options: Any,
) -> Iterator[BrowserContext]:
    """Start Chromium with a new profile.

    Only a profile's preferences decide about third-party cookies, and Chromium's own default changes between versions.

    Args:
        playwright: drives it.
        profile: an empty folder.
        third_party_cookies: :data:`ALLOWED` or :data:`BLOCKED`.
        without_storage: (origin, top-level origin): the first keeps nothing at all inside a page of the second.
        options: further ones of Playwright's ``launch_persistent_context``.
    """
    write_preferences(profile, third_party_cookies, [without_storage] if without_storage else [])
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=find_chromium(),
        args=["--no-sandbox"] if os.geteuid() == 0 else [],
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(30_000)
    try:
        yield context
    finally:
        context.close()
