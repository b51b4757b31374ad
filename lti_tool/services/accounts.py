"""Accounts of the admin pages: made, signed in, changed and disabled."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from lti_tool.errors import ConflictError, InputError, NotFoundError
from lti_tool.lti.text import is_identifier
from lti_tool.lti.vault import Vault
from lti_tool.models import Account, Role, SignIn
from lti_tool.services import audit, passwords
from lti_tool.services.fingerprints import fingerprint, new_secret
from lti_tool.upsert import changed

IDLE, LONGEST = timedelta(minutes=60), timedelta(hours=12)
"""A sign-in ends after this time without a request, and after this time in any case."""
RENEWED_EVERY = timedelta(minutes=1)
CODE_STEP_S = 30
NAME_LENGTH = 200


def add_account(session: Session, name: str, password: str, role: Role, at: datetime) -> Account:
    """Make an account.

    Raises:
        InputError: if the name or the password cannot be used.
        ConflictError: if the name is taken.
    """
    name = normal_name(name)
    if not is_identifier(name, NAME_LENGTH):
        raise InputError(f"The name must have 1 to {NAME_LENGTH} characters.")
    _check_strength(password, name)
    account = Account(
        name=name, password_hash=passwords.hash_password(password), role=role, is_active=True, created_at=at
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise ConflictError(f"There is an account {name} already.") from error
    _record(session, account, "account-added", at, after={"role": role.value})
    return account


def find_account(session: Session, name: str) -> Account:
    """Find an account by its name.

    Raises:
        NotFoundError: if there is none.
    """
    account = session.scalar(select(Account).filter_by(name=normal_name(name)))
    if account is None:
        raise NotFoundError(f"There is no account {name}; `lti-tool admins list` shows those there are.")
    return account


def list_accounts(session: Session) -> list[Account]:
    """List the accounts by name."""
    return list(session.scalars(select(Account).order_by(Account.name)))


def stored_password(session: Session, name: str) -> tuple[int | None, str]:
    """Give the account and the hash that a typed password is compared with.

    Comparing takes long and belongs outside a transaction. Where there is no such account, the hash is one that nothing
    fits, so that neither answer nor time tells.
    """
    usable = is_identifier(name, NAME_LENGTH)
    account = session.scalar(select(Account).filter_by(name=name, is_active=True)) if usable else None
    return (account.id, account.password_hash) if account else (None, passwords.nobodys_hash())


def admit(session: Session, vault: Vault, account_id: int, stored: str, code: str, at: datetime) -> Account | None:
    """Give the account whose password was right, if it is as it was then and the code is right where it wants one."""
    account = session.get(Account, account_id)
    if account is None or not account.is_active or account.password_hash != stored:
        return None
    if account.encrypted_totp_secret is not None:
        secret = vault.decrypt(account.encrypted_totp_secret).decode()
        if not take_code(session, account, secret, code, at):
            return None
    return account


def take_code(session: Session, account: Account, secret: str, code: str, at: datetime) -> bool:
    """Whether a code is the app's of now, or of the half minute before or after; each is taken once.

    Source: RFC 6238, section 5.2.
    """
    digits = "".join(code.split())
    if not digits.isascii() or not digits.isdigit():
        return False
    now = int(at.timestamp()) // CODE_STEP_S
    app = pyotp.TOTP(secret)
    step = next((each for each in (now, now - 1, now + 1) if hmac.compare_digest(app.generate_otp(each), digits)), None)
    if step is None:
        return False
    unused = (Account.totp_last_step.is_(None)) | (Account.totp_last_step < step)
    return changed(session, update(Account).where(Account.id == account.id, unused).values(totp_last_step=step)) == 1


def sign_in(session: Session, account: Account, at: datetime) -> str:
    """Begin a sign-in; give the secret that its browser's cookie holds."""
    session.execute(delete(SignIn).where((SignIn.ends_at <= at) | (SignIn.last_seen_at <= at - IDLE)))
    secret = new_secret()
    session.add(
        SignIn(
            secret_hash=fingerprint(secret), account_id=account.id, created_at=at, last_seen_at=at, ends_at=at + LONGEST
        )
    )
    _record(session, account, "signed-in", at, actor=account.name)
    return secret


def find_sign_in(session: Session, secret: str, at: datetime) -> SignIn | None:
    """Find the sign-in of a browser's cookie, unless it has ended or its account was disabled."""
    wanted = select(SignIn).filter_by(secret_hash=fingerprint(secret)).options(joinedload(SignIn.account))
    found = session.scalar(wanted)
    if found is None or found.ends_at <= at or found.last_seen_at <= at - IDLE or not found.account.is_active:
        return None
    return found


def renew(session: Session, secret: str, at: datetime) -> None:
    """Let a sign-in that is in use go on."""
    session.execute(update(SignIn).where(SignIn.secret_hash == fingerprint(secret)).values(last_seen_at=at))


def sign_out(session: Session, secret: str) -> None:
    """End a sign-in."""
    session.execute(delete(SignIn).where(SignIn.secret_hash == fingerprint(secret)))


def change_password(
    session: Session, account: Account, password: str, at: datetime, *, actor: str, keep: str | None = None
) -> None:
    """Set a password and end the account's sign-ins, all but the one of the browser that did it.

    Args:
        session: of the database.
        account: whose.
        password: the new one.
        at: now.
        actor: who does it.
        keep: the secret of the sign-in that stays.

    Raises:
        InputError: if it is too weak.
    """
    _check_strength(password, account.name)
    account.password_hash = passwords.hash_password(password)
    _end_sign_ins(session, account, keep)
    _record(session, account, "password-changed", at, actor=actor)


def set_active(session: Session, account: Account, *, is_active: bool, at: datetime, actor: str) -> None:
    """Disable an account, which ends its sign-ins at once, or let it in again."""
    before = {"is_active": account.is_active}
    account.is_active = is_active
    if not is_active:
        _end_sign_ins(session, account, None)
    action = "account-enabled" if is_active else "account-disabled"
    _record(session, account, action, at, actor=actor, before=before, after={"is_active": is_active})


def set_totp(session: Session, vault: Vault, account: Account, secret: str | None, at: datetime, *, actor: str) -> None:
    """Let signing in need a code from now on, or no longer."""
    account.encrypted_totp_secret = vault.encrypt(secret.encode()) if secret is not None else None
    if secret is None:
        account.totp_last_step = None
    _record(session, account, "totp-added" if secret is not None else "totp-removed", at, actor=actor)


def normal_name(name: str) -> str:
    """Write a name as it is stored and compared."""
    return name.strip().lower()


def _check_strength(password: str, name: str) -> None:
    if passwords.is_too_weak(password, name):
        raise InputError(
            f"The password must have {passwords.SHORTEST} to {passwords.LONGEST} characters, at least "
            f"{passwords.FEWEST_CHARACTERS} different ones, and not be the account's name."
        )


def _end_sign_ins(session: Session, account: Account, keep: str | None) -> None:
    others = delete(SignIn).where(SignIn.account_id == account.id)
    session.execute(others.where(SignIn.secret_hash != fingerprint(keep)) if keep is not None else others)


def _record(
    session: Session,
    account: Account,
    action: str,
    at: datetime,
    *,
    actor: str = audit.COMMAND_LINE,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    audit.record(session, actor=actor, at=at, action=action, subject=account.name, before=before, after=after)
