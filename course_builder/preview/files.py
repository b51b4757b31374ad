"""The files that pages ask for: style sheets and scripts of the player and of the preview, and a module's assets."""

from __future__ import annotations

import mimetypes
from io import BytesIO
from pathlib import Path

from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.utils import send_file
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import wrap_file

from course_builder.model import Asset
from course_builder.player.vendor import PLAYER

FOLDERS = {"player": PLAYER, "preview": Path(__file__).parent / "static"}
HAS_FONTS = (PLAYER / "vendor" / "fonts").is_dir()
_SERVED = {".css", ".js", ".svg", ".woff2", ".png", ".ico", ".wasm"}
_NOT_SERVED = {"node_modules", "templates"}


def static_file(request: Request, folder: str, name: str) -> Response:
    """Send a style sheet, script or font; browsers ask each time whether it changed.

    Raises:
        NotFound: if there is none, or the name leads out of its folder.
    """
    root = FOLDERS.get(folder)
    found = safe_join(str(root), name) if root else None
    path = Path(found) if found else None
    if path is None or path.suffix not in _SERVED or set(path.parts) & _NOT_SERVED or not path.is_file():
        raise NotFound
    # What a system thinks of .js differs, and a module script of another kind is refused by browsers.
    kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
    response = send_file(path, request.environ, mimetype=kind, conditional=True, max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    return response


def asset_file(request: Request, asset: Asset) -> Response:
    """Send a file of a module, in parts if a player asks for parts. A drawing opened by itself can do nothing."""
    response = Response(
        wrap_file(request.environ, BytesIO(asset.data)), mimetype=asset.media_type, direct_passthrough=True
    )
    response.content_length = len(asset.data)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response.make_conditional(request, accept_ranges=True, complete_length=len(asset.data))
