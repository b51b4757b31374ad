"""What HTML may hold, as data, and the two engines that enforce it.

The allow-list below is the only one: it cleans what authors write (with nh3, or with bleach as the second opinion),
names what is not allowed for the checks, and is what a package is held to when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from html import escape, unescape
from html.entities import html5
from typing import Any, Literal

from course_builder import mathml
from course_builder.html_comments import blank_comments

Engine = Literal["nh3", "bleach"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON_ATTRIBUTES = _words("class dir id lang")

_BLOCKS = _words(
    "p div section blockquote hr ul dl dt dd h2 h3 h4 h5 h6 pre figure figcaption summary"
    " table caption thead tbody tfoot tr"
)
_INLINES = _words(
    "b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup label u var wbr"
)
_VOID = _words("br hr img input track wbr")

TAGS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_BLOCKS | _INLINES, _words("")),
    "a": _words("href hreflang"),
    "abbr": _words("title"),
    "details": _words("open"),
    "img": _words("alt height src title width"),
    "li": _words("value"),
    "ol": _words("reversed start"),
    "td": _words("colspan rowspan"),
    "th": _words("colspan rowspan scope"),
    "time": _words("datetime"),
}
"""Allowed elements, each with its attributes beside :data:`COMMON_ATTRIBUTES`."""

AUTHOR_CLASSES = _words("decorative lead small wide")
"""Classes of the design system that an author may name."""

OWN_CLASSES = _words(
    "alert alert-note alert-tip alert-important alert-warning alert-caution alert-title"
    " align-center align-right checklist group math footnote-back footnote-ref footnotes quiz table"
    " check glossary glossary-title term only only-print only-screen only-title reflection reflection-title"
    " tab tab-title tabs"
    " tok-comment tok-deleted tok-inserted tok-keyword tok-name tok-number tok-string"
    " actions ask ask-note button button-primary embed media scene scene-bar scene-stage scene-status scene-text"
    " transcript visually-hidden"
    " session session-title agenda step step-time step-body step-title step-who sides side side-title materials"
    " worksheet worksheet-title release sheet-release sheet-names fields field-label field-kind blank"
    " field field-text field-long field-number field-date field-choice field-choices field-scale field-table"
    " field-people field-link field-file options options-one options-some scale"
    " space space-text space-long space-number space-date space-people space-link space-file space-column"
    " poll board board-columns column-title kind later"
)
"""Classes that the renderer gives."""

OWN_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": _words("aria-describedby aria-label data-module data-page data-place data-term rel target"),
    "div": _words(
        "aria-label aria-labelledby data-bar data-from data-question data-stage data-title hidden role tabindex"
    ),
    "img": _words("decoding loading"),
    "label": _words("for"),
    "li": _words("data-field"),
    "p": _words("aria-live data-descriptions data-status role"),
    "pre": _words("aria-label role tabindex"),
    "section": _words(
        "aria-label aria-labelledby data-ar data-board data-failed-words data-place-words data-poll data-quiz"
        " data-reflection data-unsaved"
        " data-scene data-session data-src data-view-words data-worksheet"
    ),
    "span": _words("aria-label data-gap role tabindex"),
    "tr": _words("data-pitch data-yaw"),
}
"""Attributes that the renderer adds after sanitising, so that no author can forge them."""

OWN_TAGS: Mapping[str, frozenset[str]] = {
    "input": _words("id type"),
    "audio": _words("aria-label controls data-from hidden preload src"),
    "button": _words("aria-label data-ar data-ask data-fullscreen data-motion data-open data-turn hidden type"),
    "track": _words("default kind label src srclang"),
    "video": _words("aria-label controls data-from height hidden playsinline poster preload src width"),
}
"""Elements that the renderer adds after sanitising, each with its attributes. Authors write blocks for them."""

DROPPED_WITH_CONTENT = _words(
    "applet embed frameset head iframe math noembed noframes noscript object script select style svg template textarea"
    " title xmp"
)
"""Elements whose content is no text for readers; of all others that are not allowed, the content stays."""

LINK_SCHEMES = _words("https http mailto tel page module asset")
IMAGE_SCHEMES = _words("asset")
"""Images come from the package: nothing is loaded from elsewhere.

