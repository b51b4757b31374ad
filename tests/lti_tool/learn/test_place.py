"""Going on where one was: the page and the very block, on every device."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Participation
from tests.lti_tool.learn.town import QUIZ, READING, build_town

LONG = (
    "# Long\n\n"
    + "".join(f"Paragraph {number}: " + "many words of it. " * 30 + "\n\n" for number in range(1, 21))
    + '::: details {title="More"}\n\nFolded away.\n\n:::\n\n'
    + "::: question {#q-own type=single graded=no objective=own-it}\n\nWhose?\n\n"
    + "- [x] Ours <!--#ours-->\n- [ ] Theirs <!--#theirs-->\n\n:::\n"
)


@pytest.fixture(scope="session")
def long_town(tmp_path_factory):
    pages = {"long.md": LONG, "reading.md": READING, "quiz.md": QUIZ}
    return build_town(tmp_path_factory.mktemp("long"), pages=pages)


@pytest.fixture
def reader(publish, long_town, visit):
    publish(long_town)
    return visit(name="Learner One")


def leave(visitor, block, page="long"):
    return visitor.post(f"pages/{page}/place", {"csrf_token": visitor.token, "block": block}).status


def kept(app):
    with app.app_context():
        return db.session.execute(select(Participation.last_page, Participation.last_block)).one()


def way_on(visitor):
    """Give where the start page leads to."""
    return re.search(r'class="button button-primary" href="[^"]*/pages/([^"]*)"', visitor.open("start").html)[1]


def test_the_start_page_leads_to_the_block_that_was_last_in_view(app, reader, visit):
    reader.form_page = "pages/long"
    assert leave(reader, "_b7") == 204
    assert way_on(reader) == "long#_b7"
    assert way_on(visit(name="Learner One")) == "long#_b7", "the same on another device"
    assert way_on(visit("learner-2", name="Learner Two")) == "long"
    assert leave(reader, "") == 204
    assert way_on(reader) == "long"


def test_another_page_begins_at_its_top(app, reader):
    reader.form_page = "pages/long"
    leave(reader, "_b7")
    reader.open("pages/reading")
    assert way_on(reader) == "reading"
    # What the page before says late is the past.
    token = reader.open("pages/reading").fields(reader.open("pages/reading").button("Done").form)["csrf_token"]
    assert reader.post("pages/long/place", {"csrf_token": token, "block": "_b9"}).status == 204
    assert kept(app) == ("reading", None)


@pytest.mark.parametrize("block", ["a b", '"onload=', "x" * 201, "a\0", "#", "../x"])
def test_what_is_no_block_is_refused(app, reader, block):
    reader.form_page = "pages/long"
    assert leave(reader, block) == 400
    assert kept(app) == ("long", None)


def test_a_place_on_no_page_is_refused(reader):
    assert leave(reader, "_b1", page="nowhere") == 404


def test_an_objective_tells_how_many_of_its_pages_are_done(reader):
    assert "page done)" not in reader.open("start").text
    reader.open("pages/long").press("Done. Next:")
    assert re.search(r"Own the bridge\s+\(1 of 1 page done\)", reader.open("start").text)


def test_the_start_page_says_what_the_grade_will_be(reader, visit):
    assert "Your grade will be what you reach of 6 points." in reader.open("start").text
    assert "Your grade will be" not in visit("trainer-1", is_trainer=True).open("start").text


@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
class TestInABrowser:
    """With the page's scripts."""

    def read_until(self, tab, reader, words):
        tab.goto(reader.home + "pages/long")
        block = tab.locator("p", has_text=words)
        block.evaluate("each => scrollTo({top: each.offsetTop - 100, behavior: 'instant'})")
        expect(block).to_be_in_viewport()
        tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return block

    def test_leaving_keeps_the_block_and_coming_back_opens_there(self, app, reader, visit, tab):
        block = self.read_until(tab, reader, "Paragraph 12:").get_attribute("id")
        tab.goto(reader.home + "start")
        # The browser sends it beside the next page, and tells nobody when it has arrived.
        for _ in range(300):
            if kept(app)[1] == block:
                break
            tab.wait_for_timeout(100)
        again = visit(name="Learner One")
        tab.goto(again.home + "start")
        tab.get_by_role("link", name="Continue: Long").click()
        there = tab.locator("p", has_text="Paragraph 12:")
        assert there.get_attribute("id") == block
        expect(there).to_be_in_viewport()
        expect(there).to_be_focused()
        assert there.evaluate("each => getComputedStyle(each).boxShadow") != "none"

    def test_looking_away_keeps_it_too_and_only_once(self, app, reader, tab):
        block = self.read_until(tab, reader, "Paragraph 9:").get_attribute("id")
        sent = []
        tab.on("request", lambda request: sent.append(request.url) if request.url.endswith("/place") else None)
        look_away = """() => {
          Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});
          document.dispatchEvent(new Event('visibilitychange'));
        }"""
        with tab.expect_response(lambda answer: answer.url.endswith("/place")):
            tab.evaluate(look_away)
        tab.evaluate(look_away)
        assert kept(app) == ("long", block)
        tab.goto(reader.home + "start")
        assert len(sent) == 1

    def test_who_did_not_scroll_sends_nothing(self, app, reader, tab):
        sent = []
        tab.on("request", lambda request: sent.append(request.url) if request.url.endswith("/place") else None)
        tab.goto(reader.home + "pages/long")
        tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        tab.goto(reader.home + "pages/reading")
        tab.goto(reader.home + "start")
        assert sent == []

    def test_what_is_folded_away_opens(self, app, reader, tab):
        block = re.search(r'<p id="(_b\d+)">Folded', reader.open("pages/long").html)[1]
        tab.goto(f"{reader.home}pages/long#{block}")
        expect(tab.get_by_text("Folded away.")).to_be_in_viewport()
        expect(tab.get_by_text("Folded away.")).to_be_focused()
