"""Courses, modules, pages and questions to start from: templates that build without problems."""
