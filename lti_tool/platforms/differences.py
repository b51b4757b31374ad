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
    keeps_dates: bool
    """Whether items of deep linking may bring the dates at which they open and are due."""
    adds_several_at_once: bool
    """Whether several items become activities at once while a single one fills in a form first."""
    person_refused: frozenset[int]
    """Statuses that answer a score for somebody whom the course does not grade: a trainer, or not enrolled."""
