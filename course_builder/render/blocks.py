"""How each fenced block is written as HTML: one entry a block, which stands where its fences stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

from course_builder.countries import country_name
from course_builder.model import Fence
from course_builder.render.attributes import attributes_html
from course_builder.render.embeds import embed_html, media_html, scene_html
from course_builder.render.setting import Run


@dataclass(frozen=True, slots=True)
class BlockHtml:
    """The markup before and after what a block holds.

    ``opening`` gets the run's tokens, the index of the ``block_open`` among them, and the run; it may look ahead.
    """

    opening: Callable[[Sequence[Token], int, Run], str]
    closing: str


def fence_of(tokens: Sequence[Token], index: int) -> Fence:
    """Give the opening line of the block at ``index``."""
    fence: Fence = tokens[index].meta["block"]
    return fence


def fence_attributes(fence: Fence, *classes: str) -> str:
    """Write the id and the classes of a block, with further classes of ours before them."""
    return attributes_html({"id": fence.id, "class": " ".join([*classes, *fence.classes])})


def _plain(tokens: Sequence[Token], index: int, run: Run) -> str:
    return f"<div{fence_attributes(fence_of(tokens, index))}>\n"


def _quiz(tokens: Sequence[Token], index: int, run: Run) -> str:
    quiz = fence_of(tokens, index).id
    return f'<section class="quiz" id="{run.own.mark({"id": quiz, "data-quiz": quiz})}">\n'


def _details(tokens: Sequence[Token], index: int, run: Run) -> str:
    fence = fence_of(tokens, index)
    return f"<details{fence_attributes(fence)}><summary>{escape(fence.attributes.get('title', ''))}</summary>\n"


def _group(tokens: Sequence[Token], index: int, run: Run) -> str:
    fence = fence_of(tokens, index)
    mark = run.own.mark({"id": fence.id, "role": "group", "aria-label": run.words["group"]})
    return f'<div class="group" id="{mark}">\n'


def _tab(tokens: Sequence[Token], index: int, run: Run) -> str:
    fence = fence_of(tokens, index)
    run.tabs += 1
    title = run.id("tab", run.tabs)
    own = run.own.mark({"id": fence.id, "aria-labelledby": title})
    words = escape(fence.attributes.get("title", ""), quote=False)
    return (
        f'<section class="{" ".join(["tab", *fence.classes])}" id="{own}">\n'
        f'<p class="tab-title" id="{title}">{words}</p>\n'
    )


def _tabs(tokens: Sequence[Token], index: int, run: Run) -> str:
    return f"<div{fence_attributes(fence_of(tokens, index), 'tabs')}>\n"


def _only(tokens: Sequence[Token], index: int, run: Run) -> str:
    fence = fence_of(tokens, index)
    medium, countries = fence.attributes.get("in"), fence.attributes.get("country")
    html = f"<div{fence_attributes(fence, 'only', *([f'only-{medium}'] if medium else []))}>\n"
    if countries:
        names = escape(", ".join(country_name(code, run.language) for code in countries.split("|")), quote=False)
        html += f'<p class="only-title">{run.words["only-country"].format(country=names)}</p>\n'
    return html


def _reflection(tokens: Sequence[Token], index: int, run: Run) -> str:
    fence = fence_of(tokens, index)
    own = {"id": fence.id, "data-reflection": fence.id, "data-unsaved": run.words["reflection-unsaved"]}
    own["aria-label"] = run.words["reflection"]
    return (
        f'<section class="{" ".join(["reflection", *fence.classes])}" id="{run.own.mark(own)}">\n'
        f'<p class="reflection-title">{run.words["reflection-title"]}</p>\n'
    )


PLAIN = BlockHtml(_plain, "</div>\n")
"""For blocks that say nothing by themselves."""

BLOCKS: Mapping[str, BlockHtml] = {
    "quiz": BlockHtml(_quiz, "</section>\n"),
    "group": BlockHtml(_group, "</div>\n"),
    "details": BlockHtml(_details, "</details>\n"),
    "tabs": BlockHtml(_tabs, "</div>\n"),
    "tab": BlockHtml(_tab, "</section>\n"),
    "only": BlockHtml(_only, "</div>\n"),
    "reflection": BlockHtml(_reflection, "</section>\n"),
    "media": BlockHtml(media_html, "</div>\n"),
    "embed": BlockHtml(embed_html, "</div>\n"),
    "scene": BlockHtml(scene_html, "</div>\n</section>\n"),
}
