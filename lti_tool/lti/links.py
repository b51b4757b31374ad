"""The ``Link`` header, in which a service names its next page.

Source: RFC 8288, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from lti_tool.lti.text import web_address


def read_links(header: str, base_url: str) -> dict[str, str]:
    """Give the address of each relation that a header names, in lower case; the first one counts.

    Args:
        header: may hold several links, and may be anything.
        base_url: of the answer, for relative addresses.
    """
    found: dict[str, str] = {}
    for target, parameters in _links(header):
        try:
            address = web_address(urljoin(base_url, target.strip()))
        except ValueError:
            address = None
        for relation in parameters.get("rel", "").lower().split():
            if address is not None:
                found.setdefault(relation, address)
    return found


def _links(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Take a header apart from left to right; what stands outside ``<…>; name=value`` is passed over."""
    end = 0
    while (start := header.find("<", end)) >= 0 and (close := header.find(">", start)) >= 0:
        end, parameters = _parameters(header, close + 1)
        yield header[start + 1 : close], parameters


def _parameters(header: str, start: int) -> tuple[int, dict[str, str]]:
    """Read parameters up to the comma that ends a link; commas in quotation marks end nothing."""
    pieces, piece, is_quoted, index = [], "", False, start
    while index < len(header) and (is_quoted or header[index] != ","):
        letter = header[index]
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == ";" and not is_quoted:
            pieces.append(piece)
            piece = ""
        else:
            piece += letter
        index += 1
    parameters: dict[str, str] = {}
    for each in (*pieces, piece):
        name, _equals, value = each.partition("=")
        parameters.setdefault(name.strip().lower(), value.strip())
    return index, parameters
