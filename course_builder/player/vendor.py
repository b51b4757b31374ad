"""Copies what the player shows and others made from ``node_modules`` into ``vendor/``, at set-up.

Run after ``npm ci --ignore-scripts`` in this folder, as ``python -m course_builder.player.vendor``. Everything works
without it too: text is then set in the reader's own fonts, and 3D models are shown as their pictures.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

PLAYER = Path(__file__).parent
FONTS = {
    f"fonts/atkinson-hyperlegible-{cut}-{script}-{style}.woff2": (
        f"@fontsource-variable/atkinson-hyperlegible-{cut}"
        f"/files/atkinson-hyperlegible-{cut}-{script}-wght-{style}.woff2"
    )
    for cut in ("next", "mono")
    for script in ("latin", "latin-ext")
    for style in ("normal", "italic")
    if (cut, style) != ("mono", "italic")
}
LICENCES = {
    f"fonts/LICENSE-atkinson-hyperlegible-{cut}.txt": f"@fontsource-variable/atkinson-hyperlegible-{cut}/LICENSE"
    for cut in ("next", "mono")
}
DECODERS = {
    f"draco/{name}": f"three/examples/jsm/libs/draco/gltf/{name}"
    for name in ("draco_decoder.js", "draco_decoder.wasm", "draco_wasm_wrapper.js")
}
"""The decoder of Draco is fetched by a model that needs it; that of Meshopt is in the viewer (see ``meshopt.js``)."""
MODEL_VIEWER = "@google/model-viewer/dist/model-viewer.min.js"
LICENCES |= {
    "model-viewer/LICENSE-model-viewer.txt": "@google/model-viewer/LICENSE",
    "model-viewer/LICENSE-three.txt": "three/LICENSE",
}
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def split_style(script: str) -> tuple[str, str]:
    """Take the style sheet out of the viewer's markup, and give it as a module that exports its text.

    Our Content-Security-Policy lets no script write style elements; ``model.js`` adopts the sheet instead.

    Raises:
        ValueError: if there is not exactly one sheet, plain text without anything filled in.
    """
    sheets = _STYLE.findall(script)
    if len(sheets) != 1 or "${" in sheets[0] or "\\" in sheets[0]:
        raise ValueError("the model viewer keeps its style elsewhere in this version: look at split_style")
    return _SOURCE_MAP.sub("", _STYLE.sub("", script)), f"export default {json.dumps(sheets[0])};\n"


def copy_model_viewer(source: Path = PLAYER / "node_modules", target: Path = PLAYER / "vendor") -> list[Path]:
    """Write the viewer of 3D models, which is one module without imports, and its style sheet.

    Raises:
        FileNotFoundError: if ``npm ci`` has not put it there.
    """
    script, style = split_style((source / MODEL_VIEWER).read_text(encoding="utf-8"))
    written = {"model-viewer/model-viewer.js": script, "model-viewer/style.js": style}
    for name, text in written.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")
    return [target / name for name in written]


def copy_vendored(
    source: Path = PLAYER / "node_modules", target: Path = PLAYER / "vendor", files: Mapping[str, str] | None = None
) -> list[Path]:
    """Copy the files and give where they are now.

    Raises:
        FileNotFoundError: if ``npm ci`` has not put one of them there.
    """
    copied = []
    for name, origin in (FONTS | DECODERS | LICENCES if files is None else files).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / origin, path)
        copied.append(path)
    return copied


def main() -> int:
    """Copy, or say what has to be done first."""
    try:
        copied = [*copy_vendored(), *copy_model_viewer()]
    except FileNotFoundError as error:
        sys.stderr.write(f"{error.filename} is not there: run `npm ci --ignore-scripts` in {PLAYER} first.\n")
        return 1
    sys.stdout.write(f"{len(copied)} files copied to {PLAYER / 'vendor'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
