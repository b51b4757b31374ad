"""Holding a page to the rules, and leaving pictures of it."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.audit import audit


def look(page: Page, name: str) -> None:
    """Hold a page to the rules; leave pictures of it where ``SCREENSHOTS`` says."""
    audit(page)
    if folder := os.environ.get("SCREENSHOTS"):
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 320)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(folder) / f"{name}-{scheme}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})
