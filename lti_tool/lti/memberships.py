"""Names and Role Provisioning Services and Course Groups: who is in a course, and in which groups.

Source: LTI Names and Role Provisioning Services 2.0, https://www.imsglobal.org/spec/lti-nrps/v2p0; LTI Course Groups
Service 1.0, https://www.imsglobal.org/spec/lti-gs/v1p0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti_tool.errors import PlatformError
from lti_tool.lti.bearer import BearerCalls, NoTokenError
from lti_tool.lti.claims import MAX_ROLES, person_name
from lti_tool.lti.egress import Answer
from lti_tool.lti.links import BrokenLinkError, next_page, read_links
from lti_tool.lti.retry_after import retry_after_s, throttles
from lti_tool.lti.roles import is_learner, is_test_user, is_trainer
from lti_tool.lti.text import is_identifier, label, origin
from lti_tool.lti.vocabulary import ID_LENGTH
from lti_tool.models import MemberKind, RosterReason

MEMBERSHIP_SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GROUP_SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
PAGE_MEMBERS = 500
"""People asked for at a time; a platform may give fewer. Without a limit Moodle sends all of a course at once."""
MAX_GROUPS_OF_MEMBER = 50
_GROUP_PAGES, _MAX_GROUPS = 20, 2000
_MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
_GROUPS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
_SETS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"
_RETRIED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})


class RosterError(PlatformError):
    """A roster was not read to its end."""

    def __init__(self, reason: RosterReason, detail: str, **more: Any) -> None:
        super().__init__("The course list could not be read.", detail=detail, **more)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMember:
    """Somebody on a page of a roster."""

    sub: str
    name: str | None
    kind: MemberKind
    is_active: bool
    group_ids: tuple[str, ...] | None
    """``None`` where the platform said nothing of groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPage:
    """A page of a roster."""

    members: tuple[ListedMember, ...]
    next_url: str | None
    differences_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGroup:
    """A group of a course."""

    id: str
    name: str
    set_name: str | None


class MembershipService:
    """The roster of one course at a platform.

    Args:
        calls: with a token for :data:`MEMBERSHIP_SCOPE`, and :data:`GROUP_SCOPE` where groups are read.
        home_url: the address that a launch named; every other one has to be of the same origin.
    """

    def __init__(self, calls: BearerCalls, home_url: str) -> None:
        self._calls = calls
        self._origin = origin(home_url)

    def page(self, url: str) -> MemberPage:
        """Read a page.

        Raises:
            RosterError: if it cannot be read, or the link to the next one cannot be followed.
        """
        answer, body = self._read(url, _MEMBERS_TYPE, "members")
        members = (_member(item) for item in body if isinstance(item, dict))
        next_url = self._next(answer, url)
        differences_url = read_links(answer.headers.get("Link", ""), url).get("differences", "")
        return MemberPage(
            members=tuple(member for member in members if member is not None),
            next_url=next_url,
            differences_url=differences_url if origin(differences_url) == self._origin else None,
        )

    def groups(self, groups_url: str, sets_url: str | None) -> tuple[ListedGroup, ...]:
        """Read the groups of the course.

        Raises:
            RosterError: if they cannot be read, or the link to the next page cannot be followed.
        """
        sets: dict[str, str] = {}
        if sets_url is not None and origin(sets_url) == self._origin:
            sets = dict(_named(item) for item in self._items(sets_url, _SETS_TYPE, "sets"))
        found: dict[str, ListedGroup] = {}
        for item in self._items(groups_url, _GROUPS_TYPE, "groups"):
            group_id, name = _named(item)
            if group_id:
                found[group_id] = ListedGroup(
                    id=group_id, name=name, set_name=sets.get(_id(item.get("set_id"))) or None
                )
        return tuple(found.values())

    def _items(self, url: str, media_type: str, name: str) -> Iterator[dict[str, Any]]:
        """Go through a list of a few pages at most."""
        if origin(url) != self._origin:
            raise RosterError(RosterReason.BROKEN_PAGING, f"{name} elsewhere: {url[:300]!r}", is_permanent=True)
        next_url: str | None = first_url(url)
        count = 0
        for _page in range(_GROUP_PAGES):
            if next_url is None:
                return
            answer, body = self._read(next_url, media_type, name)
            for item in body:
                count += 1
                if isinstance(item, dict) and count <= _MAX_GROUPS:
                    yield item
            next_url = self._next(answer, next_url)

    def _read(self, url: str, media_type: str, name: str) -> tuple[Answer, list[Any]]:
        """Call, and give the list that the answer holds under a name."""
        try:
            answer = self._calls.call("GET", url, {"Accept": media_type})
        except NoTokenError as error:
            raise _without_token(error) from error
        except PlatformError as error:
            # Only an answer that is too large has a status and is none.
            reason = RosterReason.UNREACHABLE if error.http_status is None else RosterReason.TOO_LARGE
            raise RosterError(reason, error.detail, is_permanent=error.http_status is not None) from error
        if answer.status != HTTPStatus.OK:
            raise _refused(answer)
        try:
            body = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise _failure(answer, RosterReason.PLATFORM_ERROR) from error
        found = body.get(name) if isinstance(body, dict) else None
        if not isinstance(found, list):
            raise _failure(answer, RosterReason.PLATFORM_ERROR)
        return answer, found

    def _next(self, answer: Answer, url: str) -> str | None:
        """Give the next page's address."""
        try:
            return next_page(answer.headers.get("Link", ""), url, self._origin)
        except BrokenLinkError as error:
            raise RosterError(RosterReason.BROKEN_PAGING, str(error), is_permanent=True) from error


