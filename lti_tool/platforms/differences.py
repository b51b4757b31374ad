"""What can differ from one LMS to another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """How an LMS departs from the specifications, or fills in what they leave open."""

    product: str
    """The name in ``Registration.product``."""
    timestamp_refused: frozenset[int]
    """Statuses that answer a score whose timestamp is not later than the one the gradebook has."""
    person_refused: frozenset[int]
    """Statuses that answer a score for somebody whom the course does not grade: a trainer, or not enrolled."""
