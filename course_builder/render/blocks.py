"""How each fenced block is written as HTML: one entry a block, which stands where its fences stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from markdown_it.token import Token

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


PLAIN = BlockHtml(_plain, "</div>\n")
"""For blocks that say nothing by themselves."""

BLOCKS: Mapping[str, BlockHtml] = {
    "quiz": BlockHtml(_quiz, "</section>\n"),
    "group": BlockHtml(_group, "</div>\n"),
    "details": BlockHtml(_details, "</details>\n"),
    "media": BlockHtml(media_html, "</div>\n"),
    "embed": BlockHtml(embed_html, "</div>\n"),
    "scene": BlockHtml(scene_html, "</div>\n</section>\n"),
}
