"""Pages built per second, beside markdown-it-py alone on the same pages."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt

from tests.bench.table import median_rate, print_row

PAGES = 300
PAGES_IN_A_MODULE = 20


def run() -> None:
    """Build a generated course as a whole process, again and again."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder) / "course"
        sources = write_course(course, PAGES)

        def markdown_alone() -> int:
            code = (
                "import pathlib, sys; from markdown_it import MarkdownIt\n"
                "md = MarkdownIt('commonmark').enable('table')\n"
                "for path in pathlib.Path(sys.argv[1]).rglob('*.md'): md.render(path.read_text())"
            )
            subprocess.run([sys.executable, "-c", code, str(course)], check=True)
            return len(sources)

        def build() -> int:
            command = [
                sys.executable,
                "-m",
                "course_builder.cli",
                "build",
                str(course),
                "-o",
                str(Path(folder) / "out"),
            ]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"the generated course does not build:\n{done.stdout[:2000]}{done.stderr[:2000]}")
            return len(sources)

        assert MarkdownIt("commonmark").enable("table").render(sources[0])
        limit = median_rate(markdown_alone)
        print_row(f"markdown-it-py alone, {PAGES} pages, whole process", limit)
        print_row(f"course-builder build, {PAGES} pages, whole process", median_rate(build), limit)


def write_course(folder: Path, count: int) -> list[str]:
    """Write a course of pages of about 7 kB: headings, tables, code, links, images, a question on every fifth."""
    sources = []
    modules = []
    for start in range(0, count, PAGES_IN_A_MODULE):
        module = f"m{start // PAGES_IN_A_MODULE + 1}-generated"
        modules.append(module)
        home = folder / "modules" / module
        (home / "assets").mkdir(parents=True)
        (home / "assets" / "dot.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle cx="4" cy="4" r="3"/></svg>\n'
        )
        names = [f"page-{number}.md" for number in range(start + 1, min(start + PAGES_IN_A_MODULE, count) + 1)]
        for position, name in enumerate(names):
            text = _page(position, names)
            (home / name).write_text(text, encoding="utf-8")
            sources.append(text)
        (home / "module.yaml").write_text(_module(module, names), encoding="utf-8")
    (folder / "course.yaml").write_text(_course(modules), encoding="utf-8")
    return sources


def _course(modules: list[str]) -> str:
    lines = "".join(f"  - {module}\n" for module in modules)
    return (
        "id: generated\ntitle: Generated\ndescription: Pages to measure with.\n"
        "language: en\nlanguages: [en]\nlicence: CC-BY-4.0\n"
        f"authors:\n  - name: Nobody\nmodules:\n{lines}"
    )


def _module(module: str, names: list[str]) -> str:
    pages = "".join(f"  - {name}\n" for name in names)
    return (
        f"id: {module}\nversion: 1.0.0\ntitle: Generated\nsummary: Pages to measure with.\nduration: PT40M\n"
        f"objectives:\n  - id: measure\n    text: Measure how fast pages are built.\npages:\n{pages}"
    )


def _page(position: int, names: list[str]) -> str:
    parts = [f"# Page {position + 1}\n"]
    for section in range(6):
        parts.append(f"## Section {section + 1}\n")
        parts.append(
            f"A paragraph about *section {section + 1}* with **some weight**, `code`, and [the next page]"
            f"({names[(position + 1) % len(names)]}). "
            + "Words follow words until the line is long enough. " * 9
            + "\n"
        )
        parts.append("| Name | Does | Missing when |\n|---|---|---|\n" + "| Sponsor | decides | nobody decides |\n" * 4)
        parts.append("- one\n- two\n  - three\n- four\n")
        parts.append("```python\ndef f(x):\n    return x + 1\n```\n")
    parts.append("![A dot on its own](assets/dot.svg)\n")
    if position % 5 == 0:
        parts.append(
            f"::: question {{#q-{position} type=single}}\n\nWhich one?\n\n- [x] This one <!--#this-->\n  > Right.\n"
            "- [ ] That one <!--#that-->\n  > No.\n\n:::\n"
        )
    return "\n".join(parts)
