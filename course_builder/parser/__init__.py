"""Texts → a course: YAML, Markdown, our blocks and questions."""

from course_builder.parser.course import Header, Parsed, parse_course, parse_header, parse_one

__all__ = ["Header", "Parsed", "parse_course", "parse_header", "parse_one"]
