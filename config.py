"""Every setting of the product, read from the environment once.

``app.startup`` reads them for the entry points (web, worker, commands), which hand them to
``create_app``; nothing else reads ``os.environ``. A bad or weak value stops the start with one
sentence. The table in the README is generated from the fields below (``flask settings table``).
"""

from __future__ import annotations

import dataclasses
import os
import zoneinfo
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app import connection_urls

ROOT = Path(__file__).resolve().parent
MINIMUM_SECRET_LENGTH = 50
MINIMUM_FIELD_KEY_LENGTH = 40


class SettingsError(ValueError):
    """A setting has a bad or weak value; the message is one sentence for the operator."""


_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _text(raw: str) -> str:
    return raw.strip()


def _secret(raw: str) -> str:
    value = raw.strip()
    if len(value) < MINIMUM_SECRET_LENGTH:
        raise ValueError(f"must have at least {MINIMUM_SECRET_LENGTH} characters")
    if len(set(value)) < 10 or _is_periodic(value):
        raise ValueError("is too regular; use a random value")
    return value


def _is_periodic(value: str) -> bool:
    return any(
        value.startswith(value[length:]) for length in range(1, len(value) // 2 + 1)
    )


def _field_keys(raw: str) -> tuple[str, ...]:
    keys = tuple(raw.replace(",", " ").split())
    for key in keys:
        if len(key) < MINIMUM_FIELD_KEY_LENGTH:
            raise ValueError(
                f"must hold random keys of at least {MINIMUM_FIELD_KEY_LENGTH} characters each"
            )
        if len(set(key)) < 10:
            raise ValueError("holds a key that is too regular; use a random value")
    if len(set(keys)) != len(keys):
        raise ValueError("holds the same key twice")
    return keys


def _boolean(raw: str) -> bool:
    lowered = raw.strip().lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("must be true or false")


def _integer(low: int, high: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        try:
            value = int(raw)
        except ValueError:
            raise ValueError("must be a whole number") from None
        if not low <= value <= high:
            raise ValueError(f"must lie between {low} and {high}")
        return value

    return parse


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(raw: str) -> str:
        value = raw.strip()
        if value not in allowed:
            raise ValueError("must be one of " + ", ".join(allowed))
        return value

    return parse


def _path(raw: str) -> Path:
    path = Path(raw.strip()).expanduser()
    return path if path.is_absolute() else (ROOT / path).resolve()


def _timezone(raw: str) -> str:
    try:
        zoneinfo.ZoneInfo(raw.strip())
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise ValueError("must be the name of a time zone such as Asia/Shanghai") from None
    return raw.strip()


def _database_url(raw: str) -> str:
    value = raw.strip()
    if value.startswith(("postgresql://", "postgres://")):
        value = "postgresql+psycopg://" + value.split("://", 1)[1]
    if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    path = value.removeprefix("sqlite:///")
    if path != value and path != ":memory:":
        # Relative to the checkout and not to wherever a process happens to be started.
        return f"sqlite:///{_path(path)}"
    return value


def setting(
    env: str, default: Any, parse: Callable[[str], Any], meaning: str, unit: str = "",
    *, is_secret: bool = False,
) -> Any:
    """Declare one setting.

    Args:
        env: name of the environment variable.
        default: text as it would stand in the environment, or ``None`` for a required setting.
        parse: turns the text into the value; raises ``ValueError`` with a half-sentence.
        meaning: one sentence for the README.
        unit: unit of the value, e.g. ``minutes``.
        is_secret: whether its value is never shown, not even a bad one.
    """
    metadata = {"env": env, "default": default, "parse": parse, "meaning": meaning, "unit": unit,
                "is_secret": is_secret}
    return dataclasses.field(metadata=metadata, repr=not is_secret)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings, immutable. See the metadata of each field for its meaning and unit."""

    environment: str = setting(
        "CARELINE_ENV", "production", _choice("production", "demo", "development", "test"),
        "What this installation is for; production refuses insecure cookies and missing secrets.",
    )
    secret_key: str = setting(
        "CARELINE_SECRET_KEY", None, _secret,
        "Signs sessions and tokens; at least 50 random characters, the same for all processes.",
        is_secret=True,
    )
    field_keys: tuple[str, ...] = setting(
        "CARELINE_FIELD_KEYS", "", _field_keys, is_secret=True, meaning=
        "Keys of sensitive columns, the newest first, with commas between; required in production, "
        "elsewhere a key is made under VAR_DIR.",
    )
    database_url: str = setting(
        "CARELINE_DATABASE_URL", "sqlite:///var/careline.sqlite", _database_url,
        "Database: SQLite for one machine, PostgreSQL for many users.", is_secret=True,
    )
    redis_url: str = setting(
        "CARELINE_REDIS_URL", "", connection_urls.read_redis_url, is_secret=True, meaning=
        "Redis for the job queue and the rate limits; empty uses SQLite and the database.",
    )
    data_dir: Path = setting(
        "CARELINE_DATA_DIR", "../shared/data", _path,
        "Folder of the public data sets that the demo and some tests read; may be absent.",
    )
    var_dir: Path = setting(
        "CARELINE_VAR_DIR", "var", _path,
        "Folder for everything the product writes beside the database: files, results, queue.",
    )
    status_dir: Path | None = setting(
        "CARELINE_STATUS_DIR", "", lambda raw: _path(raw) if raw.strip() else None,
        "Folder that is looked through every minute for status files of loans; empty for none.",
    )
    status_database_url: str = setting(
        "CARELINE_STATUS_DATABASE_URL", "", _text, is_secret=True, meaning=
        "Database of another system, as a SQLAlchemy address, that is asked every hour how loans "
        "stand; empty for none. Give it a user that may only read.",
    )
    status_query: str = setting(
        "CARELINE_STATUS_QUERY", "", _text,
        "SELECT that it is asked; its columns are those of a status file: contract, status, "
        "overdue days, risk class, day.",
    )
    files_url: str = setting(
        "CARELINE_FILES_URL", "", _text,
        "Where attachments are kept, as an fsspec address; empty means VAR_DIR/files.",
    )
    plugins_dir: Path = setting(
        "CARELINE_PLUGINS_DIR", "plugins", _path, "Folder in which plugins are looked for.",
    )
    host: str = setting("HOST", "127.0.0.1", _text, "Address the web server listens on.")
    port: int = setting(
        "PORT", "8080", _integer(1, 65535), "TCP port the web server listens on.", "port"
    )
    web_workers: int = setting(
        "CARELINE_WEB_WORKERS", "2", _integer(1, 64), "Web server processes.", "processes"
    )
    web_threads: int = setting(
        "CARELINE_WEB_THREADS", "4", _integer(1, 64), "Threads in each web process.", "threads"
    )
    timezone: str = setting(
        "CARELINE_TIMEZONE", "Asia/Shanghai", _timezone,
        "Time zone of the department; times are stored in UTC and shown in this zone.",
    )
    default_locale: str = setting(
        "CARELINE_LOCALE", "zh", _choice("zh", "en"),
        "Language before a user has chosen one.",
    )
    behind_tls: bool = setting(
        "CARELINE_BEHIND_TLS", "false", _boolean,
        "Set to true where people reach the product over HTTPS: cookies become Secure, HSTS is on.",
    )
    allow_insecure_cookies: bool = setting(
        "CARELINE_ALLOW_INSECURE_COOKIES", "false", _boolean,
        "Set to true to run production without HTTPS, on a loopback address only.",
    )
    trusted_proxies: int = setting(
        "CARELINE_TRUSTED_PROXIES", "0", _integer(0, 5),
        "Reverse proxies in front whose X-Forwarded headers are believed.", "proxies",
    )
    public_url: str = setting(
        "CARELINE_PUBLIC_URL", "", connection_urls.read_public_url,
        "Address under which people reach the product, for links in messages that leave it.",
    )
    notices_mail: connection_urls.MailServer | None = setting(
        "CARELINE_NOTICES_MAIL", "", connection_urls.read_mail,
        "Mail server for notices, as mailtos://user:password@host:587?from=sender; empty: no mail.",
        is_secret=True,
    )
    notices_wecom: connection_urls.Robot | None = setting(
        "CARELINE_NOTICES_WECOM", "", connection_urls.read_wecom,
        "Robot of a WeCom group that posts notices, wecombot://KEY.", is_secret=True,
    )
    notices_dingtalk: connection_urls.Robot | None = setting(
        "CARELINE_NOTICES_DINGTALK", "", connection_urls.read_dingtalk,
        "Robot of a DingTalk group that posts notices, dingtalk://SECRET@TOKEN.", is_secret=True,
    )
    notices_feishu: connection_urls.Robot | None = setting(
        "CARELINE_NOTICES_FEISHU", "", connection_urls.read_feishu,
        "Robot of a Feishu group that posts notices, feishu://TOKEN.", is_secret=True,
    )
    notices_private_hosts: frozenset[str] = setting(
        "CARELINE_NOTICES_PRIVATE_HOSTS", "", connection_urls.read_hosts,
        "Hosts at private addresses that notices may be sent by, e.g. a mail server in the house.",
    )
    session_idle_minutes: int = setting(
        "CARELINE_SESSION_IDLE_MINUTES", "30", _integer(1, 1440),
        "A session without a request for this long ends.", "minutes",
    )
    session_absolute_hours: int = setting(
        "CARELINE_SESSION_ABSOLUTE_HOURS", "12", _integer(1, 168),
        "A session ends after this long in any case.", "hours",
    )
    login_attempts: int = setting(
        "CARELINE_LOGIN_ATTEMPTS", "10", _integer(3, 100),
        "Failed sign-ins for one account or one address before further ones are refused.", "tries",
    )
    login_lockout_minutes: int = setting(
        "CARELINE_LOGIN_LOCKOUT_MINUTES", "15", _integer(1, 1440),
        "How long sign-in stays refused after too many failed tries.", "minutes",
    )
    bin_days: int = setting(
        "CARELINE_BIN_DAYS", "180", _integer(1, 36_500),
        "How long a deleted record stays in the recycle bin before it may be purged.", "days",
    )
    upload_megabytes: int = setting(
        "CARELINE_UPLOAD_MEGABYTES", "25", _integer(1, 1024),
        "Largest file that may be attached or imported.", "MB",
    )
    export_rows: int = setting(
        "CARELINE_EXPORT_ROWS", "200000", _integer(1, 10_000_000),
        "Most rows one export may hold.", "rows",
    )
    page_size_most: int = setting(
        "CARELINE_PAGE_SIZE_MOST", "200", _integer(10, 1000),
        "Most rows a list page or an API page may hold.", "rows",
    )
    count_cap: int = setting(
        "CARELINE_COUNT_CAP", "1000", _integer(10, 1_000_000),
        "Lists count up to this many rows and then show a plus sign.", "rows",
    )
    sql_echo: bool = setting(
        "CARELINE_SQL_ECHO", "false", _boolean, "Write every SQL statement to the log."
    )
    trace_hooks: bool = setting(
        "CARELINE_TRACE_HOOKS", "false", _boolean,
        "Write every call of a plugin's hook to the log: which one, of which plugin, how long.",
    )

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] | None = None, **overrides: Any
    ) -> Settings:
        """Read all settings.

        Args:
            environ: mapping of names to texts; the process environment by default.
            overrides: values by field name that win over the environment (used by tests).

        Raises:
            SettingsError: a value is missing, bad or weak.
        """
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            if field.name in overrides:
                values[field.name] = overrides.pop(field.name)
                continue
            meta = field.metadata
            raw = environ.get(meta["env"], meta["default"])
            if raw is None:
                raise SettingsError(f"{meta['env']} is not set: {meta['meaning']}")
            try:
                values[field.name] = meta["parse"](raw)
            except ValueError as error:
                shown = "" if meta["is_secret"] else f" (it is {raw!r})"
                raise SettingsError(f"{meta['env']} {error}{shown}.") from None
        if overrides:
            raise SettingsError(f"Unknown settings: {', '.join(sorted(overrides))}.")
        settings = cls(**values)
        if settings.environment == "production" and not settings.field_keys:
            raise SettingsError(
                "CARELINE_FIELD_KEYS is not set: without a key, phone and ID numbers can neither "
                "be stored nor read; docs/operators.md says how to make one."
            )
        if settings.notice_channels and not settings.public_url:
            raise SettingsError("CARELINE_PUBLIC_URL is not set: notices that leave carry a link.")
        if settings.environment == "production" and not settings.behind_tls and not (
            settings.allow_insecure_cookies and settings.host in _LOOPBACK
        ):
            raise SettingsError(
                "CARELINE_BEHIND_TLS is false: production needs HTTPS, or its cookies could be "
                "read on the way."
            )
        return settings

    @property
    def notice_channels(self) -> dict[str, connection_urls.MailServer | connection_urls.Robot]:
        """The ways out that are set up, by name of the channel."""
        ways = {"mail": self.notices_mail, "wecom": self.notices_wecom,
                "dingtalk": self.notices_dingtalk, "feishu": self.notices_feishu}
        return {name: way for name, way in ways.items() if way is not None}

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")


def settings_table() -> str:
    """Return the Markdown table of all settings for the README."""
    lines = ["| setting | default | unit | meaning |", "| --- | --- | --- | --- |"]
    for field in dataclasses.fields(Settings):
        meta = field.metadata
        default = "required" if meta["default"] is None else f"`{meta['default']}`"
        default = "empty" if meta["default"] == "" else default
        lines.append(f"| `{meta['env']}` | {default} | {meta['unit']} | {meta['meaning']} |")
    return "\n".join(lines) + "\n"
