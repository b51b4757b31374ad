"""A small course to write on."""

from __future__ import annotations

from pathlib import Path

PAGE = "# A town\n\nWho decides?\n\n" + "".join(
    f"## Part {number}\n\n{'Words follow words until the line is long enough. ' * 20}\n\n" for number in range(1, 9)
)
QUESTION = """\
::: question {#q-town type=single graded=no}

Which one is a town?

- [x] Narva <!--#narva-->
  > It is.
- [ ] Peipus <!--#peipus-->
  > That is a lake.

:::
"""
FILES = {
    "course.yaml": (
        "id: course\ntitle: A course\ndescription: To write on.\nlanguage: en\nlanguages: [en]\nlicence: CC-BY-4.0\n"
        "authors: [Someone]\nmodules: [m1-town, m2-lake]\n"
    ),
    "modules/m1-town/module.yaml": (
        "id: m1-town\nversion: 1.0.0\ntitle: The town\nsummary: What it is about\nduration: PT10M\n"
        "objectives: [{id: see-things, text: Describe things}]\npages: [page.md, other.md]\n"
    ),
    "modules/m1-town/page.md": PAGE + QUESTION + "\n::: facilitator\n\nAsk who was there.\n\n:::\n",
    "modules/m1-town/other.md": "# Another page\n\nBack to [the town](page.md).\n\n![A dot](assets/dot.svg)\n",
    "modules/m1-town/assets/dot.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle cx="4" cy="4" r="3"/></svg>\n'
    ),
    "modules/m2-lake/module.yaml": (
        "id: m2-lake\nversion: 1.0.0\ntitle: The lake\nsummary: What it is about\nduration: PT10M\n"
        "objectives: [{id: see-more, text: Describe more}]\npages: [shore.md]\n"
    ),
    "modules/m2-lake/shore.md": "# The shore\n\nWater and stones.\n",
}


def write_course(folder: Path) -> Path:
    """Write it, and give its folder."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
