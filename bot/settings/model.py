"""The settings: read from the environment and from `.env`, checked at once, each mistake told in one plain line."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import ClassVar, TypeVar

from bot.settings import database, values
from core.shared.errors import QuartermasterError
from core.shared.nearness import near_misses
from core.shared.value_objects import value_object

T = TypeVar("T")

NOT_YET = (
    "SMTP_URL",
    "MAIL_FROM",
)
"""Settings with a fixed name whose part of the product does not exist yet; setting one is told, not refused."""

_NEAR = 75


class SettingsError(QuartermasterError):
    """The settings can't be used; `lines` say why, one each, without any secret."""

    code: ClassVar[str] = "settings"

    def __init__(self, lines: tuple[str, ...]) -> None:
        """Keep the lines."""
        super().__init__("\n".join(lines))
        self.lines = lines


_READ = "read"
"""Under this word a field keeps the function that makes its value of a text."""


def _setting(read: Callable[[str], T], default: T, *, is_secret: bool = False) -> T:
    """Return a field with the function that reads it; a secret is never shown with the others."""
    return field(default=default, repr=not is_secret, metadata={_READ: read})


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What the classes below have in common: each field is a setting, named after it, behind the prefix."""

    prefix: ClassVar[str] = "QM_"

    @classmethod
    def readers(cls) -> Mapping[str, tuple[str, Callable[[str], object]]]:
        """Return the name of each setting, with the field that holds it and the function that reads it."""
        return {f"{cls.prefix}{one.name}".upper(): (one.name, one.metadata[_READ]) for one in fields(cls)}

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between settings that are fine each by itself, one line each."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class StorageSettings(_Part):
    """Where data lies: the folder, the database, the files (None means a folder within the data folder).

    `database_pool` is how many connections to a database server may be open at once, `upload_mb` how many megabytes a
    file may have that somebody hands in.
    """

    data_dir: Path = field(default_factory=lambda: Path("data").absolute(), metadata={_READ: values.folder})
    database_url: str = _setting(database.database_url, "", is_secret=True)
    """It may hold a password."""
    database_pool: int = _setting(database.database_pool, 10)
    jobs_database_url: str = _setting(database.jobs_database_url, "", is_secret=True)
    """Where the state of running jobs is kept; empty for the database if that is a Postgres, else for a file."""
    files_url: str | None = _setting(values.files_url, None)
    upload_mb: int = _setting(values.upload_mb, 50)

    @property
    def upload_limit(self) -> int:
        """Return how many bytes a file may have that somebody hands in."""
        return self.upload_mb * 1_000_000

    def __post_init__(self) -> None:
        """Let the database be a file of the data folder unless it was given."""
        if not self.database_url:
            path = (self.data_dir / "quartermaster.db").as_posix()
            object.__setattr__(self, "database_url", f"{values.SQLITE}{path}")


@dataclass(frozen=True, kw_only=True)
class ServerSettings(_Part):
    """Where it listens; without a public address everything is on one. Port 0 takes any that is free.

    Of `connections_per_address` those that only wait for a request make room for further ones.
    """

    host: str = _setting(values.host, "127.0.0.1")
    port: int = _setting(values.port, 8080)
    public_host: str | None = _setting(values.host, None)
    public_port: int | None = _setting(values.port, None)
    public_url: str | None = _setting(values.public_url, None)
    connections_per_address: int = _setting(values.connections, 100)

    @property
    def is_loopback(self) -> bool:
        """Tell whether only this machine reaches the main address."""
        return values.is_loopback(self.host)

    @property
    def public(self) -> tuple[str, int] | None:
        """Return the address that is bound apart for other machines, if one is."""
        if self.public_host is None and self.public_port is None:
            return None
        address = (
            self.public_host if self.public_host is not None else self.host,
            self.public_port if self.public_port is not None else self.port,
        )
        return None if address == (self.host, self.port) and self.port else address

    def problems(self) -> Iterator[str]:
        """Yield a line if the two addresses can't both be bound."""
        if self.public is None or self.public[1] != self.port or not self.port:
            return
        if values.is_wildcard(self.public[0]) or values.is_wildcard(self.host):
            yield (
                f"QM_PUBLIC_PORT: port {self.port} can't be shared with QM_PORT when one of the two listens on every "
                "address. Give another one, for example QM_PUBLIC_PORT=8081."
            )


