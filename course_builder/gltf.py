"""Binary glTF files: whether one holds all that it shows, in forms that the player has decoders for.

Source: glTF 2.0 Specification, Khronos Group, "GLB File Format Specification".
"""

from __future__ import annotations

import json
import struct
from typing import Any

_MAGIC = b"glTF"
_JSON = 0x4E4F534A
UNSUPPORTED = {
    "KHR_texture_basisu": "Export the textures as WebP, PNG or JPEG: the decoder of KTX2 makes code while it runs, "
    "which the pages forbid.",
}
"""Extensions that the player cannot show, with what to do instead."""


def glb_mistake(data: bytes) -> tuple[str, str] | None:
    """Say what keeps a model from being shown, and how to mend it; ``None`` if nothing does."""
    export = "Export it as glTF 2.0 binary (.glb), with everything embedded."
    try:
        document = _document(data)
        used = {*document.get("extensionsRequired", ()), *document.get("extensionsUsed", ())}
        parts = [*document.get("buffers", ()), *document.get("images", ())]
        addresses = [str(part.get("uri", "data:")) for part in parts]
        outside = [address for address in addresses if not address.startswith("data:")]
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, struct.error):
        return "this is no sound glTF 2.0 binary", export
    if outside:
        return f"it refers to another file, `{outside[0][:60]}`", export
    for name in sorted(used & UNSUPPORTED.keys()):
        return f"it uses {name}, which the player does not show", UNSUPPORTED[name]
    return None


def _document(data: bytes) -> dict[str, Any]:
    magic, version, length, size, kind = struct.unpack_from("<4sIIII", data)
    if (magic, version, length, kind) != (_MAGIC, 2, len(data), _JSON):
        raise ValueError("not the header of a glTF 2.0 binary")
    document = json.loads(data[20 : 20 + size])
    if not isinstance(document, dict):
        raise TypeError("the document is no object")
    return document
