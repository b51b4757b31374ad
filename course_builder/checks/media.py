"""Video and sound: what is heard can be read, what is seen can be heard (WCAG 2.2, 1.2.1 to 1.2.5)."""

from __future__ import annotations

from collections.abc import Iterator

from course_builder.model import Asset, Course, Media, Page, Place, Problem, Tokens
from course_builder.texts import read_text
from course_builder.tokens import end_of, plain_text, runs
from course_builder.webvtt import read_webvtt

_MENDS = {
    "captions": "Name a WebVTT file, `captions=assets/name.vtt`, or write captions=none-needed if nothing is heard.",
    "transcript": "Name a file, `transcript=assets/name.md`, that says in words all that is heard and seen.",
    "description": "Name an audio description, or write description=none-needed if the sound alone says all.",
}


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each video or sound that somebody is shut out of, and for captions that would not show."""
    for module in course.modules:
        files = {asset.path: asset for asset in module.assets}
        for page in module.pages:
            for run in runs(page):
                yield from _media(run, page, files)


def _media(run: Tokens, page: Page, files: dict[str, Asset]) -> Iterator[Problem]:
    for index, token in enumerate(run):
        media: Media | None = token.meta.get("media") if token.type == "block_open" else None
        if media is None:
            continue
        for need in sorted(media.needs):
            yield _missing(need, media)
        for address in (*media.captions, media.description or "", media.transcript or ""):
            asset = files.get(address.removeprefix("asset:"))
            if asset is not None and asset.media_type == "text/vtt":
                yield from _cues(asset)
        if media.transcript and not _has_transcript(run, index):
            path = media.transcript.removeprefix("asset:")
            hint = "Write what is heard and seen."
            yield Problem(Place(path), "error", "transcript-empty", "this transcript says nothing", hint)


def _missing(need: str, media: Media) -> Problem:
    what = "sound" if media.kind == "audio" else "video"
    message = f"this {what} has no {'audio description' if need == 'description' else need}"
    if need == "captions":
        return Problem(media.place, "error", "media-without-captions", message, _MENDS[need])
    if need == "transcript":
        return Problem(media.place, "error", "media-without-transcript", message, _MENDS[need])
    return Problem(media.place, "error", "media-without-description", message, _MENDS[need])


def _cues(asset: Asset) -> Iterator[Problem]:
    text = read_text(asset.path, lambda _: asset.data)
    if isinstance(text, Problem):
        yield text
        return
    for mistake in read_webvtt(text)[1]:
        yield Problem(Place(asset.path, mistake.line), "error", "captions-syntax", mistake.message, mistake.hint)


def _has_transcript(run: Tokens, index: int) -> bool:
    block = run[index : end_of(run, index) + 1]
    start = next((i for i, token in enumerate(block) if token.type == "transcript_open"), None)
    return start is not None and bool(plain_text(block[start:]))
