"""What trainers see."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("teach", __name__)
