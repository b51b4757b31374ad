"""Where one LMS differs from another: data with its reason and source, one file per LMS."""

from lti_tool.platforms.blackboard import BLACKBOARD
from lti_tool.platforms.canvas import CANVAS
from lti_tool.platforms.d2l import D2L
from lti_tool.platforms.differences import Differences
from lti_tool.platforms.generic import GENERIC
from lti_tool.platforms.moodle import MOODLE
from lti_tool.platforms.openedx import OPENEDX
from lti_tool.platforms.sakai import SAKAI

_BY_PRODUCT = {
    differences.product: differences for differences in (GENERIC, MOODLE, CANVAS, OPENEDX, SAKAI, BLACKBOARD, D2L)
}

PRODUCTS = tuple(_BY_PRODUCT)
"""What ``Registration.product`` may hold."""


def differences_of(product: str) -> Differences:
    """Give what is known of an LMS; one that nobody wrote down yet behaves as the specifications say."""
    return _BY_PRODUCT.get(product, GENERIC)


__all__ = ["CANVAS", "GENERIC", "MOODLE", "OPENEDX", "PRODUCTS", "Differences", "differences_of"]
