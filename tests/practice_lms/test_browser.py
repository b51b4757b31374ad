"""The browser without a screen, walking from the start page of the LMS into a tool on another site and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, redirect, request

from lti_tool.practice_lms import demo_seed
from lti_tool.practice_lms.browser import Browser, BrowserError, Page
from lti_tool.practice_lms.html_page import PageParser
from lti_tool.practice_lms.serving import listen, port_of, serving
from tests.practice_lms.tool import authentication_request

FORM = """
<!doctype html><title>A quiz</title>
<form method="post" action="/answer" id="quiz">
  <input type="hidden" name="token" value="t&amp;1">
  <input type="radio" name="q1" value="a"><input type="radio" name="q1" value="b" checked>
  <input type="checkbox" name="q2" value="x"><input type="checkbox" name="q2" value="y" checked>
  <input type="checkbox" name="q3"><input name="gone" value="1" disabled>
  <select name="place"><option value="1">1<option value="2" selected>2</select>
  <textarea name="note">
old</textarea>
  <button name="go" value="save">Save</button><button name="go" value="submit">Submit</button>
</form>
<input form="quiz" name="outside" value="o">
<script>"<form>"</script>
<iframe src="/inner"></iframe><a href="/next">Next <b>page</b></a>
"""


def mini_tool(lms_url: str, seen: list[dict[str, str]]) -> Flask:
    """A tool that notes the headers of what comes in."""
    app = Flask("mini_tool")

    @app.before_request
    def note() -> None:
        kept = {name: value for name, value in request.headers.items() if name.startswith(("Sec-Fetch", "Origin"))}
        seen.append({"path": request.path, **kept})

    @app.post("/login")
    def login() -> Response:
        wanted = authentication_request(request.form.to_dict(), f"{request.host_url}launch")
        answer = redirect(f"{lms_url}/lti/auth?" + "&".join(f"{name}={value}" for name, value in wanted.items()))
        answer.set_cookie("__Host-state", "1", secure=True, httponly=True, samesite="None", partitioned=True)
        return answer  # type: ignore[return-value]

    @app.post("/launch")
    def launch() -> Response:
        assert request.cookies["__Host-state"] == "1"
        assert "id_token" in request.form
        return redirect("/page", 303)  # type: ignore[return-value]

    @app.get("/page")
    def page() -> str:
        return FORM

    @app.post("/answer")
    def answer() -> dict[str, list[str]]:
        return dict(request.form.lists())

    @app.put("/autosave")
    def autosave() -> tuple[dict[str, str], int]:
        return {"error": "too late"}, 409

    @app.get("/round")
    def round_and_round() -> Response:
        return redirect("/round")  # type: ignore[return-value]

    return app


@pytest.fixture
def seen() -> list[dict[str, str]]:
    return []


@pytest.fixture
def sites(make_lms: Callable[..., Flask], seen: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """The addresses of an LMS and of a tool on another site."""
    lms_listener, tool_listener = listen(), listen()
    lms_url, tool_url = f"http://127.0.0.1:{port_of(lms_listener)}", f"http://localhost:{port_of(tool_listener)}"
    seed = demo_seed(
        login_url=f"{tool_url}/login",
        redirect_uris=(f"{tool_url}/launch",),
        jwks_url=f"{tool_url}/jwks",
        target_link_uri=f"{tool_url}/launch",
        module_title="Readiness",
    )
    app = make_lms(base_url=lms_url, seed=seed)
    with serving(app, lms_listener), serving(mini_tool(lms_url, seen), tool_listener):
        yield lms_url, tool_url


def launched(browser: Browser, lms_url: str, sub: str = "learner-1") -> Page:
    """The tool's page in the frame, reached as a newcomer reaches it."""
    start = browser.open(lms_url)
    form = next(form for form in start.forms if ("sub", sub) in form.fields())
    return browser.open_frame(browser.submit(form))


