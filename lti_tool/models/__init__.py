"""The tables, one file per aggregate."""

from lti_tool.models.admin import Account, AuditEntry, FailedTries, Role, SignIn
from lti_tool.models.allowance import Allowance, AllowanceKind
from lti_tool.models.attempt import SELF_CHECK, Answer, Attempt, LateAnswer
from lti_tool.models.chore import Chore
from lti_tool.models.comparison import (
    ColumnState,
    ComparedColumn,
    ComparedGrade,
    Comparison,
    ComparisonState,
    Verdict,
)
from lti_tool.models.health import LaunchProblem, PlatformCheck, TestLaunch
from lti_tool.models.invitation import Invitation
from lti_tool.models.judgement import Judgement
from lti_tool.models.launch import Launch, Login, Message
from lti_tool.models.line_item import PLACEHOLDER, WHOLE, LineItem, LineItemState
from lti_tool.models.module import Release
from lti_tool.models.outage import Outage
from lti_tool.models.placement import Columns, Context, ContextCopy, PageVisit, Participation, Placement
from lti_tool.models.platform import (
    AccessToken,
    Deployment,
    KeySet,
    Privacy,
    Registration,
    RegistrationState,
    SigningKey,
    UsedNotice,
)
from lti_tool.models.private_note import TICKED, PrivateNote
from lti_tool.models.problem_report import ProblemKind, ProblemReport
from lti_tool.models.roster import (
    CourseGroup,
    GroupMember,
    Member,
    MemberKind,
    MemberStatus,
    Roster,
    RosterReason,
    RosterState,
)
from lti_tool.models.score import Score, ScoreReason, ScoreState
from lti_tool.models.upload import Upload
from lti_tool.models.user import Contrast, Person, TextSize

__all__ = [
    "PLACEHOLDER",
    "SELF_CHECK",
    "TICKED",
    "WHOLE",
    "AccessToken",
    "Account",
    "Allowance",
    "AllowanceKind",
    "Answer",
    "Attempt",
    "AuditEntry",
    "Chore",
    "ColumnState",
    "Columns",
    "ComparedColumn",
    "ComparedGrade",
    "Comparison",
    "ComparisonState",
    "Context",
    "ContextCopy",
    "Contrast",
    "CourseGroup",
    "Deployment",
    "FailedTries",
    "GroupMember",
    "Invitation",
    "Judgement",
    "KeySet",
    "LateAnswer",
    "Launch",
    "LaunchProblem",
    "LineItem",
    "LineItemState",
    "Login",
    "Member",
    "MemberKind",
    "MemberStatus",
    "Message",
    "Outage",
    "PageVisit",
    "Participation",
    "Person",
    "Placement",
    "PlatformCheck",
    "Privacy",
    "PrivateNote",
    "ProblemKind",
    "ProblemReport",
    "Registration",
    "RegistrationState",
    "Release",
    "Role",
    "Roster",
    "RosterReason",
    "RosterState",
    "Score",
    "ScoreReason",
    "ScoreState",
    "SignIn",
    "SigningKey",
    "TestLaunch",
    "TextSize",
    "Upload",
    "UsedNotice",
    "Verdict",
]
