"""Copied courses: their links begin with the settings of those they were copied from, and nobody's work comes along.

A platform says in one of three ways what was copied from what: the link's own history (Blackboard, D2L), the course's
history (Canvas), or a notice when it happens (Canvas). In the last two the link is found by what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.claims import LaunchClaims
from lti_tool.lti.notices import MAX_ORIGINS, CopyNotice
from lti_tool.models import Context, ContextCopy, Deployment, Placement
from lti_tool.services.quiz_rules import copied, keep_rules, read_rules
from lti_tool.upsert import find_or_add


def take_notice(session: Session, deployment: Deployment, notice: CopyNotice, at: datetime) -> None:
    """Write down that a course was copied; the same notice again changes nothing.

    Activities of the copy that somebody opened before, and that are still empty, are filled.
    """
    for origin_id in notice.origin_ids:
        if origin_id != notice.context_id:
            key = {"deployment_id": deployment.id, "context_id": notice.context_id, "origin_id": origin_id}
            find_or_add(session, ContextCopy, key, {"noticed_at": at})
    empty = (
        select(Placement)
        .join(Placement.context)
        .where(Placement.deployment_id == deployment.id, Placement.module_id.is_(None))
        .where(Context.context_id == notice.context_id)
    )
    for placement in session.scalars(empty).all():
        _carry_over_from_course(session, placement, notice.context_id, (), None)
    session.flush()


def carry_over(session: Session, placement: Placement, claims: LaunchClaims) -> None:
    """Let a link that nobody opened before begin with the settings of the one that it was copied from, if any."""
    if claims.link_history and _carry_over_from_link(session, placement, claims.link_history):
        return
    if claims.context is not None:
        content = claims.content
        shown = None if content is None else (content.module_id, content.page_id, content.quiz_id)
        _carry_over_from_course(session, placement, claims.context.id, claims.context_history, shown)


def _carry_over_from_link(session: Session, placement: Placement, history: tuple[str, ...]) -> bool:
    found = session.scalars(
        select(Placement).where(
            Placement.deployment_id == placement.deployment_id, Placement.resource_link_id.in_(history)
        )
    )
    known = {each.resource_link_id: each for each in found}
    for link_id in history:
        if (original := known.get(link_id)) is not None and original is not placement:
            _copy_settings(original, placement)
            return True
    return False


def _carry_over_from_course(
    session: Session,
    placement: Placement,
    context_id: str,
    history: tuple[str, ...],
    shown: tuple[str, str | None, str | None] | None,
) -> None:
    origins = _origins(session, placement.deployment_id, context_id, history)
    if not origins:
        return
    query = (
        select(Placement, Context.context_id)
        .join(Placement.context)
        .where(Placement.deployment_id == placement.deployment_id, Placement.module_id.is_not(None))
        .where(Context.context_id.in_(origins), Placement.id != placement.id)
    )
    by_course: dict[str, list[Placement]] = {}
    for original, name in session.execute(query.order_by(Placement.id)):
        by_course.setdefault(name, []).append(original)
    for origin_id in origins:
        found = _the_one(by_course.get(origin_id, ()), placement, shown)
        if found is not None:
            _copy_settings(found, placement)
            return


def _the_one(
    candidates: Iterable[Placement], placement: Placement, shown: tuple[str, str | None, str | None] | None
) -> Placement | None:
    """Find the link that another one was copied from: by what it shows and its title; none rather than a wrong one."""
    alike = [each for each in candidates if shown is None or (each.module_id, each.page_id, each.quiz_id) == shown]
    titled = [each for each in alike if placement.title and each.title == placement.title]
    for found in (titled, alike if shown is not None else []):
        if len(found) == 1:
            return found[0]
    return None


def _origins(session: Session, deployment_id: int, context_id: str, history: tuple[str, ...]) -> list[str]:
    """List the courses that one comes from, the nearest first: by its history, and by notices about each of them."""
    found = dict.fromkeys(each for each in history if each != context_id)
    waiting = [context_id, *found]
    while waiting and len(found) < MAX_ORIGINS:
        query = select(ContextCopy.origin_id).where(
            ContextCopy.deployment_id == deployment_id, ContextCopy.context_id == waiting.pop(0)
        )
        for origin_id in session.scalars(query.order_by(ContextCopy.noticed_at.desc(), ContextCopy.origin_id)):
            if origin_id != context_id and origin_id not in found:
                found[origin_id] = None
                waiting.append(origin_id)
    return list(found)[:MAX_ORIGINS]


def _copy_settings(original: Placement, placement: Placement) -> None:
    placement.module_id, placement.page_id = original.module_id, original.page_id
    placement.quiz_id, placement.is_version_fixed = original.quiz_id, original.is_version_fixed
    placement.release_digest, placement.columns = original.release_digest, original.columns
    rules = {quiz: keep_rules(copied(read_rules(kept))) for quiz, kept in (original.quiz_rules or {}).items()}
    placement.quiz_rules = {quiz: kept for quiz, kept in rules.items() if kept} or None
