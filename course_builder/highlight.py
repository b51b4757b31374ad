"""Code → the same code with its parts marked by classes, for the style sheet to colour."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MAX_CHARACTERS = 5_000
"""Longer code is shown without colours: most lexers take the square of its length, at worst."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CALM = _words(
    "bash batch c clojure common-lisp console cpp csharp css dart delphi diff django docker elixir erlang"
    " fortran fsharp go graphql groovy haskell html html+django html+php http ini java javascript json jsx"
    " julia kotlin less lua make markdown matlab mysql nginx objective-c ocaml output perl php postgresql"
    " powershell prolog properties protobuf pwsh-session pycon python restructuredtext ruby rust sass"
    " scala scss sparql splus sql swift terraform tex toml turtle typescript vb.net vue xml xslt yaml"
)
"""Languages whose lexers were seen to need no more than that, by the names that Pygments gives first.

Code in others is shown without colours: a thousand line ends keep some of those lexers busy for hours.
"""

PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "none"})
"""Names of what is no language."""

CLASSES = (
    ("Comment", "tok-comment"),
    ("Keyword", "tok-keyword"),
    ("Operator.Word", "tok-keyword"),
    ("Name.Tag", "tok-keyword"),
    ("Name.Function", "tok-name"),
    ("Name.Class", "tok-name"),
    ("Name.Attribute", "tok-name"),
    ("Generic.Heading", "tok-name"),
    ("Generic.Subheading", "tok-name"),
    ("Generic.Strong", "tok-name"),
    ("Literal.Number", "tok-number"),
    ("Literal", "tok-string"),
    ("Generic.Deleted", "tok-deleted"),
    ("Generic.Inserted", "tok-inserted"),
    ("Generic.Prompt", "tok-comment"),
)
"""Kinds of tokens, by their names in Pygments, and the class of each; the first that fits decides."""


def language_of(info: str) -> str:
    """Return the language that the line opening a block of code names; further words are for other tools."""
    return info.strip().partition(" ")[0].lower()


def is_known(language: str) -> bool:
    """Say whether code in this language can be highlighted, or need not be."""
    return language in PLAIN or language in _aliases()


def nearest(language: str) -> str | None:
    """Name the known language that is written most alike."""
    near = difflib.get_close_matches(language, sorted(_aliases()), n=1, cutoff=0.6)
    return near[0] if near else None


@lru_cache(maxsize=1024)
def highlighted(code: str, language: str) -> str:
    """Write code as HTML; its text stays as it is, character by character."""
    if _aliases().get(language) not in CALM or len(code) > MAX_CHARACTERS:
        return escape(code, quote=False)
    pieces: list[tuple[str, str]] = []
    for kind, text in _lexer(language).get_tokens(code):
        name = _class_of(kind)
        # White space has no colour: it joins whatever stands before it.
        if pieces and (pieces[-1][0] == name or not text.strip()):
            pieces[-1] = pieces[-1][0], pieces[-1][1] + text
        else:
            pieces.append((name, text))
    if "".join(text for _, text in pieces) != code:  # A lexer that changes what it reads.
        return escape(code, quote=False)
    return "".join(_span(name, escape(text, quote=False)) for name, text in pieces)


@cache
def _lexer(language: str) -> Lexer:
    from pygments.lexers import get_lexer_by_name

    lexer: Lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    return lexer


def _span(name: str, html: str) -> str:
    return f'<span class="{name}">{html}</span>' if name else html


@lru_cache(maxsize=512)
def _class_of(kind: tuple[str, ...]) -> str:
    path = ".".join(kind)
    return next((name for prefix, name in CLASSES if path == prefix or path.startswith(f"{prefix}.")), "")


@lru_cache(maxsize=1)
def _aliases() -> Mapping[str, str]:
    """Return all names of languages, each with the first name of the same one."""
    # The table of names alone: the lexers themselves are loaded one by one.
    from pygments.lexers import get_all_lexers

    return {alias: aliases[0] for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases}
