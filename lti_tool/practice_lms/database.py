"""The SQLite file of a practice LMS: its tables, and connections to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA_VERSION = 6

SCHEMA = """
CREATE TABLE signing_keys (kid TEXT PRIMARY KEY, private_pem TEXT NOT NULL, created_at REAL NOT NULL);
CREATE TABLE registrations (
  id INTEGER PRIMARY KEY, client_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, login_url TEXT NOT NULL,
  redirect_uris TEXT NOT NULL, jwks_url TEXT NOT NULL, deployment_ids TEXT NOT NULL, custom TEXT NOT NULL,
  shares_personal_data INTEGER NOT NULL, has_grades INTEGER NOT NULL, has_roster INTEGER NOT NULL,
  content_url TEXT NOT NULL
);
CREATE TABLE courses (
  id INTEGER PRIMARY KEY, label TEXT NOT NULL, title TEXT NOT NULL, sourced_id TEXT NOT NULL, history TEXT NOT NULL
);
CREATE TABLE people (
  sub TEXT PRIMARY KEY, given_name TEXT NOT NULL, family_name TEXT NOT NULL, email TEXT NOT NULL,
  username TEXT NOT NULL, sourced_id TEXT NOT NULL, locale TEXT NOT NULL, is_administrator INTEGER NOT NULL,
  is_test_user INTEGER NOT NULL, prefers_high_contrast INTEGER NOT NULL
);
CREATE TABLE enrolments (
  course_id INTEGER NOT NULL REFERENCES courses, sub TEXT NOT NULL REFERENCES people, role TEXT NOT NULL,
  status TEXT NOT NULL, PRIMARY KEY (course_id, sub)
);
CREATE TABLE enrolment_changes (id INTEGER PRIMARY KEY AUTOINCREMENT, course_id INTEGER NOT NULL, sub TEXT NOT NULL);
CREATE INDEX enrolment_changes_of_course ON enrolment_changes (course_id, id);
CREATE TRIGGER enrolment_added AFTER INSERT ON enrolments BEGIN
  INSERT INTO enrolment_changes (course_id, sub) VALUES (new.course_id, new.sub); END;
CREATE TRIGGER enrolment_changed AFTER UPDATE ON enrolments WHEN old.role <> new.role OR old.status <> new.status BEGIN
  INSERT INTO enrolment_changes (course_id, sub) VALUES (new.course_id, new.sub); END;
CREATE TRIGGER enrolment_ended AFTER DELETE ON enrolments BEGIN
  INSERT INTO enrolment_changes (course_id, sub) VALUES (old.course_id, old.sub); END;
CREATE TABLE group_sets (id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL REFERENCES courses, name TEXT NOT NULL);
CREATE TABLE course_groups (
  id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL REFERENCES courses, name TEXT NOT NULL,
  set_id INTEGER REFERENCES group_sets
);
CREATE TABLE group_members (
  group_id INTEGER NOT NULL REFERENCES course_groups, sub TEXT NOT NULL REFERENCES people, PRIMARY KEY (group_id, sub)
);
CREATE INDEX groups_of_person ON group_members (sub);
CREATE TABLE placements (
  id INTEGER PRIMARY KEY, course_id INTEGER NOT NULL REFERENCES courses,
  registration_id INTEGER NOT NULL REFERENCES registrations, deployment_id TEXT NOT NULL, title TEXT NOT NULL,
  description TEXT NOT NULL, target_link_uri TEXT NOT NULL, custom TEXT NOT NULL, opens_in TEXT NOT NULL,
  keeps_blocks INTEGER NOT NULL, history TEXT NOT NULL, activity_id INTEGER NOT NULL
);
CREATE TABLE line_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT, course_id INTEGER NOT NULL REFERENCES courses,
  registration_id INTEGER NOT NULL REFERENCES registrations, placement_id INTEGER REFERENCES placements,
  is_coupled INTEGER NOT NULL, label TEXT NOT NULL, maximum REAL NOT NULL, resource_id TEXT NOT NULL,
  tag TEXT NOT NULL, has_submission_review INTEGER NOT NULL, starts_at TEXT NOT NULL, ends_at TEXT NOT NULL
);
CREATE INDEX line_items_of_course ON line_items (course_id, id);
CREATE TABLE scores (
  id INTEGER PRIMARY KEY AUTOINCREMENT, line_item_id INTEGER NOT NULL REFERENCES line_items ON DELETE CASCADE,
  sub TEXT NOT NULL REFERENCES people, given REAL, maximum REAL, timestamp_us INTEGER NOT NULL,
  activity_progress TEXT NOT NULL, grading_progress TEXT NOT NULL, comment TEXT NOT NULL, received_at REAL NOT NULL,
  is_new_submission INTEGER NOT NULL
);
CREATE INDEX scores_of_person ON scores (line_item_id, sub, id);
CREATE TABLE sign_ins (token_hash TEXT PRIMARY KEY, sub TEXT NOT NULL REFERENCES people, created_at REAL NOT NULL);
CREATE TABLE launches (
  hint_hash TEXT PRIMARY KEY, sub TEXT NOT NULL REFERENCES people, message TEXT NOT NULL,
  course_id INTEGER NOT NULL REFERENCES courses, registration_id INTEGER NOT NULL REFERENCES registrations,
  placement_id INTEGER REFERENCES placements, for_sub TEXT NOT NULL, created_at REAL NOT NULL, used_at REAL
);
CREATE TABLE content_requests (
  ticket_hash TEXT PRIMARY KEY, sub TEXT NOT NULL REFERENCES people, course_id INTEGER NOT NULL REFERENCES courses,
  registration_id INTEGER NOT NULL REFERENCES registrations, placement_id INTEGER REFERENCES placements,
  created_at REAL NOT NULL, used_at REAL
);
CREATE TABLE tool_registrations (
  token_hash TEXT PRIMARY KEY, client_id TEXT NOT NULL UNIQUE, deployment_id INTEGER NOT NULL, created_at REAL NOT NULL,
  used_at REAL, registration_id INTEGER REFERENCES registrations, target_link_uri TEXT NOT NULL
);
CREATE TABLE notice_handlers (
  registration_id INTEGER NOT NULL REFERENCES registrations, notice_type TEXT NOT NULL, handler TEXT NOT NULL,
  PRIMARY KEY (registration_id, notice_type)
);
CREATE TABLE assertions (
  client_id TEXT NOT NULL, jti TEXT NOT NULL, expires_at REAL NOT NULL, PRIMARY KEY (client_id, jti)
);
CREATE TABLE access_tokens (
  token_hash TEXT PRIMARY KEY, registration_id INTEGER NOT NULL REFERENCES registrations, scopes TEXT NOT NULL,
  expires_at REAL NOT NULL
);
"""


class DatabaseVersionError(Exception):
    """The file was written by another version of the practice LMS."""


@contextmanager
def connect(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for one request."""
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of what happens inside, or none of it.

    The lock is taken at once: a read that turns into a write would fail when another writer was faster.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def prepare(path: Path) -> None:
    """Make the file and its tables when they are not there.

    Raises:
        DatabaseVersionError: if another version of the practice LMS wrote the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        with transaction(connection):
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found == SCHEMA_VERSION:
                return
            if found != 0:
                raise DatabaseVersionError(
                    f"{path} holds the data of another version of the practice LMS. Delete it: it is for trying only."
                )
            for statement in SCHEMA.split(";\nCREATE "):
                connection.execute(f"CREATE {statement.strip().removeprefix('CREATE ').removesuffix(';')}")
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
