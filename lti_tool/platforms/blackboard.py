"""Blackboard Learn."""

from dataclasses import replace

from lti_tool.platforms.generic import GENERIC

BLACKBOARD = replace(GENERIC, product="blackboard")
"""Nothing is known yet in which its grade service departs from the specification."""
