"""Machines on one network that a test makes for itself: Linux network namespaces, joined by a bridge.

Their addresses, in 10.77.0.0/16, exist nowhere but there; a machine is cut off by taking its cable out of the
bridge. It needs root and Debian's iproute2.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_numbers = itertools.count(1)
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def what_is_missing() -> str:
    """Say what keeps this machine from having such a network, or nothing."""
    if shutil.which("ip") is None:
        return "no `ip` (Debian: iproute2)"
    name = f"ht-probe-{uuid.uuid4().hex[:6]}"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        return "network namespaces cannot be made here; it takes root"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return ""


class Network:
    """Machines by name, each with an address of its own.

    Args:
        machines: their names.
    """

    def __init__(self, machines: Sequence[str]) -> None:
        self._tag = f"ht-{uuid.uuid4().hex[:6]}"
        # Each network has addresses of its own: a connection that a pool of this process keeps leads into an old one.
        prefix = f"10.77.{next(_numbers)}"
        self.range = f"{prefix}.0/24"
        self.addresses = {name: f"{prefix}.{number}" for number, name in enumerate(machines, 2)}

    def __enter__(self) -> Network:
        """Lay the cables."""
        try:
            _ip("netns", "add", self._tag)
            _ip("-n", self._tag, "link", "add", "bridge", "type", "bridge")
            _ip("-n", self._tag, "link", "set", "bridge", "up")
            for name, address in self.addresses.items():
                self._add(name, address)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        """Take everything away; what still runs in there has no network any more."""
        for name in (*map(self.namespace, self.addresses), self._tag):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)

    def namespace(self, machine: str) -> str:
        """The name of a machine's namespace."""
        return f"{self._tag}-{machine}"

    def command(self, machine: str, *arguments: str) -> list[str]:
        """Give a command that runs on a machine."""
        return ["ip", "netns", "exec", self.namespace(machine), *arguments]

    def cut_off(self, machine: str) -> None:
        """Take a machine's cable out: nothing arrives, and nothing says so."""
        _ip("-n", self._tag, "link", "set", machine, "down")

    def join(self, machine: str) -> None:
        """Put the cable back in."""
        _ip("-n", self._tag, "link", "set", machine, "up")

    @contextmanager
    def inside(self, machine: str) -> Iterator[None]:
        """Let this thread, and the threads that it starts, use the machine's network."""
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(Path("/run/netns") / self.namespace(machine), os.O_RDONLY)
        try:
            _enter(there)
            try:
                yield
            finally:
                _enter(own)
        finally:
            os.close(own)
            os.close(there)

    def _add(self, name: str, address: str) -> None:
        namespace = self.namespace(name)
        _ip("netns", "add", namespace)
        _ip("link", "add", name, "netns", self._tag, "type", "veth", "peer", "name", "eth0", "netns", namespace)
        _ip("-n", self._tag, "link", "set", name, "master", "bridge", "up")
        _ip("-n", namespace, "addr", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", namespace, "link", "set", "eth0", "up")
        _ip("-n", namespace, "link", "set", "lo", "up")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _enter(namespace: int) -> None:
    # os.setns came with Python 3.12.
    if _libc.setns(namespace, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
