"""A small module with one of everything, built from Markdown as a trainer would write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from course_builder.make import make

READING = """# Reading

The town has a bridge. ![A bridge over a river](bridge.svg "The bridge")

::: facilitator

FACILITATOR-NOTE for trainers only.

:::

::: question {#q-check type=single graded=no tries=2}

Who owns the bridge?

- [ ] The river <!--#river-->
  > FEEDBACK-RIVER rivers own nothing.
- [x] The town <!--#town-->
  > FEEDBACK-TOWN it was paid by the town.
- [ ] Nobody <!--#nobody-->
  > FEEDBACK-NOBODY somebody has to mend it.

::: hint

HINT-CHECK look at who pays.

:::

:::
"""

QUIZ = """# Quiz

::: quiz {#final title="Final quiz" minutes=20}

::: question {#q-single type=single}

Pick one.

- [ ] Alpha <!--#alpha-->
  > FEEDBACK-ALPHA no.
- [x] Beta <!--#beta-->
  > FEEDBACK-BETA yes.

:::

::: question {#q-multiple type=multiple points=2}

Pick two.

- [x] Gamma <!--#gamma-->
  > FEEDBACK-GAMMA yes.
- [ ] Delta <!--#delta-->
  > FEEDBACK-DELTA no.
- [x] Epsilon <!--#epsilon-->
  > FEEDBACK-EPSILON yes.

::: hint {cost=1/4}

HINT-MULTIPLE two of them.

:::

:::

::: question {#q-order type=order points=2}

Put in order.

1. First <!--#first-->
2. Second <!--#second-->
3. Third <!--#third-->

:::

::: question {#q-tries type=single tries=2 penalty=1/2}

Pick one, twice.

- [ ] Eta <!--#eta-->
  > FEEDBACK-ETA no.
- [x] Theta <!--#theta-->
  > FEEDBACK-THETA yes.

:::

:::
"""

LOOSE = """# Loose

::: question {#q-loose type=single}

Yes or no?

- [x] Yes <!--#yes-->
- [ ] No <!--#no-->

:::
"""

SECRETS = ("FEEDBACK-", "FACILITATOR-NOTE", "HINT-")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="0 0 20 10"><path d="M0 5h20"/></svg>'
POINTS = 6


def build_town(
    folder: Path,
    version: str = "1.0.0",
    pages: Mapping[str, str] | None = None,
    assets: Mapping[str, str] | None = None,
    module: str = "town",
) -> Path:
    """Build the module and give its package.

    Args:
        folder: an empty or missing folder to work in.
        version: of the module.
        pages: Markdown by file name, in their order.
        assets: further files by their names.
        module: its id.
    """
    pages = {"reading.md": READING, "quiz.md": QUIZ} if pages is None else pages
    files = {
        "course.yaml": "id: town-course\ntitle: A town\ndescription: A town\nlanguage: en\nlicence: CC-BY-4.0\n"
        "theme: {accent: '#7a1f5c'}\n"
        f"authors: [Somebody]\nmodules: [{module}]\n",
        f"modules/{module}/module.yaml": f"id: {module}\nversion: {version}\ntitle: The town\nsummary: About a town\n"
        "duration: PT10M\nobjectives: [{id: own-it, text: Own the bridge}]\npassing: {score: 70}\n"
        f"pages: [{', '.join(pages)}]\n",
        f"modules/{module}/bridge.svg": SVG,
        **{f"modules/{module}/{name}": text for name, text in {**pages, **(assets or {})}.items()},
    }
    for name, text in files.items():
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    checked, [built] = make(folder / "source", folder / "built")
    assert not checked.has_errors, checked.problems
    return built.path
