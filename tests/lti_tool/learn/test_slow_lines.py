"""What a page sends: little, packed, and nothing that tells a secret by its length."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Response

from lti_tool.packing import pack_page
from tests.conftest import skip_unless_in_ci

pytestmark = pytest.mark.parametrize("make_app", ["sqlite"], indirect=True)
MOST_BYTES = 100_000
PACKED = {"Accept-Encoding": "gzip, deflate, br"}
ADDRESS = re.compile(r'(?:href|src)="(?P<address>/static/[^"]+)"')


@pytest.fixture
def ask(type_learner):
    """Ask for a page as browsers do."""

    def get(path, **options):
        return type_learner.client.get(type_learner.home + path, headers=PACKED, **options)

    return get


@pytest.mark.parametrize("path", ["start", "pages/checks", "pages/quiz"])
def test_a_page_with_all_its_files_is_under_100_kilobytes(type_learner, ask, path):
    # The first visit leaves its trace on the page.
    ask(path)
    page = ask(path)
    html = gzip.decompress(page.data).decode()
    head, _ = html.split("</head>")
    addresses = ADDRESS.findall(head)
    if not any(each.endswith(".woff2") for each in addresses):
        skip_unless_in_ci("no fonts: they come with Node")
    files = [type_learner.client.get(each, headers=PACKED, buffered=True).data for each in addresses]
    assert len(addresses) <= 8
    assert len(page.data) + sum(map(len, files)) < MOST_BYTES
    # What is packed is what would come else.
    plain = type_learner.client.get(type_learner.home + path).data.decode()
    assert plain == html


def test_nothing_is_packed_that_shows_words_from_an_address_or_a_form(app, ask):
    assert "Content-Encoding" not in ask("search/?text=town").headers
    assert "Content-Encoding" not in ask("start?x=town").headers
    for method, is_packed in (("GET", True), ("POST", False)):
        with app.test_request_context("/", method=method, headers=PACKED):
            page = pack_page(Response("words " * 1000, mimetype="text/html"))
        assert ("Content-Encoding" in page.headers) is is_packed
