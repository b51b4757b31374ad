"""Links that leave the course: asked for over the network, politely, and remembered for a while."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError, NewConnectionError
from urllib3.exceptions import TimeoutError as NoAnswerError

from course_builder import __version__
from course_builder.model import Course, Place, Problem
from course_builder.plurals import counted
from course_builder.tokens import place_of, runs, targets

State = Literal["ok", "moved", "broken", "unreachable", "offline"]

MOST_HOSTS_AT_ONCE = 8
MOST_REDIRECTS = 6
_AGE_S: Mapping[State, float] = {"ok": 7 * 86_400.0, "moved": 86_400.0, "broken": 3_600.0, "unreachable": 600.0}
"""How long an answer is believed. That the machine was offline is not remembered."""
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GUARDED = frozenset({401, 403, 405, 406, 407, 418, 429, 451, 999})
"""The page is there, or may be, but not for programs: no reason to bother an author."""
_HEADERS = {"User-Agent": f"course-builder/{__version__} (checks links)", "Accept": "*/*"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for an address; ``detail`` says it in words, or is where it moved."""

    state: State
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Manners:
    """How to ask: seconds to wait for an answer, and between two questions to the same host."""

    timeout_s: float = 10.0
    pause_s: float = 0.3


class Cache:
    """Answers in a JSON file, each with the time at which it was given, in seconds since 1970."""

    def __init__(self, path: Path | None, now: float) -> None:
        self._path = path
        self._now = now
        self._answers = self._read()

    def get(self, address: str) -> Answer | None:
        """Return an answer that is young enough."""
        try:
            entry = self._answers[address]
            answer = Answer(entry["state"], str(entry["detail"]))
            is_young = 0 <= self._now - float(entry["at"]) < _AGE_S[answer.state]
        except (KeyError, TypeError, ValueError):
            return None
        return answer if is_young else None

    def put(self, address: str, answer: Answer) -> None:
        """Keep an answer."""
        if answer.state in _AGE_S:
            self._answers[address] = {**asdict(answer), "at": self._now}

    def save(self) -> None:
        """Write the file in one step; a cache that cannot be written is none."""
        if self._path is None:
            return
        new = self._path.with_name(f"{self._path.name}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(self._answers, indent=1, sort_keys=True), encoding="utf-8")
            new.replace(self._path)
        except OSError:
            return

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8")) if self._path else {}
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def check_external(course: Course, cache: Cache, manners: Manners) -> Iterator[Problem]:
    """Yield a problem for each link that leads to nothing, has moved for good, or could not be reached.

    If no new address could be reached at all, the machine is offline: one warning says so, and nothing fails.
    """
    links: dict[str, list[Place]] = {}
    for address, place in _links(course):
        links.setdefault(address, []).append(place)
    known = {address: answer for address in links if (answer := cache.get(address)) is not None}
    asked = ask([address for address in links if address not in known], manners)
    for address, answer in asked.items():
        cache.put(address, answer)
    cache.save()
    if asked and all(answer.state == "offline" for answer in asked.values()):
        message = f"no host could be reached, so {counted(len(asked), 'link')} could not be checked"
        yield Problem(min(links[next(iter(asked))]), "warning", "link-offline", message, "Try again with a network.")
        asked = {}
    for address, answer in {**known, **asked}.items():
        for place in links[address]:
            yield from _problem(address, answer, place)


def _links(course: Course) -> Iterator[tuple[str, Place]]:
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for token, address in targets(run):
                    if address.startswith(("https://", "http://")):
                        yield address.partition("#")[0], place_of(page.path, token)


def _problem(address: str, answer: Answer, place: Place) -> Iterator[Problem]:
    shown = address if len(address) <= 80 else f"{address[:79]}…"
    if answer.state == "broken":
        hint = "Find the page's new address, or another source; an archive may have kept it."
        yield Problem(place, "error", "link-broken", f"`{shown}` leads to nothing: {answer.detail}", hint)
    elif answer.state == "moved":
        message = f"`{shown}` has moved for good"
        yield Problem(place, "warning", "link-moved", message, f"Write {answer.detail}")
    elif answer.state in {"unreachable", "offline"}:
        message = f"`{shown}` could not be reached: {answer.detail}"
        yield Problem(
            place, "warning", "link-unreachable", message, "Try again later; if it stays so, replace the link."
        )


def ask(addresses: Sequence[str], manners: Manners) -> dict[str, Answer]:
    """Ask for addresses, several hosts at once, but each host one question at a time."""
    by_host: dict[str, list[str]] = {}
    for address in addresses:
        by_host.setdefault(_host_of(address), []).append(address)
    with ThreadPoolExecutor(MOST_HOSTS_AT_ONCE) as pool:
        answers = dict(
            pair for pairs in pool.map(lambda each: list(_host(each, manners)), by_host.values()) for pair in pairs
        )
    return {address: answers[address] for address in addresses}


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:  # Whoever asks there is told that this is no address.
        return ""


def _host(addresses: Iterable[str], manners: Manners) -> Iterator[tuple[str, Answer]]:
    timeout = urllib3.Timeout(connect=manners.timeout_s, read=manners.timeout_s)
    for number, address in enumerate(addresses):
        if number:
            time.sleep(manners.pause_s)
        with _manager(address.partition(":")[0], timeout) as manager:
            yield address, _ask(address, manager)


def _manager(scheme: str, timeout: urllib3.Timeout) -> urllib3.PoolManager:
    proxy = getproxies().get(scheme)
    if proxy:
        return urllib3.ProxyManager(proxy, timeout=timeout, retries=False, headers=_HEADERS)
    return urllib3.PoolManager(timeout=timeout, retries=False, headers=_HEADERS)


def _ask(address: str, manager: urllib3.PoolManager) -> Answer:
    try:
        answer = _follow("HEAD", address, manager)
        # Some servers know no HEAD, or answer it wrongly: only GET counts against a link.
        return answer if answer.state in {"ok", "moved"} else _follow("GET", address, manager)
    except (NewConnectionError, LocationParseError) as error:
        return _failure(error)
    except HTTPError:
        try:
            return _follow("GET", address, manager)
        except HTTPError as error:
            return _failure(error)


def _failure(error: HTTPError) -> Answer:
    if isinstance(error, LocationParseError):
        return Answer("broken", "this is no address")
    if isinstance(error, NoAnswerError) and not isinstance(error, NewConnectionError):
        return Answer("unreachable", "no answer in time")
    if isinstance(error, NewConnectionError):
        return Answer("offline", "no connection")
    return Answer("unreachable", "the connection broke")


def _follow(method: str, address: str, manager: urllib3.PoolManager) -> Answer:
    at, is_permanent = address, True
    for _ in range(MOST_REDIRECTS + 1):
        response = manager.request(method, at, redirect=False, preload_content=False)
        response.close()
        target = response.headers.get("Location")
        if response.status not in _REDIRECTS or not target:
            return _judge(response.status, address, at, is_permanent=is_permanent)
        is_permanent = is_permanent and response.status in _PERMANENT
        try:
            at = urljoin(at, target).partition("#")[0]
        except ValueError:
            return Answer("broken", "it redirects to what is no address")
        if not at.startswith(("https://", "http://")):
            return Answer("broken", f"it redirects to {at[:80]}")
    return Answer("broken", f"more than {MOST_REDIRECTS} redirects")


def _judge(status: int, address: str, at: str, *, is_permanent: bool) -> Answer:
    if status < 400 or status in _GUARDED:
        return Answer("moved", at) if at != address and is_permanent and status < 400 else Answer("ok")
    if status >= 500:
        return Answer("unreachable", f"the server answered {status}")
    return Answer("broken", f"the server answered {status}")
