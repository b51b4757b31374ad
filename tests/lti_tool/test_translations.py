"""What people read before a launch is open, and when something fails, is there in each language of the interface."""

from __future__ import annotations

import re
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
METHODS = [("views/**.py", "python"), ("templates/**.html", "jinja2")]
COVERED = (
    "templates/lti/",
    "templates/error.html",
    "views/errors.py",
    "views/launch_words.py",
    "views/session.py",
)
OTHER_LANGUAGES = LANGUAGES[1:]


def read_catalogue(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def covered_texts() -> set[str]:
    found = extract_from_dir(ROOT / "lti_tool", METHODS, keywords={"_": None, "gettext": None})
    texts = {text for path, _, text, _, _ in found if path.startswith(COVERED) and isinstance(text, str)}
    assert len(texts) > 30
    return texts


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_every_text_of_login_proof_and_errors_is_translated(language, covered_texts):
    catalogue = read_catalogue(language)

    def is_missing(text: str) -> bool:
        message = catalogue.get(text)
        return message is None or not message.string or message.fuzzy

    assert [text for text in sorted(covered_texts) if is_missing(text)] == []


def translated(language: str) -> list[Message]:
    return [message for message in read_catalogue(language) if message.id and any(message.string)]


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_translations_keep_placeholders_and_endings(language):
    for message in translated(language):
        assert not list(message.check(read_catalogue(language))), message.id
        pairs = zip(
            [message.id] if isinstance(message.id, str) else message.id,
            [message.string] if isinstance(message.string, str) else message.string,
            strict=True,
        )
        for source, text in pairs:
            placeholders = r"%\(\w+\)\w|%%"
            assert sorted(re.findall(placeholders, source)) == sorted(re.findall(placeholders, text)), source
            assert source[-1:] in ".…:?" or text[-1:] not in ".…:?", source


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
