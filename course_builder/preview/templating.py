"""The templates of the player and of the preview."""

from __future__ import annotations

import re
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from course_builder.player.vendor import PLAYER
from course_builder.plurals import counted
from course_builder.preview.files import HAS_FONTS

_BACKTICKS = re.compile(r"`([^`]+)`")


def render(template: str, **values: Any) -> str:
    """Fill in a template."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    folders = [PLAYER / "templates", Path(__file__).parent / "templates"]
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Templates are read once: an author's save must not wait for a look at them.
        auto_reload=False,
    )
    words = NullTranslations()
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # from the extension.
    environment.filters |= {"sentence": _sentence, "code": _code, "counted": counted}
    environment.globals["has_fonts"] = HAS_FONTS
    return environment


def _code(text: str) -> Markup:
    """Set what stands between backticks as code, as the author wrote it."""
    return Markup(_BACKTICKS.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before.


def _sentence(text: str) -> str:
    """Begin with a capital letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]
