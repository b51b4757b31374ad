"""A town that runs the tool on several machines: what stands where, and its people who learn."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lti_tool.demo import prepare
from lti_tool.demo.answers import AnswerKey, form_values, read_answers
from lti_tool.demo.stack import Addresses
from lti_tool.models import Columns
from lti_tool.practice_lms import Fault, LmsConfig, PracticeLms, Seed, create_lms, demo_seed, gradebook, practice_lms_of
from lti_tool.practice_lms.browser import Browser, BrowserError, Page
from lti_tool.practice_lms.model import Enrolment, Person
from lti_tool.practice_lms.serving import serving
from tests.lti_tool.learn.town import build_town
from tests.lti_tool.machines import machines
from tests.lti_tool.machines.machines import PORT, Running
from tests.lti_tool.machines.network import Network

LMS_PORT = 8080
MACHINES = ("database", "lms", "front", "web1", "web2", "worker1", "worker2")


class TownAddresses(Addresses):
    """Where the tool and the LMS are reached in a network of the test's own."""

    network: Network

    @property
    def tool(self) -> str:
        """The one address before all machines."""
        return f"http://{self.network.addresses['front']}"

    @property
    def lms(self) -> str:
        """The LMS, from wherever."""
        return f"http://{self.network.addresses['lms']}:{LMS_PORT}"


