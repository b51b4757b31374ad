"""Turn the tokens of a module into sanitised HTML."""

from course_builder.render.module import render_module

__all__ = ["render_module"]
