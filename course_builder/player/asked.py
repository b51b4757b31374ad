"""A question as one attempt is asked it: what its package says, under the names drawn for the attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from course_builder.draw import Drawn, draw
from course_builder.package import Feedback, QuestionText
from course_builder.scoring import Key


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its key and its drawn names; ``key``, ``feedback`` and ``solution`` are not sent as they are."""

    text: QuestionText
    key: Key
    drawn: Drawn
    feedback: Feedback = field(default_factory=Feedback)
    solution: str | None = None

    @property
    def name_of(self) -> Mapping[str, str]:
        """The drawn names of options, by id."""
        return {option: name for name, option in self.drawn.to_id.items()}

    @property
    def item_name_of(self) -> Mapping[str, str]:
        """The drawn names of items, by id."""
        return {item: name for name, item in self.drawn.to_item.items()}


def draw_question(text: QuestionText, key: Key, seed: bytes) -> Drawn:
    """Draw the names and the order of a question's options and items for an attempt.

    Raises:
        ValueError: if the seed is too short to be a secret.
    """
    items = [item.id for item in text.items]
    key_order = {"order": key.correct, "match": [key.pairs[item] for item in items if item in key.pairs]}.get(text.type)
    options = [option.id for option in text.options]
    return draw(seed, text.id, options, text.shuffle, text.type, key_order, items, text.choices)
