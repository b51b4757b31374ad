"""What a link shows, named by its custom parameters and once more by its address.

Some platforms lose the one, some the other: Canvas may not give custom parameters back when a link is edited, and
Moodle copies both with a course. Both are signed by the platform at each launch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from lti_tool.lti.text import is_identifier

PART_ID_LENGTH = 100
_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A module, or one page or quiz of it."""

    module_id: str
    page_id: str | None = None
    quiz_id: str | None = None
    version: str | None = None
    """``1``: the newest release with that major number; ``1.2.0``: that one for good; ``None``: not said."""

    @property
    def is_version_fixed(self) -> bool:
        """Whether one release is named, rather than all compatible ones."""
        return self.version is not None and "." in self.version

    def parameters(self) -> dict[str, str]:
        """Give the custom parameters that name it."""
        named = {"module": self.module_id, "page": self.page_id, "quiz": self.quiz_id, "version": self.version}
        return {name: value for name, value in named.items() if value}

    def address(self, target: str) -> str:
        """Give an address of ours that names it."""
        return urlunsplit((*urlsplit(target)[:3], urlencode(self.parameters()), ""))


def read_content(custom: Mapping[str, Any], target_link_uri: str) -> Content | None:
    """Read what a link shows from its custom parameters, else from its address; nothing if neither names a module."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(target_link_uri).query).items()}
    for named in (custom, query):
        if (module_id := _usable(named.get("module"))) is None:
            continue
        version = _usable(named.get("version"))
        return Content(
            module_id=module_id,
            page_id=_usable(named.get("page")),
            quiz_id=_usable(named.get("quiz")),
            version=version if version and _VERSION.fullmatch(version) else None,
        )
    return None


def _usable(value: object) -> str | None:
    """Give a parameter's value; a platform that cannot fill a variable in sends its name."""
    return value if is_identifier(value, PART_ID_LENGTH) and not value.startswith("$") else None
