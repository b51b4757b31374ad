"""Storage in the LMS's page for tools whose frames can keep nothing.

The page, or a frame of it that tools ask by its name, keeps small values for each tool as long as the page is open.

Source: LTI Client Side postMessages 0.1 and LTI postMessage Storage 0.1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """What an LMS promises, and what it does."""

    is_named: bool
    """Whether logins and launches name the frame to ask (``lti_storage_target``)."""
    answers: bool
    """Whether messages are answered at all."""
    frame: str = "_parent"
    """The frame to ask; ``_parent``: the page that holds the tool's frame."""


STORAGE = Storage(is_named=True, answers=True)
NO_STORAGE = Storage(is_named=False, answers=False)
SILENT_STORAGE = replace(STORAGE, answers=False)
"""Promises and never answers, as Canvas does inside its apps for phones.

Source: Canvas, "Using window.postMessage in LTI Tools".
"""
UNNAMED_STORAGE = replace(STORAGE, is_named=False, frame="lti_storage")
"""Names the frame in its answer to ``lti.capabilities`` only, as Blackboard does."""


def storage_target(storage: Storage) -> dict[str, str]:
    """The parameter of logins and launches."""
    return {"lti_storage_target": storage.frame} if storage.is_named else {}
