"""Dynamic registration as each LMS does it, one file per LMS."""

from lti_tool.practice_lms.registrars.canvas import CANVAS
from lti_tool.practice_lms.registrars.d2l import D2L
from lti_tool.practice_lms.registrars.moodle import MOODLE
from lti_tool.practice_lms.registrars.registrar import (
    DEEP_LINKING,
    TOOL_CONFIGURATION,
    Begun,
    Registrar,
    RegistrationRefusedError,
    check_sent,
    configuration,
    read_sent,
)
from lti_tool.practice_lms.registrars.sakai import SAKAI
from lti_tool.practice_lms.registrars.strict import STRICT

REGISTRARS = {"strict": STRICT, "moodle": MOODLE, "canvas": CANVAS, "sakai": SAKAI, "d2l": D2L}
"""By the name of a profile; one that is missing registers tools by hand only."""

__all__ = [
    "DEEP_LINKING",
    "REGISTRARS",
    "TOOL_CONFIGURATION",
    "Begun",
    "Registrar",
    "RegistrationRefusedError",
    "check_sent",
    "configuration",
    "read_sent",
]
