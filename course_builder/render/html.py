# ruff: noqa: D102 - a rule is named after the token that it renders.
"""markdown-it's renderer with our rules: one method per kind of token."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from course_builder.formulas import to_mathml
from course_builder.highlight import highlighted, language_of
from course_builder.model import Hotspot
from course_builder.render.attributes import attributes_html
from course_builder.render.blocks import BLOCKS, PLAIN, BlockHtml
from course_builder.render.embeds import transcript_end_html, transcript_html
from course_builder.render.setting import Run

_AUTHOR_ATTRIBUTES = frozenset({"dir", "height", "hreflang", "lang", "width"})
"""What an author may write in braces beside an id and classes."""

_ALIGNMENTS = {"text-align:center": "align-center", "text-align:right": "align-right"}


class Renderer(RendererHTML):
    """Rules by token type; ``env["run"]`` is the :class:`Run`."""

    @staticmethod
    def renderAttrs(token: Token) -> str:  # noqa: N802 - the name is markdown-it's.
        """Render a token's attributes, with those that an author wrote in braces."""
        if not token.attrs and not token.meta:
            return ""
        written = token.meta.get("attributes", {})
        attributes = {**token.attrs, **{name: written[name] for name in written.keys() & _AUTHOR_ATTRIBUTES}}
        for name in attributes.keys() & {"href", "src"}:
            address = str(attributes[name])
            if address.startswith("asset:"):  # A name may hold what no address may, such as a space.
                attributes[name] = f"asset:{quote(address.removeprefix('asset:'))}"
        return attributes_html(dict(sorted(attributes.items())))

    # Figures: an image that stands alone and has a caption.

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if _is_captioned(tokens, idx + 2):
            return "<figure>"
        return self.renderToken(tokens, idx, options, env)

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if idx and tokens[idx - 1].type == "figcaption_close":
            return "</figure>\n"
        return self.renderToken(tokens, idx, options, env)

    def figcaption_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "<figcaption>"

    def figcaption_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</figcaption>"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        shown = token.copy()
        shown.attrs = {**token.attrs, "alt": self.renderInlineAsText(token.children, options, env)}
        return f"<img{self.renderAttrs(shown)}>"

    # Tables: in a box that scrolls on narrow screens, named by their caption.

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        run = _run(env)
        run.tables += 1
        own = {"role": "region", "tabindex": "0"}
        if tokens[idx + 1].type == "caption_open":
            own["aria-labelledby"] = run.id("table", run.tables)
        else:
            own["aria-label"] = run.words["table"]
        return f'<div class="table" id="{run.own.mark(own)}">{self.renderToken(tokens, idx, options, env)}'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    def caption_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        run = _run(env)
        return f'<caption id="{run.id("table", run.tables)}">'

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<th scope="col"{_aligned(tokens[idx])}>'

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<td{_aligned(tokens[idx])}>"

    def tr_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        hotspot: Hotspot | None = tokens[idx].meta.get("hotspot")
        if hotspot is None:
            return self.renderToken(tokens, idx, options, env)
        own = {"data-yaw": f"{hotspot.yaw:g}", "data-pitch": f"{hotspot.pitch:g}"}
        return f'<tr id="{_run(env).own.mark(own)}">\n'

    def row_header_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<th scope="row"{_aligned(tokens[idx])}>'

    def row_header_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</th>\n"

    # Code and formulas: wide ones scroll in their place, by the keyboard too.

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token, run = tokens[idx], _run(env)
        language = language_of(token.info)
        # A block that grows with the page is no place to stop at for a key press, but one can't know which will.
        own = run.own.mark({"role": "group", "tabindex": "0", "aria-label": run.words["code"]})
        name = f' class="language-{escape(language)}"' if language else ""
        return f'<pre id="{own}"><code{name}>{highlighted(token.content, language)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.fence(tokens, idx, options, env)

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _run(env).own.place(to_mathml(tokens[idx].content, is_display=False))

    def math_inline_double(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<span class="math" id="{_scrolling(_run(env))}">{_displayed(tokens[idx], _run(env))}</span>'

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<div class="math" id="{_scrolling(_run(env))}">{_displayed(tokens[idx], _run(env))}</div>\n'

    # Alerts and lists.

    def alert_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        kind = str(tokens[idx].meta["kind"]).lower()
        return f'<div class="alert alert-{kind}" id="{_run(env).own.mark({"role": "note"})}">\n'

    def alert_title_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<p class="alert-title">'

    def bullet_list_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if tokens[idx].attrs.get("class") == "contains-task-list":
            return '<ul class="checklist">\n'
        return self.renderToken(tokens, idx, options, env)

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # The list is a learner's own, so whether a box is ticked is not ours.
        item = tokens[idx]
        if "class" in item.attrs or "checked" in item.meta:
            attrs = {name: value for name, value in item.attrs.items() if name != "class"}
            item = item.copy(attrs={**attrs, "class": "check"} if "checked" in item.meta else attrs)
        return self.renderToken([item, *tokens[idx + 1 : idx + 2]], 0, options, env)

    def check_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        run = _run(env)
        run.boxes += 1
        box = run.id("check", run.boxes)
        return run.own.place(f'<input type="checkbox" id="{box}">') + f'<label id="{run.own.mark({"for": box})}">'

    def check_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</label>"

    # Links: to terms of the glossary, and to what may not be there to open.

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        run, address = _run(env), str(tokens[idx].attrs.get("href", ""))
        if not address.startswith("term:"):
            return self.renderToken(tokens, idx, options, env)
        term = run.glossary.get(address.removeprefix("term:"))
        if term is None:
            return '<a class="term">'
        run.terms.setdefault(term.id, term)
        mark = run.own.mark({"data-term": term.id})
        return f'<a class="term" href="#{run.id("term", term.id)}" id="{mark}">'

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        opening = next(tokens[at] for at in range(idx - 1, -1, -1) if tokens[at].type == "link_open")
        title = opening.meta.get("module_title")
        where = _run(env).words["elsewhere"].format(module=escape(title, quote=False)) if title else ""
        return f"</a> <small>{where}</small>" if where else "</a>"

    # Footnotes, numbered by their first citation in the run.

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        run, footnote = _run(env), tokens[idx].meta["id"]
        if footnote not in run.footnotes:  # Pages with problems are shown while they are written.
            return escape(f"[^{tokens[idx].meta['label']}]")
        run.cite(footnote)
        number = run.numbers[footnote]
        own = {
            "id": run.id("fnref", number, run.citations[footnote]),
            "aria-label": run.words["footnote"].format(number=number),
        }
        mark = run.own.mark(own)
        return f'<sup class="footnote-ref"><a href="#{run.id("fn", number)}" id="{mark}">{number}</a></sup>'

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if tokens[idx].meta["subId"]:
            return ""
        run, footnote = _run(env), int(tokens[idx].meta["id"])
        number = run.numbers[footnote]
        return "".join(_back_link(run, number, citation) for citation in range(1, run.citations[footnote] + 1))

    # Our own constructions.

    def question(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<div id="{_run(env).own.mark({"data-question": tokens[idx].meta["id"]})}"></div>\n'

    def transcript_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return transcript_html(_run(env))

    def transcript_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return transcript_end_html(tokens[idx], _run(env))

    def session(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # What stands there is rendered piece by piece, and put in by ``workshop.py``.
        return f'<div id="{_run(env).own.mark({"data-place": tokens[idx].meta["id"]})}"></div>\n'

    worksheet = poll = board = note = session

    def gap(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<span id="{_run(env).own.mark({"data-gap": tokens[idx].meta["id"]})}"></span>'

    def block_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _block(tokens[idx]).opening(tokens, idx, _run(env))

    def block_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _block(tokens[idx]).closing


def _run(env: EnvType) -> Run:
    run: Any = env["run"]
    assert isinstance(run, Run)  # noqa: S101 - tells the types what render_run put there.
    return run


def _scrolling(run: Run) -> str:
    return run.own.mark({"role": "group", "tabindex": "0", "aria-label": run.words["formula"]})


def _displayed(formula: Token, run: Run) -> str:
    return run.own.place(to_mathml(formula.content, is_display=True))


def _is_captioned(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].type == "figcaption_open"


def _aligned(cell: Token) -> str:
    if not cell.attrs:
        return ""
    return attributes_html({"id": cell.attrs.get("id"), "class": _ALIGNMENTS.get(str(cell.attrs.get("style", "")))})


def _block(token: Token) -> BlockHtml:
    return BLOCKS.get(token.meta["block"].name, PLAIN)


def _back_link(run: Run, number: int, citation: int) -> str:
    mark = run.own.mark({"aria-label": run.words["back"].format(number=number)})
    # The variation selector keeps phones from showing the arrow as a picture.
    return f' <a class="footnote-back" href="#{run.id("fnref", number, citation)}" id="{mark}">↩\ufe0e</a>'
