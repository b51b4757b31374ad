"""Turn the tokens of a module into sanitised HTML."""

from course_builder.render.addresses import Addresses
from course_builder.render.module import render_module

__all__ = ["Addresses", "render_module"]
