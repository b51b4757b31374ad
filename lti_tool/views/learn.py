"""What learners see."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("learn", __name__)
