"""What goes over the line packed: files that never change, and pages of a module as they are sent."""

from __future__ import annotations

import zlib

from flask import Response, request

LEAST_BYTES = 1_000
_GZIP = 31
"""Window bits of zlib for a gzip head and trailer."""


def takes_packed() -> bool:
    """Whether the browser that asks reads gzip, as all do."""
    return request.accept_encodings.quality("gzip") > 0


def pack(content: bytes, level: int) -> bytes:
    """Pack with gzip; the same content gives the same bytes."""
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return packer.compress(content) + packer.flush()


def say_packed(response: Response) -> Response:
    """Name the encoding of a body that was packed."""
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def pack_page(response: Response) -> Response:
    """Pack a page that shows nothing of what its address or a form brought.

    Whoever can put words of their own beside a secret, and sees how long the answer gets, finds the secret out
    (BREACH): so pages with a query, answers to forms, and pages of other people's words stay as they are.
    """
    is_page = response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed
    if request.method != "GET" or request.query_string or not is_page or not takes_packed():
        return response
    content = response.get_data()
    if len(content) >= LEAST_BYTES:
        # The quickest level: a page is packed each time, and the others win little.
        response.set_data(pack(content, 1))
        say_packed(response)
    return response
