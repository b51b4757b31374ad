"""Looking hosts up."""

from __future__ import annotations

import socket


def look_up(host: str, port: int) -> list[str]:
    """Give the addresses of a host, in the order to try them.

    Raises:
        OSError: if there are none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
