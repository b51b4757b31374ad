"""An administrator installs the tool by one address, in each LMS's own way, and a trainer opens it (scenario 1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from lti_tool.models import Role
from lti_tool.practice_lms.config import ProfileName
from lti_tool.services import accounts
from tests.journeys.audit import Watch
from tests.journeys.browser import BLOCKED, open_chromium
from tests.journeys.looking import look
from tests.journeys.people import COURSE
from tests.journeys.world import World, start_world

PASSWORD = "a quiet green bicycle"


# The pages are the same in each: they are looked at in the first.
@pytest.fixture(params=["strict", "moodle", "canvas", "sakai", "d2l"])
def lms_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The tool, and an LMS that behaves as each profile."""
    profile: ProfileName = request.param
    if profile == "strict":
        yield request.getfixturevalue("world")
        return
    with start_world(tmp_path / profile, profile) as running:
        yield running


def become_owner(page: Page, world: World) -> None:
    """Make an account, and sign in with it."""
    name = f"installer-{datetime.now(UTC).timestamp()}@town.test"
    with Session(create_engine(f"sqlite:///{world.tool_database}")) as session, session.begin():
        accounts.add_account(session, name, PASSWORD, Role.OWNER, datetime.now(UTC))
    page.goto(f"{world.tool}/admin/platforms")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def become(page: Page, world: World, sub: str) -> None:
    page.goto(world.lms)
    page.locator(f"form:has(input[value={sub}])").get_by_role("button").click()


@pytest.mark.usefixtures("axe")
def test_an_administrator_installs_the_tool_by_its_address_and_a_trainer_opens_it(
    lms_world: World, playwright: Playwright, tmp_path: Path
) -> None:
    world = lms_world
    is_looked_at = world.stack.lms.profile.name == "strict"
    with open_chromium(playwright, tmp_path / "profile", third_party_cookies=BLOCKED) as context:
        watch = Watch(context, world.tool, world.lms)
        admin, lms = context.pages[0], context.new_page()
        become_owner(admin, world)
        admin.get_by_role("link", name="Invite an LMS to register").click()
        admin.get_by_label("Your name for the platform").fill("Town LMS")
        admin.get_by_role("button", name="Make an invitation").click()
        address = admin.locator("#invitation_address").inner_text()
        assert address.startswith(f"{world.tool}/lti/register/")
        if is_looked_at:
            look(admin, "invitations")

        become(lms, world, "administrator-1")
        lms.get_by_role("link", name="Tools").click()
        if is_looked_at:
            look(lms, "lms-tools")
        lms.get_by_label("Registration address of the tool").fill(address)
        lms.get_by_role("button", name="Register").click()
        inside = lms.frame_locator("iframe[name=registration]")
        expect(inside.get_by_role("heading", name="Install the training tool")).to_be_visible()
        expect(inside.locator("main")).to_contain_text(world.lms)
        if is_looked_at:
            look(lms, "register-ask")
        inside.get_by_role("button", name="Install").click()
        expect(inside.get_by_role("heading", name="The LMS is connected")).to_be_visible()
        if is_looked_at:
            look(lms, "register-done")
        inside.get_by_role("button", name="Close and go back to the LMS").click()
        tool = lms.get_by_role("region", name="Hybrid training")
        expect(tool).to_be_visible()

        # Nobody comes in before it is approved.
        tool.get_by_label("Title of the activity").fill("A first look")
        tool.get_by_role("button", name="Add to the course").click()
        watch.expect("400")
        activity = lms.frame_locator("iframe[name=activity]")
        expect(activity.get_by_role("alert")).to_contain_text("not approved here yet")

        admin.goto(f"{world.tool}/admin/platforms")
        admin.get_by_role("link", name="Town LMS").click()
        if is_looked_at:
            look(admin, "platform-pending")
        admin.get_by_role("button", name="Approve", exact=True).first.click()
        expect(admin.get_by_text("The platform is open")).to_be_visible()

        admin.get_by_role("link", name="Health and test launch").click()
        expect(admin.get_by_text("not approved here yet")).to_be_hidden()
        admin.get_by_role("button", name="Check the connection now").click()
        for words in ("public keys can be read", "gives access tokens", "accepted our signature", "clocks agree"):
            expect(admin.get_by_text(words)).to_be_visible()
        admin.get_by_role("button", name="Watch the launches").click()

        become(lms, world, "trainer-1")
        lms.goto(f"{world.lms}/courses/{COURSE}")
        lms.get_by_role("link", name="A first look", exact=True).click()
        expect(activity.get_by_role("heading", level=1)).to_be_visible()
        expect(activity.locator("main")).to_contain_text(world.answers.module_title)
        admin.get_by_role("link", name="Show what has come").click()
        expect(admin.get_by_text("The browser kept the tool's cookie.")).to_be_visible()
        expect(admin.locator("main")).not_to_contain_text("Trainer One")
        if is_looked_at:
            look(admin, "health")
        watch.assert_clean()
