"""D2L Brightspace."""

from dataclasses import replace

from lti_tool.platforms.generic import GENERIC

D2L = replace(
    GENERIC,
    product="d2l",
    # Somebody who is not enrolled, or no longer.
    # Source: what tools in the field report; the specification names no status.
    person_refused=frozenset({403, 404}),
)
