"""A page of a quiz on a slow line and a slow machine: when its text is there, and when it has taken an answer.

Beside it are the same words as a bare page with a form, and H5P's own player with the smallest question that it can
show: its question types are in no registry, so that what one of them adds to the player is not in the figure.
"""

from __future__ import annotations

import html
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

from tests.bench.peers import NODE
from tests.bench.table import ROUNDS, word
from tests.journeys.activity import begin, open_in_window, open_quiz, sign_in
from tests.journeys.browser import find_chromium, open_chromium
from tests.journeys.people import enrol
from tests.journeys.world import World, start_world

BITS_PER_S, LATENCY_MS, SLOWER = 400_000, 400, 4
MOST_BYTES = 100_000
H5P = "h5p-standalone@3.8.2"
_KINDS = {"Document": "HTML", "Stylesheet": "CSS", "Script": "scripts", "Font": "fonts"}
_LIBRARY = "H5P.SmallestQuestion"
_QUESTION_JS = """\
H5P.SmallestQuestion = function (parameters) {
  this.attach = ($place) => {
    $place.html(parameters.texts.map((text) => `<p>${text}</p>`).join(''));
    for (const option of parameters.options) {
      $place.append(`<p><label><input type="radio" name="q"> ${option}</label></p>`);
    }
    $place.append('<p role="status"></p>');
    $place.find('input').on('change', () => $place.find('[role=status]').text('Saved'));
  };
};
"""
_H5P_PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>H5P</title>
<link rel="stylesheet" href="/dist/styles/h5p.css">
<div id="h5p"></div><script src="/dist/main.bundle.js"></script><script>
new H5PStandalone.H5P(document.getElementById('h5p'),
  {h5pJsonPath: '/content', frameJs: '/dist/frame.bundle.js', frameCss: '/dist/styles/h5p.css'});
</script>
"""


_BARE_SCRIPT = """\
document.querySelector('form').addEventListener('change', async (event) => {
  await fetch('/', {method: 'HEAD'});
  document.querySelector('[role=status]').textContent = 'Saved';
});
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page, and what was measured of it: seconds since it was asked for, and bytes over the line."""

    name: str
    root: str
    """The element that holds its text; in the page's frame if it has one."""
    is_framed: bool = False
    text_s: list[float] = field(default_factory=list)
    answer_s: list[float] = field(default_factory=list)
    sizes: list[dict[str, int]] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)


def run(arguments: Sequence[str] = ()) -> None:
    """Open each page in turns, every time in a browser that was never there; the number of rounds may be given."""
    if find_chromium() is None:
        raise SystemExit("Slow lines are measured in Chromium: install it or set CHROMIUM to its path.")
    rounds = int(arguments[0]) if arguments else ROUNDS
    ours, bare, h5p = Kind("our quiz page", "main"), Kind("a bare page", "body"), Kind("H5P's player", "body", True)
    kinds = [ours, bare, *([h5p] if _install_h5p() else [])]
    print(f"Load of this machine before: {os.getloadavg()[0]:.1f}")
    print(f"{BITS_PER_S // 1000} kbit/s, {LATENCY_MS} ms, processor {SLOWER}× slower; medians of {rounds}\n")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with start_world(folder / "world") as world:
            for number in range(rounds):
                with open_chromium(playwright, folder / f"profile-{number}") as context:
                    address, words = _enter(context, world)
                    _look(context, address, words, ours)
                    with _serving(folder / "bare", {"index.html": _bare_page(words)}) as root:
                        _look(context, root, words, bare)
                    if h5p in kinds:
                        with _serving(folder / "h5p", _h5p_files(words)) as root:
                            _look(context, root, words, h5p)
    _print(kinds)


def _enter(context: BrowserContext, world: World) -> tuple[str, list[str]]:
    """Launch on a fast line; gives the address of the quiz in a window of its own, and its words, line by line."""
    page = context.pages[0]
    sign_in(page, world.lms, enrol(world.stack.lms))
    window = open_in_window(page, world.lms)
    begin(window)
    open_quiz(window)
    words = [line for line in window.locator("main").inner_text().splitlines() if line.strip()]
    address = window.url
    window.close()
    page.goto("about:blank")
    return address, words


