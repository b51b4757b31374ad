"""https in front of servers that speak http: WebKit takes ``Secure`` cookies from nothing else."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK_BYTES = 65_536


class Line:
    """The way of browsers to a server, which can be cut."""

    def __init__(self) -> None:
        self.open_sockets: set[socket.socket] = set()
        self.is_cut = False

    @contextmanager
    def cut(self) -> Iterator[None]:
        """End what is on its way, and let nothing through for a while."""
        self.is_cut = True
        self.hang_up()
        try:
            yield
        finally:
            self.is_cut = False

    def hang_up(self) -> None:
        """End all connections."""
        for each in list(self.open_sockets):
            with suppress(OSError):
                # Below TLS, whose own way to end would wait for the other side.
                socket.socket.shutdown(each, socket.SHUT_RDWR)


@contextmanager
def tls_front(tls: ssl.SSLContext, listener: socket.socket, port: int) -> Iterator[Line]:
    """Pass what comes over TLS to ``listener`` on to a port of this machine, and answers back."""
    line = Line()
    open_sockets = line.open_sockets

    def serve(accepted: socket.socket) -> None:
        try:
            if line.is_cut:
                accepted.close()
                return
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
        yield line
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        line.hang_up()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK_BYTES):
            target.sendall(chunk)
    with suppress(OSError):
        socket.socket.shutdown(target, socket.SHUT_WR)
