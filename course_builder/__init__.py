"""Compile Markdown course sources into versioned module packages."""

__version__ = "0.1.0"
