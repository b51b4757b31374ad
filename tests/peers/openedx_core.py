"""What the Open edX core gives to its LTI block: people, a course, the block's storage and the grade book.

``lti-consumer-xblock`` reaches the core through ``lti_consumer.plugin.compat`` only. :func:`install` answers there with
a small course, so that everything else, from the login to the published grade, is the library's own code.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from lti_consumer.exceptions import LtiError
from lti_consumer.plugin import compat
from opaque_keys.edx.keys import CourseKey, UsageKey
from xblock.fields import ScopeIds
from xblock.reference.user_service import XBlockUser
from xblock.runtime import DictKeyValueStore, KvsFieldData, MemoryIdManager, Runtime

COURSE = CourseKey.from_string("course-v1:Municipal+DIM+2026")
BLOCK = UsageKey.from_string(f"block-v1:Municipal+DIM+2026+type@lti_consumer+block@{'5' * 32}")


@dataclass(frozen=True)
class CoreUser:
    """A person as the core knows them; tools see ``external_id`` only."""

    id: int
    username: str
    external_id: str
    role: str


def find_user(username: str) -> CoreUser:
    """Give the person of a name, enrolled as soon as they are named; ``trainer…`` teaches, all others learn."""
    if username not in _users:
        number = len(_users) + 11
        role = "instructor" if username.startswith("trainer") else "student"
        _users[username] = CoreUser(number, username, str(uuid.uuid5(uuid.NAMESPACE_DNS, username)), role)
    return _users[username]


_users: dict[str, CoreUser] = {}

grades: dict[str, list[dict[str, Any]]] = {}
"""What was published to the course's grade book, by username, in the order it came."""

_storage = KvsFieldData(DictKeyValueStore())


class _Runtime(Runtime):
    """The part of the core's block runtime that launches and grades go through."""

    def publish(self, block: Any, event_type: str, event_data: dict[str, Any]) -> None:
        if event_type == "grade":
            username = next(user.username for user in _users.values() if user.id == event_data["user_id"])
            grades.setdefault(username, []).append(
                {"points": event_data["value"], "max_points": event_data["max_value"]}
            )

    def handler_url(self, *_args: Any, **_kwargs: Any) -> str:
        raise NotImplementedError

    resource_url = local_resource_url = handler_url


class _UserService:
    """Says who is looking at the block."""

    def __init__(self, user: CoreUser | None) -> None:
        self._user = user

    def get_current_user(self) -> XBlockUser:
        user = XBlockUser(is_current_user=True, emails=[], full_name=None)
        if self._user:
            user.opt_attrs = {
                "edx-platform.is_authenticated": True,
                "edx-platform.user_id": self._user.id,
                "edx-platform.username": self._user.username,
                "edx-platform.user_role": self._user.role,
                "edx-platform.user_is_staff": False,
            }
        return user

    def get_external_user_id(self, _kind: str) -> str | None:
        return self._user.external_id if self._user else None


def load_block(user: CoreUser | None = None) -> Any:
    """Load the course's LTI block as somebody, or as nobody in particular."""
    # Imported late: the block's module reads the Django settings.
    from lti_consumer.lti_xblock import LtiConsumerXBlock

    ids = MemoryIdManager()
    services = {
        "user": _UserService(user),
        "rebind_user": SimpleNamespace(rebind_noauth_module_to_user=lambda _block, _user: None),
    }
    runtime = _Runtime(id_reader=ids, id_generator=ids, services=services)
    block = LtiConsumerXBlock(runtime, _storage, ScopeIds(user and user.id, "lti_consumer", BLOCK, BLOCK))
    # What the core lets each block inherit from its course.
    block.due = block.graceperiod = None
    return block


def _user_by_external_id(external_id: str) -> CoreUser:
    for user in _users.values():
        if user.external_id == external_id:
            return user
    raise LtiError("Invalid User")


def _is_in_the_course(user: CoreUser | None) -> bool:
    return user is not None


def install() -> None:
    """Put this core behind the library's compatibility layer."""
    switched_off = SimpleNamespace(is_enabled=lambda *_args: False)
    course = SimpleNamespace(
        display_name_with_default="Digital innovation", display_org_with_default="Municipal", lti_passports=[]
    )
    answers = {
        "load_enough_xblock": lambda _location: load_block(),
        "load_block_as_user": lambda _location: load_block(),
        "save_xblock": lambda block: block.save(),
        "get_user_from_external_user_id": _user_by_external_id,
        "get_course_by_id": lambda _key: course,
        "get_user_course_forum_role": lambda _user_id, _course: None,
        "get_forum_role_model": lambda: None,
        "user_course_access": lambda _course, user, *_action, **_checks: _is_in_the_course(user),
        "user_has_access": lambda user, *_what: _is_in_the_course(user),
        "user_has_studio_write_access": lambda user, _course: _is_in_the_course(user) and user.role == "instructor",
        "batch_get_or_create_externalids": lambda _users_asked: {
            user.id: SimpleNamespace(external_user_id=user.external_id) for user in _users.values()
        },
        "get_external_config_waffle_flag": lambda: switched_off,
        "get_database_config_waffle_flag": lambda: switched_off,
        "get_external_multiple_launch_urls_waffle_flag": lambda: switched_off,
        "get_course_members": lambda _course: {
            user.id: {"id": user.id, "username": user.username, "roles": [user.role]} for user in _users.values()
        },
    }
    for name, answer in answers.items():
        if not hasattr(compat, name):
            raise AttributeError(f"lti_consumer.plugin.compat has no {name} any more")
        setattr(compat, name, answer)
