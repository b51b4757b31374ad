"""What a package's content must agree on, beyond the digests: done once, when a package is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from course_builder.package.format import (
    FORMAT_VERSION,
    ID,
    IDS,
    KEYS,
    LANGUAGE,
    MANIFEST,
    SUPPORTED_REQUIREMENTS,
    PackageError,
    content_path,
    glossary_path,
    question_path,
    search_path,
)
from course_builder.package.fragment import ASSETS, QuestionPlace, QuizStart, gaps_in, loaded_urls, reflections
from course_builder.package.loads import Loads, loads_of
from course_builder.package.manifest import IdEntry, Manifest, PageEntry, QuestionText, SearchEntry, TermEntry, load
from course_builder.package.package import Package
from course_builder.package.verify_workshop import verify_fragment, verify_notes, verify_workshop, workshop_texts
from course_builder.sanitize import first_violation
from course_builder.scoring import Key

_COLOUR = re.compile(r"#[0-9a-f]{6}")
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
    verify_workshop(manifest)
    for text in workshop_texts(manifest):
        for html in text.values():
            _verify_html(package, MANIFEST, html)
    load(dict[str, IdEntry], package.member(IDS), IDS)
    for language in manifest.languages:
        verify_notes(manifest, package.session_notes(language))
        for notes in package.session_notes(language).values():
            for html in (*notes.session, *(note for step in notes.steps for note in step)):
                _verify_html(package, KEYS, html)
        load(list[SearchEntry], package.member(search_path(language)), search_path(language))
        if (terms := glossary_path(language)) in package.members:
            for term in load(list[TermEntry], package.member(terms), terms):
                _verify_html(package, terms, term.html)
        for page in manifest.pages:
            _verify_page(package, language, page)
        for question in _questions(manifest):
            _verify_question(package, language, question)
    for question in _questions(manifest):
        _verify_key(package, question)
    for asset in manifest.assets:
        if not asset.path.startswith("assets/") or asset.path not in package.members:
            raise PackageError(f"The asset {asset.path!r} of {MANIFEST} is not among the assets in the package.")


def _verify_format(data: bytes) -> None:
    # Looked at before all else: a later format may differ in everything but these two.
    try:
        members = json.loads(data)
        number, requires = members["format"], members["requires"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PackageError(f"The member {MANIFEST} does not say which format the package has.") from error
    if number != FORMAT_VERSION:
        raise PackageError(f"The package has the format {number!r}; this version reads the format {FORMAT_VERSION}.")
    if not isinstance(requires, list):
        raise PackageError(f"The member {MANIFEST} does not say what the package requires.")
    if missing := [repr(name)[:60] for name in requires if str(name) not in SUPPORTED_REQUIREMENTS]:
        raise PackageError(f"The package requires {', '.join(missing)}, which this version does not have.")


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
    # A page that shows the module writes these into its style sheet.
    theme = manifest.theme
    if theme is not None and not all(map(_COLOUR.fullmatch, (theme.accent, theme.accent_dark))):
        raise PackageError("The package has an accent that is no colour of the form #0b5468.")
    if not pages:
        raise PackageError("The package has no page.")
    for quiz in manifest.quizzes:
        if quiz.page not in pages or not set(quiz.questions) <= set(_questions(manifest)):
            raise PackageError(f"The quiz {quiz.id} names a page or a question that the package does not have.")
        pooled = [question for pool in quiz.pools for question in pool.questions]
        if not set(pooled) <= set(quiz.questions) or len(set(pooled)) != len(pooled):
            raise PackageError(f"A pool of the quiz {quiz.id} names a question that is not the quiz's, or one twice.")
        if any(not 1 <= pool.draw <= len(pool.questions) for pool in quiz.pools):
            raise PackageError(f"A pool of the quiz {quiz.id} draws more questions than it has.")


def _questions(manifest: Manifest) -> Iterator[str]:
    return (question for page in manifest.pages for question in page.questions)


def _verify_page(package: Package, language: str, page: PageEntry) -> None:
    fragment = package.fragment(language, page.id)
    path = content_path(language, page.id)
    _verify_html(package, path, fragment.html, page)
    parts = fragment.parts("")
    if tuple(part.id for part in parts if isinstance(part, QuestionPlace)) != page.questions:
        raise PackageError(f"The places for questions in {path} are not those that {MANIFEST} names.")
    if tuple(part.id for part in parts if isinstance(part, QuizStart)) != page.quizzes:
        raise PackageError(f"The quizzes in {path} are not those that {MANIFEST} names.")
    if tuple(reflections(fragment.html)) != page.reflections:
        raise PackageError(f"The private notes in {path} are not those that {MANIFEST} names.")
    verify_fragment(package.manifest, page, fragment.html, path)
    for note in package.facilitator(language, page.id):
        _verify_html(package, KEYS, note)


def _verify_question(package: Package, language: str, question: str) -> None:
    path = question_path(language, question)
    text = package.question(language, question)
    parts = [part.html for part in (*text.options, *text.items)] + [hint.html for hint in text.hints]
    for html in (text.stem, text.image, *parts, *(criterion.html for criterion in text.rubric)):
        _verify_html(package, path, html)
    if gaps_in(text.stem) != ([item.id for item in text.items] if text.type == "gap" else []):
        raise PackageError(f"The gaps in {path} are not those that the question names.")
    source = package.question(package.manifest.source_language, question)
    if text.id != question or _structure(text) != _structure(source):
        raise PackageError(f"The question in {path} has another id, or is another one than in the source language.")
    feedback = package.feedback(language, question)
    general = (feedback.right, feedback.partly, feedback.wrong, package.solution(language, question))
    for html in (*feedback.options.values(), *filter(None, general)):
        _verify_html(package, KEYS, html)


def _structure(text: QuestionText) -> tuple[object, ...]:
    """Give what a question has in common in all languages: all but its words."""
    ids = [[part.id for part in parts] for parts in (text.options, text.items, text.rubric)]
    costs = [hint.cost for hint in text.hints]
    return text.page, text.quiz, text.graded, text.objective, text.shuffle, _rules(text), ids, costs, text.limits


def _rules(question: QuestionText | Key) -> tuple[object, ...]:
    return question.type, question.points, question.tries, question.penalty, question.partial


def _verify_key(package: Package, question: str) -> None:
    text = package.question(package.manifest.source_language, question)
    # A key is made once a language: written answers belong to one.
    keys = [package.key(question, language) for language in package.manifest.languages]
    if any(_rules(text) != _rules(key) for key in keys):
        raise PackageError(f"The question {question} does not agree with its key.")


def _verify_html(package: Package, path: str, html: str, page: PageEntry | None = None) -> None:
    if what := first_violation(html):
        raise PackageError(f"The text in {path} holds {what}, which is not allowed in a package.")
    for url in loaded_urls(html):
        if not url.startswith(ASSETS) or f"assets/{url.removeprefix(ASSETS)}" not in package.members:
            raise PackageError(f"The text in {path} shows {url!r}, which is not in the package.")
    found = loads_of([html])
    allowed = Loads(page.frames, page.streams, page.scenes) if page else Loads()
    if found != allowed:
        raise PackageError(f"The text in {path} loads from other hosts, or has other scenes, than {MANIFEST} says.")
