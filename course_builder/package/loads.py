"""What a page may load beside its text, once a learner asks: the pages around it allow this and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from course_builder.package.format import PackageError

_TAG = re.compile(r'<(?P<name>[a-z][a-z0-9]*)(?P<attributes>[^<>"]*(?:"[^"]*"[^<>"]*)*)>')
_FROM = re.compile(r' data-from="([^"]*)"')
_SCENE = re.compile(r' data-scene="([^"]*)"')
_ADDRESS = re.compile(r"https://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]{2,5})?)(?:[/?#][^\s\\\"'<>]*)?")
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]{2,5})?")
KINDS = ("model", "panorama")


@dataclass(frozen=True, slots=True)
class Loads:
    """Hosts of embedded pages and of media, and the kinds of scenes; each sorted."""

    frames: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()


def loads_of(fragments: Iterable[str]) -> Loads:
    """Read from the markup of a page what it may load.

    Raises:
        PackageError: if an address is not a plain one that begins with ``https://``, or a scene is of no known kind.
    """
    frames: set[str] = set()
    streams: set[str] = set()
    scenes: set[str] = set()
    for html in fragments:
        for tag in _TAG.finditer(html):
            if found := _FROM.search(tag["attributes"]):
                address = _ADDRESS.fullmatch(unescape(found[1]))
                if address is None:
                    raise PackageError(
                        f"A page would load {unescape(found[1])[:80]!r}, which is no plain https address."
                    )
                (streams if tag["name"] in {"audio", "video"} else frames).add(address["host"])
            if found := _SCENE.search(tag["attributes"]):
                if found[1] not in KINDS:
                    raise PackageError(f"A page has a scene of the unknown kind {found[1][:40]!r}.")
                scenes.add(found[1])
    return Loads(tuple(sorted(frames)), tuple(sorted(streams)), tuple(sorted(scenes)))
