"""Render one run of text: a page, a stem, an option, a hint …; each stands on its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from course_builder.model import Term, Tokens
from course_builder.render.addresses import Addresses
from course_builder.render.html import Renderer
from course_builder.render.own import OwnAttributes
from course_builder.render.setting import Run
from course_builder.sanitize import Engine, sanitize
from course_builder.tokens import end_of


@dataclass(frozen=True, slots=True)
class Setting:
    """What all runs on a page share."""

    words: Mapping[str, str]
    addresses: Addresses
    page_path: str
    engine: Engine = "nh3"
    language: str = "en"
    glossary: Mapping[str, Term] = field(default_factory=dict)
    """By id, the terms that the module uses."""


def render_run(tokens: Tokens, setting: Setting, prefix: str = "") -> str:
    """Render tokens to sanitised HTML, with the footnotes that they cite, and no others, at the end.

    Raises:
        ValueError: if raw HTML swallows a place of ours; the checks report such HTML before.
    """
    body, footnotes = split_footnotes(tokens)
    run = Run(
        OwnAttributes(tokens),
        setting.words,
        prefix,
        footnotes,
        addresses=setting.addresses,
        language=setting.language,
        glossary=setting.glossary,
    )
    html = _to_html(list(_with_boxes(_with_own_titles(body, setting.words))), run)
    if run.cited:
        html += _footnotes_html(run)
    if run.terms:
        html += _glossary_html(run)
    return setting.addresses.fill_in(run.own.put_in(sanitize(html, setting.engine)), setting.page_path).strip()


def part_prefix(question_id: str, tokens: Tokens) -> str:
    """Make the prefix of ids in a part of a question from its content: an option's own id must not be served."""
    content = "\0".join(token.content for token in tokens)
    return f"{question_id}_{hashlib.sha256(content.encode()).hexdigest()[:8]}_"


def split_footnotes(tokens: Sequence[Token]) -> tuple[Sequence[Token], Mapping[int, Sequence[Token]]]:
    """Take the footnotes off the end of a run, by their number in it."""
    start = next((index for index, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    footnotes: dict[int, Sequence[Token]] = {}
    index = start + 1
    while index < len(tokens) and tokens[index].type == "footnote_open":
        end = end_of(tokens, index)
        footnotes[int(tokens[index].meta["id"])] = tokens[index + 1 : end]
        index = end + 1
    return tokens[:start], footnotes


def _footnotes_html(run: Run) -> str:
    items: list[str] = []
    # A footnote may cite a further one: the citations grow while they are gone through.
    for footnote in run.cited:
        items.append(f'<li id="{run.id("fn", len(items) + 1)}">{_to_html(run.footnotes[footnote], run)}</li>\n')
    mark = run.own.mark({"aria-label": run.words["footnotes"]})
    return f'<section class="footnotes" id="{mark}">\n<ol>\n{"".join(items)}</ol>\n</section>'


def _glossary_html(run: Run) -> str:
    """Write the terms that the run links, and those that their definitions link, where they were linked first."""
    items: list[str] = []
    while len(items) < len(run.terms):
        term = list(run.terms.values())[len(items)]
        title = escape(term.title, quote=False)
        items.append(f'<dt id="{run.id("term", term.id)}">{title}</dt>\n<dd>{_to_html(term.tokens, run)}</dd>\n')
    words = run.words["terms"]
    mark = run.own.mark({"aria-label": words})
    return (
        f'<section class="glossary" id="{mark}">\n<p class="glossary-title">{words}</p>\n'
        f"<dl>\n{''.join(items)}</dl>\n</section>"
    )


def _with_boxes(tokens: Iterable[Token]) -> Iterator[Token]:
    """Put the first words of each item of a checklist between the tokens that write its box and label."""
    is_item = False
    for token in tokens:
        if token.type == "list_item_open":
            is_item = "checked" in token.meta
        elif token.type == "inline" and is_item:
            is_item = False
            children = [Token("check_open", "", 1), *(token.children or ()), Token("check_close", "", -1)]
            token = token.copy(children=children)
        elif token.type != "paragraph_open":
            is_item = False
        yield token


def _with_own_titles(tokens: Sequence[Token], words: Mapping[str, str]) -> Iterator[Token]:
    """Give alerts their titles in the module's language; markdown-it writes them in English."""
    for index, token in enumerate(tokens):
        if index > 1 and tokens[index - 1].type == "alert_title_open":
            yield token.copy(children=[Token("text", "", 0, content=words[str(tokens[index - 2].meta["kind"])])])
        else:
            yield token


def _to_html(tokens: Sequence[Token], run: Run) -> str:
    parser = _parser()
    return str(parser.renderer.render(tokens, parser.options, {"run": run}))


@cache
def _parser() -> MarkdownIt:
    """Hold the renderer and its options; nothing is parsed here."""
    return MarkdownIt("gfm-like2", {"linkify": False}, renderer_cls=Renderer)
