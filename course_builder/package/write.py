"""Write a package: the same sources give the same bytes, on any machine."""

from __future__ import annotations

import os
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from course_builder import __version__
from course_builder.model import Course, Module, Page, Pool, Question
from course_builder.package.format import (
    FILES,
    FORMAT_VERSION,
    IDS,
    KEYS,
    MANIFEST,
    MODULE_QUIZ,
    asset_path,
    content_path,
    digest_of,
    format_files,
    glossary_path,
    question_path,
    search_path,
)
from course_builder.package.ids import id_entries
from course_builder.package.keys import areas_of, correct_of, number_of, pairs_of, written_of
from course_builder.package.loads import loads_of
from course_builder.package.manifest import (
    AssetEntry,
    AuthorEntry,
    CompetenceEntry,
    CourseEntry,
    CriterionText,
    Feedback,
    FrameworkEntry,
    HintText,
    KeyEntry,
    Keys,
    LanguageEntry,
    LimitsEntry,
    Manifest,
    ObjectiveEntry,
    OptionText,
    PageEntry,
    PassingEntry,
    PoolEntry,
    QuestionText,
    QuizEntry,
    SearchEntry,
    TermEntry,
    ThemeEntry,
    dump,
)
from course_builder.package.rendered import Rendered, RenderedQuestion
from course_builder.package.write_workshop import (
    board_entries,
    poll_entries,
    session_entries,
    session_notes,
    worksheet_entries,
)

_PACKED = (
    *(".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"),
    *(".m4a", ".mp3", ".mp4", ".ogg", ".webm"),
    *(".glb", ".gz", ".pdf", ".woff2", ".zip"),
)
"""Endings of files that are compressed already: deflating them again costs time and gains nothing."""

_EARLIEST = 315_532_800
"""1980-01-01: a zip knows no earlier time."""


def package_name(module: Module) -> str:
    """Name the file of a module's package."""
    return f"{module.id}-{module.version}.module.zip"


def package_members(course: Course, module: Module, rendered: Rendered) -> dict[str, bytes]:
    """Make all members of a module's package but ``FILES``."""
    language = rendered.language
    manifest = _manifest(course, module, rendered)
    members = {
        MANIFEST: dump(manifest),
        IDS: dump(id_entries(module, rendered, manifest)),
        KEYS: dump(_keys(module, rendered)),
        search_path(language): dump(_search(module, rendered)),
    }
    if rendered.glossary:
        terms = [TermEntry(term.id, term.title, term.html) for term in rendered.glossary]
        members[glossary_path(language)] = dump(terms)
    for page in rendered.pages:
        members[content_path(language, page.id)] = page.html.encode()
    for question in module.questions:
        members[question_path(language, question.id)] = dump(_question(question, rendered.questions[question.id]))
    for asset in module.assets:
        members[asset_path(asset.path, asset.data)] = asset.data
    return members


def write_package(members: Mapping[str, bytes], path: Path, epoch: int) -> str:
    """Write the zip, in one step: either the whole new package is there, or what was there before.

    Args:
        members: all members but ``FILES``.
        path: the file to write; its folder exists.
        epoch: time of all members, in seconds since 1970 (``SOURCE_DATE_EPOCH``).

    Returns:
        The package's digest.

    Raises:
        OSError: if the file cannot be written.
    """
    files = format_files(members)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w") as archive:
            for member, data in sorted({**members, FILES: files}.items(), key=lambda item: item[0].encode()):
                archive.writestr(_zip_info(member, epoch), data)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return digest_of(files)


def _zip_info(member: str, epoch: int) -> zipfile.ZipInfo:
    moment = time.gmtime(max(epoch, _EARLIEST))
    info = zipfile.ZipInfo(member, (moment.tm_year, *moment[1:6]))
    info.create_system = 3  # Unix, wherever it was made, so that the mode below means the same.
    info.external_attr = 0o100644 << 16
    info.compress_type = zipfile.ZIP_STORED if member.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
    return info


def _manifest(course: Course, module: Module, rendered: Rendered) -> Manifest:
    language, pages = rendered.language, [page.html for page in rendered.pages]
    return Manifest(
        format=FORMAT_VERSION,
        requires=(),
        id=module.id,
        version=module.version,
        title={language: module.title},
        summary={language: module.summary},
        course=CourseEntry(course.id, {language: course.title}),
        languages={language: LanguageEntry("source", 1.0)},
        licence=course.licence,
        authors=tuple(AuthorEntry(author.name, author.orcid, author.url) for author in course.authors),
        objectives=tuple(
            ObjectiveEntry(
                objective.id,
                {language: objective.text},
                tuple(
                    CompetenceEntry(each.framework, each.version, each.id, each.level) for each in objective.competences
                ),
            )
            for objective in module.objectives
        ),
        duration=module.duration,
        prerequisites=module.prerequisites,
        pages=tuple(_page_entry(module, page, html, language) for page, html in zip(module.pages, pages, strict=True)),
        quizzes=_quiz_entries(module, language),
        passing=PassingEntry(
            module.passing.score, module.passing.pages, module.passing.worksheets, module.passing.sessions
        ),
        assets=_asset_entries(module, language),
        sessions=session_entries(module, rendered.workshop, language),
        worksheets=worksheet_entries(module, rendered.workshop, language),
        polls=poll_entries(module, rendered.workshop, language),
        boards=board_entries(module, rendered.workshop, language),
        builder=__version__,
        frameworks=tuple(FrameworkEntry(each.id, each.version, each.title, each.url) for each in course.frameworks),
        theme=ThemeEntry(course.theme.accent, course.theme.accent_dark) if course.theme else None,
    )


