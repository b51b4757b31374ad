"""How a tool is registered in each LMS: what its administrators fill in there and here, one file per LMS."""

from lti_tool.platforms.installing.blackboard import BLACKBOARD
from lti_tool.platforms.installing.canvas import CANVAS
from lti_tool.platforms.installing.d2l import D2L
from lti_tool.platforms.installing.generic import GENERIC
from lti_tool.platforms.installing.guide import Guide, Place
from lti_tool.platforms.installing.moodle import MOODLE
from lti_tool.platforms.installing.openedx import OPENEDX
from lti_tool.platforms.installing.sakai import SAKAI
from lti_tool.platforms.installing.tool import ToolDescription

_BY_PRODUCT = {
    "moodle": MOODLE,
    "canvas": CANVAS,
    "openedx": OPENEDX,
    "sakai": SAKAI,
    "blackboard": BLACKBOARD,
    "d2l": D2L,
    "generic": GENERIC,
}

GUIDES = dict(_BY_PRODUCT)
"""By product, in the order in which people are asked."""


def guide_of(product: str) -> Guide:
    """Say how to register in an LMS; one that nobody wrote down yet is registered as the specifications say."""
    return _BY_PRODUCT.get(product, GENERIC)


__all__ = ["GUIDES", "Guide", "Place", "ToolDescription", "guide_of"]
