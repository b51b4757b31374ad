"""Poll blocks → :class:`Poll`."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from course_builder.model import Fence
from course_builder.model.workshop import POLL_TYPES, Poll
from course_builder.parser.items import read_options
from course_builder.parser.on_page import OnPage
from course_builder.parser.scales import read_scale
from course_builder.parser.values import Values
from course_builder.tokens import outermost

_SCALE_KEYS = ("labels", "max", "min")


def read_poll(fence: Fence, tokens: Sequence[Token], page: OnPage) -> Poll:
    """Read what a poll asks, and what can be answered."""
    type_ = Values(fence, page.findings).choice("type", POLL_TYPES, "words")
    blocks = list(outermost(tokens))
    options = read_options(blocks, fence, "poll-body", page) if type_ in {"single", "multiple"} else ()
    if type_ != "scale" and (unused := [key for key in _SCALE_KEYS if key in fence.attributes]):
        message = f"a poll of type {type_} has no key `{unused[0]}`"
        page.findings.error(fence.place, "attribute-unknown", message, "Leave it out, or write type=scale.")
    if not blocks:
        hint = "Write the question first, as a paragraph of its own."
        page.findings.error(fence.place, "poll-body", "this poll asks nothing", hint)
    return Poll(
        id=fence.id or "",
        type=type_,
        page=page.id,
        text=page.run([token for block in blocks for token in block]),
        options=options,
        scale=read_scale(fence, page.findings) if type_ == "scale" else None,
        place=fence.place,
    )
