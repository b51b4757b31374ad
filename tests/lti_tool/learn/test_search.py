"""Searching in a module and its course: what is found, where it leads, and what is never found."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.sync_api import expect

from course_builder.package import read_package
from lti_tool.services import search
from lti_tool.services.search import LONGEST_QUERY
from lti_tool.services.shelf import OpenRelease
from tests.journeys.audit import audit
from tests.lti_tool.learn.town import QUIZ, READING, SECRETS, build_town

CITY = """# Päätökset kunnassa

Kunnanvaltuusto päättää talousarviosta. Palvelumuotoilu auttaa asukkaita.

## Sillan omistaja

The café owns the bridge's lamp. Nobody else does; ask twice!

- Otsustamine võtab aega.
- Linn maksab teenuse eest.

| Who | Pays |
|-----|------|
| Town | Everything |

::: facilitator

SECRETNOTE for trainers.

:::

::: only {in=print}

PAPERWORD

:::
"""


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    pages = {"city.md": CITY, "reading.md": READING, "quiz.md": QUIZ}
    return build_town(tmp_path_factory.mktemp("city"), pages=pages)


@pytest.fixture
def reader(publish, city, visit):
    publish(city)
    return visit(name="Learner One")


@pytest.fixture(scope="session")
def index(city, tmp_path_factory):
    return search.index_of(OpenRelease(read_package(city), tmp_path_factory.mktemp("open"), "/a/"), "en")


def found(page):
    """Give what a page of results lists: where it leads, and the sentence with its marks."""
    items = re.findall(
        r'<li[^>]*>\s*<p class="found-place">(.*?)</p>\s*<p class="found-words">(.*?)</p>', page.html, re.S
    )
    return [
        (unescape(re.search(r'href="([^"]*)"', place)[1]) if "href" in place else "", words) for place, words in items
    ]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("CAFE", "café"),
        ("café", "café"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "café"),
        ("paatokset", "Päätökset"),
        ("PÄÄTÖS", "Päätökset"),
        ("kunta", "kunnassa"),
        ("silta omistaja", "omistaja"),
        ("muotoilu", "Palvelumuotoilu"),
        ("otsusta", "Otsustamine"),
        ("teenus", "teenuse"),
        ("talousarviosta", "talousarviosta"),
        ("talousarviossa", "talousarviosta"),
        ("everything town", "Everything"),
    ],
)
def test_words_are_found_in_their_forms(index, query, marked):
    result = search.find(index, search.terms_of(query), ["city"])
    assert result.count, query
    words = [piece.text for hit in result.hits for piece in hit.sentence if piece.is_match]
    assert marked in words


def test_all_words_are_wanted_and_those_of_the_heading_count(index):
    def places(query):
        return [hit.block for hit in search.find(index, search.terms_of(query), ["city", "reading"]).hits]

    assert len(places("bridge")) >= 2
    assert len(places("bridge lamp")) == 1
    assert places("omistaja lamp") == places("bridge lamp")
    assert places("bridge xylophone") == []
    assert places("x") == places("...") == places("") == []


def test_only_pages_that_may_be_opened_are_searched(index):
    terms = search.terms_of("bridge")
    everywhere = search.find(index, terms, ["city", "reading"])
    assert {hit.page for hit in everywhere.hits} == {"city", "reading"}
    assert {hit.page for hit in search.find(index, terms, ["reading"]).hits} == {"reading"}


def test_a_result_leads_to_the_very_block_and_marks_the_words_in_their_sentence(reader):
    page = reader.open("search/?q=nobody lamp")
    [(address, words)] = found(page)
    assert "The café owns the bridge" in unescape(words) or "Nobody" in words
    assert "<mark>" in words
    block = address.partition("#")[2]
    assert re.search(rf'<p id="{block}">The café owns', reader.open(address).html)
    assert "1 place found" in page.text
    assert "City" not in page.text
    assert "Päätökset kunnassa › Sillan omistaja" in page.text


def test_the_title_says_what_came_of_it(reader):
    assert "<title>1 place found: lamp" in reader.open("search/?q=lamp").html
    assert "<title>Nothing was found.: zebra" in reader.open("search/?q=zebra").html
    assert "<title>Search ·" in reader.open("search/").html
    assert "Write a word to look for." in reader.open("search/?q=%3F%3F").text


@pytest.mark.parametrize(
    "query",
    ["Alpha", "Pick two", "FEEDBACK", "hint", "SECRETNOTE", "trainers only", "PAPERWORD", "Who owns the bridge"],
)
def test_nothing_of_questions_keys_notes_or_paper_is_found(reader, query):
    page = reader.open(f"search/?q={query}")
    assert page.status == 200
    assert found(page) == []
    assert not any(secret in page.html for secret in SECRETS if secret.strip("-") != query)


@pytest.mark.parametrize(
    "query",
    [
        "%00",
        "<script>alert(1)</script>",
        '" onfocus=alert(1) x="',
        "{{ 7*7 }}",
        "%ff%fe",
        "(" * 300,
        "a" * 5000,
        "' OR 1=1 --",
        "%ED%A0%80",
        "1 2 3 4 5 6 7 8 9 10",
    ],
)
def test_hostile_words_are_only_words(reader, query):
    page = reader.open(f"search/?q={query}")
    assert page.status == 200
    assert "<script>alert" not in page.html
    [field] = [each for each in page.controls if each.name == "q"]
    assert "onfocus" not in field.attributes
    assert len(field.value) <= LONGEST_QUERY
    assert "49" not in page.text


def test_a_form_without_scripts_is_enough(reader):
    page = reader.open("search/")
    [field] = [each for each in page.controls if each.name == "q"]
    assert field.attributes["type"] == "search"
    assert page.forms[field.form]["action"] == f"{reader.home}search/"
    assert page.forms[field.form].get("method", "get") == "get"


def test_other_activities_are_searched_where_the_person_was(publish, city, visit, tmp_path, app):
    publish(city)
    other = {"reading.md": "# Elsewhere\n\nA zeppelin flies.\n"}
    other_package = build_town(tmp_path / "other", pages=other, module="airport")
    publish(other_package)
    learner = visit(name="Learner One")
    assert found(learner.open("search/?q=zeppelin")) == []
    trainer = visit("trainer-1", is_trainer=True)
    visit("learner-2", module="airport", link="link-2")
    assert found(learner.open("search/?q=zeppelin")) == [], "somebody else was there"
    assert len(found(trainer.open("search/?q=zeppelin"))) == 1
    visit(name="Learner One", module="airport", link="link-2")
    page = learner.open("search/?q=zeppelin")
    [(address, words)] = found(page)
    assert address == ""
    assert words == "A <mark>zeppelin</mark> flies."
    assert "1 place found" in page.text
    visit(name="Learner One", module="airport", link="link-3", context="course-2")
    assert len(found(learner.open("search/?q=zeppelin"))) == 1, "another course is none of this one's"


@pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
@pytest.mark.xdist_group("scripts")
class TestInABrowser:
    """With the page's scripts."""

    def test_results_come_while_one_types_and_are_announced(self, app, reader, tab):
        tab.goto(reader.home + "start")
        tab.get_by_role("link", name="Search").press("Enter")
        field = tab.get_by_role("searchbox", name="Words to look for")
        expect(field).to_be_focused()
        tab.keyboard.type("lamp")
        status = tab.get_by_role("status")
        expect(status).to_have_text("1 place found")
        assert tab.url.endswith("?q=lamp")
        field.fill("zebra")
        expect(status).to_have_text("Nothing was found.")
        field.fill("bridge lamp")
        expect(tab.locator(".found mark").first).to_have_text("bridge")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Tab")
        expect(tab.locator(".found a").first).to_be_focused()
        tab.keyboard.press("Enter")
        target = tab.locator(":target")
        expect(target).to_contain_text("The café owns")
        expect(target).to_be_in_viewport()

    def test_the_page_has_no_barriers(self, app, reader, tab, axe):
        for path in ("search/", "search/?q=bridge", "search/?q=zebra"):
            tab.goto(reader.home + path)
            audit(tab)
