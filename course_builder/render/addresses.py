"""Addresses in sanitised HTML: assets and pages of the module, and the world outside."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import unquote

from course_builder.image_size import Size, image_size
from course_builder.model import Asset
from course_builder.package.format import asset_path
from course_builder.package.fragment import ASSETS
from course_builder.render.attributes import attributes_html
from course_builder.render.video_size import video_size

NEW_WINDOW = "_new-window"
"""The id of the words "opens in a new window", which the page around the content holds, in its reader's language."""

_TAG = re.compile(r'<(a|img)((?: [a-z-]+="[^"]*")+)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


class Addresses:
    """What the addresses on the pages of a module stand for."""

    def __init__(self, assets: Sequence[Asset]) -> None:
        self._names = {
            asset.path: ASSETS + asset_path(asset.path, asset.data).removeprefix("assets/") for asset in assets
        }
        self._sizes = {
            asset.path: image_size(asset.data, asset.media_type) or video_size(asset.data, asset.media_type)
            for asset in assets
        }
        self._weights = {asset.path: len(asset.data) for asset in assets}

    def url(self, address: str) -> str:
        """Give the address of a file by its ``asset:<path>``; another address stays as it is."""
        return self._names.get(address.removeprefix("asset:"), address)

    def size(self, address: str) -> Size | None:
        """Give width and height of an image or a video, where they are known."""
        return self._sizes.get(address.removeprefix("asset:"))

    def weight(self, address: str) -> int:
        """Give the size of a file in bytes."""
        return self._weights.get(address.removeprefix("asset:"), 0)

    def fill_in(self, html: str, page_path: str) -> str:
        """Resolve the addresses of links and images on a page, whether they come from Markdown or from raw HTML."""

        def filled(tag: re.Match[str]) -> str:
            attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag[2])}
            if tag[1] == "img":
                self._fill_image(attributes, page_path)
                # An empty text says that nothing is to be read out; without one, some readers say the file's name.
                return f"<img{attributes_html({'alt': attributes.pop('alt', '') or True, **attributes})}>"
            self._fill_link(attributes, page_path)
            return f"<a{attributes_html(attributes)}>"

        return _TAG.sub(filled, html)

    def _fill_image(self, attributes: dict[str, str], page_path: str) -> None:
        path = self._asset(attributes.pop("src", ""), page_path)
        if path is not None:
            attributes["src"] = self._names[path]
            if (size := self._sizes[path]) and not attributes.keys() & {"width", "height"}:
                attributes["width"], attributes["height"] = map(str, size)
        attributes |= {"loading": "lazy", "decoding": "async"}

    def _fill_link(self, attributes: dict[str, str], page_path: str) -> None:
        href = attributes.get("href", "")
        if href.startswith("page:"):
            attributes["href"] = href.removeprefix("page:")
            attributes["data-page"] = attributes["href"].partition("#")[0]
        elif href.startswith("module:"):
            # Whether the other module can be opened is known only where both are placed.
            attributes["data-module"], _, attributes["data-place"] = href.removeprefix("module:").partition("/")
            del attributes["href"]
        elif href.startswith(("http:", "https:")):
            # The content is shown in a frame of the LMS, where most other sites refuse to appear.
            attributes |= {"target": "_blank", "rel": "noopener", "aria-describedby": NEW_WINDOW}
        elif (path := self._asset(href, page_path)) is not None:
            attributes["href"] = self._names[path]

    def _asset(self, url: str, page_path: str) -> str | None:
        if url.startswith("asset:"):
            return self._known(unquote(url.removeprefix("asset:")))
        return self._known(posixpath.normpath(posixpath.join(posixpath.dirname(page_path), unquote(url))))

    def _known(self, path: str) -> str | None:
        return path if path in self._names else None
