"""Every text of the interface is there in each of its languages."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import escape

from lti_tool.i18n import LANGUAGES
from tests.lti_tool.conftest import PUBLIC_URL
from tests.lti_tool.signing_platform import SigningPlatform

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "lti_tool" / "translations"
OTHER_LANGUAGES = LANGUAGES[1:]
GETTEXT_NAMES = {"_", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext"}

MessageId = str | tuple[str, ...]


def read_catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(language: str) -> list[Message]:
    return [message for message in read_catalogue(language) if message.id]


def forms(text: MessageId) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def extracted() -> set[MessageId]:
    """The texts that Babel finds with the mappings of the project."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(pattern, mapping["method"]) for mapping in mappings for pattern in mapping["pattern"]]
    ids = {text for _, _, text, _, _ in extract_from_dir(ROOT, methods)}
    assert len(ids) > 150
    return ids


def called_in_python() -> Iterator[tuple[str, str]]:
    """Where Python code asks for a text, and for which one."""
    for path in sorted([*ROOT.glob("lti_tool/**/*.py"), *ROOT.glob("course_builder/player/*.py")]):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(text := node.args[0], ast.Constant):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
                if name in GETTEXT_NAMES:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", text.value


def test_babel_finds_each_text_that_python_asks_for(extracted):
    # Babel sees no call inside an f-string before Python 3.12, nor one in a file that no mapping names.
    found = {forms(text)[0] for text in extracted}
    calls = list(called_in_python())
    assert len(calls) > 50
    assert [(place, text) for place, text in calls if text not in found] == []


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_catalogue_has_exactly_the_texts_of_the_sources(language, extracted):
    assert {message.id for message in messages(language)} ^ extracted == set()
    assert list(read_catalogue(language).obsolete) == []


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_every_text_is_translated(language):
    plurals = read_catalogue(language).num_plurals
    for message in messages(language):
        expected = plurals if message.pluralizable else 1
        assert len([form for form in forms(message.string) if form.strip()]) == expected, message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_translations_keep_placeholders_and_endings(language):
    for message in messages(language):
        assert not list(message.check(read_catalogue(language))), message.id
        for source, text in zip(forms(message.id), forms(message.string), strict=True):
            assert placeholders(source) == placeholders(text), source
            assert ending(source) == ending(text), source


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)\w|%%", text))


def ending(text: str) -> str:
    return text[-1] if text[-1] in ".…:?!" else ""


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_frame_is_greeted_in_the_browsers_language(make_app, language, tmp_path):
    folder = tmp_path / "translations" / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, read_catalogue(language))
    app = make_app()
    app.extensions["babel"].translation_directories = [str(tmp_path / "translations")]
    platform = SigningPlatform(port=1)
    platform.register(app)
    page = app.test_client().post(
        "/lti/login", data=platform.login_form(), base_url=PUBLIC_URL, headers={"Accept-Language": f"{language}-XX"}
    )
    catalogue = read_catalogue(language)
    assert f'<html lang="{language}"' in page.text
    for text in ("Opening the activity", "One moment, please.", "Open in a new window"):
        assert str(escape(catalogue.get(text).string)) in page.text
