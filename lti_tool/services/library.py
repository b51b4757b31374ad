"""The library: published packages. The database holds them; ``services/shelf.py`` opens them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course_builder.package import Manifest, PackageError, read_package
from lti_tool.errors import ConflictError, NotFoundError, PackageRefusedError
from lti_tool.lti.content import Content
from lti_tool.lti.text import is_identifier
from lti_tool.models import Attempt, Placement, Release

LONGEST_ID = 100
"""Characters that the tables have room for; longer ids are refused before anything hangs on them."""


def publish(session: Session, path: Path, at: datetime) -> Release:
    """Verify a package and add it to the library; placements of an earlier compatible release show it from now on.

    The same package again changes nothing.

    Raises:
        PackageRefusedError: if the package is not sound, or this version was published with another content.
    """
    try:
        package = read_package(path)
    except PackageError as error:
        raise PackageRefusedError(f"{path.name} was not published. {error}") from error
    manifest = package.manifest
    _refuse_long_ids(path, manifest)
    if (known := session.get(Release, package.digest)) is not None:
        return known
    release = Release(
        digest=package.digest,
        module_id=manifest.id,
        version=manifest.version,
        title=dict(manifest.title),
        archive=path.read_bytes(),
        published_at=at,
    )
    try:
        with session.begin_nested():
            session.add(release)
    except IntegrityError as error:
        known = session.get(Release, package.digest)
        if known is not None:
            return known
        raise PackageRefusedError(
            f"{path.name} was not published. Version {manifest.version} of {manifest.id} is published already with "
            "another content, and a published version never changes: give this one a higher version."
        ) from error
    _move_placements(session, release)
    return release


def list_releases(session: Session, module_id: str) -> list[Release]:
    """List a module's releases, the newest version first."""
    found = session.scalars(select(Release).where(Release.module_id == module_id))
    return sorted(found, key=_version, reverse=True)


def list_modules(session: Session) -> list[Release]:
    """List the newest release of each module, by module id."""
    newest_by_id: dict[str, Release] = {}
    for release in session.scalars(select(Release)):
        other = newest_by_id.get(release.module_id)
        if other is None or _version(release) > _version(other):
            newest_by_id[release.module_id] = release
    return [newest_by_id[module_id] for module_id in sorted(newest_by_id)]


def count_uses(session: Session) -> dict[str, int]:
    """Count the activities that show each release, by its digest."""
    shown = select(Placement.release_digest, func.count()).where(Placement.release_digest.is_not(None))
    rows = session.execute(shown.group_by(Placement.release_digest))
    return {digest: number for digest, number in rows if digest is not None}


def newest(session: Session, module_id: str) -> Release | None:
    """Find the newest release of a module."""
    return next(iter(list_releases(session, module_id)), None)


def find_release(session: Session, module_id: str, version: str | None) -> Release | None:
    """Find the release that a link names: ``1`` is the newest with that major number, ``None`` the newest of all."""
    if not is_identifier(module_id, LONGEST_ID):
        return None
    releases = list_releases(session, module_id)
    if version is None:
        return next(iter(releases), None)
    named = [each for each in releases if version in {each.version, each.version.partition(".")[0]}]
    return next(iter(named), None)


def place(session: Session, placement: Placement, content: Content) -> None:
    """Let a placement show a module or a part of it; the same choice again changes nothing.

    What a placement shows may be another part or version of the same module at any time. Another module takes its place
    only while nobody has answered anything there, since people's attempts hang on it.

    Raises:
        NotFoundError: if the library has no such module or version.
        ConflictError: if the placement shows another module that people have answered.
    """
    if _shows(placement, content):
        return
    # Nobody begins an attempt meanwhile. Whoever named the placement in a row of their own has to wait, too.
    locked = select(Placement).where(Placement.id == placement.id).with_for_update()
    session.execute(locked.execution_options(populate_existing=True))
    if _shows(placement, content):
        return
    if placement.module_id not in {None, content.module_id} and _has_attempts(session, placement):
        raise ConflictError("This activity shows another module already.")
    keeps_release = content.version is None and placement.module_id == content.module_id
    release = placement.release if keeps_release else None
    release = release or find_release(session, content.module_id, content.version)
    if release is None:
        raise NotFoundError(f"The library has no module {content.module_id}.")
    placement.module_id, placement.page_id, placement.quiz_id = content.module_id, content.page_id, content.quiz_id
    placement.release_digest = release.digest
    if content.version is not None:
        placement.is_version_fixed = content.is_version_fixed
    session.flush()


def _shows(placement: Placement, content: Content) -> bool:
    """Whether a placement shows what is named already, in a version that is named or left open."""
    shown = (placement.module_id, placement.page_id, placement.quiz_id)
    if shown != (content.module_id, content.page_id, content.quiz_id):
        return False
    return _is_version(placement, content) if content.version is not None else placement.release_digest is not None


def _is_version(placement: Placement, content: Content) -> bool:
    """Whether a placement shows what a version such as ``1`` or ``1.2.0`` stands for."""
    release = placement.release
    if release is None or content.version is None or placement.is_version_fixed is not content.is_version_fixed:
        return False
    return content.version in {release.version, release.version.partition(".")[0]}


def _has_attempts(session: Session, placement: Placement) -> bool:
    return session.scalar(select(Attempt.id).where(Attempt.placement_id == placement.id).limit(1)) is not None


def _refuse_long_ids(path: Path, manifest: Manifest) -> None:
    questions = (question for page in manifest.pages for question in page.questions)
    pages, quizzes = (page.id for page in manifest.pages), (quiz.id for quiz in manifest.quizzes)
    for each in (manifest.id, *pages, *quizzes, *questions):
        if len(each) > LONGEST_ID:
            raise PackageRefusedError(
                f"{path.name} was not published. The id {each[:40]}… has {len(each)} characters, and at most "
                f"{LONGEST_ID} are allowed: shorten it."
            )


def _move_placements(session: Session, release: Release) -> None:
    """Let placements that follow releases with the same major number show this one; running attempts keep theirs."""
    new = _version(release)
    earlier = [
        other.digest
        for other in list_releases(session, release.module_id)
        if _version(other)[0] == new[0] and _version(other) < new
    ]
    followers = select(Placement).where(Placement.release_digest.in_(earlier), Placement.is_version_fixed.is_(False))
    for placement in session.scalars(followers):
        placement.release_digest = release.digest


def _version(release: Release) -> tuple[int, ...]:
    return tuple(int(number) for number in release.version.split("."))
