"""Who may ask the preview, and what its pages may do: it runs on a person's machine, beside all else there."""

from __future__ import annotations

from collections.abc import Mapping

from werkzeug.exceptions import Forbidden, MisdirectedRequest
from werkzeug.wrappers import Request, Response

from course_builder.package import PageEntry

POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}
"""The Content-Security-Policy of all pages: the tool's, and that the preview may frame itself."""

_SAFE = {"GET", "HEAD"}


def policy_for(page: PageEntry) -> str:
    """Write the policy of a page: beside our own files, what its text names, as the tool allows it.

    A 3D model is decoded in workers made from the viewer's own text, and its textures lie inside of it.
    """
    more = {
        "frame-src": [f"https://{host}" for host in page.frames],
        "media-src": [f"https://{host}" for host in page.streams],
    }
    if "model" in page.scenes:
        blob = ["blob:"]
        more |= {"script-src": ["'wasm-unsafe-eval'"], "worker-src": blob, "img-src": blob, "connect-src": blob}
    names = dict.fromkeys([*POLICY, *more])
    return _written({name: " ".join(filter(None, [POLICY.get(name), *more.get(name, ())])) for name in names})


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


class Guard:
    """Lets only this machine's own pages in."""

    def __init__(self, port: int) -> None:
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}

    def admit(self, request: Request) -> None:
        """Refuse what no page of ours sends.

        A name of somebody else's that leads here (DNS rebinding) is told by ``Host``, a form on somebody else's page by
        ``Origin``, which browsers send with every form.

        Raises:
            MisdirectedRequest: for another host.
            Forbidden: for a form that comes from elsewhere.
        """
        if request.headers.get("Host", "").lower() not in self._hosts:
            raise MisdirectedRequest("The preview answers at 127.0.0.1 only.")
        if (
            request.headers.get("Sec-Fetch-Site") == "cross-site"
            and request.headers.get("Sec-Fetch-Mode") != "navigate"
        ):
            raise Forbidden("The preview's files are for its own pages only.")
        if request.method not in _SAFE and not self._is_own(request.headers.get("Origin", "")):
            raise Forbidden("This form did not come from the preview. Open the page again and retry.")

    def _is_own(self, origin: str) -> bool:
        scheme, _, host = origin.lower().partition("://")
        return scheme == "http" and host in self._hosts

    def protect(self, response: Response) -> Response:
        """Add the security headers."""
        defaults = {
            "Content-Security-Policy": _written(POLICY),
            "Cache-Control": "no-store",
            # Not `no-referrer`: with it, browsers send `Origin: null` with our own forms.
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
        }
        for name, value in defaults.items():
            response.headers.setdefault(name, value)
        return response
