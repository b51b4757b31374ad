"""Style sheets, scripts and fonts, served for ever at addresses that carry their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath

from flask import Flask, Response, abort, send_file, url_for

from course_builder.package import ThemeEntry
from course_builder.player.themes import accent_name, accent_sheet
from lti_tool.joining import has_sheets, join_script, join_sheet
from lti_tool.packing import pack, say_packed, takes_packed

FOLDERS = {
    "player": Path(str(files("course_builder") / "player")),
    "tool": Path(__file__).parent / "static",
}
_MIMETYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
"""Of what is packed; the rest is packed already."""
JOINED = ("player/player.js", "tool/learn.js")
"""Scripts that are sent with what they import; no page has two of them, which would run the same twice."""
SERVED = {".css", ".js", ".svg", ".woff2", ".wasm", ".png", ".ico"}

WORKER = "tool/worker.js"

YEAR_S = 31_536_000


@cache
def _read_files() -> tuple[dict[str, Path], str]:
    """Find what is served, and the digest of all of it; once in a process, which serves it under one address."""
    files = {
        f"{folder}/{path.relative_to(root).as_posix()}": path
        for folder, root in FOLDERS.items()
        for path in _walk(root)
        if path.suffix in SERVED
    }
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return files, digest.hexdigest()[:32]


def _walk(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if not path.is_dir():
            yield path
        elif path.name != "node_modules":
            yield from _walk(path)


def _text_of(name: str) -> bytes:
    """Give a file with what is joined into it."""
    found, _ = _read_files()

    def read(each: str) -> str:
        return found[each].read_text("utf-8")

    if name in JOINED:
        return join_script(name, read).encode()
    if name.endswith(".css") and has_sheets(read(name)):
        return join_sheet(name, read).encode()
    return found[name].read_bytes()


@cache
def _packed(name: str) -> bytes:
    """Pack a file as small as it gets; once in a process, which serves no other version of it."""
    return pack(_text_of(name), 9)


class StaticFiles:
    """Serves ``/static/<digest>/<folder>/<name>``, where the digest is that of all files together.

    One digest for all keeps relative addresses inside style sheets and ES modules right.
    """

    def __init__(self) -> None:
        self._files, self.digest = _read_files()

    def init_app(self, app: Flask) -> None:
        """Add the routes and the template functions ``static(name)``, ``has_static(name)`` and ``accent(theme)``."""
        app.add_url_rule("/static/<digest>/<path:name>", "static", self.serve)
        app.add_url_rule("/static/<digest>/accent/<name>", "accent", self.serve_accent)
        app.jinja_env.globals.update(static=self.url, has_static=self.has, accent=self.accent_url)

    def url(self, name: str) -> str:
        """Give the address of a file, such as ``player/player.css``.

        Raises:
            KeyError: if there is no such file: a mistake in a template.
        """
        if name not in self._files:
            raise KeyError(f"no static file {name!r}")
        return url_for("static", digest=self.digest, name=name)

    def has(self, name: str) -> bool:
        """Whether a file is there; fonts come at set-up and may be absent."""
        return name in self._files

    def accent_url(self, theme: ThemeEntry) -> str:
        """Give the address of the style sheet of a course's accent."""
        return url_for("accent", digest=self.digest, name=accent_name(theme.accent, theme.accent_dark))

    def serve_accent(self, digest: str, name: str) -> Response:
        """Send the style sheet of the accent in its name."""
        sheet = accent_sheet(name)
        if sheet is None or digest != self.digest:
            abort(404)
        response = Response(sheet, mimetype="text/css")
        response.cache_control.max_age = YEAR_S
        return _for_ever(response)

    def serve(self, digest: str, name: str) -> Response:
        """Send a file; another digest is an old page's, which gets nothing rather than the wrong file."""
        path = self._files.get(name)
        if path is None or digest != self.digest:
            abort(404)
        response = _send_text(name) if path.suffix in _MIMETYPES else send_file(path, conditional=True)
        response.cache_control.max_age = YEAR_S
        if name == WORKER:
            # It answers for the pages of one launch, which are not below its own address.
            response.headers["Service-Worker-Allowed"] = "/l/"
        return _for_ever(response)


def _send_text(name: str) -> Response:
    mimetype = _MIMETYPES[PurePosixPath(name).suffix]
    if not takes_packed():
        return Response(_text_of(name), mimetype=mimetype)
    return say_packed(Response(_packed(name), mimetype=mimetype))


def _for_ever(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.immutable = True
    # Module scripts and fonts of a page in a partitioned frame are fetched with CORS.
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
