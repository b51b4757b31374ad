"""What learners write for themselves: kept, theirs alone, and never lost where two windows write."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import PrivateNote
from lti_tool.services.private_notes import LONGEST_NOTE, MOST_CHECKS
from tests.lti_tool.learn.town import QUIZ, READING, build_town

OWN = """# Own

Before you go on:

- [ ] Ask somebody
- [ ] Write it **down**
- [ ] Ask somebody

::: reflection {#my-bridge}

Which bridge is yours?

:::
"""
BOX = "check:0123456789abcd"


@pytest.fixture(scope="session")
def own_town(tmp_path_factory):
    pages = {"own.md": OWN, "reading.md": READING, "quiz.md": QUIZ}
    return build_town(tmp_path_factory.mktemp("own"), pages=pages)


@pytest.fixture
def writer(publish, own_town, visit):
    publish(own_town)
    return visit(name="Learner One")


def keep(visitor, name, text, revision=0, page="own"):
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.open("pages/own").html)[1]
    return visitor.client.put(
        f"{visitor.home}pages/{page}/notes/{name}",
        json={"text": text, "revision": revision},
        headers={"X-CSRF-Token": token, "Accept": "application/json"},
    )


def shown(visitor):
    return json.loads(unescape(re.search(r'data-notes="([^"]*)"', visitor.open("pages/own").html)[1]))


def kept(app):
    with app.app_context():
        return {note.name: note.text for note in db.session.scalars(select(PrivateNote)) if note.text}


def test_a_note_is_kept_and_shown_to_whoever_wrote_it_only(app, writer, visit):
    assert keep(writer, "my-bridge", "The old one.").json["revision"] == 1
    assert keep(writer, BOX, "x").status_code == 200
    assert shown(writer) == {"my-bridge": {"text": "The old one.", "revision": 1}, BOX: {"text": "x", "revision": 1}}
    assert shown(visit(name="Learner One")) == shown(writer)
    assert shown(visit("learner-2", name="Learner Two")) == {}
    trainer = visit("trainer-1", name="Trainer", is_trainer=True)
    assert shown(trainer) == {}
    for page in ("teach/", "gradebook/"):
        assert "The old one." not in trainer.open(page).text


def test_what_is_wiped_out_is_gone(app, writer):
    keep(writer, "my-bridge", "A secret")
    assert keep(writer, "my-bridge", "", revision=1).json == {"text": "", "revision": 2} | {
        "saved_at": keep(writer, "my-bridge", "", revision=2).json["saved_at"]
    }
    assert kept(app) == {}


def test_nothing_that_another_window_wrote_is_overwritten_unseen(app, writer):
    keep(writer, "my-bridge", "From here")
    refused = keep(writer, "my-bridge", "From there")
    assert (refused.status_code, refused.json["text"], refused.json["revision"]) == (409, "From here", 1)
    assert kept(app) == {"my-bridge": "From here"}
    assert keep(writer, "my-bridge", "From here\n\nFrom there", revision=1).status_code == 200
    again = keep(writer, "my-bridge", "From here\n\nFrom there", revision=0)
    assert (again.status_code, again.json["revision"]) == (200, 2), "what is there already is no conflict"


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("nothing-here", "x", 404),
        ("check:0123", "x", 404),
        ("check:0123456789ABCD", "x", 404),
        (BOX, "a long text", 400),
        ("my-bridge", "y" * (LONGEST_NOTE + 1), 400),
        ("my-bridge", "a\0b", 400),
        ("my-bridge", "\ud800", 400),
        ("my-bridge", 7, 400),
        ("my-bridge", None, 400),
    ],
)
def test_what_the_page_has_no_place_for_is_refused(app, writer, name, text, status):
    refused = keep(writer, name, text)
    assert refused.status_code == status
    assert refused.json["error"]
    assert kept(app) == {}
    assert keep(writer, "my-bridge", "x", page="reading").status_code == 404


def test_nobody_fills_the_database_with_ticks(app, writer):
    for number in range(MOST_CHECKS):
        with app.app_context():
            db.session.add(
                PrivateNote(
                    placement_id=1, person_id=1, page_id="own", name=f"check:{number:014x}", text="x", revision=1,
                    saved_at=db.func.now(),
                )
            )  # fmt: skip
            db.session.commit()
    assert keep(writer, BOX, "x").status_code == 400
    assert keep(writer, "check:00000000000000", "", revision=1).status_code == 200


def test_a_page_without_places_asks_for_no_notes(writer):
    assert "data-notes=" not in writer.open("pages/quiz").html


browser = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
]


class TestInABrowser:
    """With the page's scripts."""

    pytestmark = browser

    def test_notes_and_ticks_are_there_again_and_wait_for_a_connection(self, app, writer, visit, tab):
        tab.goto(writer.home + "pages/own")
        field = tab.get_by_role("textbox", name="Private note")
        field.fill("The old bridge.")
        expect(tab.locator(".reflection [role=status]")).to_have_text(re.compile("Saved [0-9]{2}:[0-9]{2}"))
        tab.get_by_label("Ask somebody").nth(1).check()
        tab.context.set_offline(True)
        tab.get_by_label("Write it down").check()
        field.fill("The old bridge, and the new one.")
        expect(tab.locator(".reflection [role=status]")).to_contain_text("waits here and is sent by itself")
        tab.context.set_offline(False)
        expect(tab.locator(".reflection [role=status]")).to_contain_text("Saved")
        tab.goto(visit(name="Learner One").home + "pages/own")
        expect(tab.get_by_role("textbox", name="Private note")).to_have_value("The old bridge, and the new one.")
        ticked = [box.is_checked() for box in tab.get_by_role("checkbox").all()]
        assert ticked == [False, True, True]
        assert len(kept(app)) == 3

    def test_two_windows_keep_both_texts(self, app, writer, tab):
        tab.goto(writer.home + "pages/own")
        field = tab.get_by_role("textbox", name="Private note")
        keep(writer, "my-bridge", "Written on the phone.")
        field.fill("Written at the desk.")
        expect(field).to_have_value("Written on the phone.\n\nWritten at the desk.")
        expect(tab.locator(".reflection [role=status]")).to_contain_text("Saved")
        assert kept(app) == {"my-bridge": "Written on the phone.\n\nWritten at the desk."}

    def test_a_new_page_keeps_the_ticks_of_what_it_still_says(self, app, writer, publish, tab, tmp_path):
        tab.goto(writer.home + "pages/own")
        with tab.expect_response(lambda answer: "/notes/" in answer.url):
            tab.get_by_label("Write it down").check()
        pages = {
            "own.md": OWN.replace("- [ ] Ask", "- [ ] Be there\n- [ ] Ask", 1),
            "reading.md": READING,
            "quiz.md": QUIZ,
        }
        publish(build_town(tmp_path / "newer", "1.1.0", pages=pages))
        tab.goto(writer.home + "pages/own")
        expect(tab.get_by_role("checkbox")).to_have_count(4)
        assert [box.is_checked() for box in tab.get_by_role("checkbox").all()] == [False, False, True, False]
