"""Media, scenes and embeds as HTML that works without a script: native players, pictures, tables, links.

What only works with a script is there too, hidden; ``player/`` shows it. So all words stand in the module's language.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from markdown_it.token import Token

from course_builder.media_types import media_type_of
from course_builder.model import Embed, Fence, Media, Scene
from course_builder.render.attributes import attributes_html
from course_builder.render.setting import Run
from course_builder.render.words import LANGUAGE_NAMES

TURNS = ("left", "right", "up", "down", "in", "out", "reset")
"""What the buttons of a scene do, in their order."""


def media_html(tokens: Sequence[Token], index: int, run: Run) -> str:
    """Open a video or a sound; its transcript stands among the tokens."""
    fence, media = _fence(tokens, index), tokens[index].meta["media"]
    name = media.title or run.words[media.kind]
    group = {"id": fence.id, "role": "group", "aria-label": name}
    players = [_player(media, media.source, name, run)]
    if not media.source.startswith("asset:"):
        players.insert(0, _ask(media.source, name, run))
    if media.description and media_type_of(media.description) != "text/vtt":
        label = run.words["described"]
        second = _player(media, media.description, f"{name}: {label}", run)
        players.append(f"<details><summary>{escape(label)}</summary>\n{second}</details>\n")
    return f'<div class="media" id="{run.own.mark(group)}">\n{run.own.place("".join(players))}\n'


def transcript_html(run: Run) -> str:
    """Open a transcript."""
    return f'<details class="transcript"><summary>{escape(run.words["transcript"])}</summary>\n'


def transcript_end_html(token: Token, run: Run) -> str:
    """Close a transcript, with a link to the file that it comes from."""
    address = str(token.meta["address"])
    label = run.words["transcript-file"].format(name=PurePosixPath(address).name)
    return f'<p><a href="{escape(address)}">{escape(label)}</a></p>\n</details>\n'


def embed_html(tokens: Sequence[Token], index: int, run: Run) -> str:
    """Open a page of another host: what it is, where it comes from, and the ways to see it."""
    fence = _fence(tokens, index)
    embed: Embed = tokens[index].meta["embed"]
    group = {"id": fence.id, "role": "group", "aria-label": embed.title}
    box = _ask(embed.source, embed.title, run, is_frame=True)
    return f'<div class="embed" id="{run.own.mark(group)}">\n{run.own.place(box)}\n'


def scene_html(tokens: Sequence[Token], index: int, run: Run) -> str:
    """Open a panorama or a model: its picture and controls, then the text that says the same."""
    fence = _fence(tokens, index)
    scene: Scene = tokens[index].meta["scene"]
    words = run.words
    run.scenes += 1
    text = run.id("scene", run.scenes)
    name = f"{words[scene.kind]}: {scene.title}" if scene.title else words[scene.kind]
    section = {
        "id": fence.id,
        "aria-label": name,
        "data-scene": scene.kind,
        "data-src": run.addresses.url(scene.source),
        "data-ar": scene.is_ar or None,
        "data-place-words": words["scene-place"],
        "data-view-words": words["scene-view"],
        "data-failed-words": words["scene-failed"],
    }
    picture = scene.poster or scene.source
    # Its address and size are filled in as for every image of the page.
    image = {"src": picture, "alt": name}
    opening = words["scene-open"].format(size=_weight(run.addresses.weight(scene.source)))
    own = (
        f'<div class="scene-stage" data-stage=""><img{attributes_html(image)}></div>\n'
        f"{_scene_bar(scene, run)}"
        '<p class="scene-status" role="status" data-status=""></p>\n'
        f'<p class="actions"><button class="button button-primary" type="button" data-open="" hidden="">'
        f"{escape(opening)}</button>"
        f'<a href="#{text}">{escape(words["scene-text"])}</a></p>\n'
    )
    text_mark = run.own.mark({"id": text, "tabindex": "-1"})
    return (
        f'<section class="scene" id="{run.own.mark(section)}">\n{run.own.place(own)}\n'
        f'<div class="scene-text" id="{text_mark}">\n'
    )


def _fence(tokens: Sequence[Token], index: int) -> Fence:
    fence: Fence = tokens[index].meta["block"]
    return fence


def _scene_bar(scene: Scene, run: Run) -> str:
    buttons = [
        f'<button class="button" type="button" data-turn="{turn}">{escape(run.words[f"turn-{turn}"])}</button>\n'
        for turn in TURNS
    ]
    extra = ["fullscreen", "motion" if scene.kind == "panorama" else "", "ar" if scene.is_ar else ""]
    buttons += [
        f'<button class="button" type="button" data-{name}="" hidden="">{escape(run.words[name])}</button>\n'
        for name in extra
        if name
    ]
    label = escape(run.words["scene-bar"])
    return (
        f'<div class="scene-bar" role="group" aria-label="{label}" data-bar="" hidden="">\n{"".join(buttons)}</div>\n'
    )


def _player(media: Media, source: str, name: str, run: Run) -> str:
    is_here = source.startswith("asset:")
    kind = "audio" if media.kind == "audio" or media_type_of(source).startswith("audio/") else "video"
    poster = media.poster if kind == "video" else None
    size = (run.addresses.size(source) or (poster and run.addresses.size(poster))) if kind == "video" else None
    attributes = {
        "controls": True,
        "preload": "none" if poster or not is_here else "metadata",
        "src" if is_here else "data-from": run.addresses.url(source),
        "poster": run.addresses.url(poster) if poster else None,
        "width": size[0] if size else None,
        "height": size[1] if size else None,
        "playsinline": True if kind == "video" else None,
        "hidden": None if is_here else True,
        "aria-label": name,
    }
    tracks = [_track("captions", address, run, is_first=not number) for number, address in enumerate(media.captions)]
    if media.description and media_type_of(media.description) == "text/vtt":
        tracks.append(_track("descriptions", media.description, run))
    live = (
        '<p class="visually-hidden" aria-live="assertive" data-descriptions=""></p>\n'
        if len(tracks) > len(media.captions)
        else ""
    )
    return f"<{kind}{attributes_html(attributes)}>{''.join(tracks)}</{kind}>\n{live}"


def _track(kind: str, address: str, run: Run, *, is_first: bool = False) -> str:
    suffixes = PurePosixPath(address).suffixes
    language = suffixes[-2].removeprefix(".") if len(suffixes) > 1 else run.language
    if language.partition("-")[0] not in LANGUAGE_NAMES:
        language = run.language
    label = LANGUAGE_NAMES.get(language) or LANGUAGE_NAMES.get(language.partition("-")[0], language)
    attributes = {
        "kind": kind,
        "src": run.addresses.url(address),
        "srclang": language,
        "label": label,
        "default": is_first or None,
    }
    return f"<track{attributes_html(attributes)}>"


def _ask(address: str, name: str, run: Run, *, is_frame: bool = False) -> str:
    words, host = run.words, urlsplit(address).netloc
    link = words["ask-link"].format(title=name, host=host)
    frame = {"data-from": address, "data-title": name} if is_frame else {}
    return (
        f'<div class="ask"{attributes_html(frame)}>\n<p><strong>{escape(name)}</strong></p>\n'
        f'<p class="ask-note">{escape(words["ask-note"].format(host=host))}</p>\n'
        f'<p class="actions"><button class="button" type="button" data-ask="" hidden="">'
        f"{escape(words['ask'].format(host=host))}</button>"
        f'<a href="{escape(address)}">{escape(link)}</a></p>\n</div>\n'
    )


def _weight(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"
