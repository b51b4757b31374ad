"""https in front of servers that speak http: WebKit takes ``Secure`` cookies from nothing else."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK_BYTES = 65_536


@contextmanager
def tls_front(tls: ssl.SSLContext, listener: socket.socket, port: int) -> Iterator[None]:
    """Pass what comes over TLS to ``listener`` on to a port of this machine, and answers back."""
    open_sockets: set[socket.socket] = set()

    def serve(accepted: socket.socket) -> None:
        try:
            with (
                tls.wrap_socket(accepted, server_side=True) as outside,
                socket.create_connection(("127.0.0.1", port)) as inside,
            ):
                open_sockets.update((outside, inside))
                back = threading.Thread(target=_pass_on, args=(inside, outside), daemon=True)
                back.start()
                _pass_on(outside, inside)
                back.join()
                open_sockets.difference_update((outside, inside))
        except OSError:
            return  # The browser is gone, or the server.

    def accept() -> None:
        while True:
            try:
                accepted, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(accepted,), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for each in list(open_sockets):
            with suppress(OSError):
                # Below TLS, whose own way to end would wait for the other side.
                socket.socket.shutdown(each, socket.SHUT_RDWR)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK_BYTES):
            target.sendall(chunk)
    with suppress(OSError):
        socket.socket.shutdown(target, socket.SHUT_WR)
