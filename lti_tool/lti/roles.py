"""What a person is in a context.

Roles in the institution or system count for nothing here: Canvas sends an institution's instructors as such even into
courses that they take as learners. (pylti1p3's roles read an unknown vocabulary as a context's, so they are not used.)

Source: LTI 1.3, A.2 Role vocabularies.
"""

from __future__ import annotations

from collections.abc import Iterable

_CONTEXT = "http://purl.imsglobal.org/vocab/lis/v2/membership"
_TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
_TRAINERS = {"Instructor", "Administrator", "TeachingAssistant"}
"""The last is a part of Instructor in the vocabulary; some platforms send it by itself."""
_LEARNERS = {"Learner"}


def context_roles(roles: Iterable[str]) -> set[str]:
    """Give the principal roles in the context: of ``…/membership/Instructor#Grader`` it is Instructor."""
    return {role for role in map(_principal, roles) if role}


def is_trainer(roles: Iterable[str]) -> bool:
    """Whether somebody teaches or runs the context."""
    return not _TRAINERS.isdisjoint(context_roles(roles))


def is_learner(roles: Iterable[str]) -> bool:
    """Whether somebody learns in the context."""
    return not _LEARNERS.isdisjoint(context_roles(roles))


def is_test_user(roles: Iterable[str]) -> bool:
    """Whether nobody stands behind the account: Blackboard's and Canvas's way to see a course as its learners do."""
    return _TEST_USER in roles


def _principal(role: str) -> str | None:
    if role.startswith(f"{_CONTEXT}#"):
        return role.removeprefix(f"{_CONTEXT}#")
    if role.startswith(f"{_CONTEXT}/"):
        return role.removeprefix(f"{_CONTEXT}/").partition("#")[0]
    # Short names mean the context's roles.
    return role if role.isalpha() else None
