"""Public files of packages, at addresses that carry their digest."""

from __future__ import annotations

from flask import Blueprint, Response, send_file
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from course_builder.package import is_public
from lti_tool.errors import NotFoundError
from lti_tool.services.shelf import OpenRelease, Shelf
from lti_tool.static_files import YEAR_S
from lti_tool.views.shown_module import open_release

blueprint = Blueprint("packages", __name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
)
"""For a file that is opened by itself: it shows, and can do nothing. An SVG image keeps the styles it brings."""

_SHOWN = {
    *("application/json", "text/html"),
    *("image/avif", "image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp"),
    *("audio/mpeg", "audio/mp4", "audio/ogg", "video/mp4", "video/webm", "text/vtt"),
}
"""Media types that a browser may show, under the policy above; all others are downloads."""


@blueprint.record_once
def _add_shelf(state: BlueprintSetupState) -> None:
    settings = state.app.config["SETTINGS"]
    state.app.extensions["shelf"] = Shelf(settings.data_dir.absolute() / "packages")


@blueprint.get("/packages/<digest>/<path:member>")
def public_file(digest: str, member: str) -> Response:
    """Send a public member; the address carries the digest, so it is the same for ever."""
    if not is_public(member):
        raise NotFoundError(_("There is nothing at this address."))
    release = open_release(digest)
    if member not in release.package.members:
        raise NotFoundError(_("There is nothing at this address."))
    media_type = _media_type(release, member)
    response = send_file(
        release.folder / member,
        mimetype=media_type,
        as_attachment=media_type not in _SHOWN,
        download_name=member.rpartition("/")[2].partition("-")[2] or None,
        conditional=True,
        etag=digest[:16],
        max_age=YEAR_S,
    )
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _media_type(release: OpenRelease, member: str) -> str:
    kinds = {"content": "text/html", "search": "application/json"}
    declared = {asset.path: asset.media_type for asset in release.manifest.assets}
    return kinds.get(member.partition("/")[0]) or declared.get(member, "application/octet-stream")