@dataclass(frozen=True, kw_only=True)
class ApplicationSettings(_Part):
    """How it behaves: the defaults of new workspaces, the log, the commands' prefix, the secret keys (newest first)."""

    timezone: str = _setting(values.timezone, "UTC")
    currency: str = _setting(values.currency, "EUR")
    log_format: str = _setting(values.log_format, "text")
    command_prefix: str = _setting(values.command_prefix, "")
    secret_key: tuple[str, ...] = _setting(values.secret_keys, (), is_secret=True)

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Return the keys: the first seals, all open; none means the key file of the data folder."""
        return self.secret_key


@dataclass(frozen=True, kw_only=True)
class SlackSettings(_Part):
    """Slack's tokens; without any of them Slack stays off. `api_url` is another server in Slack's place, for tests."""

    prefix = "SLACK_"

    bot_token: str | None = _setting(values.slack_bot_token, None, is_secret=True)
    app_token: str | None = _setting(values.slack_app_token, None, is_secret=True)
    signing_secret: str | None = _setting(values.slack_secret, None, is_secret=True)
    client_id: str | None = _setting(values.slack_client_id, None)
    client_secret: str | None = _setting(values.slack_secret, None, is_secret=True)
    api_url: str | None = _setting(values.api_url, None)

    @property
    def is_on(self) -> bool:
        """Tell whether Slack is to be served."""
        return any((self.bot_token, self.app_token, self.signing_secret, self.client_id, self.client_secret))

    @property
    def uses_socket(self) -> bool:
        """Tell whether Slack is reached by Socket Mode."""
        return self.app_token is not None

    @property
    def uses_http(self) -> bool:
        """Tell whether Slack calls us over HTTP."""
        return self.signing_secret is not None

    def problems(self) -> Iterator[str]:
        """Yield what is missing beside what was given."""
        if not self.is_on:
            return
        if (self.client_id is None) != (self.client_secret is None):
            missing, given = ("SECRET", "ID") if self.client_secret is None else ("ID", "SECRET")
            yield (
                f"SLACK_CLIENT_{missing}: it is missing beside SLACK_CLIENT_{given}. "
                "Both are on the app's Basic Information page."
            )
        if self.bot_token is None and self.client_id is None and self.client_secret is None:
            yield "SLACK_BOT_TOKEN: it is missing. It is on the app's OAuth & Permissions page and begins with xoxb-."
        if not self.uses_socket and not self.uses_http:
            yield (
                "SLACK_APP_TOKEN: it is missing. Slack needs it (for Socket Mode, no public address) "
                "or SLACK_SIGNING_SECRET (over HTTP)."
            )


@dataclass(frozen=True, kw_only=True)
class DiscordSettings(_Part):
    """Discord's bot token; without it Discord stays off. The addresses are those of another server, for tests."""

    prefix = "DISCORD_"

    bot_token: str | None = _setting(values.discord_bot_token, None, is_secret=True)
    api_url: str | None = _setting(values.api_url, None)
    gateway_url: str | None = _setting(values.gateway_url, None)

    @property
    def is_on(self) -> bool:
        """Tell whether Discord is to be served."""
        return self.bot_token is not None

    def problems(self) -> Iterator[str]:
        """Yield a line if only one of two addresses leads elsewhere: the token would go to both."""
        if (self.api_url is None) != (self.gateway_url is None):
            missing, given = ("GATEWAY", "API") if self.gateway_url is None else ("API", "GATEWAY")
            yield f"DISCORD_{missing}_URL: it is missing beside DISCORD_{given}_URL. Set both or neither."


