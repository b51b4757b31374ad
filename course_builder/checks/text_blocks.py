"""Tabs, text for one place only, private notes."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.countries import is_country
from course_builder.model import Course, Fence, Problem, Tokens
from course_builder.tokens import end_of, place_of, runs

_MEDIA = ("print", "screen")


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each of these blocks that does not hold or say what it has to."""
    for module in course.modules:
        for page in module.pages:
            for run in runs(page):
                for index, token in enumerate(run):
                    if token.type == "block_open":
                        content = run[index + 1 : end_of(run, index)]
                        yield from _block(token.meta["block"], content, page.path)
                        if token.meta["block"].name == "only" and "is_own_country" not in token.meta:
                            yield from _only(token.meta["block"])


def _block(fence: Fence, content: Tokens, path: str) -> Iterator[Problem]:
    if fence.name == "tabs":
        yield from _tabs(fence, content, path)
    elif fence.name in {"tab", "reflection", "only"} and not content:
        hint = "Write its text, or delete it."
        yield Problem(fence.place, "error", "block-empty", f"this `{fence.name}` is empty", hint)
    if fence.name == "reflection" and not fence.id:
        hint = "Write ::: reflection {#word}, with a word that says what it is about."
        yield Problem(fence.place, "error", "id-missing", "this reflection has no id", hint)


def _tabs(fence: Fence, content: Tokens, path: str) -> Iterator[Problem]:
    titles: list[str] = []
    index = 0
    while index < len(content):
        token = content[index]
        if token.type == "block_open" and token.meta["block"].name == "tab":
            title = token.meta["block"].attributes.get("title", "").strip()
            if title in titles:
                message = f"two tabs have the title `{title}`"
                yield Problem(token.meta["block"].place, "error", "tab-twice", message, "Give one another title.")
            titles.append(title)
        else:
            hint = "Put it into a ::: tab, or before the tabs."
            yield Problem(place_of(path, token), "error", "tabs-content", "this stands among tabs, but in none", hint)
        index = end_of(content, index) + 1
    if len(titles) < 2:
        hint = "Write a second ::: tab, or use ::: details."
        yield Problem(fence.place, "error", "tabs-too-few", "there are fewer than two tabs here", hint)


def _only(fence: Fence) -> Iterator[Problem]:
    medium, countries = fence.attributes.get("in"), fence.attributes.get("country")
    if medium is None and countries is None:
        hint = "Write in=print, in=screen or country=fi."
        yield Problem(fence.place, "error", "attribute-missing", "this `only` does not say where", hint)
    if medium is not None and medium not in _MEDIA:
        hint = f"Write one of {', '.join(_MEDIA)}."
        yield Problem(fence.place, "error", "attribute-value", f"`in` cannot be `{medium}`", hint)
    for code in (countries or "").split("|") if countries is not None else ():
        if not is_country(code):
            hint = 'Write two small letters, as in country=fi, or several: country="fi|ee".'
            yield Problem(fence.place, "error", "attribute-value", f"`country` cannot be `{code}`", hint)
