"""A browser without a screen and without scripts, for tests and for ``lti-tool demo --check``.

It keeps cookies, follows redirects, sends forms, sends on the forms that a script would send at once, and says with
``Sec-Fetch-*`` whether it loads a page or a frame. It does not know ``SameSite`` or partitions: what depends on those
is tested in a real browser. Cookies marked ``Secure`` are kept over http, as browsers do on their own machine.
"""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cached_property
from http.client import HTTPException
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import IO, Any, Literal
from urllib.parse import urlencode, urljoin, urlsplit

from lti_tool.practice_lms.html_page import Form, FormValues, PageParser

Destination = Literal["document", "iframe", "empty"]
MAX_PAGE_BYTES = 8 * 1024 * 1024
MAX_HOPS = 12
FORM_TYPE = "application/x-www-form-urlencoded"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SITES = ("none", "same-origin", "same-site", "cross-site")


class BrowserError(Exception):
    """A page could not be had; the message says which and why."""


@dataclass(frozen=True)
class Page:
    """An answer and, if it is HTML, what it offers to follow."""

    url: str
    status: int
    headers: Message
    body: bytes
    destination: Destination

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(self.headers.get_content_charset() or "utf-8", errors="replace")

    @property
    def data(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @cached_property
    def _parsed(self) -> PageParser:
        parser = PageParser(self.url, self.destination)
        if self.headers.get_content_type() == "text/html":
            parser.feed(self.text)
            parser.close()
        return parser

    @property
    def title(self) -> str:
        """The title of the document."""
        return self._parsed.title

    @property
    def words(self) -> str:
        """The text that people see, on one line."""
        return " ".join(" ".join(self._parsed.words).split())

    @property
    def forms(self) -> list[Form]:
        """The forms, in the order of the page."""
        return self._parsed.forms

    @property
    def frames(self) -> list[str]:
        """The addresses of the frames."""
        return [urljoin(self.url, src) for src in self._parsed.frames]

    @property
    def links(self) -> list[tuple[str, str]]:
        """The address and the text of each link."""
        return [(urljoin(self.url, href), text) for href, text in self._parsed.links]

    def form(self, *, action: str = "", control: str = "") -> Form:
        """The first form whose action contains a text and which has a control of a name.

        Raises:
            BrowserError: if there is none.
        """
        for form in self.forms:
            if action in form.action and (not control or any(c.name == control for c in form.controls)):
                return form
        raise BrowserError(f"{self.url} ({self.status}) has no form for {action or control!r}: {self.words[:300]}")

    def link(self, text: str) -> str:
        """The address of the first link whose text contains a text.

        Raises:
            BrowserError: if there is none.
        """
        for url, words in self.links:
            if text in words:
                return url
        raise BrowserError(f"{self.url} ({self.status}) has no link {text!r}: {self.words[:300]}")


class _KeepRedirects(urllib.request.HTTPRedirectHandler):
    """Hands redirects back instead of following them: each hop needs headers of its own."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing."""


class Browser:
    """One person's browser.

    Args:
        headers: sent with every request, such as ``Accept-Language``.
        timeout_s: for each request, in seconds.
        tls: which certificates are trusted, for servers with one of their own.
    """

    def __init__(
        self, headers: Mapping[str, str] | None = None, timeout_s: float = 10, tls: ssl.SSLContext | None = None
    ) -> None:
        self.cookies = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self._headers = {"Accept": "text/html,*/*;q=0.8", "User-Agent": "practice-lms-browser", **(headers or {})}
        self._timeout_s = timeout_s
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.cookies),
            urllib.request.HTTPSHandler(context=tls),
            _KeepRedirects(),
        )

    def open(self, url: str, destination: Destination = "document", initiator: str = "") -> Page:
        """Load a page, or a frame of the page ``initiator``."""
        return self._walk("GET", url, None, destination, initiator, {})

    def open_frame(self, page: Page, number: int = 0) -> Page:
        """Load a frame of a page, the last one by -1, and go on from it as scripts would."""
        if not -len(page.frames) <= number < len(page.frames):
            raise BrowserError(f"{page.url} ({page.status}) has no frame: {page.words[:300]}")
        return self.go_on(self.open(page.frames[number], "iframe", page.url))

    def click(self, page: Page, text: str) -> Page:
        """Follow the first link whose text contains a text, where the page is."""
        return self.open(page.link(text), page.destination, page.url)

    def submit(self, form: Form, values: FormValues | None = None, button: str | None = None) -> Page:
        """Send a form.

        Args:
            form: of a page.
            values: by name, instead of what the page has chosen.
            button: the name of the button that was pressed.
        """
        fields = urlencode(form.fields(values, button))
        url = urljoin(form.page_url, form.action)
        is_in_frame = form.destination == "iframe" and form.attributes.get("target") not in ("_blank", "_top")
        destination: Destination = "iframe" if is_in_frame else "document"
        if form.method == "GET":
            return self._walk("GET", f"{url.split('?')[0]}?{fields}", None, destination, form.page_url, {})
        headers = {"Content-Type": FORM_TYPE}
        return self._walk("POST", url, fields.encode(), destination, form.page_url, headers)

    def go_on(self, page: Page) -> Page:
        """Send the forms that a script would send at once, until a page has none."""
        for _ in range(MAX_HOPS):
            form = next((form for form in page.forms if form.is_sent_by_script), None)
            if form is None:
                return page
            page = self.submit(form)
        raise BrowserError(f"{page.url} sends itself on for ever.")

    def fetch(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, *, page: Page
    ) -> Page:
        """Send what a script on a page would send."""
        return self._walk(method, url, body, "empty", page.url, dict(headers or {}))

    def _walk(
        self,
        method: str,
        url: str,
        body: bytes | None,
        destination: Destination,
        initiator: str,
        headers: dict[str, str],
    ) -> Page:
        site = "none"
        for _ in range(MAX_HOPS):
            site = max(site, _relation(initiator, url), key=SITES.index)
            page = self._send(
                method, url, body, destination, {**headers, **_fetch_headers(destination, site)}, initiator
            )
            if page.status not in REDIRECTS or "Location" not in page.headers:
                return page
            url = urljoin(url, page.headers["Location"])
            if page.status in (301, 302, 303):
                method, body, headers = "GET", None, {}
        raise BrowserError(f"{url} redirects for ever.")

    def _send(
        self,
        method: str,
        url: str,
        body: bytes | None,
        destination: Destination,
        headers: Mapping[str, str],
        initiator: str,
    ) -> Page:
        if urlsplit(url).scheme not in ("http", "https"):
            raise BrowserError(f"{url} is no address of a page.")
        request = urllib.request.Request(url, body, {**self._headers, **headers}, method=method)  # noqa: S310
        if method not in ("GET", "HEAD") and initiator:
            request.add_header("Origin", _origin(initiator))
        try:
            with self._opener.open(request, timeout=self._timeout_s) as response:
                return Page(url, response.status, response.headers, response.read(MAX_PAGE_BYTES), destination)
        except urllib.error.HTTPError as error:
            with error:
                return Page(url, error.code, error.headers, error.read(MAX_PAGE_BYTES), destination)
        except (OSError, HTTPException) as error:
            raise BrowserError(f"{url} could not be loaded: {error}") from error


def _fetch_headers(destination: Destination, site: str) -> dict[str, str]:
    mode = "cors" if destination == "empty" else "navigate"
    return {"Sec-Fetch-Dest": destination, "Sec-Fetch-Mode": mode, "Sec-Fetch-Site": site}


def _relation(initiator: str, url: str) -> str:
    """How a browser names the way from one address to another; two ports of one host are one site."""
    if not initiator:
        return "none"
    if _origin(initiator) == _origin(url):
        return "same-origin"
    here, there = urlsplit(initiator), urlsplit(url)
    return "same-site" if (here.scheme, here.hostname) == (there.scheme, there.hostname) else "cross-site"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
