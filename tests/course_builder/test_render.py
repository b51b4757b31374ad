import base64
import struct

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from course_builder.image_size import image_size
from course_builder.model import Asset
from course_builder.package.rendered import RenderedBlock
from course_builder.parser.rules.figures import figures_plugin
from course_builder.render import render_module
from course_builder.render.words import WORDS
from course_builder.sanitize import first_violation
from tests.course_builder.samples import SVG, block, members, module, page, place_of_question, question, text

MAP = "../../assets/5c6db55f6e090274-map.svg"


def rendered(tokens, **changes):
    made = module([page(tokens)], **changes)
    return render_module(made).pages[0]


def html(tokens, **changes):
    made = rendered(tokens, **changes).html
    assert first_violation(made) is None
    return made


def with_footnotes(source):
    return MarkdownIt("gfm-like2", {"linkify": False}).disable("linkify").use(footnote_plugin).parse(source)


def formulas(source):
    return (
        MarkdownIt("gfm-like2", {"linkify": False})
        .disable("linkify")
        .use(dollarmath_plugin, double_inline=True)
        .parse(source)
    )


def with_caption(source):
    table = list(text(source))
    return (
        table[0],
        Token("caption_open", "caption", 1, block=True),
        Token("inline", "", 0, content="Roles", children=[Token("text", "", 0, content="Roles")]),
        Token("caption_close", "caption", -1, block=True),
        *table[1:],
    )


TABLE = "| Role | Hours |\n|---|--:|\n| Owner | 4 |\n"


def test_renders_plain_markdown():
    assert html(text("A *b* **c** `d<e`\n\n- one\n- two\n\n> said\n")) == (
        "<p>A <em>b</em> <strong>c</strong> <code>d&lt;e</code></p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<blockquote>\n<p>said</p>\n</blockquote>"
    )


def test_names_a_table_by_its_caption_and_lets_it_scroll():
    assert html(with_caption(TABLE)) == (
        '<div class="table" role="region" tabindex="0" aria-labelledby="table_1"><table>\n'
        '<caption id="table_1">Roles</caption>\n'
        '<thead>\n<tr>\n<th scope="col">Role</th>\n<th scope="col" class="align-right">Hours</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td>Owner</td>\n<td class="align-right">4</td>\n</tr>\n</tbody>\n</table></div>'
    )


def test_writes_code_and_formulas_in_boxes_that_scroll():
    assert html(text("```python\nx = 1\n```\n")) == (
        '<pre role="group" tabindex="0" aria-label="Code"><code class="language-python">x = '
        '<span class="tok-number">1\n</span></code></pre>'
    )
    tokens = formulas("So $x$ and $$y$$.\n\n$$\nz\n$$\n")
    assert html(tokens) == (
        '<p>So <math display="inline"><mrow><mi>x</mi></mrow></math> and '
        '<span class="math" role="group" tabindex="0" aria-label="Formula">'
        '<math display="block"><mrow><mi>y</mi></mrow></math></span>.</p>\n'
        '<div class="math" role="group" tabindex="0" aria-label="Formula">'
        '<math display="block"><mrow><mi>z</mi></mrow></math></div>'
    )
    assert rendered(tokens).text == "So x and y. z"


def test_an_author_cannot_take_the_place_of_a_formula():
    forged = '<span id="m000000000000000000000000-0"></span> $x$'
    assert html(formulas(forged)).count("<math") == 1


def test_the_words_of_the_renderer_are_there_in_all_languages():
    assert {language: set(entries) for language, entries in WORDS.items()} == {each: set(WORDS["en"]) for each in WORDS}
    assert {"en", "et", "fi", "sv"} <= WORDS.keys()


def test_names_a_table_without_a_caption_too():
    assert 'role="region" tabindex="0" aria-label="Table"><table>' in html(text(TABLE))


def test_numbers_captions_on_a_page():
    made = html((*with_caption(TABLE), *with_caption(TABLE)))
    assert made.count('id="table_1"') == made.count('id="table_2"') == 1


def with_figure(source):
    return MarkdownIt("gfm-like2", {"linkify": False}).disable("linkify").use(figures_plugin).parse(source)


