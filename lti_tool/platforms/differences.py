"""What can differ from one LMS to another."""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.models import ScoreReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer to a score that says why it will never be taken, where the status alone does not."""

    status: int
    reason: ScoreReason
    says: str = ""
    """What its body holds, in lower case; empty: whatever it holds."""

    def fits(self, status: int, body: str) -> bool:
        """Whether an answer is this one."""
        return status == self.status and self.says in body.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """How an LMS departs from the specifications, or fills in what they leave open."""

    product: str
    """The name in ``Registration.product``."""
    timestamp_refused: frozenset[int]
    """Statuses that answer a score whose timestamp is not later than the one the gradebook has."""
    keeps_dates: bool
    """Whether items of deep linking may bring the dates at which they open and are due."""
    names_address_at_login: bool
    """Whether the login of an activity names the address that its item brought, as the token then does."""
    tells_items_apart: bool
    """Whether each of several items becomes an activity with an id of its own."""
    adds_several_at_once: bool
    """Whether several items become activities at once while a single one fills in a form first."""
    counts_submissions: bool
    """Whether each score is a new attempt of the person there unless it says otherwise."""
    refusals: tuple[Refusal, ...]
    """Answers to a score for somebody whom the course does not grade: the first that fits counts."""
    grades_test_accounts: bool
    """Whether its gradebook has a place for test accounts, apart from people's."""
    keeps_grade_while_pending: bool
    """Whether the grade that is there stays while a score says that a person has still to judge (``PendingManual``)."""
    comment_break: str
    """What ends a line in a comment; a tag where comments are HTML."""
    results_at_once: int | None
    """How many results are asked for at a time; ``None`` where asking for a number fails."""
    frame_messages: tuple[str, ...]
    """What the page around a tool's frame takes from it by ``postMessage``, by their subjects."""
