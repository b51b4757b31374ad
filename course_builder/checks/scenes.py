"""Scenes: what they show is there in words, and the files can be shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from course_builder.gltf import glb_mistake
from course_builder.image_size import image_size
from course_builder.model import Asset, Course, Problem, Scene, Tokens
from course_builder.tokens import end_of, plain_text, runs

_ROUNDING = 0.01
"""By how much of its width a panorama may be off: sizes are cut to whole blocks of pixels."""


def check(course: Course) -> Iterator[Problem]:
    """Yield a problem for each scene that says nothing without its picture, or cannot be shown."""
    for module in course.modules:
        files = {asset.path: asset for asset in module.assets}
        for page in module.pages:
            for run in runs(page):
                for index, token in enumerate(run):
                    if token.type == "block_open" and "scene" in token.meta:
                        yield from _scene(run, index, files)


def _scene(run: Tokens, index: int, files: dict[str, Asset]) -> Iterator[Problem]:
    scene: Scene = run[index].meta["scene"]
    if not plain_text(_without_tables(run[index + 1 : end_of(run, index)])):
        hint = "Say in the block, beside the table, what there is to see and why it matters."
        message = "this scene has no text that says the same"
        yield Problem(scene.place, "error", "scene-without-text", message, hint)
    if scene.kind == "model" and not scene.poster:
        hint = "Name a picture of the model: poster=assets/name.jpg. It is shown until the model is asked for."
        yield Problem(scene.place, "error", "scene-without-poster", "this model has no picture", hint)
    asset = files.get(scene.source.removeprefix("asset:"))
    if asset is not None and asset.media_type == "model/gltf-binary" and (found := glb_mistake(asset.data)):
        message, hint = f"`{asset.path.rpartition('/')[2]}` cannot be shown: {found[0]}", found[1]
        yield Problem(scene.place, "error", "scene-model", message, hint)
    if asset is not None and scene.kind == "panorama":
        yield from _shape(scene, asset)


def _shape(scene: Scene, asset: Asset) -> Iterator[Problem]:
    size = image_size(asset.data, asset.media_type)
    if size is not None and abs(size[0] - 2 * size[1]) > _ROUNDING * size[0]:
        message = f"a panorama is twice as wide as high, and `{asset.path.rpartition('/')[2]}` is {size[0]} × {size[1]}"
        hint = "Export the whole sphere (equirectangular), and fill what the camera did not see with one colour."
        yield Problem(scene.place, "warning", "panorama-shape", message, hint)


def _without_tables(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        depth += token.type == "table_open"
        if not depth:
            kept.append(token)
        depth -= token.type == "table_close"
    return kept
