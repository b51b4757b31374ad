"""How a tool is registered in each LMS: what its administrators fill in there and here, one file per LMS."""

from lti_tool.platforms.installing.blackboard import BLACKBOARD
from lti_tool.platforms.installing.canvas import CANVAS
from lti_tool.platforms.installing.d2l import D2L
from lti_tool.platforms.installing.generic import GENERIC
from lti_tool.platforms.installing.guide import Guide, Place
from lti_tool.platforms.installing.moodle import MOODLE
from lti_tool.platforms.installing.offer import DEEP_LINKING, RESOURCE_LINK, TOOL_CONFIGURATION, Offer
from lti_tool.platforms.installing.openedx import OPENEDX
from lti_tool.platforms.installing.registering import registration_request
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


def product_of(family_code: str) -> str:
    """Give the product of an LMS that names itself in its openid configuration; ``generic`` where nobody knows it."""
    known = (product for product, guide in _BY_PRODUCT.items() if family_code.lower() in guide.family_codes)
    return next(known, "generic")


__all__ = [
    "DEEP_LINKING",
    "GUIDES",
    "RESOURCE_LINK",
    "TOOL_CONFIGURATION",
    "Guide",
    "Offer",
    "Place",
    "ToolDescription",
    "guide_of",
    "product_of",
    "registration_request",
]
