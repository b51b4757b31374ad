"""The accessibility statement: what the law asks for, from each page and without signing in."""

from __future__ import annotations

import pytest

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.errors import SettingsError
from tests.lti_tool.conftest import make_settings

NAMED = {
    "operator": "Town of <Example>",
    "accessibility_contact": "access@town.example",
    "accessibility_enforcement": "https://office.example/complain?a=1&b=2",
}


def test_each_page_of_an_activity_leads_to_it_and_it_leads_on(learner):
    for path in ("start", "pages/reading", "problems/", "privacy/"):
        assert f'{learner.home}accessibility/">Accessibility</a>' in learner.open(path).html
    page = learner.open("accessibility/")
    assert page.status == 200
    assert "Accessibility statement" in page.text
    assert "partially compliant" in page.text
    assert f'href="{learner.home}problems/">Report a problem or a barrier' in page.html


def test_anybody_reads_it_with_what_the_administrator_named(tmp_path):
    client = create_app(make_settings(tmp_path, **NAMED)).test_client()
    answer = client.get("/accessibility", headers={"Accept-Language": "fi"})
    assert answer.status_code == 200
    assert "Saavutettavuusseloste" in answer.text
    assert "Town of &lt;Example&gt;" in answer.text
    assert '<a href="mailto:access@town.example">access@town.example</a>' in answer.text
    assert 'href="https://office.example/complain?a=1&amp;b=2"' in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_what_nobody_named_is_not_there(tmp_path):
    text = create_app(make_settings(tmp_path)).test_client().get("/accessibility").text
    assert "its trainers read it" in text
    assert "mailto:" not in text
    assert "offered by" not in text
    assert "There is an office" not in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("accessibility_contact", "javascript:alert(1)"),
        ("accessibility_contact", "call us"),
        ("accessibility_contact", 'a@b.example"onclick="x'),
        ("accessibility_enforcement", "http://office.example"),
        ("accessibility_enforcement", "office@town.example"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_at_the_start(tmp_path, name, value):
    good = {field: getattr(make_settings(tmp_path), field) for field in ("public_url", "secret_key", "master_keys")}
    with pytest.raises(SettingsError, match=name.upper()):
        Settings.from_environment({}, lti_tool_env="development", **good, **{name: value})
