"""What has to be there before the demo starts: a built course, secrets, a database, a library, a registration."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from course_builder.package import read_package
from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.demo.stack import Addresses, DemoError
from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.vault import Vault, new_master_key
from lti_tool.models import Registration, Release
from lti_tool.platforms import GENERIC, PRODUCTS
from lti_tool.practice_lms.app import PROFILES
from lti_tool.practice_lms.config import ProfileName
from lti_tool.schema import upgrade_schema
from lti_tool.services import library

COURSES = Path(__file__).parents[2] / "courses"
COURSE = "digital-innovation-management"
CLIENT_ID = "practice-client"


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the demo's folder; a second demo in it is refused.

    Raises:
        DemoError: if one runs already.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "another terminal"
            raise DemoError(
                f"A demo runs already ({where}). Stop it with Ctrl-C, or give this one a --data-dir."
            ) from None
        yield


def note_address(data_dir: Path, address: str) -> None:
    """Write down where the demo is reached, for whoever starts a second one."""
    (data_dir / "lock").write_text(address, encoding="utf-8")


def build_course(output: Path) -> list[Path]:
    """Build the course with ``course-builder``, as a trainer would.

    Raises:
        DemoError: with the builder's own words, if the course has errors.
    """
    source = COURSES / COURSE
    if not source.is_dir():
        raise DemoError("The demo needs the courses of a checkout: run it from a clone of the repository.")
    shutil.rmtree(output, ignore_errors=True)
    command = [sys.executable, "-m", "course_builder.cli", "build", str(source), "-o", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  (the arguments are ours)
    if done.returncode:
        raise DemoError(f"The course could not be built:\n{done.stdout}{done.stderr}")
    return sorted(output.glob("*.module.zip"))


def environment_for(data_dir: Path, addresses: Addresses) -> dict[str, str]:
    """Give the tool's settings; its secrets are made once and kept in the demo's folder."""
    secrets_file = data_dir / "secrets.json"
    if not secrets_file.exists():
        made = {"SECRET_KEY": secrets.token_urlsafe(32), "MASTER_KEYS": new_master_key()}
        descriptor = os.open(secrets_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file)
    kept: dict[str, str] = json.loads(secrets_file.read_text(encoding="utf-8"))
    return {
        **kept,
        "LTI_TOOL_ENV": "development",
        "PUBLIC_URL": addresses.tool,
        "DATA_DIR": str(data_dir / "tool"),
        "DATABASE_URL": "",
        "EGRESS_ALLOW": f"127.0.0.1:{addresses.lms_port}",
        "SCORE_POLL_S": "0.2",
    }


def prepare_database(
    environment: Mapping[str, str], packages: list[Path], addresses: Addresses, profile: ProfileName = "strict"
) -> bool:
    """Migrate, publish the packages and register the practice LMS, which behaves as ``profile``.

    Returns:
        Whether the database was started anew, because a module changed under a version that was published before. Only
        the demo does that; the library refuses it everywhere else.
    """
    settings = Settings.from_environment(environment)
    with application(settings):
        upgrade_schema()
        if not _has_changed_module(packages):
            _fill(settings, packages, addresses, profile)
            return False
    shutil.rmtree(settings.data_dir)
    for file in settings.data_dir.parent.glob("practice-lms.db*"):
        file.unlink()
    with application(settings):
        upgrade_schema()
        _fill(settings, packages, addresses, profile)
    return True


def _has_changed_module(packages: list[Path]) -> bool:
    """Whether one of the packages differs from the published one of the same version."""
    for path in packages:
        package = read_package(path)
        published = select(Release.digest).filter_by(module_id=package.manifest.id, version=package.manifest.version)
        digest = db.session.scalar(published)
        if digest not in {None, package.digest}:
            return True
    return False


def _fill(settings: Settings, packages: list[Path], addresses: Addresses, profile: ProfileName) -> None:
    """Make the signing key, publish and register, where that has not been done."""
    now = datetime.now(UTC)
    keys.ensure_key(db.session(), Vault(settings.master_keys), now)
    for path in packages:
        library.publish(db.session(), path, now)
    registration = db.session.scalar(select(Registration).filter_by(client_id=CLIENT_ID))
    if registration is None:
        registration = Registration(client_id=CLIENT_ID, title="Practice LMS", created_at=now)
        db.session.add(registration)
    # The port may be another one than last time.
    registration.issuer = addresses.lms
    registration.auth_url = addresses.lms + PROFILES[profile].auth_path
    registration.token_url = addresses.lms + PROFILES[profile].token_path
    registration.token_audience = PROFILES[profile].token_audience or None
    registration.key_set_url = addresses.lms + PROFILES[profile].jwks_path
    registration.product = profile if profile in PRODUCTS else GENERIC.product
    db.session.commit()