def first_url(url: str, **query: str) -> str:
    """Give the address of a list's first page, with a limit unless it names one."""
    parts = urlsplit(url)
    wanted = {"limit": str(PAGE_MEMBERS), **query} | dict(parse_qsl(parts.query, keep_blank_values=True))
    return urlunsplit(parts._replace(query=urlencode(wanted)))


def _member(item: Mapping[str, Any]) -> ListedMember | None:
    """Read one person; nothing of somebody who cannot be told apart."""
    sub = _id(item.get("user_id"))
    if not is_identifier(sub, ID_LENGTH):
        return None
    status = item.get("status") or "Active"
    enrolments = item.get("group_enrollments")
    return ListedMember(
        sub=sub,
        name=person_name(item),
        kind=_kind(item.get("roles")),
        is_active=isinstance(status, str) and status.rpartition("#")[2].lower() == "active",
        group_ids=_group_ids(enrolments) if isinstance(enrolments, list) else None,
    )


def _kind(roles: Any) -> MemberKind:
    known = [role for role in roles[:MAX_ROLES] if isinstance(role, str)] if isinstance(roles, list) else []
    if is_test_user(known):
        return MemberKind.TEST
    if is_trainer(known):
        return MemberKind.TRAINER
    return MemberKind.LEARNER if is_learner(known) else MemberKind.OTHER


def _group_ids(enrolments: list[Any]) -> tuple[str, ...]:
    ids = (_id(each.get("group_id")) for each in enrolments[:MAX_GROUPS_OF_MEMBER] if isinstance(each, dict))
    return tuple(dict.fromkeys(group_id for group_id in ids if group_id))


def _named(item: Mapping[str, Any]) -> tuple[str, str]:
    """Give id and name of a group or a set; the id is empty if it cannot be used."""
    group_id = _id(item.get("id"))
    return group_id, label(item.get("name"), ID_LENGTH) or group_id


def _id(value: Any) -> str:
    """Read an id, which some platforms write as a number; empty if it cannot be used."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return text if is_identifier(text, ID_LENGTH) else ""


def _without_token(error: NoTokenError) -> RosterError:
    status = error.http_status
    reason = RosterReason.UNREACHABLE
    if error.is_throttled:
        reason = RosterReason.THROTTLED
    elif status is not None:
        reason = RosterReason.TOKEN_REFUSED if 400 <= status < 500 else RosterReason.PLATFORM_ERROR
    is_permanent = reason is RosterReason.TOKEN_REFUSED
    return RosterError(
        reason, error.detail, is_permanent=is_permanent, http_status=status, retry_after_s=error.retry_after_s
    )


def _refused(answer: Answer) -> RosterError:
    """Say what an unwelcome status means."""
    status = answer.status
    if throttles(answer):
        return _failure(answer, RosterReason.THROTTLED)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _failure(answer, RosterReason.ACCESS_REFUSED, is_permanent=status not in _RETRIED)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return _failure(answer, RosterReason.GONE, is_permanent=True)
    if 400 <= status < 500 and status not in _RETRIED:
        return _failure(answer, RosterReason.REFUSED, is_permanent=True)
    return _failure(answer, RosterReason.PLATFORM_ERROR)


def _failure(answer: Answer, reason: RosterReason, *, is_permanent: bool = False) -> RosterError:
    # What came with a 200 may be a list of people, which is nothing for the log.
    said = "" if answer.status == HTTPStatus.OK else answer.body[:300].decode(errors="replace")
    return RosterError(
        reason,
        f"HTTP {answer.status}, {answer.headers.get('Content-Type', '')}, {len(answer.body)} bytes: {said}",
        is_permanent=is_permanent,
        http_status=answer.status,
        retry_after_s=retry_after_s(answer),
    )
