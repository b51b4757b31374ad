"""The ``Link`` header, in which a service names its next page.

Source: RFC 8288, section 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from lti_tool.lti.text import origin, web_address

_SAYS_NEXT = re.compile(r"(?:\brel\*?\s*=[^;,]*|^[^=]*)(?<![a-z])next(?![a-z])", re.IGNORECASE)
"""What is meant to name a next page, however badly it is written."""
_TARGET = re.compile(r"<[^<>]*>")


class BrokenLinkError(ValueError):
    """A service says that there is a next page, and its address cannot be followed."""


def next_page(header: str, base_url: str, home_origin: str | None) -> str | None:
    """Give the address of the next page; nothing where the header names none.

    Taken for the end of the list, a link that cannot be followed would make all that was not read look as if it were
    gone: people would have left, grades would be missing, and a column would be made twice.

    Args:
        header: the ``Link`` header; empty where there is none.
        base_url: of the answer, for relative addresses.
        home_origin: of the service. The next page has to be there, since the access token goes along.

    Raises:
        BrokenLinkError: if a next page is named that is elsewhere, or whose address is none.
    """
    found = read_links(header, base_url).get("next")
    is_broken = origin(found) != home_origin if found is not None else _SAYS_NEXT.search(_TARGET.sub("", header))
    if is_broken:
        raise BrokenLinkError(f"Link: {header[:300]!r}")
    return found


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
