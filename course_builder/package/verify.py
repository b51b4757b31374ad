"""What a package's content must agree on, beyond the digests: done once, when a package is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from course_builder.package.format import (
    FORMAT_VERSION,
    ID,
    LANGUAGE,
    MANIFEST,
    SUPPORTED_REQUIREMENTS,
    PackageError,
    content_path,
    question_path,
)
from course_builder.package.fragment import ASSETS, QuestionPlace, QuizStart, loaded_urls
from course_builder.package.manifest import Manifest, QuestionText
from course_builder.package.package import Package
from course_builder.sanitize import first_violation

_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


def verify_content(package: Package) -> None:
    """Read all that a package says about itself, and hold its HTML to the allow-list.

    Raises:
        PackageError: with the first thing that does not agree.
    """
    if MANIFEST not in package.members:
        raise PackageError(f"The package has no {MANIFEST}.")
    _verify_format(package.member(MANIFEST))
    manifest = package.manifest
    _verify_ids(manifest)
    for language in manifest.languages:
        for page in manifest.pages:
            _verify_page(package, language, page.id, page.questions, page.quizzes)
        for question in _questions(manifest):
            _verify_question(package, language, question)
    for question in _questions(manifest):
        package.key(question)
    for asset in manifest.assets:
        if asset.path not in package.members:
            raise PackageError(f"The asset {asset.path} is listed in {MANIFEST} but not in the package.")


def _verify_format(data: bytes) -> None:
    # Looked at before all else: a later format may differ in everything but these two.
    try:
        members = json.loads(data)
        number, requires = members["format"], members["requires"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PackageError(f"The member {MANIFEST} does not say which format the package has.") from error
    if number != FORMAT_VERSION:
        raise PackageError(f"The package has the format {number!r}; this version reads the format {FORMAT_VERSION}.")
    if not isinstance(requires, list) or (missing := [name for name in requires if name not in SUPPORTED_REQUIREMENTS]):
        named = ", ".join(str(name) for name in missing) if isinstance(requires, list) else repr(requires)
        raise PackageError(f"The package requires {named}, which this version does not have.")


def _verify_ids(manifest: Manifest) -> None:
    pages = [page.id for page in manifest.pages]
    quizzes = [quiz.id for quiz in manifest.quizzes]
    for kind, ids in (
        ("page", pages),
        ("quiz", quizzes),
        ("question", list(_questions(manifest))),
        ("module", [manifest.id]),
    ):
        for each in ids:
            if not ID.fullmatch(each):
                raise PackageError(
                    f"The {kind} id {each[:60]!r} is not made of lower-case letters, digits and hyphens."
                )
        if len(set(ids)) != len(ids):
            raise PackageError(f"A {kind} id is used twice.")
    if not _VERSION.fullmatch(manifest.version):
        raise PackageError(f"The version {manifest.version[:60]!r} is not of the form 1.2.3.")
    if not all(LANGUAGE.fullmatch(language) for language in manifest.languages) or not manifest.source_language:
        raise PackageError("The package does not say which language it was written in.")
    if not pages:
        raise PackageError("The package has no page.")
    for quiz in manifest.quizzes:
        if quiz.page not in pages or not set(quiz.questions) <= set(_questions(manifest)):
            raise PackageError(f"The quiz {quiz.id} names a page or a question that the package does not have.")


def _questions(manifest: Manifest) -> Iterator[str]:
    return (question for page in manifest.pages for question in page.questions)


def _verify_page(package: Package, language: str, page: str, questions: Iterable[str], quizzes: Iterable[str]) -> None:
    fragment = package.fragment(language, page)
    path = content_path(language, page)
    _verify_html(package, path, fragment.html)
    parts = fragment.parts("")
    if [part.id for part in parts if isinstance(part, QuestionPlace)] != list(questions):
        raise PackageError(f"The places for questions in {path} are not those that {MANIFEST} names.")
    if [part.id for part in parts if isinstance(part, QuizStart)] != list(quizzes):
        raise PackageError(f"The quizzes in {path} are not those that {MANIFEST} names.")


def _verify_question(package: Package, language: str, question: str) -> None:
    path = question_path(language, question)
    text = package.question(language, question)
    if text.id != question or [option.id for option in text.options] != _option_ids(package, question):
        raise PackageError(f"The question in {path} has another id, or other options than in the source language.")
    feedback = package.feedback(language, question)
    learner_html = [text.stem, *(option.html for option in text.options), *(hint.html for hint in text.hints)]
    private_html = [
        *feedback.options.values(),
        feedback.right,
        feedback.partly,
        feedback.wrong,
        package.solution(language, question),
    ]
    for html in (*learner_html, *private_html):
        _verify_html(package, path, html or "")


def _option_ids(package: Package, question: str) -> list[str]:
    text: QuestionText = package.question(package.manifest.source_language, question)
    return [option.id for option in text.options]


def _verify_html(package: Package, path: str, html: str) -> None:
    if what := first_violation(html):
        raise PackageError(f"The text in {path} holds {what}, which is not allowed in a package.")
    for url in loaded_urls(html):
        if not url.startswith(ASSETS) or f"assets/{url.removeprefix(ASSETS)}" not in package.members:
            raise PackageError(f"The text in {path} shows {url!r}, which is not in the package.")
