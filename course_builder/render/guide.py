"""The facilitator guide: all that trainers need of a course or module, in reading order, as one document to print."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from pathlib import Path

from course_builder.model import Course, Module, Page
from course_builder.model.workshop import Session, Worksheet
from course_builder.package.format import asset_path
from course_builder.package.fragment import ASSETS, RELEASE, release_html
from course_builder.package.rendered import Rendered, RenderedPage
from course_builder.package.rendered_workshop import RenderedWorkshop
from course_builder.render.addresses import NEW_WINDOW
from course_builder.render.boards import board_html, poll_html
from course_builder.render.sessions import session_html
from course_builder.render.words import words
from course_builder.render.worksheets import worksheet_html
from course_builder.tokens import plain_text

_STYLES = ("tokens", "base", "notes", "prose", "code", "formula", "workshop", "print", "sheets", "guide")
_PLAYER = Path(__file__).parents[1] / "player"
_TAG = re.compile(r'<(a|img|video|audio|source|track)((?: [a-z-]+="[^"<]*")*)>')
_ADDRESS = re.compile(r' (href|src|poster)="([^"]*)"')
_ANY_TAG = re.compile(r'<[a-z][a-z0-9]*(?: [a-z-]+="[^"<]*")+>')
_REFERENCE = re.compile(r'( (?:id|aria-labelledby|aria-describedby)="| href="#)([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')
_LARGEST_IMAGE = 4_000_000
"""In bytes; what is larger is not put into the document."""


def guide_html(course: Course, rendered: Mapping[str, Rendered]) -> str:
    """Write the guide of a course's modules; it loads nothing from anywhere.

    Args:
        course: was checked and has no errors.
        rendered: what each module was rendered to, by its id.
    """
    language = course.languages[0]
    said = words(language)
    title = f"{said['guide']}: {course.modules[0].title if len(course.modules) == 1 else course.title}"
    body = "".join(_module(course, module, rendered[module.id], said) for module in course.modules)
    style = "".join((_PLAYER / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title, quote=False)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n"
        f'<p hidden id="{NEW_WINDOW}">{said["new-window"]}</p>\n</body>\n</html>\n'
    )


def _module(course: Course, module: Module, rendered: Rendered, said: Mapping[str, str]) -> str:
    pages = [
        _page(page, of_page, rendered.workshop, said)
        for page, of_page in zip(module.pages, rendered.pages, strict=True)
    ]
    sheets = "".join(
        worksheet_html(sheet, rendered.workshop.worksheets[sheet.id], said, 3) for sheet in module.workshop.worksheets
    )
    if sheets:
        sheets = f'<section class="guide-sheets">\n<h2>{said["sheets"]}</h2>\n{sheets}</section>\n'
    release = f"{module.title} · {module.id} {module.version}"
    objectives = "".join(f"<li>{escape(each.text, quote=False)}</li>\n" for each in module.objectives)
    html = (
        '<article class="guide-module prose">\n'
        f'<p class="kind">{said["guide"]} · {escape(course.title, quote=False)}</p>\n'
        f"<h1>{escape(module.title, quote=False)}</h1>\n"
        f'<p class="guide-facts">{escape(f"{module.id} {module.version}", quote=False)}</p>\n'
        f"<p>{escape(module.summary, quote=False)}</p>\n<ul>\n{objectives}</ul>\n{''.join(pages)}{sheets}</article>\n"
    ).replace(RELEASE, release_html(release))
    return _standing_alone(_apart(html, module.id), module)


def _page(page: Page, rendered: RenderedPage, workshop: RenderedWorkshop, said: Mapping[str, str]) -> str:
    """Write what facilitators need of a page, or nothing where there is nothing."""
    inner = "".join(_pieces(page, rendered, workshop, said))
    if not inner:
        return ""
    return f'<section class="guide-page">\n<h2>{escape(page.title, quote=False)}</h2>\n{inner}</section>\n'


def _pieces(page: Page, rendered: RenderedPage, workshop: RenderedWorkshop, said: Mapping[str, str]) -> Iterator[str]:
    sessions = {session.id: session for session in page.workshop.sessions}
    sheets = {sheet.id: sheet for sheet in page.workshop.worksheets}
    polls = {poll.id: poll for poll in page.workshop.polls}
    boards = {board.id: board for board in page.workshop.boards}
    notes = iter(rendered.facilitator)
    about = ""
    for index, token in enumerate(page.tokens):
        if token.type == "heading_open":
            about = plain_text([page.tokens[index + 1]])
        elif token.type == "block_open" and token.meta["block"].name == "facilitator":
            yield _note(
                _apart(next(notes), page.id), " · ".join(filter(None, [said["notes"], escape(about, quote=False)]))
            )
        elif token.type == "session":
            yield _session(sessions[token.meta["id"]], workshop, said)
        elif token.type == "worksheet":
            yield _sheet_line(sheets[token.meta["id"]], said)
        elif token.type == "poll":
            yield poll_html(polls[token.meta["id"]], workshop.polls[token.meta["id"]], said)
        elif token.type == "board":
            yield board_html(boards[token.meta["id"]], workshop.boards[token.meta["id"]], said)


def _session(session: Session, workshop: RenderedWorkshop, said: Mapping[str, str]) -> str:
    def notes(texts: Sequence[str]) -> str:
        return "".join(_note(text, said["notes"]) for text in texts)

    return session_html(session, workshop.sessions[session.id], said, 3, notes)


def _note(html: str, title: str) -> str:
    return f'<div class="notes">\n<p class="side-title">{title}</p>\n{html}\n</div>\n'


def _sheet_line(sheet: Worksheet, said: Mapping[str, str]) -> str:
    return f'<p>{said["worksheet"]}: <a href="#{sheet.id}">{escape(sheet.title, quote=False)}</a></p>\n'


def _apart(html: str, name: str) -> str:
    """Keep ids apart from those of other pages or modules, which do not stand in one document elsewhere."""

    def named(found: re.Match[str]) -> str:
        is_ours = found[2] != NEW_WINDOW
        return f'{found[1]}{name}_{found[2]}"' if is_ours else found[0]

    return _ANY_TAG.sub(lambda tag: _REFERENCE.sub(named, tag[0]), html)


def _standing_alone(html: str, module: Module) -> str:
    """Put images into the document, and take off addresses that lead nowhere from here."""
    ids = set(_ID.findall(html))
    images = {
        ASSETS + asset_path(asset.path, asset.data).removeprefix("assets/"): asset
        for asset in module.assets
        if asset.media_type.startswith("image/") and len(asset.data) <= _LARGEST_IMAGE
    }

    def address(found: re.Match[str]) -> str:
        url = unescape(found[2])
        if asset := images.get(url):
            return f' {found[1]}="data:{asset.media_type};base64,{base64.b64encode(asset.data).decode()}"'
        if url.startswith(("http:", "https:", "mailto:", "tel:")):
            return found[0]
        return found[0] if url.startswith("#") and url[1:] in ids else ""

    return _TAG.sub(lambda tag: f"<{tag[1]}{_ADDRESS.sub(address, tag[2])}>", html)
