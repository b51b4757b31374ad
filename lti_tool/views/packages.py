"""Public files of packages, at addresses that carry their digest."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("packages", __name__)
