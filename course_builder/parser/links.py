"""Addresses: what an author writes → the page, the file or the place that is meant."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it.token import Token

from course_builder.media_types import media_type_of
from course_builder.model import Page
from course_builder.parser.findings import Findings
from course_builder.tokens import anchors, place_of, runs, telling, walk

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class Targets:
    """What a page can point at: the pages of its module (path → id) and all files of the course."""

    pages: Mapping[str, str]
    files: frozenset[str]
    read: Callable[[str], bytes]
    """Gives the bytes of one of ``files``."""


def is_url(address: str) -> bool:
    """Say whether an address leads out of the course."""
    return _SCHEME.match(address) is not None


def target_of(path: str, beside: str) -> str:
    """Return the path in the course that a path written in a file means; a leading ``/`` means the course's folder.

    Names are compared in their composed form: some systems keep ``ä`` as two characters, and editors write one.
    """
    path = unicodedata.normalize("NFC", path)
    base = "" if path.startswith("/") else posixpath.dirname(beside)
    return posixpath.normpath(posixpath.join(base, path.lstrip("/") if path.startswith("/") else path))


def resolve_addresses(tokens: Iterable[Token], targets: Targets, findings: Findings) -> None:
    """Replace the paths in links and images by what they lead to; report those that lead nowhere."""
    for token in walk(tokens):
        if token.type == "link_open":
            token.attrs["href"] = _resolve(token, str(token.attrs["href"]), targets, findings)
        elif token.type == "image":
            token.attrs["src"] = _resolve(token, str(token.attrs["src"]), targets, findings)
            resolve_addresses(token.children or (), targets, findings)


def _resolve(token: Token, address: str, targets: Targets, findings: Findings) -> str:
    if _SCHEME.match(address) or not address:
        return address
    path, _, fragment = address.partition("#")
    anchor = f"#{unicodedata.normalize('NFC', unquote(fragment))}" if fragment else ""
    path = unquote(path.partition("?")[0])
    if not path:
        return anchor
    target = target_of(path, findings.path)
    if target in targets.pages and token.type != "image":
        return f"page:{targets.pages[target]}{anchor}"
    if target in targets.files and not target.endswith(".md"):
        return f"asset:{target}"
    _report_missing(token, path, target, targets, findings)
    return address


def _report_missing(token: Token, path: str, target: str, targets: Targets, findings: Findings) -> None:
    place = place_of(findings.path, token)
    if target.startswith("../"):
        findings.error(
            place, "link-outside", f"`{path}` lies outside the course folder", "Copy the file into the course."
        )
    elif target in targets.files and token.type == "image":
        findings.error(
            place, "link-missing-file", f"`{path}` is a page, not an image", "Write a link: [text](page.md)."
        )
    elif target in targets.files:
        findings.error(
            place,
            "link-other-module",
            f"`{path}` is no page of this module",
            "List it under `pages` in module.yaml; to a page of another module write id:module/page.",
        )
    else:
        near = near_file(path, targets, findings)
        findings.error(place, "link-missing-file", f"there is no file `{path}`", near)


def near_file(wanted: str, targets: Targets, findings: Findings) -> str:
    """Return a hint that names the file of the same kind whose path is nearest to one that is not there."""
    kind, folder = _kind(wanted), posixpath.dirname(findings.path)
    known = (posixpath.relpath(file, folder) for file in targets.files if kind in {"", _kind(file)})
    return findings.near(wanted, known, "Paths are relative to the page; a leading / means the course.")


def _kind(path: str) -> str:
    """Return ``image``, ``video``, ``text`` …: a picture is no caption. Empty for a path without an ending."""
    return media_type_of(path).partition("/")[0] if posixpath.splitext(path)[1] else ""


def holders_of(pages: Sequence[Page]) -> dict[str, str]:
    """Return the address of all that has an id on the pages of a module."""
    holders = {anchor: f"page:{page.id}#{anchor}" for page in pages for anchor in anchors(page)}
    return holders | {page.id: f"page:{page.id}" for page in pages}


def resolve_ids(pages: Iterable[Page], module: str, findings: Mapping[str, Findings]) -> None:
    """Replace ``id:module/id`` by the page that holds the id."""
    pages = list(pages)
    holders = holders_of(pages)
    for page in pages:
        for run in runs(page):
            for token in telling(run):
                if token.type == "link_open" and str(token.attrs["href"]).startswith("id:"):
                    token.attrs["href"] = _resolve_id(token, module, holders, findings[page.path])


def _resolve_id(token: Token, module: str, holders: Mapping[str, str], findings: Findings) -> str:
    address = unicodedata.normalize("NFC", unquote(str(token.attrs["href"])))
    owner, _, wanted = address.removeprefix("id:").rpartition("/")
    place = place_of(findings.path, token)
    if owner not in {"", module}:
        return address  # ``between_modules.py`` resolves it when all modules are read.
    if wanted in holders:
        return holders[wanted]
    hint = findings.near(wanted, holders, "Write id:module/id with the id of a page, a heading or a block.")
    findings.error(place, "link-missing-id", f"nothing in this module has the id `{wanted}`", hint)
    return address
