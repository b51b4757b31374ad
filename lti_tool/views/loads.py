"""What a page of a module may load beside the tool's own files: what its package names, and only on that page."""

from __future__ import annotations

from course_builder.package import PageEntry
from lti_tool.headers import allow_sources


def allow_loads(page: PageEntry) -> None:
    """Widen this answer's policy by the hosts of the page's embeds and media, and by what a 3D model needs.

    The hosts were compared with the page's text, and held to the form of a host, when the package was read.
    """
    if page.frames:
        allow_sources("frame-src", *(f"https://{host}" for host in page.frames))
    if page.streams:
        allow_sources("media-src", *(f"https://{host}" for host in page.streams))
    if "model" in page.scenes:
        # The viewer decodes geometry by WebAssembly in workers made from its own text, and reads the textures that are
        # inside a model by addresses of the browser's own. None of these reaches another host.
        allow_sources("script-src", "'wasm-unsafe-eval'")
        # Once it is named it no longer follows script-src, and the tool's own worker (decision 20) has to be named too.
        allow_sources("worker-src", "'self'", "blob:")
        allow_sources("img-src", "blob:")
        allow_sources("connect-src", "blob:")