def test_walks_from_the_start_page_into_the_tool(sites: tuple[str, str], seen: list[dict[str, str]]) -> None:
    lms_url, tool_url = sites
    page = launched(Browser(), lms_url)
    assert (page.url, page.status, page.title) == (f"{tool_url}/page", 200, "A quiz")
    frame = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site"}
    assert seen == [
        {"path": "/login", **frame, "Origin": lms_url},
        {"path": "/launch", **frame, "Origin": lms_url},
        {"path": "/page", **frame},
    ]


def test_opens_a_window_of_its_own(sites: tuple[str, str], seen: list[dict[str, str]]) -> None:
    lms_url, _ = sites
    browser = Browser()
    launched(browser, lms_url)
    seen.clear()
    activity = browser.open(f"{lms_url}/courses/1/placements/2")
    page = browser.go_on(browser.click(activity, "Open in a new window"))
    assert page.title == "A quiz"
    assert {each["Sec-Fetch-Dest"] for each in seen} == {"document"}


def test_sends_a_form_as_a_browser_does(sites: tuple[str, str], seen: list[dict[str, str]]) -> None:
    lms_url, tool_url = sites
    browser = Browser()
    page = launched(browser, lms_url)
    form = page.form(action="/answer", control="q1")
    unchanged = {"token": ["t&1"], "q1": ["b"], "q2": ["y"], "place": ["2"], "note": ["old"], "outside": ["o"]}
    assert browser.submit(form).data == unchanged
    changed = browser.submit(form, {"q1": "a", "q2": ["x", "y"], "note": "ä"}, button="go").data
    assert changed == {**unchanged, "q1": ["a"], "q2": ["x", "y"], "note": ["ä"], "go": ["save", "submit"]}
    assert seen[-1] == {
        "path": "/answer",
        "Sec-Fetch-Dest": "iframe",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Site": "same-origin",
        "Origin": tool_url,
    }


def test_sends_what_a_script_would_send(sites: tuple[str, str]) -> None:
    lms_url, tool_url = sites
    browser = Browser()
    page = launched(browser, lms_url)
    answer = browser.fetch("PUT", f"{tool_url}/autosave", json.dumps({}).encode(), page=page)
    assert (answer.status, answer.data) == (409, {"error": "too late"})


def test_says_which_control_form_or_link_is_missing(sites: tuple[str, str]) -> None:
    lms_url, _ = sites
    browser = Browser()
    page = launched(browser, lms_url)
    with pytest.raises(KeyError, match="q9"):
        browser.submit(page.forms[0], {"q9": "a"})
    with pytest.raises(BrowserError, match="no form for 'elsewhere'"):
        page.form(action="elsewhere")
    with pytest.raises(BrowserError, match="no link 'Back'"):
        page.link("Back")
    assert page.link("Next page").endswith("/next")


def test_gives_up_on_what_leads_nowhere(sites: tuple[str, str]) -> None:
    _, tool_url = sites
    with pytest.raises(BrowserError, match="redirects for ever"):
        Browser().open(f"{tool_url}/round")
    with pytest.raises(BrowserError, match="could not be loaded"):
        Browser().open("http://127.0.0.1:1/")
    with pytest.raises(BrowserError, match="no address"):
        Browser().open(Path(__file__).as_uri())


def test_a_form_with_a_button_for_everyone_waits_for_people() -> None:
    parser = PageParser("http://x/")
    parser.feed("<form><noscript><button>Go</button></noscript></form><form><button>Go</button></form><form></form>")
    assert [form.is_sent_by_script for form in parser.forms] == [True, False, False]


def test_knows_choices_that_belong_to_a_form_elsewhere_and_have_only_a_text():
    page = PageParser("http://127.0.0.1/", "document")
    page.feed(
        '<form id="f" action="/x"></form><select name="place" form="f"><option>1</option><option selected> 2</select>'
    )
    [form] = page.forms
    assert form.fields() == [("place", "2")]
