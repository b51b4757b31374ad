"""The tables, one file per aggregate."""

from lti_tool.models.admin import Account, AuditEntry, FailedTries, Role, SignIn
from lti_tool.models.attempt import SELF_CHECK, Answer, Attempt
from lti_tool.models.chore import Chore
from lti_tool.models.launch import Launch, Login, Message
from lti_tool.models.module import Release
from lti_tool.models.placement import Context, PageVisit, Participation, Placement
from lti_tool.models.platform import (
    AccessToken,
    Deployment,
    KeySet,
    Privacy,
    Registration,
    RegistrationState,
    SigningKey,
)
from lti_tool.models.score import Score, ScoreReason, ScoreState
from lti_tool.models.user import Person

__all__ = [
    "SELF_CHECK",
    "AccessToken",
    "Account",
    "Answer",
    "Attempt",
    "AuditEntry",
    "Chore",
    "Context",
    "Deployment",
    "FailedTries",
    "KeySet",
    "Launch",
    "Login",
    "Message",
    "PageVisit",
    "Participation",
    "Person",
    "Placement",
    "Privacy",
    "Registration",
    "RegistrationState",
    "Release",
    "Role",
    "Score",
    "ScoreReason",
    "ScoreState",
    "SignIn",
    "SigningKey",
]
