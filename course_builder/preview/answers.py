"""What somebody answered in the preview: kept in memory, for each browser, until the preview ends."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from course_builder.scoring import Response

_MOST_BROWSERS = 50


@dataclass(slots=True)
class Answer:
    """An answer to one question; ``notice`` is what there is to say about it before it can be checked."""

    response: Response = None
    is_checked: bool = False
    """Whether it was checked or submitted, and not changed since."""
    tries_used: int = 0
    hints_opened: list[int] = field(default_factory=list)
    notice: str = ""


@dataclass(slots=True)
class Answers:
    """All answers of one browser, by module and question; a quiz that was submitted is known by page and id."""

    seed: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    """Draws names, orders and questions of pools: always the same, so that a save shuffles nothing on the screen."""
    _by_question: dict[tuple[str, str], Answer] = field(default_factory=dict)
    _submitted: set[tuple[str, str]] = field(default_factory=set)

    def of(self, module: str, question: str) -> Answer:
        """Give the answer to a question; an empty one if there is none yet."""
        return self._by_question.setdefault((module, question), Answer())

    def submit(self, page: str, quiz: str) -> None:
        """Keep that a quiz was submitted; ``page`` is an address, since graded questions of no quiz share one id."""
        self._submitted.add((page, quiz))

    def is_submitted(self, page: str, quiz: str) -> bool:
        """Whether it was."""
        return (page, quiz) in self._submitted


class Browsers:
    """The answers of every browser that looks at the preview, by the token in its cookie."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answers] = OrderedDict()
        self._lock = Lock()

    def find(self, token: str) -> tuple[str, Answers]:
        """Give a browser's answers, and its token: a new one if it has none, or one that is forgotten."""
        with self._lock:
            if token not in self._answers:
                token = secrets.token_urlsafe(24)
                self._answers[token] = Answers()
                if len(self._answers) > _MOST_BROWSERS:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(token)
            return token, self._answers[token]

    def forget(self, token: str) -> None:
        """Let a browser begin anew."""
        with self._lock:
            self._answers.pop(token, None)