class Guestbook:
    """Stands before the LMS: remembers from which machine each request came, and lets other machines in."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._lock = threading.Lock()
        self.visits: list[tuple[str, str]] = []
        """Address and path, in the order in which they came."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Note it, and let it through."""
        with self._lock:
            self.visits.append((environ["REMOTE_ADDR"], environ["PATH_INFO"]))
        # The practice LMS serves its own machine only, which here would be nobody.
        return self._app({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    def senders(self, end: str) -> list[str]:
        """From where requests came whose path ends so."""
        with self._lock:
            return [address for address, path in self.visits if path.endswith(end)]


@dataclass(slots=True)
class Town:
    """All of it, running."""

    network: Network
    addresses: TownAddresses
    environment: dict[str, str]
    lms: PracticeLms
    guestbook: Guestbook
    answers: AnswerKey
    running: dict[str, Running] = field(default_factory=dict)

    def fault(self, fault: Fault) -> None:
        """Let the LMS fail."""
        self.lms.config.faults.add(fault)

    def machine_of(self, address: str) -> str:
        """The name of the machine with an address."""
        return next(name for name, its in self.network.addresses.items() if its == address)

    def grade(self, sub: str) -> float | None:
        """What the gradebook shows for somebody, in per cent."""
        with self.lms.connect() as connection:
            items = [row[0] for row in connection.execute("SELECT id FROM line_items ORDER BY id")]
            results = [found for item in items for found in gradebook.results(connection, item, sub)]
        return results[0].points(100.0) if results else None

    def received(self, sub: str) -> list[float]:
        """Every score that the LMS took for somebody, in per cent, in the order they came."""
        with self.lms.connect() as connection:
            items = [row[0] for row in connection.execute("SELECT id FROM line_items ORDER BY id")]
            scores = [score for item in items for score in gradebook.scores(connection, item, sub)]
        return [100.0 * (score.given or 0.0) / (score.maximum or 1.0) for score in scores]

    def columns(self) -> int:
        """How many columns the gradebook has."""
        with self.lms.connect() as connection:
            return int(connection.execute("SELECT count(*) FROM line_items").fetchone()[0])


class Visitor:
    """Somebody with a browser, who opens the activity from the LMS."""

    def __init__(self, town: Town, sub: str) -> None:
        self.town = town
        self.sub = sub
        self.browser = Browser(timeout_s=20)
        self.machines: set[str] = set()
        self.base = ""

    def open(self) -> Page:
        """Sign in at the LMS and launch."""
        self.browser = Browser(timeout_s=20)
        start = self.browser.open(self.town.addresses.lms)
        form = next(form for form in start.forms if any(control.value == self.sub for control in form.controls))
        course = self.browser.submit(form)
        asked = self.browser.open_frame(course)
        page = self._seen(self.browser.go_on(self.browser.click(asked, "Go on here")))
        if page.status != 200 or "/l/" not in page.url:
            raise BrowserError(f"{page.url} ({page.status}): {page.words[:200]}")
        self.base = page.url.split("/l/")[0] + "/l/" + page.url.split("/l/", 1)[1].split("/")[0]
        return page

    def _seen(self, page: Page) -> Page:
        self.machines |= set(page.headers.get("X-Machine", "").split(", ")) - {""}
        return page


class Trainer(Visitor):
    """Who decides about the gradebook."""

    def __init__(self, town: Town) -> None:
        super().__init__(town, "trainer-1")

    def ask_for_a_column(self) -> None:
        """Choose one column for the activity, which the tool then makes."""
        self.open()
        page = self.browser.open(f"{self.base}/gradebook/", "iframe")
        saved = self.browser.submit(page.form(action="/columns"), {"columns": Columns.MODULE.value})
        assert saved.status == 200, saved.words


class Learner(Visitor):
    """Who answers the quiz and submits it."""

    def __init__(self, town: Town, number: int) -> None:
        super().__init__(town, f"person-{number}")

    def read(self, number: int = 0) -> Page:
        """Open a page of the module."""
        page = self._seen(self.browser.open(f"{self.base}/pages/{self.town.answers.pages[number]}", "iframe"))
        if page.status != 200:
            raise BrowserError(f"{page.url} ({page.status}): {page.words[:200]}")
        return page

    def submit(self) -> Page:
        """Answer the quiz rightly and submit it."""
        answers = self.town.answers
        quiz = self._seen(self.browser.open(f"{self.base}/pages/{answers.quiz_page}", "iframe"))
        if "You reached" in quiz.words:
            # An earlier try arrived, though its answer did not.
            return quiz
        form = quiz.form(control=f"r-{answers.quiz[0].id}")
        review = self._seen(self.browser.submit(form, form_values(quiz, answers.quiz), "do"))
        result = self._seen(self.browser.submit(review.form(action="/submit")))
        if "You reached" not in result.words:
            raise BrowserError(f"{result.url} ({result.status}): {result.words[:200]}")
        return result


def seed_of(addresses: Addresses, answers: AnswerKey, learners: int) -> Seed:
    """One course with one activity, whose column the tool makes, and its learners."""
    seed = demo_seed(
        login_url=f"{addresses.tool}/lti/login",
        redirect_uris=[f"{addresses.tool}/lti/launch"],
        jwks_url=f"{addresses.tool}/lti/keys",
        target_link_uri=f"{addresses.tool}/lti/launch?module={answers.module_id}",
        module_title=answers.module_title,
    )
    people = tuple(Person(sub=f"person-{n}", given_name="Person", family_name=str(n)) for n in range(1, learners + 1))
    enrolments = tuple(Enrolment(course_id=1, sub=person.sub, role="Learner") for person in people)
    trainer = Person(sub="trainer-1", given_name="Trainer", family_name="One")
    # No column: the tool makes its own, and only one.
    placements = tuple(replace(placement, column=None) for placement in seed.placements[:1])
    return replace(
        seed,
        people=(*people, trainer),
        enrolments=(*enrolments, Enrolment(course_id=1, sub=trainer.sub, role="Instructor")),
        placements=placements,
    )


@contextmanager
def open_lms(
    network: Network, addresses: Addresses, seed: Seed, folder: Path
) -> Iterator[tuple[PracticeLms, Guestbook]]:
    """Run the practice LMS on its machine, in threads of this process."""
    app = create_lms(LmsConfig(database=folder / "lms.db", base_url=addresses.lms, seed=seed))
    guestbook = Guestbook(app.wsgi_app)
    app.wsgi_app = guestbook  # type: ignore[method-assign]
    with network.inside("lms"):
        listener = socket.create_server((network.addresses["lms"], LMS_PORT))
        with serving(app, listener):
            yield practice_lms_of(app), guestbook


@contextmanager
def open_town(folder: Path, *, on_postgresql: bool, learners: int) -> Iterator[Town]:
    """Set everything up and start it: on PostgreSQL two web and two worker machines, on SQLite one with two servers."""
    with ExitStack() as stack:
        network = stack.enter_context(Network(MACHINES))
        addresses = TownAddresses(tool_port=80, lms_port=LMS_PORT)
        object.__setattr__(addresses, "network", network)
        package = build_town(folder / "built")
        environment = prepare.environment_for(folder, addresses) | {
            "EGRESS_ALLOW": network.range,
            "EGRESS_TIMEOUT_S": "2",
            "SCORE_LEASE_S": "8",
        }
        if on_postgresql:
            database = stack.enter_context(machines.postgresql(network, "database", folder))
            environment |= {"DATABASE_URL": database}
        # Whoever comes first does the work; the other waits for it.
        upgrades = [
            machines.tool(network, machine, environment, folder / f"{machine}-upgrade.log", "upgrade")
            for machine in ("web1", "web2" if on_postgresql else "web1")
        ]
        for upgrade in upgrades:
            upgrade.start()
        machines.wait_for("both upgrades end", lambda: not any(each.is_running for each in upgrades))
        with network.inside("web1"):
            prepare.prepare_database(environment, [package], addresses)
        answers = read_answers(package)
        seed = seed_of(addresses, answers, learners)
        lms, guestbook = stack.enter_context(open_lms(network, addresses, seed, folder))
        town = Town(network, addresses, environment, lms, guestbook, answers)
        servers = [("web1", PORT), ("web2", PORT)] if on_postgresql else [("web1", PORT), ("web1", PORT + 1)]
        for machine, port in servers:
            town.running[f"{machine}:{port}"] = machines.web(network, machine, environment, folder, port)
        if on_postgresql:
            for machine in ("worker1", "worker2"):
                log = folder / f"{machine}.log"
                town.running[machine] = machines.tool(network, machine, environment, log, "worker")
        for process in town.running.values():
            stack.callback(process.end)
            process.start()
        upstream = [f"{network.addresses[machine]}:{port}" for machine, port in servers]
        stack.enter_context(machines.nginx(network, "front", upstream, folder))
        with network.inside("lms"):
            for address in upstream:
                machines.wait_for(f"{address} answers", lambda address=address: answers_at(address))
            Trainer(town).ask_for_a_column()
        yield town


def answers_at(address: str, path: str = "/readyz?for=requests") -> bool:
    """Whether a server of the tool is ready."""
    try:
        return Browser(timeout_s=2).open(f"http://{address}{path}").status == 200
    except BrowserError:
        return False
