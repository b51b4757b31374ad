"""What tests of scenes look for on a page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


def turned(page: Page, name: str) -> float:
    """Read an angle that a scene is drawn at."""
    return float(page.locator("[data-yaw][data-pitch]:is(canvas, model-viewer)").get_attribute(f"data-{name}") or "nan")


def place(page: Page, name: str) -> Locator:
    return page.locator(".scene-stage").get_by_role("button", name=name)


def open_scene(page: Page) -> None:
    page.get_by_role("button", name="Look around").click()
    expect(page.get_by_role("group", name="Turn and zoom")).to_be_visible()