What stands behind ``page:`` and ``asset:`` is filled in when rendering.
"""

_SCHEME = re.compile(r"([^/?#:]*):")
"""What stands before the first colon is a scheme, whatever letters it has: so no reader can take it for another."""
_NOT_IN_URLS = re.compile(r"[\x00-\x20\\\x7f-\x9f]")
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    # Ids that start with an underscore are left to the pages around the content.
    "id": re.compile(r"[^\W_][\w-]{0,199}"),
    "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}"),
    "hreflang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "scope": re.compile(r"col|row|colgroup|rowgroup"),
    "open": re.compile(""),
    "reversed": re.compile(""),
    "start": re.compile(r"-?[0-9]{1,6}"),
    "value": re.compile(r"-?[0-9]{1,6}"),
    # Of elements that only the renderer writes:
    **dict.fromkeys(("controls", "default", "hidden", "playsinline"), re.compile("")),
    "kind": re.compile(r"captions|descriptions"),
    "preload": re.compile(r"none|metadata"),
    "srclang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}"),
    "type": re.compile(r"button"),
    **dict.fromkeys(("width", "height", "colspan", "rowspan"), re.compile(r"[0-9]{1,5}")),
}


def sanitize(html: str, engine: Engine = "nh3") -> str:
    """Remove all that the allow-list does not have, and mend what is not well-formed.

    The result is canonical: lower-case names, double quotes, ``<`` in text and attributes always escaped, no comments.
    """
    cleaner = _bleach() if engine == "bleach" else _nh3()
    # One that was written as a reference would be read as a line break the next time.
    return str(cleaner.clean(html)).replace("\r", "\n")


@lru_cache(maxsize=4096)  # The same few classes and addresses come again and again.
def allowed_value(tag: str, attribute: str, value: str) -> str | None:
    """Give the value that an attribute may keep, or ``None`` where it has to go."""
    if attribute == "class":
        return " ".join(name for name in value.split() if _is_class(name)) or None
    if attribute == "href":
        return value if _is_allowed_url(value, LINK_SCHEMES) else None
    if attribute in {"src", "poster"}:
        return value if _is_allowed_url(value, IMAGE_SCHEMES) else None
    pattern = _PATTERNS.get(attribute)
    if pattern is not None and not pattern.fullmatch(value):
        return None
    return value


def _is_class(name: str) -> bool:
    return (
        name in AUTHOR_CLASSES
        or name in OWN_CLASSES
        or re.fullmatch(r"language-[A-Za-z0-9+#.-]{1,40}", name) is not None
    )


def _is_allowed_url(url: str, schemes: frozenset[str]) -> bool:
    # A browser drops control characters and reads \ as /, so an address with either is not what it seems to be.
    if _NOT_IN_URLS.search(url) or url.startswith("//"):
        return False
    scheme = _SCHEME.match(url)
    return scheme is None or scheme[1].lower() in schemes


_DECLARATION = re.compile(r"<[!?]")
_NAMELESS = re.compile(r"</[^A-Za-z]")
_TAG = re.compile(r"""<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*)(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*)>?""")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*)([;=]?)")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=][^\s>/=]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")


def tags(html: str) -> Iterator[re.Match[str]]:
    """Find the tags in an author's HTML with their ``end``, ``name`` and ``attributes``; the last may lack its ``>``.

    In one pass: each begins where the one before ended, however it was written.
    """
    return _TAG.finditer(html)


def disallowed(html: str) -> Iterator[tuple[int, str]]:
    """Name what the allow-list does not have in an author's HTML, to say so at its place.

    Yields:
        The offset in ``html`` and what stands there, such as ``the attribute onclick``.
    """
    html = blank_comments(html)
    for declaration in _DECLARATION.finditer(html):
        yield declaration.start(), "a declaration, or a comment that is not closed"
    for nameless in _NAMELESS.finditer(html):
        yield nameless.start(), "a closing tag without a name"
    for tag in tags(html):
        if not tag[0].endswith(">"):
            yield tag.start(), "a tag that is not closed"
        name = tag["name"].lower()
        if name not in TAGS:
            yield tag.start(), f"the element <{tag['end']}{name}>"
        elif not tag["end"]:
            for found in _ATTRIBUTE.finditer(tag["attributes"]):
                if what := _why_not(name, found[1].lower(), _value((found[2] or "").strip("\"'"))):
                    yield tag.start("attributes") + found.start(), what


def _why_not(tag: str, attribute: str, value: str) -> str | None:
    if attribute not in COMMON_ATTRIBUTES and attribute not in TAGS.get(tag, OWN_TAGS.get(tag, ())):
        return f"the attribute {attribute} on <{tag}>"
    if attribute == "class" and (unknown := [name for name in value.split() if not _is_class(name)]):
        return f"the class {unknown[0]}"
    if attribute != "class" and allowed_value(tag, attribute, value) is None:
        return f"the value {value[:60]!r} of the attribute {attribute}"
    return None


def _value(written: str) -> str:
    """Read the references in an attribute's value, where those without a semicolon count only as whole words."""
    return unescape(_NAMED.sub(_without_false_reference, written))


def _without_false_reference(found: re.Match[str]) -> str:
    name, end = found.groups()
    is_reference = f"{name};" in html5 if end == ";" else end != "=" and name in html5
    return found[0] if is_reference else f"&amp;{name}{end}"


_CANONICAL = re.compile(r'[^<]+|<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?: [a-z][a-z-]*="[^"<]*")*)>')
_CHECKBOX = re.compile(r' type="checkbox" id="[^\W_][\w-]{0,199}"')
_CANONICAL_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


def first_violation(html: str) -> str | None:
    """Say what is wrong with HTML that claims to come out of :func:`sanitize` and the renderer, or ``None``."""
    position = 0
    open_elements: list[str] = []
    while position < len(html):
        token = _CANONICAL.match(html, position)
        if token is None:
            return f"markup that is not in its plain form: {html[position : position + 40]!r}"
        is_in_formula = mathml.ROOT in open_elements
        if token["name"]:
            what = _tag_violation(token, is_in_formula=is_in_formula) or _pairing_violation(token, open_elements)
            if what:
                return what
        elif is_in_formula and open_elements[-1] not in mathml.TEXTS and token[0].strip():
            return f"text in the element <{open_elements[-1]}> of a formula"
        position = token.end()
    return f"an element <{open_elements[-1]}> without its end" if open_elements else None


