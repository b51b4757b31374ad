"""The tool with LTI platforms written by others."""

BLOCK_WEIGHT = 20
"""The maximum of the grade book column in Open edX, which keeps it as an integer.

It stands here because its packages warn when they are imported, which only their own process may do.
"""

MODULE = "m1-readiness"
"""The module in every course."""
