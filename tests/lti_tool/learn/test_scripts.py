"""The player's scripts in a real browser: nothing that was chosen is lost, and nothing is overwritten unseen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from lti_tool.extensions import db
from lti_tool.models import Answer, Launch

# Slow machines get time: what is tested is that it happens.
expect.set_options(timeout=30_000)

pytestmark = [
    pytest.mark.parametrize("make_app", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("scripts"),
]


def option(tab, question, words):
    return tab.locator(f"[id={question}] label", has_text=words)


def saved(tab, question):
    return tab.locator(f"[id={question}] [data-saved]")


def kept(app):
    with app.app_context():
        return dict(db.session.execute(select(Answer.question_id, Answer.response)).all())


def test_what_is_chosen_is_saved_by_itself_and_is_there_after_a_reload(app, learner, tab):
    tab.goto(learner.home + "pages/quiz")
    option(tab, "q-single", "Beta").click()
    expect(saved(tab, "q-single")).to_have_text(re.compile("Saved [0-9]{2}:[0-9]{2}"))
    assert kept(app) == {"q-single": "beta"}
    expect(tab.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    tab.reload()
    expect(option(tab, "q-single", "Beta").locator("input")).to_be_checked()


def test_quick_changes_end_with_the_last_one_and_no_conflict(app, learner, tab):
    tab.goto(learner.home + "pages/quiz")
    for words in ("Alpha", "Beta", "Alpha", "Beta", "Alpha"):
        option(tab, "q-single", words).click()
        tab.wait_for_timeout(150)
    expect(saved(tab, "q-single")).to_contain_text("Saved")
    tab.wait_for_timeout(600)
    assert kept(app) == {"q-single": "alpha"}
    assert tab.locator("[data-conflict]").count() == 0


def test_answers_wait_while_there_is_no_connection_and_are_sent_after_it(app, learner, tab):
    tab.goto(learner.home + "pages/quiz")
    tab.context.set_offline(True)
    option(tab, "q-single", "Beta").click()
    option(tab, "q-multiple", "Gamma").click()
    expect(tab.locator("[data-status]")).to_contain_text("Your answers wait here and are sent by themselves: 2")
    assert kept(app) == {}
    tab.context.set_offline(False)
    expect(saved(tab, "q-multiple")).to_contain_text("Saved")
    expect(tab.locator("[data-status]")).to_be_empty()
    assert kept(app) == {"q-single": "beta", "q-multiple": ["gamma"]}


def test_an_ended_launch_keeps_the_answers_and_the_next_one_sends_them(app, learner, visit, tab):
    tab.goto(learner.home + "pages/quiz")
    with app.app_context():
        db.session.execute(update(Launch).values(expires_at=Launch.created_at))
        db.session.commit()
    option(tab, "q-single", "Beta").click()
    expect(tab.locator("[data-status]")).to_contain_text("open the activity again from your course")
    assert kept(app) == {}
    tab.goto(visit().home + "pages/quiz")
    expect(saved(tab, "q-single")).to_contain_text("Saved")
    assert kept(app) == {"q-single": "beta"}


def test_the_next_person_in_the_same_tab_is_not_shown_what_waits_and_does_not_send_it(app, learner, visit, tab):
    tab.goto(learner.home + "pages/quiz")
    with app.app_context():
        db.session.execute(update(Launch).values(expires_at=Launch.created_at))
        db.session.commit()
    option(tab, "q-single", "Beta").click()
    expect(tab.locator("[data-status]")).not_to_be_empty()
    tab.goto(visit("learner-2").home + "pages/quiz")
    assert tab.locator("[data-question] input:checked").count() == 0
    option(tab, "q-multiple", "Gamma").click()
    expect(saved(tab, "q-multiple")).to_contain_text("Saved")
    assert kept(app) == {"q-multiple": ["gamma"]}


def test_two_windows_that_disagree_show_both_answers_and_the_person_chooses(app, learner, tab):
    tab.goto(learner.home + "pages/quiz")
    other = tab.context.new_page()
    other.goto(learner.home + "pages/quiz")
    option(other, "q-single", "Alpha").click()
    expect(saved(other, "q-single")).to_contain_text("Saved")
    option(tab, "q-single", "Beta").click()
    conflict = tab.locator("[id=q-single] [data-conflict]")
    expect(conflict.locator("dd").last).to_have_text("Alpha")
    assert kept(app) == {"q-single": "alpha"}
    conflict.get_by_role("button", name="Keep the answer from here").click()
    expect(saved(tab, "q-single")).to_contain_text("Saved")
    assert kept(app) == {"q-single": "beta"}
    option(other, "q-multiple", "Gamma").click()
    option(other, "q-single", "Beta").click()
    expect(other.locator("[data-conflict]")).to_have_count(0)


def test_the_other_windows_answer_can_be_taken(app, learner, tab):
    tab.goto(learner.home + "pages/quiz")
    learner.open("pages/quiz").choose("q-single", "Alpha").press("Save")
    option(tab, "q-single", "Beta").click()
    tab.get_by_role("button", name="Keep the other answer").click()
    expect(option(tab, "q-single", "Alpha").locator("input")).to_be_checked()
    assert kept(app) == {"q-single": "alpha"}


def test_items_are_put_in_order_by_keyboard_and_the_focus_stays_with_the_item(app, learner, tab):
    tab.goto(learner.home + "pages/quiz")
    items = tab.locator("[id=q-order] .order-item")
    for place, words in enumerate(("First", "Second", "Third")):
        while not items.nth(place).inner_text().count(words):
            item = tab.locator("[id=q-order] .order-item", has_text=words)
            item.get_by_role("button", name="Move up").focus()
            tab.keyboard.press("Enter")
            assert words in tab.evaluate("document.activeElement.closest('.order-item').innerText")
    expect(saved(tab, "q-order")).to_contain_text("Saved")
    assert kept(app)["q-order"] == ["first", "second", "third"]


def test_choosing_a_position_moves_the_item_there(app, learner, tab):
    tab.goto(learner.home + "pages/quiz")
    tab.locator("[id=q-order] .order-item", has_text="Second").get_by_label("Position").select_option("1")
    tab.locator("[id=q-order] .order-item", has_text="First").get_by_label("Position").select_option("1")
    expect(saved(tab, "q-order")).to_contain_text("Saved")
    assert kept(app)["q-order"] == ["first", "second", "third"]


def test_a_check_stays_on_the_page_and_its_result_has_the_focus(learner, tab):
    tab.goto(learner.home + "pages/reading")
    option(tab, "q-check", "The river").click()
    address = tab.url
    tab.get_by_role("button", name="Check").click()
    result = tab.locator("[id=q-check] .question-result")
    expect(result).to_be_focused()
    expect(result).to_contain_text("Not right.")
    assert tab.url == address
    option(tab, "q-check", "The town").click()
    tab.get_by_role("button", name="Check").click()
    expect(result).to_contain_text("Right.")
    expect(tab.locator(".segments")).to_have_attribute("aria-label", "1 of 2 pages done")


def test_a_check_without_a_connection_says_so_and_keeps_the_choice(learner, tab):
    tab.goto(learner.home + "pages/reading")
    option(tab, "q-check", "The river").click()
    tab.context.set_offline(True)
    tab.get_by_role("button", name="Check").click()
    expect(saved(tab, "q-check")).to_contain_text("No connection.")
    expect(option(tab, "q-check", "The river").locator("input")).to_be_checked()


def test_contents_close_with_escape_and_give_the_focus_back(learner, tab):
    tab.goto(learner.home + "pages/reading")
    tab.locator("summary.button", has_text="Contents").press("Enter")
    expect(tab.get_by_role("link", name=re.compile("Quiz"))).to_be_visible()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    expect(tab.locator("summary.button", has_text="Contents")).to_be_focused()
    expect(tab.locator("nav.contents-sheet")).to_be_hidden()


def test_storage_that_is_refused_does_not_stop_saving(app, learner, tab):
    tab.add_init_script("Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no'); }})")
    tab.goto(learner.home + "pages/quiz")
    option(tab, "q-single", "Beta").click()
    expect(saved(tab, "q-single")).to_contain_text("Saved")
    assert kept(app) == {"q-single": "beta"}