def _page_entry(module: Module, page: Page, html: str, language: str) -> PageEntry:
    named = {question.objective for question in page.questions}
    loads = loads_of([html])
    return PageEntry(
        id=page.id,
        title={language: page.title},
        menu_title={language: page.menu_title},
        minutes=page.minutes,
        questions=tuple(question.id for question in page.questions),
        quizzes=tuple(quiz.id for quiz in page.quizzes),
        sessions=tuple(session.id for session in page.workshop.sessions),
        worksheets=tuple(worksheet.id for worksheet in page.workshop.worksheets),
        polls=tuple(poll.id for poll in page.workshop.polls),
        boards=tuple(board.id for board in page.workshop.boards),
        objectives=tuple(objective.id for objective in module.objectives if objective.id in named),
        reflections=tuple(
            token.meta["block"].id
            for token in page.tokens
            if token.type == "block_open" and token.meta["block"].name == "reflection"
        ),
        frames=loads.frames,
        streams=loads.streams,
        scenes=loads.scenes,
    )


def _quiz_entries(module: Module, language: str) -> tuple[QuizEntry, ...]:
    points = {question.id: question.points for question in module.questions if question.is_graded}
    entries = [
        QuizEntry(
            quiz.id,
            {language: quiz.title},
            quiz.page,
            quiz.minutes,
            quiz.questions,
            _most(quiz.questions, quiz.pools, points),
            tuple(PoolEntry(pool.questions, pool.draw) for pool in quiz.pools),
        )
        for quiz in module.quizzes
    ]
    if loose := [question for question in module.questions if question.is_graded and question.quiz is None]:
        ids = tuple(question.id for question in loose)
        pools = tuple(pool for page in module.pages for pool in page.pools)
        entries.append(
            QuizEntry(
                MODULE_QUIZ,
                {language: module.title},
                loose[-1].page,
                None,
                ids,
                _most(ids, pools, points),
                tuple(PoolEntry(pool.questions, pool.draw) for pool in pools),
            )
        )
    return tuple(entries)


def _most(questions: Sequence[str], pools: Sequence[Pool], points: Mapping[str, Fraction]) -> Fraction:
    """Add up what an attempt can earn: of a pool, as many questions as are drawn, which are all worth the same."""
    in_pools = {question for pool in pools for question in pool.questions}
    fixed = sum((points.get(question, Fraction(0)) for question in questions if question not in in_pools), Fraction(0))
    return fixed + sum((points.get(pool.questions[0], Fraction(0)) * pool.draw for pool in pools), Fraction(0))


def _asset_entries(module: Module, language: str) -> tuple[AssetEntry, ...]:
    entries = {
        path: AssetEntry(
            path, asset.media_type, asset.licence, asset.author, {language: asset.alt} if asset.alt else None
        )
        for asset in module.assets
        for path in [asset_path(asset.path, asset.data)]
    }
    return tuple(entries[path] for path in sorted(entries))


def _question(question: Question, text: RenderedQuestion) -> QuestionText:
    options = [OptionText(option.id, text.options[option.id]) for option in question.options]
    if question.type in {"order", "match"}:
        # The source's order is the key.
        options.sort(key=lambda option: option.id)
    limits = question.limits
    return QuestionText(
        id=question.id,
        type=question.type,
        page=question.page,
        quiz=_quiz_of(question),
        points=question.points,
        tries=question.tries,
        penalty=question.penalty,
        partial=question.partial,
        shuffle=question.is_shuffled,
        graded=question.is_graded,
        objective=question.objective,
        stem=text.stem,
        options=tuple(options),
        hints=tuple(HintText(hint.cost, html) for hint, html in zip(question.hints, text.hints, strict=True)),
        items=tuple(OptionText(item.id, text.items.get(item.id, "")) for item in question.items),
        choices={item.id: tuple(sorted(item.choices)) for item in question.items if item.choices},
        unit=question.unit,
        image=text.image,
        rubric=tuple(CriterionText(each.id, text.rubric[each.id], each.points) for each in question.rubric),
        limits=LimitsEntry(limits.words, limits.accept, limits.files, limits.size) if limits else None,
        anonymous=question.is_anonymous,
    )


def _quiz_of(question: Question) -> str | None:
    if question.quiz is None and question.is_graded:
        return MODULE_QUIZ
    return question.quiz


def _keys(module: Module, rendered: Rendered) -> Keys:
    language, notes = rendered.language, session_notes(module, rendered.workshop)
    return Keys(
        questions={question.id: _key_entry(question, rendered) for question in module.questions},
        facilitator={language: {page.id: page.facilitator for page in rendered.pages if page.facilitator}},
        sessions={language: notes} if notes else {},
    )


def _key_entry(question: Question, rendered: Rendered) -> KeyEntry:
    text = rendered.questions[question.id]
    written = written_of(question)
    return KeyEntry(
        type=question.type,
        points=question.points,
        tries=question.tries,
        penalty=question.penalty,
        partial=question.partial,
        correct=correct_of(question),
        feedback={rendered.language: Feedback(options=text.option_feedback, **text.feedback)},
        solution={rendered.language: text.solution} if text.solution else {},
        pairs=pairs_of(question),
        written={rendered.language: written} if written else {},
        number=number_of(question),
        areas=areas_of(question),
    )


def _search(module: Module, rendered: Rendered) -> list[SearchEntry]:
    return [
        SearchEntry(page.id, source.title, page.headings, page.text)
        for page, source in zip(rendered.pages, module.pages, strict=True)
    ]
