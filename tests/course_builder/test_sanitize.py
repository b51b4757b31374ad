from pathlib import Path

import pytest
from bleach._vendor.html5lib import parseFragment
from hypothesis import given
from hypothesis import strategies as st

import course_builder
from course_builder.build import check
from course_builder.render import render_module
from course_builder.sanitize import (
    AUTHOR_CLASSES,
    COMMON_ATTRIBUTES,
    DROPPED_WITH_CONTENT,
    OWN_ATTRIBUTES,
    OWN_TAGS,
    TAGS,
    disallowed,
    first_violation,
    sanitize,
)
from tests.course_builder.hostile_html import CASES, DIFFERENCES

COURSES = Path(__file__).parents[2] / "courses"


def tree(html):
    """Parse as a browser does, to nested tuples; text that stands side by side is one."""

    def shape(element):
        children = [element.text or ""]
        for child in element:
            children += [shape(child), child.tail or ""]
        return element.tag, tuple(sorted(element.attrib.items())), tuple(part for part in children if part)

    return shape(parseFragment(html, namespaceHTMLElements=False))


def elements(node):
    yield node
    for child in node[2]:
        if not isinstance(child, str):
            yield from elements(child)


@pytest.mark.parametrize("engine", ["nh3", "bleach"])
@pytest.mark.parametrize("html", CASES.values(), ids=CASES)
def test_leaves_only_what_the_list_allows(html, engine):
    clean = sanitize(html, engine)
    for tag, attributes, _ in list(elements(tree(clean)))[1:]:
        assert tag in TAGS
        for name, value in attributes:
            assert name in TAGS[tag] | COMMON_ATTRIBUTES
            assert not value.lower().lstrip().startswith(("javascript:", "data:", "vbscript:", "//", "\\"))


@pytest.mark.parametrize("html", CASES.values(), ids=CASES)
def test_both_engines_agree_on_what_a_browser_will_see(html):
    is_same = tree(sanitize(html, "nh3")) == tree(sanitize(html, "bleach"))
    assert is_same == (html not in {CASES[name] for name in DIFFERENCES})


@pytest.mark.parametrize(
    "html",
    [
        '<p>"a" &quot;b&quot; &auml; &lt;b&gt; 5 &lt; 6 &amp;lt; &#39; \xa0 &nbsp; &amp; &foo; &copy &gt;</p>',
        '<abbr title="a &quot; &gt; > &auml; &amp;lt; \xa0 &nbsp; \' &lt; &foo;">x</abbr>',
        '<a href="https://example.org/?a=1&amp;copy=2">x</a>',
    ],
)
def test_both_engines_write_references_alike(html):
    assert sanitize(html, "nh3") == sanitize(html, "bleach")


@pytest.mark.parametrize("html", CASES.values(), ids=CASES)
def test_what_was_cleaned_is_in_plain_form_and_stays_as_it_is(html):
    clean = sanitize(html)
    assert first_violation(clean) is None
    # A parser drops one line break at the start of pre, and the serialiser does not put it back.
    assert sanitize(clean).replace("<pre>\n", "<pre>") == clean.replace("<pre>\n", "<pre>")


@given(st.text(st.sampled_from("<>/=\"'&;! -abpi\n\x00"), max_size=60) | st.text(max_size=40))
def test_any_text_comes_out_in_plain_form(html):
    clean = sanitize(html)
    assert first_violation(clean) is None
    assert sanitize(clean) == clean


