"""The interface and the text in the language of the launch, or in the one that a learner chooses."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool.extensions import db
from lti_tool.models import Answer, Launch, Person
from lti_tool.services.fingerprints import fingerprint
from tests.journeys.audit import audit
from tests.lti_tool.learn.two_languages import build_two_languages


@pytest.fixture(scope="session")
def bridges(tmp_path_factory):
    return build_two_languages(tmp_path_factory.mktemp("bridges"))


@pytest.fixture
def arrive(app, publish, bridges, visit):
    """Let somebody come with the locale of their platform."""
    publish(bridges)

    def enter(locale=None, sub="learner-1", **options):
        visitor = visit(sub, module="bridges", **options)
        with app.app_context():
            of_this = {"handle_hash": fingerprint(visitor.home.split("/")[2])}
            db.session.query(Launch).filter_by(**of_this).update({"locale": locale})
            db.session.commit()
        return visitor

    return enter


class Languages(HTMLParser):
    """Collects each piece of text of a page with the language that it is marked with."""

    def __init__(self):
        super().__init__()
        self.languages = []
        self.tag = ""
        self.texts = []

    def handle_starttag(self, tag, attrs):
        self.tag = tag
        if tag not in {"meta", "link", "input", "br", "img", "hr", "path", "circle"}:
            around = self.languages[-1] if self.languages else ""
            self.languages.append(dict(attrs).get("lang") or around)

    def handle_endtag(self, tag):
        if tag not in {"path", "circle"}:
            self.languages.pop()

    def handle_data(self, data):
        # A title cannot be marked.
        if data.strip() and self.tag != "title":
            self.texts.append((self.languages[-1], " ".join(data.split())))


def language_of(page, words):
    """Say which language some words of a page are marked with."""
    reader = Languages()
    reader.feed(page.html)
    [language] = {language for language, text in reader.texts if text.startswith(words)}
    return language


def change(page, language):
    """Choose another language at the end of a page."""
    [chosen] = [each for each in page.controls if each.name == "language"]
    chosen.value = language
    form = page.forms[chosen.form]
    return page.visitor.post(form["action"], page.fields(chosen.form))


@pytest.mark.parametrize(
    ("locale", "interface", "title"),
    [
        ("fi-FI", "fi", "Kuka sen omistaa"),
        ("fi", "fi", "Kuka sen omistaa"),
        ("en_GB", "en", "Who owns it"),
        ("sv-FI", "sv", "Who owns it"),
        ("de", "en", "Who owns it"),
        (None, "en", "Who owns it"),
    ],
)
def test_interface_and_text_follow_the_locale_of_the_launch(arrive, locale, interface, title):
    page = arrive(locale).open("pages/reading")
    assert f'<html lang="{interface}"' in page.html
    assert title in page.text


def test_what_a_learner_chooses_is_kept_on_every_device_and_is_theirs_alone(app, arrive):
    learner = arrive("en-GB")
    page = change(learner.open("pages/reading"), "fi")
    assert '<html lang="fi"' in page.html
    assert "Useimmiten se on kaupunki." in page.text
    assert page.path == f"{learner.home}pages/reading"
    assert "Useimmiten se on kaupunki." in arrive("en-GB").open("pages/reading").text
    assert "Most often that is the town." in arrive("en-GB", sub="learner-2").open("pages/reading").text
    with app.app_context():
        assert db.session.scalar(select(Person.language).filter_by(sub="learner-1")) == "fi"


@pytest.mark.parametrize("language", ["", "xx", "en\0", "x" * 500, "../en"])
def test_a_language_that_nobody_offers_is_refused(app, arrive, language):
    learner = arrive()
    learner.form_page = "pages/reading"
    assert learner.post("language/", {"csrf_token": learner.token, "language": language}).status == 400
    with app.app_context():
        assert db.session.scalar(select(Person.language).filter_by(sub="learner-1")) is None


@pytest.mark.parametrize(
    ("here", "block", "goes_to"),
    [
        ("{home}pages/quiz", "", "{home}pages/quiz"),
        ("{home}search/?q=caf%C3%A9", "", "{home}search/?q=caf%C3%A9"),
        ("{home}pages/reading", "_b3", "{home}pages/reading#_b3"),
        ("{home}pages/reading", "a b", "{home}pages/reading"),
        ("https://evil.test/", "", "{home}start"),
        ("//evil.test{home}", "", "{home}start"),
        ("{home}//evil.test", "", "{home}start"),
        ("/l/another/pages/reading", "", "{home}start"),
        ("{home}\\evil", "", "{home}start"),
        ("{home}a\r\nSet-Cookie: x=y", "", "{home}start"),
    ],
)
def test_the_form_leads_back_to_pages_of_this_launch_only(arrive, here, block, goes_to):
    learner = arrive()
    learner.form_page = "pages/reading"
    form = {"csrf_token": learner.token, "language": "fi", "here": here.format(home=learner.home), "block": block}
    response = learner.client.post(learner.home + "language/", data=form)
    assert response.headers["Location"] == goes_to.format(home=learner.home)


def test_a_page_that_answers_a_form_leads_back_to_where_it_can_be_read(arrive):
    learner = arrive()
    checked = learner.open("pages/reading").choose("q-self", "The town").press("Check", "q-self")
    page = change(checked, "fi")
    assert page.status == 200
    assert page.path == f"{learner.home}pages/reading"
    assert "Kaupungilla on paja." in page.text


def test_answers_of_a_quiz_are_the_same_in_both_languages(app, arrive):
    learner = arrive()
    page = learner.open("pages/quiz").choose("q-owner", "The town").write("q-word", "silta")
    page.press("Save")
    finnish = change(learner.open("pages/quiz"), "fi")
    assert "Kuka omistaa sillan?" in finnish.text
    chosen = [each.words for each in finnish.in_question("q-owner") if "checked" in each.attributes]
    assert [words.split()[0] for words in chosen] == ["Kaupunki"]
    learner.open("quizzes/final/review").press("Palauta")
    with app.app_context():
        wanted = select(Answer.state).where(Answer.question_id.in_(["q-owner", "q-word"]))
        assert list(db.session.scalars(wanted)) == ["right", "right"], "silta is right in Finnish"


def test_text_in_another_language_than_the_interface_is_marked(arrive):
    learner = arrive("sv")
    start = learner.open("start")
    assert language_of(start, "The bridge") == "en"
    assert language_of(start, "Explain who owns") == "en"
    assert language_of(start, "Det här kommer du att kunna") == "sv"
    page = learner.open("pages/reading")
    for words in ("Who owns it", "A bridge is owned", "Who mends the bridge?", "The town"):
        assert language_of(page, words) == "en"
    for words in ("Kontrollera", "Språk", "Sök", "Klar. Nästa"):
        assert language_of(page, words) == "sv"
    checked = page.choose("q-self", "The town").press("Kontrollera", "q-self")
    assert language_of(checked, "The town has a workshop.") == "en"
    quiz = learner.open("pages/quiz")
    assert language_of(quiz, "Who owns the bridge?") == "en"
    assert language_of(quiz, "Granska och lämna in") == "sv"
    review = quiz.choose("q-owner", "The town").press("Granska och lämna in")
    assert language_of(review, "Who owns the bridge?") == language_of(review, "The town") == "en"
    result = review.press("Lämna in")
    assert language_of(result, "It was paid by the town.") == "en"
    assert language_of(result, "Du fick") == "sv"


def test_nothing_is_marked_where_all_is_in_one_language(arrive):
    for locale in ("fi", "en"):
        for path in ("start", "pages/reading", "pages/quiz", "quizzes/final/review", "search/?q=silta"):
            html = arrive(locale).open(path).html
            marked = set(re.findall(r' lang="([^"]+)"', html[: html.index('class="language"')]))
            assert marked == {locale}, path


def test_each_language_is_searched_in_its_own_words(arrive):
    assert "<mark>silta</mark>" in arrive("fi").open("search/?q=silta").html
    assert "<mark>" not in arrive("fi").open("search/?q=nobody").html
    assert "<mark>Nobody</mark>" in arrive("en").open("search/?q=nobody").html


def test_a_place_is_the_same_in_both_languages(arrive):
    learner = arrive("en")
    english, finnish = learner.open("pages/reading").html, arrive("fi").open("pages/reading").html
    block = re.search(r'<p id="(_b\d+)">Nobody needs', english)[1]
    assert f'<p id="{block}">Kukaan ei tarvitse' in finnish


@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
class TestInABrowser:
    """With the page's scripts."""

    def test_changing_keeps_the_place_and_what_was_not_sent_yet(self, app, arrive, tab):
        learner = arrive("en")
        tab.set_viewport_size({"width": 700, "height": 300})
        tab.goto(learner.home + "pages/reading")
        tab.locator("#q-self .option", has_text="The river").locator("input").check()
        block = tab.locator("h2", has_text="The boat")
        block.evaluate("each => scrollTo({top: each.offsetTop - 10, behavior: 'instant'})")
        expect(block).to_be_in_viewport()
        tab.get_by_label("Language").evaluate("each => { each.value = 'fi'; }")
        tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        tab.evaluate("() => document.querySelector('.language').requestSubmit()")
        expect(tab.get_by_role("heading", level=1)).to_have_text("Kuka sen omistaa")
        expect(tab.locator("h2", has_text="Vene")).to_be_in_viewport()
        expect(tab.locator("#q-self .option", has_text="Joki").locator("input")).to_be_checked()
        assert tab.evaluate("() => sessionStorage.length") == 0

    def test_an_answer_on_its_way_arrives_in_spite_of_the_change(self, app, arrive, tab):
        learner = arrive("en")
        tab.goto(learner.home + "pages/quiz")
        tab.locator("#q-owner .option", has_text="The town").locator("input").check()
        tab.get_by_label("Language").select_option("fi")
        tab.get_by_role("button", name="Change language").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Tietovisa")
        expect(tab.locator("#q-owner .option", has_text="Kaupunki").locator("input")).to_be_checked()
        tab.wait_for_function("() => sessionStorage.length === 0")
        tab.reload()
        expect(tab.locator("#q-owner .option", has_text="Kaupunki").locator("input")).to_be_checked()

    def test_pages_in_two_languages_have_no_barriers(self, app, arrive, tab, axe):
        learner = arrive("sv")
        for path in ("start", "pages/reading", "pages/quiz"):
            tab.goto(learner.home + path)
            audit(tab)
