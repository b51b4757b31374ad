"""``glossary.md``: each heading with an id is a term, what follows it is the definition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from markdown_it.token import Token

from course_builder.model import Module, Term, Tokens
from course_builder.parser.comments import take_comments
from course_builder.parser.findings import Findings
from course_builder.parser.markdown import parse_markdown
from course_builder.parser.reading import Reading
from course_builder.tokens import end_of, place_of, plain_text, runs, telling, walk

GLOSSARY = "glossary.md"
MOST_CHARACTERS = 2_000
"""Of a definition."""
MOST_FOLLOWED = 50
"""Terms to which a definition may lead, from one to the next: all of them stand beside its word."""
MOST_REPEATED = 1_000_000
"""Characters of definitions on a page, each counted in each run of text that uses it: an option, a hint, a cell."""
_ID = re.compile(r"[a-z][a-z0-9-]*")
_PAIRS = ["paragraph", "em", "strong", "s", "link", "span", "bullet_list", "ordered_list", "list_item"]
_TEXT = frozenset(
    {"inline", "text", "softbreak", "hardbreak", "code_inline"}
    | {f"{pair}_{side}" for pair in _PAIRS for side in ("open", "close")}
)
"""What a definition may hold: it is shown in a small box, beside any page of any module."""


def parse_glossary(reading: Reading) -> dict[str, Term]:
    """Read the terms of a course by their ids; none where it has no glossary."""
    text = reading.text(GLOSSARY) if GLOSSARY in reading.sources.texts else None
    if text is None:
        return {}
    findings = reading.of(GLOSSARY)
    tokens = take_comments(parse_markdown(text, findings, reading.variables), findings)
    terms: dict[str, Term] = {}
    for term in _terms(tokens, findings):
        if not _ID.fullmatch(term.id):
            hint = "End its heading with <!--#word-->: small letters, digits and hyphens."
            findings.error(term.place, "term-id", f"the term `{term.title}` has no id, or none that can be", hint)
        elif term.id in terms:
            line = terms[term.id].place.line
            message = f"the term `{term.id}` stands here twice, first on line {line}"
            findings.error(term.place, "term-twice", message, "Join the two, or give one another word.")
        else:
            terms[term.id] = term
    for term in terms.values():
        _report_links(term.tokens, terms, findings)
        if len(_follow(term.id, terms)) > MOST_FOLLOWED + 1:
            message = f"the definition of `{term.id}` leads to more than {MOST_FOLLOWED} others"
            findings.error(term.place, "term-content", message, "Link fewer terms in it, or in those that it links.")
    return terms


def _follow(name: str, terms: Mapping[str, Term]) -> set[str]:
    """Return a term and those to which its definition leads, from one to the next; of too many, one too many."""
    found: set[str] = set()
    waiting = [name]
    while waiting and len(found) <= MOST_FOLLOWED + 1:
        name = waiting.pop()
        if name in terms and name not in found:
            found.add(name)
            waiting += [other for _, other in _links(terms[name].tokens)]
    return found


def _terms(tokens: list[Token], findings: Findings) -> Iterator[Term]:
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = end_of(tokens, index)
        if token.type == "heading_open" and token.tag != "h1":
            start = end + 1
            end = next((i for i in range(start, len(tokens)) if tokens[i].type == "heading_open"), len(tokens)) - 1
            title = plain_text(tokens[index + 1].children or ())
            place = place_of(findings.path, token)
            definition = tuple(tokens[start : end + 1])
            if not definition:
                hint = "Write what it means below its heading."
                findings.error(place, "term-without-definition", f"the term `{title}` has no definition", hint)
            _report_content(definition, findings)
            yield Term(str(token.attrs.get("id", "")), title, definition, place)
        index = end + 1


def _report_content(definition: Tokens, findings: Findings) -> None:
    if sum(len(token.content) for token in definition) > MOST_CHARACTERS:
        place = place_of(findings.path, definition[0])
        message = f"a definition of more than {MOST_CHARACTERS:,} characters"
        findings.error(place, "term-content", message, "It opens beside a word: move the rest to a page.")
    for token in walk(definition):
        address = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
        is_elsewhere = not address or address.startswith(("https:", "http:", "term:"))
        if token.type not in _TEXT or not is_elsewhere:
            message = "a definition holds words, lists, and links to the web or to other terms"
            findings.error(place_of(findings.path, token), "term-content", message, "Move the rest to a page.")
            return


def _report_links(tokens: Tokens, terms: Mapping[str, Term], findings: Findings) -> None:
    for token, name in _links(tokens):
        if name not in terms:
            known = findings.near(name, terms, f"Add it to {GLOSSARY}: a heading with its id, and a definition.")
            place = place_of(findings.path, token)
            findings.error(place, "link-missing-term", f"the glossary has no term `{name}`", known)


def _links(tokens: Iterable[Token]) -> Iterator[tuple[Token, str]]:
    for token in telling(tokens):
        if token.type == "link_open" and str(token.attrs["href"]).startswith("term:"):
            yield token, str(token.attrs["href"]).removeprefix("term:")


def terms_of(module: Module, terms: Mapping[str, Term], reading: Reading) -> tuple[Term, ...]:
    """Return the terms that a module uses, and those that their definitions use, sorted by id; report unknown ones."""
    used: dict[str, Term] = {}
    lengths: dict[str, int] = {}
    for page in module.pages:
        repeated = 0
        options = {id(token) for each in page.questions for option in each.options for token, _ in _links(option.text)}
        for run in runs(page):
            _report_links(run, terms, reading.of(page.path))
            for token, name in _links(run):
                if name not in lengths:
                    followed = {other: terms[other] for other in _follow(name, terms)}
                    used |= followed
                    lengths[name] = sum(len(token.content) for term in followed.values() for token in term.tokens)
                repeated += lengths[name]
                if id(token) in options:
                    hint = "Link the term in the question's text: in an option, the link and the choice are one place."
                    place = place_of(page.path, token)
                    reading.of(page.path).error(place, "term-in-option", "a term is linked in an option", hint)
        if repeated > MOST_REPEATED:
            message = (
                f"the definitions on this page, at each text that uses them, have over {MOST_REPEATED:,} characters"
            )
            reading.of(page.path).error((1, 1), "term-limit", message, "Link each term where it is used first.")
    return tuple(used[name] for name in sorted(used))