def _look(context: BrowserContext, address: str, words: Sequence[str], kind: Kind) -> None:
    """Open a page on a slow line with nothing kept, and answer its first question as soon as it is there."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.clearBrowserCache")
    # The worker that answers without a network would have the files already.
    line.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "service_workers,cache_storage"})
    rate = BITS_PER_S / 8
    speed = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": rate, "uploadThroughput": rate}
    line.send("Network.emulateNetworkConditions", speed)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sorts: dict[str, str] = {}
    sizes = dict.fromkeys(_KINDS.values(), 0)

    def count(event: dict[str, Any]) -> None:
        sort = _KINDS.get(sorts.get(event["requestId"], ""))
        if sort:
            sizes[sort] += int(event["encodedDataLength"])

    line.on("Network.responseReceived", lambda event: sorts.update({event["requestId"]: event["type"]}))
    line.on("Network.loadingFinished", count)
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    inside = page.frame_locator("iframe") if kind.is_framed else page
    inside.locator(kind.root).get_by_text(words[0], exact=True).first.wait_for()
    kind.text_s.append(time.perf_counter() - began)
    inside.get_by_role("radio").first.check(force=True)
    inside.locator("[data-saved], [role=status]").filter(has_text="Saved").first.wait_for()
    kind.answer_s.append(time.perf_counter() - began)
    page.wait_for_load_state()
    kind.sizes.append(sizes)
    kind.requests.append(len(sorts))
    page.close()


@contextmanager
def _serving(folder: Path, files: dict[str, str]) -> Iterator[str]:
    """Write files beside what is there, and serve the folder; gives its address."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    if (NODE / "node_modules" / "h5p-standalone").exists() and not (folder / "dist").exists():
        (folder / "dist").symlink_to(NODE / "node_modules" / "h5p-standalone" / "dist")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Keep the table clean."""


def _bare_page(words: Sequence[str]) -> str:
    texts = "".join(f"<p>{html.escape(each)}</p>" for each in words)
    options = "".join(f'<p><label><input type="radio" name="q" value="{each}"> Option {each}</label>' for each in "abc")
    form = f'<form>{options}<p role="status"></form><script>{_BARE_SCRIPT}</script>'
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title>{texts}{form}'


def _h5p_files(words: Sequence[str]) -> dict[str, str]:
    name, major = _LIBRARY, {"majorVersion": 1, "minorVersion": 0}
    depends = {"machineName": name, **major}
    about = {"title": "H5P", "language": "en", "mainLibrary": name, "embedTypes": ["div"]}
    library = {"machineName": name, "title": name, "patchVersion": 0, "runnable": 1, **major}
    return {
        "index.html": _H5P_PAGE,
        "content/h5p.json": json.dumps(about | {"preloadedDependencies": [depends]}),
        "content/content/content.json": json.dumps({"texts": words, "options": ["Option a", "Option b", "Option c"]}),
        f"content/{name}-1.0/library.json": json.dumps(library | {"preloadedJs": [{"path": "question.js"}]}),
        f"content/{name}-1.0/question.js": _QUESTION_JS,
    }


def _install_h5p() -> bool:
    if not (NODE / "node_modules" / "h5p-standalone").exists():
        NODE.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", H5P]
        subprocess.run(command, cwd=NODE, check=False)
    return (NODE / "node_modules" / "h5p-standalone").exists()


def _print(kinds: Sequence[Kind]) -> None:
    print("| page | text is there | answer is taken | requests | HTML | CSS | scripts | fonts | in all |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for kind in kinds:
        # The first visit of a page: what comes with it, in bytes.
        sizes = [statistics.median(each[name] for each in kind.sizes) for name in _KINDS.values()]
        columns = [
            f"{statistics.median(kind.text_s):.1f} s",
            f"{statistics.median(kind.answer_s):.1f} s",
            f"{statistics.median(kind.requests):.0f}",
            *(f"{size / 1000:.1f} kB" for size in (*sizes, sum(sizes))),
        ]
        print(f"| {kind.name} | {' | '.join(columns)} |", flush=True)
    ours = statistics.median(sum(each.values()) for each in kinds[0].sizes)
    print(f"\nUnder {MOST_BYTES // 1000} kB: {word(ours < MOST_BYTES)}")
