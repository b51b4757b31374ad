"""The practice LMS: a small, strict LTI 1.3 platform for trying the tool and for its tests.

It stands on its own origin, imports nothing else of the tool and trusts nothing the tool sends.
"""

from lti_tool.practice_lms.app import create_lms
from lti_tool.practice_lms.config import LmsConfig, LmsConfigError
from lti_tool.practice_lms.faults import Fault, Faults
from lti_tool.practice_lms.platform import PracticeLms, practice_lms_of
from lti_tool.practice_lms.seed import Seed, demo_seed

__all__ = [
    "Fault",
    "Faults",
    "LmsConfig",
    "LmsConfigError",
    "PracticeLms",
    "Seed",
    "create_lms",
    "demo_seed",
    "practice_lms_of",
]
