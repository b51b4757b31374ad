"""The admin pages, by keyboard, wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from lti_tool.models import Role
from lti_tool.services import accounts
from tests.journeys.conftest import Chromium
from tests.journeys.keyboard import Keyboard
from tests.journeys.looking import look
from tests.journeys.world import World

NAME = "owner@town.test"
PASSWORD = "a quiet green bicycle"


@pytest.fixture
def owner(world: World) -> None:
    with Session(create_engine(f"sqlite:///{world.tool_database}")) as session, session.begin():
        accounts.add_account(session, NAME, PASSWORD, Role.OWNER, datetime.now(UTC))


def sign_in(page: Page, code: str = "") -> None:
    """Fill in the page for signing in with the keyboard alone."""
    keys = Keyboard(page)
    for label, text in (("Name", NAME), ("Password", PASSWORD), ("Code of your app", code)):
        keys.go_to(label)
        page.keyboard.type(text)
    keys.press("Enter")


@pytest.mark.usefixtures("owner", "axe")
def test_an_owner_signs_in_with_a_code_and_registers_a_moodle(world: World, chromium: Callable[..., Chromium]) -> None:
    browser = chromium()
    page = browser.page
    page.goto(f"{world.tool}/admin/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    look(page, "sign-in")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")
    look(page, "home")

    page.get_by_role("link", name="Your account").click()
    look(page, "account")
    page.get_by_role("button", name="Set up an app").click()
    look(page, "app")
    app = pyotp.TOTP(page.locator("main code").inner_text())
    page.get_by_label("Code that the app shows").fill(app.now())
    page.get_by_label("Password now").fill(PASSWORD)
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_text("From now on, signing in needs a code")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    browser.watch.expect("403")
    sign_in(page)
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "sign-in-refused")
    page.goto(f"{world.tool}/admin/sign-in")
    # Each code works once; that of the next half minute is taken, since clocks differ.
    sign_in(page, app.at(datetime.now(UTC) + timedelta(seconds=30)))
    expect(page.get_by_role("link", name="Platforms").first).to_be_visible()

    page.get_by_role("link", name="Platforms").first.click()
    look(page, "platforms")
    page.get_by_role("link", name="Register a platform by hand").click()
    page.get_by_label("Which LMS is it?").select_option(label="Moodle")
    page.get_by_label("Address of the LMS").fill("moodle.town.test")
    look(page, "which-lms")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Issuer")).to_have_value("https://moodle.town.test")
    look(page, "register")
    page.get_by_label("Client id").fill("a-client")
    page.get_by_label("Access token address").fill("ftp://moodle.town.test/token")
    browser.watch.expect("400")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved yet")
    look(page, "register-refused")
    page.get_by_label("Access token address").fill("https://moodle.town.test/mod/lti/token.php")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("moodle.town.test")
    look(page, "platform")

    page.get_by_role("link", name="Changes").click()
    expect(page.locator("main")).to_contain_text(NAME)
    look(page, "changes")

    for name, heading in (("Modules", "Modules"), ("People", "People"), ("Grades", "Grades on their way")):
        page.get_by_role("navigation").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        look(page, name.lower())
    page.get_by_role("link", name="Administration").click()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("row", name="SECRET_KEY")).to_contain_text("••••••••")
    look(page, "settings")
    page.get_by_role("link", name="How long data is kept").click()
    look(page, "retention")
