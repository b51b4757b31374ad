"""Files that a module carries."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from markdown_it.token import Token

from course_builder.media_types import MEDIA_TYPES, UNKNOWN
from course_builder.model import Asset, Course, Module, Place, Problem
from course_builder.tokens import files_of, place_of, runs, targets

MAX_BYTES = 50_000_000
_TEXTS = (".md", ".yaml")
_TAKES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "src": ("a video or a sound", ("video/", "audio/")),
    "captions": ("a WebVTT file", ("text/vtt",)),
    "transcript": ("a text", ("text/markdown", "text/plain", "text/vtt")),
    "description": ("an audio description", ("text/vtt", "video/", "audio/")),
    "poster": ("an image", ("image/",)),
    "panorama": ("a photograph", ("image/avif", "image/jpeg", "image/png", "image/webp")),
    "model": ("a 3D model", ("model/",)),
}
"""What a block's file may be, by the key that names it; a scene's by its kind."""


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each file that a module cannot carry, where it is used."""
    for module in course.modules:
        files = {asset.path: asset for asset in module.assets}
        for page in module.pages:
            for run in runs(page):
                for token, address in targets(run):
                    asset = files.get(address.removeprefix("asset:"))
                    if asset is None:
                        continue
                    place = place_of(page.path, token)
                    if asset.media_type == UNKNOWN:
                        message = f"`{posixpath.basename(asset.path)}` is of no kind that a module may carry"
                        hint = f"These may: {', '.join(sorted(MEDIA_TYPES))}."
                        yield Problem(place, "error", "asset-kind", message, hint)
                    elif token.type == "image" and not asset.media_type.startswith("image/"):
                        message = f"`{posixpath.basename(asset.path)}` is not an image"
                        yield Problem(place, "error", "asset-kind", message, "Link to it: [text](file).")
                    elif token.type == "block_open":
                        yield from _fits(token, asset)
                    if not asset.data or len(asset.data) > MAX_BYTES:
                        message = f"`{posixpath.basename(asset.path)}` is {'too big' if asset.data else 'empty'}"
                        hint = f"A file has from 1 byte to {MAX_BYTES // 1_000_000} MB."
                        yield Problem(place, "error", "asset-size", message, hint)


def _fits(block: Token, asset: Asset) -> Iterator[Problem]:
    """Hold a file to what the block takes under the key that names it."""
    fence = block.meta["block"]
    for key, address in files_of(block):
        if address != f"asset:{asset.path}":
            continue
        scene = block.meta.get("scene")
        what, kinds = _TAKES[scene.kind if scene and key == "src" else key]
        if not asset.media_type.startswith(kinds):
            message = f"`{posixpath.basename(asset.path)}` is not {what}"
            endings = ", ".join(ending for ending, kind in sorted(MEDIA_TYPES.items()) if kind.startswith(kinds))
            yield Problem(fence.place, "error", "asset-kind", message, f"`{key}=` takes {endings}.")


def check_unused(course: Course, files: frozenset[str]) -> Iterator[Problem]:
    """Yield a warning for each file in a module's folder that none of its pages uses."""
    used = {asset.path for module in course.modules for asset in module.assets}
    for module in course.modules:
        for path in sorted(files - used):
            if path.startswith(f"{module.path}/") and _is_asset(path, module) and not _is_variant(path, used):
                yield Problem(Place(path), "warning", "asset-unused", "no page uses this file", "Use it, or delete it.")


def _is_asset(path: str, module: Module) -> bool:
    folder = path.removeprefix(f"{module.path}/").partition("/")[0]
    return not path.endswith(_TEXTS) and folder not in {"locale", "releases"}


def _is_variant(path: str, used: set[str]) -> bool:
    """Tell whether the file replaces a used one in a language, as ``x.fi.svg`` does ``x.svg``."""
    stem, ending = posixpath.splitext(path)
    return posixpath.splitext(stem)[0] + ending in used
