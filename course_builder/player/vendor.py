"""Copies what the player shows and others made from ``node_modules`` into ``vendor/``, at set-up.

Run after ``npm ci --ignore-scripts`` in this folder, as ``python -m course_builder.player.vendor``. Everything works
without it too: text is then set in the reader's own fonts.
"""

from __future__ import annotations

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


def copy_vendored(
    source: Path = PLAYER / "node_modules", target: Path = PLAYER / "vendor", files: Mapping[str, str] | None = None
) -> list[Path]:
    """Copy the files and give where they are now.

    Raises:
        FileNotFoundError: if ``npm ci`` has not put one of them there.
    """
    copied = []
    for name, origin in (FONTS | LICENCES if files is None else files).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / origin, path)
        copied.append(path)
    return copied


def main() -> int:
    """Copy, or say what has to be done first."""
    try:
        copied = copy_vendored()
    except FileNotFoundError as error:
        sys.stderr.write(f"{error.filename} is not there: run `npm ci --ignore-scripts` in {PLAYER} first.\n")
        return 1
    sys.stdout.write(f"{len(copied)} files copied to {PLAYER / 'vendor'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
