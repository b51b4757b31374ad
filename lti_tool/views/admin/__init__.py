"""The admin pages: who may open them, and one module for each subject."""

from lti_tool.views.admin import (
    account,
    audit,
    health,
    home,
    invitations,
    library,
    outbox,
    people,
    platforms,
    proposals,
    settings,
    sign_in,
)
from lti_tool.views.admin.access import blueprint

__all__ = [
    "account",
    "audit",
    "blueprint",
    "health",
    "home",
    "invitations",
    "library",
    "outbox",
    "people",
    "platforms",
    "proposals",
    "settings",
    "sign_in",
]