@pytest.mark.parametrize(
    ("title", "caption"),
    [
        ('"From *a* to b"', "From <em>a</em> to b"),
        ("'A `list`'", "A <code>list</code>"),
        (r'"A \"star\": \*"', 'A "star": *'),
    ],
)
def test_makes_a_figure_of_an_image_that_stands_alone_with_a_title(title, caption):
    made = html(with_figure(f"![The *route*](asset:modules/m1/assets/map.svg {title})"))
    assert made == (
        f'<figure><img alt="The route" src="{MAP}" width="320" height="200" loading="lazy" decoding="async">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def test_leaves_an_image_in_its_sentence():
    made = html(text('See ![this](asset:modules/m1/assets/map.svg "A title") map.'))
    assert made.startswith('<p>See <img alt="this"')
    assert 'title="A title"' in made


@pytest.mark.parametrize(
    "source", ["https://example.org/a.png", "//example.org/a.png", "data:image/png;base64,aaaa", "../../../etc/passwd"]
)
def test_shows_no_image_from_outside_the_package(source):
    made = html(text(f'<img src="{source}" alt="x">'))
    assert "src=" not in made
    assert 'alt="x"' in made


def test_finds_the_asset_of_a_raw_image_beside_its_page():
    assert f'src="{MAP}"' in html(text('<img src="assets/map.svg" alt="x">'))


def test_leads_to_pages_of_the_module_by_relative_links():
    assert html(text("[next](page:second#two)")) == '<p><a href="second#two" data-page="second">next</a></p>'


def test_offers_assets_for_download():
    assert f'<a href="{MAP}">map</a>' in html(text("[map](asset:modules/m1/assets/map.svg)"))


def test_opens_other_sites_in_a_new_window_and_says_so():
    assert html(text("[law](https://example.org/?a=1&b=2)")) == (
        '<p><a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener" aria-describedby="_new-window">'
        "law</a></p>"
    )


def test_mail_and_anchors_stay_in_their_window():
    assert (
        html(text("[a](mailto:a@example.org) [b](#b)"))
        == '<p><a href="mailto:a@example.org">a</a> <a href="#b">b</a></p>'
    )


@pytest.mark.parametrize("kind", ["Note", "Tip", "Important", "Warning", "Caution"])
def test_renders_alerts_as_notes_with_a_title(kind):
    assert html(text(f"> [!{kind.upper()}]\n> Do it.\n")).splitlines() == [
        f'<div class="alert alert-{kind.lower()}" role="note">',
        f'<p class="alert-title">{kind}</p>',
        "<p>Do it.</p>",
        "</div>",
    ]


def test_renders_task_lists_as_checklists_that_say_nothing_about_being_done():
    made = html(text("- [x] done\n- [ ] open\n"))
    assert [line.partition("<label")[0] for line in made.splitlines()[1:3]] == [
        '<li class="check"><input type="checkbox" id="check_1">',
        '<li class="check"><input type="checkbox" id="check_2">',
    ]


def test_numbers_footnotes_by_citation_and_leads_back_to_each():
    made = html(with_footnotes("A[^b] B[^a] C[^b]\n\n[^a]: First.\n[^b]: Second."))
    assert '<a href="#fn_1" id="fnref_1_1" aria-label="Footnote 1">1</a>' in made
    assert '<a href="#fn_2" id="fnref_2_1" aria-label="Footnote 2">2</a>' in made
    assert '<a href="#fn_1" id="fnref_1_2" aria-label="Footnote 1">1</a>' in made
    assert '<section class="footnotes" aria-label="Footnotes">' in made
    assert (
        '<li id="fn_1"><p>Second. <a class="footnote-back" href="#fnref_1_1" aria-label="Back to reference 1">' in made
    )
    assert made.count("footnote-back") == 3


def test_a_page_carries_no_footnote_that_only_its_facilitator_cites():
    tokens = with_footnotes("For all[^a].\n\nFor trainers[^b].\n\n[^a]: Public.\n[^b]: Secret.")
    made = rendered((*tokens[:3], *block("facilitator", tokens[3:6]), *tokens[6:]))
    assert "Public." in made.html
    assert "Secret" not in made.html
    assert "trainers" not in made.html + made.text
    assert len(made.facilitator) == 1
    assert "Secret." in made.facilitator[0]
    assert "Public" not in made.facilitator[0]
    assert 'href="#facilitator_1_fn_1"' in made.facilitator[0]


def test_footnotes_of_a_question_have_ids_of_their_own_without_the_ids_of_options():
    stem = tuple(with_footnotes("Which[^a]?\n\n[^a]: Law."))
    asked = question("q-once", stem=stem)
    made = render_module(module([page([place_of_question("q-once")], [asked])])).questions["q-once"]
    assert 'href="#q-once_' in made.stem
    assert "Law." in made.stem


def test_renders_details_and_nested_places():
    tokens = block("details", [*text("Look."), place_of_question("q")], "more", title="More & more")
    assert html(tokens) == (
        '<details id="more"><summary>More &amp; more</summary>\n<p>Look.</p>\n<div data-question="q"></div>\n</details>'
    )


def test_renders_a_quiz_as_a_section_around_its_places():
    assert html(block("quiz", [*text("Go."), place_of_question("q")], "check", title="T")) == (
        '<section class="quiz" id="check" data-quiz="check">\n<p>Go.</p>\n<div data-question="q"></div>\n</section>'
    )


@pytest.mark.parametrize(
    "forged",
    [
        '<div data-question="q-other"></div>',
        '<section class="quiz" data-quiz="other">x</section>',
        '<a href="#x" data-page="other">x</a>',
        '<div id="m0-0">x</div>',
        '<div role="button" tabindex="0" aria-label="x">x</div>',
        '<a href="#x" target="_top" rel="opener">x</a>',
    ],
)
def test_an_author_cannot_forge_our_own_attributes(forged):
    made = html((*text(forged), place_of_question("q-mine")))
    assert made.count("data-") == 1
    assert 'data-question="q-mine"' in made
    for attribute in ("role", "tabindex", "aria-", "target", "rel="):
        assert attribute not in made


def test_a_mark_that_is_copied_from_one_text_means_nothing_in_another():
    # The mark of a run is made from its text, so writing the mark into the text changes it.
    from course_builder.render.own import OwnAttributes

    for _ in range(3):
        tokens = text("A page.")
        mark = OwnAttributes(tokens).mark({"data-question": "q"})
        made = html((*text(f'A page.\n\n<div id="{mark}">x</div>'), place_of_question("q-mine")))
        assert made.count("data-question") == 1


def test_stray_end_tags_leave_a_well_formed_page():
    made = html((*text("<div>\n\nA\n\n</section></p></details>"), *block("quiz", [place_of_question("q")], "check")))
    assert made.count("<section") == made.count("</section>") == 1
    assert made.count("<div") == made.count("</div>")


def test_raw_html_that_swallows_a_place_is_refused():
    with pytest.raises(ValueError, match="swallows"):
        rendered((*text("<textarea>\n"), place_of_question("q")))


@pytest.mark.parametrize(
    "raw",
    ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "<style>p{}</style>", "<iframe src=x></iframe>"],
)
def test_active_content_does_not_get_through(raw):
    made = html(text(f"A\n\n{raw}\n\nB"))
    assert "alert" not in made
    assert "<script" not in made
    assert "onerror" not in made
    assert "p{}" not in made


