"""Attributes of an element as text."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def attributes_html(attributes: Mapping[str, object]) -> str:
    """Write attributes with a space before each; those without a value are left out, ``True`` has an empty one."""
    return "".join(
        f' {name}="{"" if value is True else escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None and value != ""
    )
