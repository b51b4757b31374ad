"""Choosing a language: of the interface, and of the text where the module has it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import InputError
from lti_tool.extensions import db
from lti_tool.i18n import LANGUAGES, language_tag
from lti_tool.services.languages import keep_language
from lti_tool.views import session
from lti_tool.views.shown_module import ShownModule, shown_module

blueprint = Blueprint("languages", __name__, url_prefix="/l/<handle>/language")
session.guard(blueprint)
_PATH = re.compile(r"[\w./?&=%~+-]{1,2000}", re.ASCII)
_BLOCK = re.compile(r"[\w-]{1,200}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A language that can be chosen, by its own name."""

    code: str
    name: str
    is_chosen: bool


@blueprint.post("/")
def choose() -> BaseResponse:
    """Keep the language that the person chose, and go on where they were."""
    code = request.form.get("language", "")
    if code not in {choice.code for choice in choices(shown_module())}:
        raise InputError(_("Choose one of the possibilities, then press the button again."))
    keep_language(db.session(), session.current_launch().person, code)
    db.session.commit()
    return redirect(_goes_on(), 303)


def choices(module: ShownModule | None) -> list[Choice]:
    """List the languages of the interface, and those that only the module has; ``None`` for a page of many modules."""
    own = [code for code in module.manifest.languages if code not in LANGUAGES] if module else []
    codes = (*LANGUAGES, *own)
    # What is read most is the text: where only it has the language that was chosen, that is the one.
    chosen = module.language if module and module.language not in LANGUAGES else language_tag()
    return [Choice(code, name_of(code), code == chosen) for code in codes]


def name_of(code: str) -> str:
    """Give a language's name in that language; its code where nobody knows it."""
    try:
        name = Locale.parse(code, sep="-").get_display_name()
    except (ValueError, UnknownLocaleError):
        name = None
    return f"{name[0].upper()}{name[1:]}" if name else code


def here(page_id: str | None) -> str:
    """Give the address to come back to: this one, or where a form's answer has none, that of its page."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    return url_for("learn.page", page_id=page_id) if page_id else url_for("learn.start")


def _goes_on() -> str:
    """Give the address that the form names, if it is one of this launch's pages."""
    path, block = request.form.get("here", ""), request.form.get("block", "")
    is_ours = path.startswith(url_for("learn.index")) and "//" not in path and _PATH.fullmatch(path)
    path = path if is_ours else url_for("learn.start")
    return f"{path}#{block}" if _BLOCK.fullmatch(block) else path
