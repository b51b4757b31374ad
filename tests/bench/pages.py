"""Building pages, beside what others need for the same texts: whole processes, interleaved, as ratios in one run.

``python -m tests.bench pages --pages 40,300 --rounds 5 --without Sphinx,MkDocs`` runs a part of it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.corpus import sentence, write_course
from tests.bench.peers import PEERS, Peer, install, write_site
from tests.bench.processes import Cost, median
from tests.bench.processes import run as run_process
from tests.bench.table import word

SIZES = (40, 300, 2000)
ROUNDS = 5
UNIT = "markdown-it-py alone"
SAME_PLUGINS = "markdown-it-py alone, with the plugins that we use"
OURS = "course-builder"
STATES = ("cold", "unchanged", "edited")

_ALONE = """\
import pathlib, sys
from markdown_it import MarkdownIt
md = MarkdownIt("commonmark").enable("table")
for path in pathlib.Path(sys.argv[1]).rglob("*.md"):
    md.render(path.read_text())
"""
_ALONE_WITH_PLUGINS = """\
import pathlib, sys
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
md = MarkdownIt("gfm-like2", {"linkify": False}).disable("linkify")
md.use(deflist_plugin).use(dollarmath_plugin, allow_space=False, allow_digits=False).use(footnote_plugin)
for path in pathlib.Path(sys.argv[1]).rglob("*.md"):
    md.render(path.read_text())
"""

Target = tuple[str, str, str, str, dict[int, float]]
"""State of ours, tool and state to compare with, at most or at least, and how often, by the number of pages."""

_TARGETS: Sequence[Target] = (
    ("cold", UNIT, "cold", "at most", {40: 1.4, 300: 1.4, 2000: 1.4}),
    ("cold", "Zensical", "cold", "at least", {300: 4.5}),
    ("cold", "MkDocs Material", "cold", "at least", {300: 5.0}),
    ("unchanged", "Hugo", "unchanged", "at most", {300: 0.5, 2000: 0.2}),
    ("edited", "Hugo", "unchanged", "at most", {300: 0.7, 2000: 0.25}),
)
_MOST_MEMORY_MB = 300


@dataclass(slots=True)
class Tool:
    """Something to run in a folder of its own; ``made`` goes before it starts from nothing."""

    name: str
    folder: Path
    command: Sequence[str]
    edited: Path | None
    made: Sequence[str] = ()
    costs: dict[str, list[Cost]] = field(default_factory=dict)

    def measure(self, number: int) -> None:
        """Run once in each state."""
        for name in self.made:
            _remove(self.folder / name)
        self._run("cold")
        if self.edited is None:
            return
        self._run("unchanged")
        with self.edited.open("a") as page:
            page.write(f"\n{sentence(number)}\n")
        self._run("edited")

    def _run(self, state: str) -> None:
        self.costs.setdefault(state, []).append(run_process(self.command, self.folder))


def run(arguments: Sequence[str] = ()) -> None:
    """Measure every tool at each size."""
    options = _options(arguments)
    install()
    for peer in PEERS:
        if peer.command is None:
            print(f"{peer.name} is missing: it could not be installed.\n")
    for count in options.pages:
        with tempfile.TemporaryDirectory() as folder:
            tools = list(_tools(Path(folder), count, options.without))
            for number in range(options.rounds):
                for tool in tools:
                    tool.measure(number)
                    print(f"\r{count} pages, round {number + 1}: {tool.name:60}", end="", file=sys.stderr, flush=True)
        print("\r" + " " * 100 + "\r", end="", file=sys.stderr)
        _print_table(count, tools)
        _print_targets(count, {tool.name: tool for tool in tools})


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench pages")
    parser.add_argument("--pages", type=lambda text: [int(part) for part in text.split(",")], default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--without", type=lambda text: text.split(","), default=[], help="beginnings of names")
    return parser.parse_args(arguments)


def _tools(folder: Path, count: int, without: Sequence[str]) -> Iterator[Tool]:
    course = folder / OURS / "course"
    pages = write_course(course, count)
    edited = pages[count // 2]
    yield Tool(UNIT, folder, [sys.executable, "-c", _ALONE, str(course)], None)
    yield Tool(SAME_PLUGINS, folder, [sys.executable, "-c", _ALONE_WITH_PLUGINS, str(course)], None)
    for peer in PEERS:
        is_wanted = not peer.name.startswith(tuple(without)) if without else True
        if is_wanted and peer.command and count <= (peer.most_pages or count):
            yield _peer(peer, folder, course, edited)
    command = [sys.executable, "-m", "course_builder", "build", str(course), "-o", "out", "--cache", "cache"]
    yield Tool(OURS, folder / OURS, command, edited, ("out", "cache"))


def _peer(peer: Peer, folder: Path, course: Path, edited: Path) -> Tool:
    assert peer.command is not None
    home = folder / peer.name
    write_site(peer, home, course)
    page = home / "pages" / edited.relative_to(course / "modules")
    return Tool(peer.name, home, peer.command, page, peer.made)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _print_table(count: int, tools: Sequence[Tool]) -> None:
    unit = median(tools[0].costs["cold"])
    rounds = len(tools[0].costs["cold"])
    print(f"### {count} pages, medians of {rounds}: wall-clock seconds (processor seconds)\n")
    print("| tool | cold | nothing changed | one page edited | cold ÷ unit | memory of a process | of all together |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for tool in tools:
        shown = [_shown(tool, state) for state in STATES]
        cost = median([cost for costs in tool.costs.values() for cost in costs])
        ratio = median(tool.costs["cold"]).wall_s / unit.wall_s
        memory = f"{cost.memory_mb:.0f} MB | {cost.together_mb:.0f} MB"
        print(f"| {tool.name} | {' | '.join(shown)} | {ratio:.2f} | {memory} |")
    print(flush=True)


def _shown(tool: Tool, state: str) -> str:
    if state not in tool.costs:
        return "–"
    cost = median(tool.costs[state])
    return f"{cost.wall_s:.2f} ({cost.cpu_s:.2f})"


def _print_targets(count: int, tools: dict[str, Tool]) -> None:
    print("| target | wanted | found | met |\n|---|---:|---:|---|")
    ours = {state: median(costs) for state, costs in tools[OURS].costs.items()}
    for state, other, other_state, direction, wanted in _TARGETS:
        if count not in wanted:
            continue
        what = f"{OURS}, {state}, against {other}, {other_state}"
        bound = f"{direction} {wanted[count]}"
        if other not in tools:
            print(f"| {what} | {bound} | – | {other} is missing |")
            continue
        theirs = median(tools[other].costs[other_state]).wall_s
        is_most = direction == "at most"
        found = ours[state].wall_s / theirs if is_most else theirs / ours[state].wall_s
        is_met = found <= wanted[count] if is_most else found >= wanted[count]
        print(f"| {what}{'' if is_most else ', how often faster'} | {bound} | {found:.2f} | {word(is_met)} |")
    most = max(cost.together_mb for cost in ours.values())
    is_met = word(most < _MOST_MEMORY_MB)
    print(f"| {OURS}, memory of all processes | under {_MOST_MEMORY_MB} MB | {most:.0f} | {is_met} |\n")
