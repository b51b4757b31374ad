"""Changing the master key: everything that is encrypted at rest is encrypted anew with the first one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, LargeBinary, Table, select, update
from sqlalchemy.orm import Session

from lti_tool.extensions import Model
from lti_tool.lti.vault import Vault


def encrypted_columns() -> Iterator[tuple[Table, Column[bytes]]]:
    """Name all columns that the vault wrote: those whose names begin with ``encrypted``."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if column.name.startswith("encrypted") and isinstance(column.type, LargeBinary):
                yield table, column


def reencrypt(session: Session, vault: Vault) -> int:
    """Encrypt everything with the first master key, so that the others can be taken out of the settings.

    What somebody else writes in the meantime is left as it is: it is newer, and encrypted with the first key already.

    Returns:
        How many values there were.

    Raises:
        SettingsError: if none of the master keys fits a value.
    """
    count = 0
    for table, column in encrypted_columns():
        key = list(table.primary_key.columns)
        for *values, stored in session.execute(select(*key, column).where(column.is_not(None))).all():
            is_same = [part == value for part, value in zip(key, values, strict=True)]
            session.execute(update(table).where(*is_same, column == stored).values({column: vault.renew(stored)}))
            count += 1
    return count
