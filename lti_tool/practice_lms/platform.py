"""The practice LMS as one object, and the database connection of a request."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, current_app, g

from lti_tool.practice_lms import catalogue, notices, signing
from lti_tool.practice_lms.config import LmsConfig
from lti_tool.practice_lms.database import connect, prepare
from lti_tool.practice_lms.model import Course, Placement
from lti_tool.practice_lms.profiles import Profile
from lti_tool.practice_lms.tool_keys import ToolKeys

EXTENSION = "practice_lms"


class PracticeLms:
    """What the pages and services of one practice LMS share; tests reach in through it."""

    def __init__(self, config: LmsConfig, profile: Profile) -> None:
        self.config = config
        self.profile = profile
        self.storage = config.storage or profile.storage
        self.tool_keys = ToolKeys(config.fetch_key_set)
        self._lock = threading.Lock()
        prepare(config.database)
        with self.connect() as connection:
            catalogue.plant(connection, config.seed)
            self._signing_keys = signing.keys(connection) or [signing.make_key(connection, self.now())]

    @property
    def issuer(self) -> str:
        """The issuer: the LMS's own address."""
        return self.config.base_url

    @property
    def host(self) -> str:
        """The host of the LMS, without its port."""
        return urlsplit(self.config.base_url).hostname or ""

    @property
    def auth_url(self) -> str:
        """Where tools send authentication requests."""
        return self.config.base_url + self.profile.auth_path

    @property
    def token_url(self) -> str:
        """Where tools ask for access tokens."""
        return self.config.base_url + self.profile.token_path

    @property
    def token_audience(self) -> str:
        """What assertions have to be meant for."""
        return self.profile.token_audience or self.token_url

    @property
    def jwks_url(self) -> str:
        """Where the LMS's own key set is."""
        return self.config.base_url + self.profile.jwks_path

    def now(self) -> datetime:
        """The time of the LMS's clock."""
        return self.config.clock()

    def connect(self) -> AbstractContextManager[sqlite3.Connection]:
        """Open the database, as tests do to look at the gradebook."""
        return connect(self.config.database)

    def add_placement(self, placement: Placement) -> None:
        """Place a tool in a course, as a trainer would while the LMS runs."""
        with self.connect() as connection:
            catalogue.add_placement(connection, placement)

    def copy_course(self, course_id: int) -> Course:
        """Copy a course with its activities and columns, and without its people and their grades."""
        with self.connect() as connection:
            copied = catalogue.copy_course(connection, course_id)
            sent = notices.of_copy(self, connection, course_id, copied)
        for handler, body in sent:
            self.config.post_notice(handler, body)
        return copied

    @property
    def signing_keys(self) -> list[signing.SigningKey]:
        """The LMS's own keys, oldest first."""
        return self._signing_keys

    @property
    def signing_key(self) -> signing.SigningKey:
        """The key that signs."""
        return self._signing_keys[-1]

    def rotate_key(self) -> signing.SigningKey:
        """Sign with a new key from now on; the old ones stay in the key set."""
        with self._lock, self.connect() as connection:
            self._signing_keys = [*self._signing_keys, signing.make_key(connection, self.now())]
        return self.signing_key

    def revoke_keys(self) -> None:
        """Take all keys out of the key set, as after a theft, and sign with a new one."""
        with self._lock, self.connect() as connection:
            signing.forget_keys(connection)
            self._signing_keys = [signing.make_key(connection, self.now())]


def practice_lms_of(app: Flask) -> PracticeLms:
    """The practice LMS behind an app."""
    lms: PracticeLms = app.extensions[EXTENSION]
    return lms


def current_lms() -> PracticeLms:
    """The practice LMS of the request."""
    return practice_lms_of(current_app)


def current_db() -> sqlite3.Connection:
    """The database connection of the request, opened at its first use and closed with it."""
    if "practice_lms_stack" not in g:
        g.practice_lms_stack = ExitStack()
        g.practice_lms_db = g.practice_lms_stack.enter_context(current_lms().connect())
    connection: sqlite3.Connection = g.practice_lms_db
    return connection


def close_current_db(_error: BaseException | None = None) -> None:
    """Close the connection of the request."""
    stack: ExitStack | None = g.pop("practice_lms_stack", None)
    if stack is not None:
        stack.close()
