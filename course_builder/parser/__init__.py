"""Texts → a course: YAML, Markdown, our blocks and questions."""

from course_builder.parser.course import Parsed, parse_course

__all__ = ["Parsed", "parse_course"]
