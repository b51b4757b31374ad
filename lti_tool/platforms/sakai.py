"""Sakai."""

from dataclasses import replace

from lti_tool.platforms.generic import GENERIC

SAKAI = replace(GENERIC, product="sakai")
"""Nothing is known yet in which its grade service departs from the specification."""
