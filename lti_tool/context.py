"""Running a command inside the application."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from flask import Flask

from lti_tool import create_app
from lti_tool.config import Settings
from lti_tool.errors import SettingsError
from lti_tool.extensions import db
from lti_tool.schema import current_revision, newest_revision

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """Make the application, enter its context, and close its connections at the end."""
    app = create_app(settings)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def in_app(function: Callable[P, R]) -> Callable[P, R]:
    """Run a command in the context of an application made from the environment.

    Raises:
        SettingsError: also where the database has not been brought up to date.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with application(Settings.from_environment()):
            if current_revision() != newest_revision():
                raise SettingsError(["The database is not up to date; run `lti-tool upgrade` first"])
            return function(*args, **kwargs)

    return run
