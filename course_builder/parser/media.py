"""The block ``media``: a video or a sound, with its captions, transcript and description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from markdown_it.token import Token

from course_builder.media_types import media_type_of
from course_builder.model import Fence, Media
from course_builder.parser.files import file_address
from course_builder.parser.findings import Findings
from course_builder.parser.links import Targets
from course_builder.parser.transcripts import read_transcript

NONE_NEEDED = "none-needed"
"""The author's word that nothing has to be heard, or seen, for understanding."""


def read_media(block: Sequence[Token], targets: Targets, findings: Findings) -> list[Token]:
    """Understand a block from ``block_open`` to ``block_close``; its transcript is put at its end."""
    fence: Fence = block[0].meta["block"]
    written = fence.attributes
    source = file_address(fence, "src", targets, findings, allows_urls=True) or ""
    kind = _kind(source)
    given = {"transcript": file_address(fence, "transcript", targets, findings)}
    if written.get("description") != NONE_NEEDED:
        given["description"] = file_address(fence, "description", targets, findings)
    captions: tuple[str, ...] = ()
    if written.get("captions") != NONE_NEEDED:
        captions = tuple(
            address
            for path in written.get("captions", "").split("|")
            if path and (address := file_address(fence, "captions", targets, findings, path.strip()))
        )
    if kind == "audio":
        _refuse_pictures(fence, findings)
    wanted = ("captions", "transcript", "description") if kind == "video" else ("transcript",)
    media = Media(
        kind=kind,
        source=source,
        captions=captions,
        transcript=given["transcript"],
        description=given.get("description"),
        poster=file_address(fence, "poster", targets, findings),
        title=written.get("title", ""),
        needs=frozenset(key for key in wanted if key not in written),
        place=fence.place,
    )
    opening = block[0].copy(meta={**block[0].meta, "media": media})
    transcript = read_transcript(media.transcript, targets, findings) if media.transcript else []
    return [opening, *block[1:-1], *transcript, block[-1]]


def _kind(source: str) -> Literal["video", "audio"]:
    return "audio" if media_type_of(source.partition("?")[0]).startswith("audio/") else "video"


def _refuse_pictures(fence: Fence, findings: Findings) -> None:
    for key in ("description", "poster"):
        if key in fence.attributes:
            hint = f"Take `{key}=` away: it belongs to a video."
            findings.error(fence.place, "attribute-value", f"a sound has no `{key}`", hint)