FRAGMENTS = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<a href='#a'>",
    "</a>",
]
FRAGMENTS += [
    "<ul>",
    "<li>",
    "</ul>",
    "<svg>",
    "</svg>",
    "<style>",
    "</style>",
    "<math>",
    "<mtext>",
    "x",
    "<!--",
    "-->",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_cleaning_twice_is_cleaning_once(html):
    clean = sanitize(html)
    assert first_violation(clean) is None
    assert tree(sanitize(clean)) == tree(clean)


def test_nothing_of_ours_can_be_written_by_an_author():
    assert not OWN_TAGS.keys() & TAGS.keys()
    for tag, attributes in OWN_ATTRIBUTES.items():
        assert not attributes & (TAGS[tag] | COMMON_ATTRIBUTES)
        for attribute in attributes:
            # A row is dropped where there is no table around it.
            html = f'<table><tbody><{tag} {attribute}="x">' if tag == "tr" else f'<{tag} {attribute}="x">'
            assert attribute not in sanitize(html)
            assert f"<{tag}>" in sanitize(html)
    for tag in OWN_TAGS:
        assert sanitize(f"<{tag} controls hidden>x</{tag}>") == "x"


def test_the_design_has_every_class_that_an_author_may_name():
    """But ``decorative``, which only says that an image needs no words."""
    rules = (Path(course_builder.__file__).parent / "player" / "prose.css").read_text(encoding="utf-8")
    assert AUTHOR_CLASSES - {name for name in AUTHOR_CLASSES if f".{name} {{" in rules} == {"decorative"}


def test_what_is_dropped_with_its_content_is_not_allowed():
    assert not DROPPED_WITH_CONTENT & TAGS.keys()


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p class="lead">a <b>b</b></p>', []),
        ("a <script>b</script>", [(2, "the element <script>"), (11, "the element </script>")]),
        ("<p onclick=x>", [(3, "the attribute onclick on <p>")]),
        ('<p  title="x" ID="1a">', [(4, "the attribute title on <p>")]),
        ('<p class="lead odd">', [(3, "the class odd")]),
        ('<a href="java&#115;cript:x">', [(3, "the value 'javascript:x' of the attribute href")]),
        ("<a href=//example.org>", [(3, "the value '//example.org' of the attribute href")]),
        ('<p id="_a">', [(3, "the value '_a' of the attribute id")]),
        ("<IMG SRC=a.png ALT='x > y'>", []),
        ("<br/><hr />", []),
        ("<!-- <script> --><p>", []),
        ("<div title='", [(0, "a tag that is not closed"), (5, "the attribute title on <div>")]),
        ("<!-- a", [(0, "a declaration, or a comment that is not closed")]),
        ("<?php echo 1 ?>", [(0, "a declaration, or a comment that is not closed")]),
        ("<p", [(0, "a tag that is not closed")]),
        ("1 < 2", []),
        ('<div data-question="q">', [(5, "the attribute data-question on <div>")]),
        ("<details open><summary>", []),
        ("<td colspan=x>", [(4, "the value 'x' of the attribute colspan")]),
    ],
)
def test_names_what_an_author_may_not_write_and_where(html, found):
    assert sorted(disallowed(html)) == sorted((offset, what) for offset, what in found)


def words(html):
    """Give the text of all elements, without comments and white space at the ends."""
    return "".join(
        part for node in elements(tree(html)) if isinstance(node[0], str) for part in node[2] if isinstance(part, str)
    ).strip("\ufeff\n")


@pytest.mark.parametrize("html", CASES.values(), ids=CASES)
def test_no_words_are_lost_without_a_word_to_the_author(html):
    if not list(disallowed(html)):
        assert words(sanitize(html)) == words(html)


def html_of(rendered):
    for page in rendered.pages:
        yield from (page.html, *page.facilitator)
    for question in rendered.questions.values():
        yield from (question.stem, *question.options.values(), *question.option_feedback.values(), *question.hints)


def test_both_engines_agree_on_every_page_of_our_courses():
    folders = [path.parent for path in COURSES.glob("*/course.yaml")]
    modules = [module for folder in folders for module in check(folder).course.modules]
    assert modules
    for module in modules:
        pairs = zip(*(html_of(render_module(module, engine)) for engine in ("nh3", "bleach")), strict=True)
        for one, other in pairs:
            assert first_violation(one) is None
            assert first_violation(other) is None
            assert tree(one) == tree(other)
