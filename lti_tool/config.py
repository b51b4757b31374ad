"""Every setting of the tool: its name in the environment, default, unit and meaning.

``docs/settings.md`` is made from this list (``lti-tool settings``), and a test compares the two.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from lti_tool.errors import SettingsError

DATA_DIR = Path("var")
_PAGE = r"https://[^\s\"<>]+"
_CONTACT = rf"[^\s@\"<>:/?&]+@[^\s@\"<>:/?&]+|{_PAGE}"


def _setting(default: Any, meaning: str, *, is_secret: bool = False) -> Any:
    return field(default=default, metadata={"meaning": meaning, "is_secret": is_secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The tool's settings; each field is read from the environment variable of the same name in capitals."""

    lti_tool_env: Literal["production", "development"] = _setting(
        "production", "`development` allows plain http at `PUBLIC_URL`; the demo uses it."
    )
    public_url: str = _setting(
        "", "The address under which browsers and LMSs reach the tool, such as https://training.example.org."
    )
    database_url: str = _setting("", "`postgresql://…`, or empty for SQLite in `DATA_DIR`.", is_secret=True)
    operator: str = _setting(
        "", "Who offers the training, such as the name of the town, for the accessibility statement."
    )
    accessibility_contact: str = _setting(
        "",
        "Where people write to about barriers, for the accessibility statement: a mail address, or a page (https://…).",
    )
    accessibility_enforcement: str = _setting(
        "",
        "The page (https://…) of the office to which people complain about barriers, for the accessibility statement.",
    )
    data_dir: Path = _setting(DATA_DIR, "The folder for the SQLite database and unpacked packages.")
    secret_key: str = _setting(
        "", "Signs form tokens. At least 32 characters; `lti-tool keys secret` prints one.", is_secret=True
    )
    master_keys: tuple[str, ...] = _setting(
        (),
        "Encrypt private keys and access tokens at rest. Comma-separated; the first encrypts, all decrypt. "
        "`lti-tool keys master` prints one.",
        is_secret=True,
    )
    signing_key_days: int = _setting(
        180,
        "Days after which our signing key is replaced by itself; 0 keeps it until `lti-tool keys rotate`. The next one "
        "is published a day before it signs, each for a day after it stopped.",
    )
    egress_allow: tuple[str, ...] = _setting(
        (), "Hosts, host:port pairs or networks that may be called over http or at private addresses. Comma-separated."
    )
    egress_timeout_s: float = _setting(10.0, "Seconds that one call to a platform may take in all.")
    egress_max_bytes: int = _setting(1_000_000, "Bytes of a platform's answer that are read at most.")
    login_minutes: int = _setting(10, "Minutes from login to launch.")
    clock_leeway_s: int = _setting(10, "Seconds that a platform's clock may differ from ours.")
    key_set_lifetime_s: int = _setting(3600, "Seconds that a platform's key set is used without fetching it again.")
    key_set_cooldown_s: int = _setting(30, "Seconds between two fetches of a key set caused by unknown key ids.")
    launch_idle_minutes: int = _setting(240, "Minutes without a request after which a launch held by a cookie ends.")
    path_launch_idle_minutes: int = _setting(60, "The same for a launch that is carried in the address.")
    max_body_bytes: int = _setting(2_000_000, "Bytes that a request may send.")
    failed_openings: int = _setting(
        3000,
        "Logins without a launch that one address may begin in ten minutes on each platform; 0: any number. Thousands "
        "of people behind one address who open their activities count for nothing.",
    )
    max_upload_bytes: int = _setting(
        60_000_000,
        "Bytes that a request with files to hand in may send; a question's author allows less for each file.",
    )
    proxies: int = _setting(0, "How many reverse proxies stand in front and set X-Forwarded-For, -Proto and -Host.")
    score_poll_s: float = _setting(1.0, "Seconds between two looks for scores that wait.")
    score_lease_s: int = _setting(
        60,
        "Seconds after which another worker may try a delivery. The first one stops by itself at five sixths of them, "
        "however slow the platform is.",
    )
    score_give_up_days: int = _setting(
        14, "Days after which a score that keeps failing is stopped and shown as failed."
    )
    roster_hours: int = _setting(
        24,
        "Hours after which the course list that a trainer asked for is read again by itself, while the course is in "
        "use; 0: only when a trainer asks.",
    )
    keep_rosters_days: int = _setting(
        180,
        "Days after the last visit to a course that its list of people is kept, and that people who left stand on it; "
        "0: for good.",
    )
    keep_audit_days: int = _setting(0, "Days that the log of changes by administrators is kept, at most; 0: for good.")
    keep_launches_days: int = _setting(
        30, "Days that a launch is kept after its end, for whoever looks into a problem; 0 keeps launches for good."
    )
    keep_activity_days: int = _setting(
        730,
        "Days after somebody's last visit that what they read, tried and never submitted is kept; 0: for good. "
        "Submitted attempts and grades are kept until somebody erases them.",
    )
    metrics_token: str = _setting(
        "",
        "Prometheus sends it as a bearer token to read `/metrics`. Empty: nothing is counted, and there is no page.",
        is_secret=True,
    )
    runs_worker: bool = _setting(
        True, "Whether the web process delivers scores itself. Only on SQLite; PostgreSQL uses `lti-tool worker`."
    )

    @property
    def is_production(self) -> bool:
        """Whether missing secrets are refused."""
        return self.lti_tool_env == "production"

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the tool over https."""
        return self.public_url.startswith("https://")

    @property
    def sqlalchemy_url(self) -> str:
        """The database address with the driver named."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir.absolute() / 'lti-tool.db'}"
        scheme, colon, rest = self.database_url.partition(":")
        return f"postgresql+psycopg:{rest}" if colon and scheme in {"postgres", "postgresql"} else self.database_url

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.sqlalchemy_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Read the settings; ``overrides`` win over the environment.

        Raises:
            SettingsError: naming every setting that is missing or wrong.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        problems: list[str] = []
        for item in fields(cls):
            text = environment.get(item.name.upper())
            if item.name in overrides or text is None or text == "":
                continue
            try:
                values[item.name] = _parse(item.default, text)
            except ValueError as error:
                problems.append(f"{item.name.upper()} {error}")
        settings = cls(**(values | overrides))
        problems += settings._problems()
        if problems:
            raise SettingsError(problems)
        return settings

    def _problems(self) -> list[str]:
        """Say what is wrong with the settings taken together."""
        found = []
        if self.lti_tool_env not in {"production", "development"}:
            found.append("LTI_TOOL_ENV must be production or development")
        address = urlsplit(self.public_url)
        if (
            address.scheme not in {"http", "https"}
            or not address.hostname
            or self.public_url != f"{address.scheme}://{address.netloc}"
        ):
            found.append("PUBLIC_URL must be an address without a path, such as https://training.example.org")
        elif self.is_production and not self.is_secure:
            found.append("PUBLIC_URL must begin with https:// in production")
        if self.accessibility_contact and not re.fullmatch(_CONTACT, self.accessibility_contact):
            found.append("ACCESSIBILITY_CONTACT must be a mail address or begin with https://")
        if self.accessibility_enforcement and not re.fullmatch(_PAGE, self.accessibility_enforcement):
            found.append("ACCESSIBILITY_ENFORCEMENT must begin with https://")
        if len(self.secret_key) < 32:
            found.append("SECRET_KEY must have at least 32 characters; `lti-tool keys secret` prints one")
        if not self.master_keys:
            found.append("MASTER_KEYS must hold a key; `lti-tool keys master` prints one")
        return found


def _parse(default: Any, text: str) -> Any:
    """Read ``text`` as the type of ``default``."""
    if isinstance(default, bool):
        if text.lower() not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
            raise ValueError(f"must be true or false, not {text!r}")
        return text.lower() in {"1", "true", "yes", "on"}
    if isinstance(default, int | float):
        try:
            number = type(default)(text)
        except ValueError:
            raise ValueError(f"must be a number, not {text!r}") from None
        if number < 0:
            raise ValueError(f"must not be negative, but is {text!r}")
        return number
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if isinstance(default, Path):
        return Path(text)
    return text
