"""How background work runs: a loop in the web process on SQLite, workers of procrastinate on PostgreSQL."""

from lti_tool.jobs.loop import start_loop

__all__ = ["start_loop"]