def _tag_violation(tag: re.Match[str], *, is_in_formula: bool) -> str | None:
    name = tag["name"]
    if is_in_formula or name == mathml.ROOT:
        return _formula_violation(tag, is_in_formula=is_in_formula)
    if name not in TAGS and name not in OWN_TAGS:
        return f"the element <{name}>"
    if name == "button" and not tag["end"] and ' type="button"' not in tag["attributes"]:
        return "a button that would send a form"
    if name == "input":
        return None if _CHECKBOX.fullmatch(tag["attributes"]) else "an input that is no box of a checklist"
    if tag["end"] and tag["attributes"]:
        return f"attributes on </{name}>"
    for attribute, value in _CANONICAL_ATTRIBUTE.findall(tag["attributes"]):
        if attribute not in OWN_ATTRIBUTES.get(name, ()) and (what := _why_not(name, attribute, unescape(value))):
            return what
    return None


def _formula_violation(tag: re.Match[str], *, is_in_formula: bool) -> str | None:
    """Keep HTML out of formulas: a browser would take it out of there, and read it another way than it was checked."""
    name = tag["name"]
    if name not in mathml.ELEMENTS or (name == mathml.ROOT and is_in_formula and not tag["end"]):
        return f"the element <{name}> in a formula"
    if tag["end"] and tag["attributes"]:
        return f"attributes on </{name}>"
    for attribute, value in _CANONICAL_ATTRIBUTE.findall(tag["attributes"]):
        if not mathml.is_allowed(name, attribute, unescape(value)):
            return f"the attribute {attribute} on <{name}>"
    return None


def _pairing_violation(tag: re.Match[str], open_elements: list[str]) -> str | None:
    """Keep the stack of open elements: a page must not close what stands around it."""
    name = tag["name"]
    if tag["end"]:
        if not open_elements or open_elements.pop() != name:
            return f"an end </{name}> of nothing that is open"
    elif name not in _VOID:
        open_elements.append(name)
    return None


@cache
def _nh3() -> Any:
    import nh3

    return nh3.Cleaner(
        tags=set(TAGS),
        # Without an entry for all elements nh3 has one of its own, with title in it.
        attributes={"*": set(COMMON_ATTRIBUTES), **{tag: set(attributes) for tag, attributes in TAGS.items()}},
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attribute_filter=allowed_value,
        url_schemes=set(LINK_SCHEMES),
        link_rel=None,
    )


@cache
def _bleach() -> Any:
    from bleach import html5lib_shim, sanitizer

    # bleach has no types.
    make_cleaner: Any = sanitizer.Cleaner
    make_parser: Any = html5lib_shim.BleachHTMLParser
    cleaner = make_cleaner(tags=set(TAGS), attributes=_keeps_attribute, protocols=set(LINK_SCHEMES), strip=True)
    # Without a list of its own the parser builds the tree that a browser builds; the filter behind it decides.
    cleaner.parser = make_parser(tags=None, strip=True, consume_entities=False, namespaceHTMLElements=False)
    cleaner.walker = _prepared(cleaner.walker)
    cleaner.serializer.use_best_quote_char = False
    cleaner.serializer.minimize_boolean_attributes = False
    return cleaner


def _keeps_attribute(tag: str, attribute: str, value: str) -> bool:
    if attribute not in COMMON_ATTRIBUTES and attribute not in TAGS.get(tag, ()):
        return False
    return allowed_value(tag, attribute, _value(value)) is not None


def _write_plainly(token: dict[str, Any]) -> None:
    """Write references as nh3 does; bleach keeps them as they were."""
    if token["type"] == "Characters":
        token["data"] = _escaped(unescape(token["data"]))
    elif token["type"] in ("StartTag", "EmptyTag"):
        token["data"].update({name: _escaped(_value(value)) for name, value in token["data"].items()})


def _escaped(text: str) -> str:
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def _prepared(walker: Callable[[Any], Iterator[dict[str, Any]]]) -> Callable[[Any], Iterator[dict[str, Any]]]:
    """Do to a tree what bleach has no setting for: drop some elements whole, keep some of the names in a class."""

    def walk(tree: Any) -> Iterator[dict[str, Any]]:
        depth = 0
        for token in walker(tree):
            is_dropped = token.get("name") in DROPPED_WITH_CONTENT
            if is_dropped and token["type"] == "StartTag":
                depth += 1
            if not depth and not is_dropped:
                if names := token["type"] in ("StartTag", "EmptyTag") and token["data"].get((None, "class")):
                    token["data"][(None, "class")] = allowed_value(token["name"], "class", names) or ""
                _write_plainly(token)
                yield token
            if is_dropped and token["type"] == "EndTag":
                depth -= 1

    return walk
