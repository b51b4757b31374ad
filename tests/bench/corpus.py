"""The texts to measure with: pages of about 7 kB, and what each of the peers reads instead of our blocks."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

PAGES_IN_A_MODULE = 20
PAGES_WITH_A_QUESTION = 5
"""Every fifth page has one."""

_TEXT = (
    "a office service city form register record citizen team mayor budget data trust rule board pilot street school"
    " answers decides shares keeps asks gives plans counts writes opens once only never often later together openly"
    " small public digital local useful simple careful common the of and with for in on by from before after between"
)
_WORDS = _TEXT.split()
_IMAGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="{height}">'
    '<circle cx="40" cy="30" r="{radius}"/></svg>\n'
)
_QUESTION = """\
::: question {{#q-{number} type=single}}

Which of these {words}?

- [x] The one that {right}. <!--#this-->
  > Right: **{right}** is what counts.
- [ ] The one that {wrong}. <!--#that-->
  > No, `{wrong}` does not help.
- [ ] Neither. <!--#neither-->

:::
"""
_FENCE_LINES = re.compile(r"^:::.*\n\n?", re.MULTILINE)
_COMMENTS = re.compile(r" <!--.*?-->")


def write_course(folder: Path, count: int, pages_in_a_module: int = PAGES_IN_A_MODULE) -> list[Path]:
    """Write a course of so many pages; return them in reading order."""
    pages: list[Path] = []
    modules: list[str] = []
    for start in range(0, count, pages_in_a_module):
        module = f"m{len(modules) + 1}-generated"
        modules.append(module)
        home = folder / "modules" / module
        (home / "assets").mkdir(parents=True)
        for number in range(1, 4):
            (home / "assets" / f"chart-{number}.svg").write_text(
                _IMAGE.format(height=60 + number, radius=start + number)
            )
        names = [f"page-{number}.md" for number in range(start + 1, min(start + pages_in_a_module, count) + 1)]
        for position, name in enumerate(names):
            (home / name).write_text(_page(start + position, names[(position + 1) % len(names)]), encoding="utf-8")
            pages.append(home / name)
        (home / "module.yaml").write_text(_module(module, names), encoding="utf-8")
    (folder / "course.yaml").write_text(_course(modules), encoding="utf-8")
    return pages


def plain(text: str) -> str:
    """Take out of a page what only we read: the lines of our blocks and the ids in comments."""
    return _COMMENTS.sub("", _FENCE_LINES.sub("", text))


def sentence(number: int) -> str:
    """Make a sentence to add to a page, another one for each number."""
    return f"This sentence was added as number {number}, since {_words(random.Random(f'edit {number}'), 8)}."


def _page(number: int, following: str) -> str:
    chance = random.Random(number)
    parts = [f"# Page {number + 1}: {_words(chance, 3)}"]
    for section in range(1, 7):
        parts += _section(chance, section, following)
    if number % PAGES_WITH_A_QUESTION == 0:
        asked, right, wrong = (_words(chance, size) for size in (6, 4, 5))
        parts.append(_QUESTION.format(number=number + 1, words=asked, right=right, wrong=wrong).rstrip("\n"))
    return "\n\n".join(parts) + "\n"


def _section(chance: random.Random, section: int, following: str) -> Iterator[str]:
    yield f"## {_words(chance, 3).capitalize()} in part {section}"
    yield (
        f"{_sentences(chance, 2)} Read *{_words(chance, 2)}* with **{_words(chance, 2)}** and `{_words(chance, 1)}`,"
        f" then [what {_words(chance, 3)}]({following}) or [how {_words(chance, 2)}](https://example.org/{section})."
        f" {_sentences(chance, 3)}"
    )
    rows = "\n".join(f"| {_words(chance, 1)} | {_words(chance, 3)} | {chance.randrange(999)} |" for _ in range(4))
    yield f"| Name | Does | Count |\n|---|---|---:|\n{rows}"
    yield f"- {_words(chance, 5)}\n- {_words(chance, 6)}\n  - {_words(chance, 4)}\n- {_words(chance, 3)}"
    yield (
        f"```python\ndef {_words(chance, 1)}_{section}(count: int) -> int:\n"
        f'    """{_words(chance, 4)}"""\n    return count * {chance.randrange(99)} + len("{_words(chance, 2)}")\n```'
    )
    if section % 2 == 0:
        number = section // 2
        yield f'![A chart of how the {_words(chance, 3)}](assets/chart-{number}.svg "Chart {number}")'
    yield _sentences(chance, 2)


def _sentences(chance: random.Random, count: int) -> str:
    return " ".join(f"{_words(chance, 14).capitalize()}." for _ in range(count))


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(_WORDS, k=count))


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
