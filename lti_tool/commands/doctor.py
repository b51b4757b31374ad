"""``lti-tool doctor``: what works, what doesn't, and what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import click
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.config import Settings
from lti_tool.context import application
from lti_tool.errors import SettingsError
from lti_tool.extensions import db
from lti_tool.lti import keys
from lti_tool.lti.egress import Egress
from lti_tool.lti.probing import BAD
from lti_tool.lti.vault import Vault
from lti_tool.models import Registration, Release, Score, ScoreState
from lti_tool.schema import current_revision, newest_revision
from lti_tool.services import platform_health
from lti_tool.views import health_words, launch_words
from lti_tool.views.lti import KEYS_PATH

_TIME = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    is_ok: bool
    text: str
    mend: str = ""


@click.command("doctor")
@click.argument("platform", type=int, required=False)
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(platform: int | None, output: str) -> None:
    """Look at settings, database, migrations, keys, library and outbox. Exit code 1 where something is wrong.

    With the number of a PLATFORM, ask it for its keys and a token, too, compare clocks and say what went wrong lately,
    as its page in the administration does.
    """
    findings = list(examine(platform))
    if output == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            mark = click.style("ok   ", fg="green") if finding.is_ok else click.style("wrong", fg="red")
            click.echo(f"{mark}  {finding.subject}: {finding.text}")
            if finding.mend:
                click.echo(f"       → {finding.mend}")
    sys.exit(0 if all(finding.is_ok for finding in findings) else 1)


def examine(platform: int | None = None) -> Iterator[Finding]:
    """Look at everything, in the order in which an administrator would mend it."""
    try:
        settings = Settings.from_environment()
        vault = Vault(settings.master_keys)
    except SettingsError as error:
        yield from (
            Finding("settings", False, problem, "docs/settings.md lists them all") for problem in error.problems
        )
        return
    yield Finding("settings", True, f"{settings.lti_tool_env}, reached at {settings.public_url}")
    with application(settings):
        try:
            db.session.connection(execution_options={"only_reads": True}).execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
            yield Finding("database", False, cause, "Is DATABASE_URL right, and is the server running?")
            return
        yield Finding("database", True, "SQLite" if settings.is_sqlite else "PostgreSQL")
        if current_revision() != newest_revision():
            found = current_revision() or "empty"
            yield Finding(
                "migrations", False, f"the database is {found}, wanted is {newest_revision()}", "lti-tool upgrade"
            )
            return
        yield Finding("migrations", True, f"at {newest_revision()}")
        yield from _examine_contents(vault)
        if platform is not None:
            yield from _examine_platform(platform, settings, vault)


def _examine_contents(vault: Vault) -> Iterator[Finding]:
    session = db.session()
    key = keys.current_key(session, datetime.now(UTC))
    if key is None:
        yield Finding("signing key", False, "there is none", "lti-tool keys rotate")
    else:
        try:
            vault.decrypt(key.encrypted_private_key)
            yield Finding("signing key", True, key.kid)
        except SettingsError as error:
            yield Finding("signing key", False, "cannot be decrypted", error.problems[0])
    releases = session.scalar(select(func.count()).select_from(Release)) or 0
    yield Finding("library", True, f"{releases} releases", "" if releases else "lti-tool modules publish FILE")
    platforms = session.scalar(select(func.count()).select_from(Registration)) or 0
    yield Finding("platforms", True, f"{platforms} registered", "" if platforms else "lti-tool platforms add")
    waiting = session.scalar(select(func.count()).where(Score.state.in_([ScoreState.WAITING, ScoreState.SENDING]))) or 0
    failed = session.scalar(select(func.count()).where(Score.state == ScoreState.FAILED)) or 0
    mend = "trainers see which ones and why on their page" if failed else ""
    yield Finding("outbox", True, f"{waiting} scores wait, {failed} could not be delivered", mend)


def _examine_platform(number: int, settings: Settings, vault: Vault) -> Iterator[Finding]:
    """Ask a platform, and say what its page in the administration says."""
    session = db.session()
    session.rollback()
    examined = platform_health.begin_check(session, vault, number, _now())
    session.rollback()
    egress = Egress(settings.egress_allow, settings.egress_timeout_s, settings.egress_max_bytes)
    findings = platform_health.check(examined, egress, timedelta(seconds=settings.clock_leeway_s), _now)
    platform_health.keep(session, number, findings, _now())
    session.commit()
    subjects = health_words.subject_words()
    for each in findings:
        found, step = health_words.finding_words(each, settings.public_url + KEYS_PATH, examined.client.audience)
        yield Finding(subjects[each.subject], each.state != BAD, found, step)
    launches = platform_health.last_launches(session, number)
    yield Finding("last launch", True, f"{launches[0].at:{_TIME}}" if launches else "nobody came yet")
    for problem in platform_health.last_problems(session, number):
        how_often = f"{problem.code}, {problem.times} times, last {problem.last_at:{_TIME}}"
        found = f"{launch_words.words(problem.code)} ({how_often})"
        yield Finding("launches that failed", True, found, health_words.problem_step(problem.code))


def _now() -> datetime:
    return datetime.now(UTC)