def test_keeps_a_language_that_an_author_gave():
    span = Token("span_open", "span", 1, meta={"attributes": {"lang": "fi", "onclick": "x"}})
    inline = Token(
        "inline", "", 0, children=[span, Token("text", "", 0, content="kunta"), Token("span_close", "span", -1)]
    )
    paragraph = text("x")
    assert html((paragraph[0], inline, paragraph[2])) == '<p><span lang="fi">kunta</span></p>'


def test_search_finds_words_and_headings_and_no_questions():
    made = rendered(
        (*text("## Who *owns* it\n\nA `name`."), place_of_question("q"), *block("facilitator", text("Secret.")))
    )
    assert made.headings == ("Who owns it",)
    assert made.text == "Who owns it A name."


def test_lists_ids_that_authors_gave_and_not_those_made_from_text():
    given, made_from_text = list(text("## One\n")), list(text("## Two\n"))
    given[0].attrs["id"] = "one"
    made_from_text[0].attrs["id"] = "two"
    made_from_text[0].meta["is_made_from_text"] = True
    tokens = (*given, *made_from_text, *block("details", text("Deep."), "more", title="M"))
    assert rendered(tokens).blocks == (RenderedBlock("one", "heading", "One"), RenderedBlock("more", "block", "Deep."))


def test_an_option_of_one_paragraph_is_text_for_its_label():
    made = render_module(module([page([], [question("q")])])).questions["q"]
    assert made.options["reuse"] == "The <em>reuse</em> option."


def test_alert_titles_fall_back_to_english():
    assert ">Note</p>" in html(text("> [!NOTE]\n> x"), language="xx")


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAEElEQVR42mNk+M/wn4EIAAAb/gL/QkvGIQAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("data", "media_type", "size"),
    [
        (PNG, "image/png", (3, 2)),
        (SVG, "image/svg+xml", (320, 200)),
        (b'<?xml version="1.0"?><svg viewBox="0 0 640.4 360" xmlns="x">', "image/svg+xml", (640, 360)),
        (b'<svg width="100%" height="100%">', "image/svg+xml", None),
        (b"GIF89a" + struct.pack("<HH", 7, 9), "image/gif", (7, 9)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x05\x00\x06", "image/jpeg", (6, 5)),
        (b"\xff\xd8\xff", "image/jpeg", None),
        (b"\xff\xd8" + b"\xff\xe0\x00\x02" * 3, "image/jpeg", None),
        (b"\x89PNG\r\n\x1a\n", "image/png", None),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 20, "image/png", None),
        (b"", "image/svg+xml", None),
        (SVG, "text/csv", None),
    ],
)
def test_reads_the_size_of_an_image_where_it_is_plainly_there(data, media_type, size):
    assert image_size(data, media_type) == size


def test_two_assets_of_one_name_stay_apart():
    other = Asset("modules/m1/other/map.svg", b"<svg/>", "image/svg+xml")
    files = members(module([page([])], assets=(*module().assets, other)))
    assert sum(path.endswith("-map.svg") for path in files) == 2