@dataclass(frozen=True, kw_only=True)
class StripeSettings(_Part):
    """Stripe's secret key; without it nobody pays by card. `api_url` is another server in Stripe's place, for tests.

    Of the webhook's secrets any is good, so that one can be changed for another.
    """

    prefix = "STRIPE_"

    api_key: str | None = _setting(values.stripe_key, None, is_secret=True)
    api_url: str | None = _setting(values.api_url, None)
    webhook_secret: tuple[str, ...] = _setting(values.stripe_webhook_secrets, (), is_secret=True)

    @property
    def is_on(self) -> bool:
        """Tell whether cards are taken."""
        return self.api_key is not None

    def problems(self) -> Iterator[str]:
        """Yield a line if only what goes with the key was given."""
        if self.webhook_secret and not self.is_on:
            yield (
                "STRIPE_API_KEY: it is missing beside STRIPE_WEBHOOK_SECRET. "
                "It is on the dashboard's API keys page and begins with sk_ or rk_."
            )


@value_object
class Settings:
    """All settings, one part an area; `warnings` are plain lines about what was set and has no effect."""

    storage: StorageSettings
    server: ServerSettings
    application: ApplicationSettings
    slack: SlackSettings
    discord: DiscordSettings = field(default_factory=DiscordSettings)
    stripe: StripeSettings = field(default_factory=StripeSettings)
    warnings: tuple[str, ...] = ()


_P = TypeVar("_P", bound=_Part)
_PARTS: tuple[type[_Part], ...] = (
    StorageSettings,
    ServerSettings,
    ApplicationSettings,
    SlackSettings,
    DiscordSettings,
    StripeSettings,
)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read and check all settings; the environment wins over the file, and an empty value means "not set".

    Raises `SettingsError` with every mistake.
    """
    from_file, lines = _read_file(env_file)
    given = {name.upper(): text for source in (from_file, os.environ) for name, text in source.items() if text}
    storage = _read(StorageSettings, given, lines)
    server = _read(ServerSettings, given, lines)
    application = _read(ApplicationSettings, given, lines)
    slack = _read(SlackSettings, given, lines)
    discord = _read(DiscordSettings, given, lines)
    stripe = _read(StripeSettings, given, lines)
    if lines or not (storage and server and application and slack and discord and stripe):
        raise SettingsError(tuple(lines))
    return Settings(storage, server, application, slack, discord, stripe, tuple(_warnings(given)))


def _read(part: type[_P], given: Mapping[str, str], lines: list[str]) -> _P | None:
    """Return one part of the settings, or None with the mistakes added to `lines`."""
    found: dict[str, object] = {}
    mistakes = []
    for name, (attribute, read) in part.readers().items():
        try:
            if name in given:
                found[attribute] = read(given[name])
        except values.BadValueError as error:
            mistakes.append(f"{name}: {error}")
    lines.extend(mistakes)
    if mistakes:
        return None
    settings = part(**found)
    lines.extend(settings.problems())
    return settings


def names() -> tuple[str, ...]:
    """Return the name of every setting that this version knows."""
    return tuple(name for part in _PARTS for name in part.readers())


def _read_file(path: Path | None) -> tuple[Mapping[str, str | None], list[str]]:
    """Return what `.env` holds, and a line for each thing in it that can't be read; no file is fine."""
    if path is None or not path.exists():
        return {}, []
    from dotenv import dotenv_values  # only where there is a file
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8") as stream:
            broken = [binding.original.line for binding in parse_stream(stream) if binding.error]
    except UnicodeDecodeError:
        return {}, [f"{path}: it is not UTF-8 text. Save it as UTF-8."]
    except OSError as error:
        return {}, [f"{path}: it can't be read ({error.strerror})."]
    if broken:
        return {}, [f"{path}, line {line}: it can't be understood. Write NAME=value." for line in broken]
    return dotenv_values(path, encoding="utf-8"), []


def _warnings(given: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each setting that has no effect: misspelt, or for a part that does not exist yet."""
    known = names()
    for name in sorted(given):
        if name in NOT_YET:
            yield f"{name}: it is set, but this version has no use for it yet."
        elif name.startswith("QM_") and name not in known:
            near = near_misses(name, known, least=_NEAR)
            yield f"{name}: there is no such setting." + (f" Did you mean {near[0]}?" if near else "")
