"""The settings: read from the environment and from `.env`, checked at once, each mistake told in one plain line."""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settings import database, values
from core.shared.errors import QuartermasterError

NOT_YET = (
    "QM_JOBS_DATABASE_URL",
    "STRIPE_API_KEY",
    "STRIPE_API_URL",
    "STRIPE_WEBHOOK_SECRET",
    "SMTP_URL",
    "MAIL_FROM",
)
"""Settings with a fixed name whose part of the product does not exist yet; setting one is told, not refused."""


class SettingsError(QuartermasterError):
    """The settings can't be used; `lines` say why, one each, without any secret."""

    code: ClassVar[str] = "settings"

    def __init__(self, lines: tuple[str, ...]) -> None:
        """Keep the lines."""
        super().__init__("\n".join(lines))
        self.lines = lines


class _Area(BaseSettings):
    """What the classes below have in common: an empty value means "not set", and nothing may change later."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True, validate_default=False
    )

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between settings that are fine each by itself, one line each."""
        yield from ()


def _default_database_url(given: dict[str, Any]) -> str:
    return f"{values.SQLITE}{(given['data_dir'] / 'quartermaster.db').as_posix()}"


class StorageSettings(_Area):
    """Where data lies: the folder, the database, the files (None means a folder within the data folder).

    `database_pool` is how many connections to a database server may be open at once.
    """

    model_config = SettingsConfigDict(env_prefix="QM_")

    data_dir: Annotated[Path, BeforeValidator(values.folder)] = Field(default_factory=lambda: Path("data").absolute())
    database_url: Annotated[str, BeforeValidator(database.database_url)] = Field(
        default_factory=_default_database_url, repr=False
    )
    """It may hold a password."""
    database_pool: Annotated[int, BeforeValidator(database.database_pool)] = 10
    files_url: Annotated[str | None, BeforeValidator(values.files_url)] = None


class ServerSettings(_Area):
    """Where it listens; without a public address everything is on one. Port 0 takes any that is free."""

    model_config = SettingsConfigDict(env_prefix="QM_")

    host: Annotated[str, BeforeValidator(values.host)] = "127.0.0.1"
    port: Annotated[int, BeforeValidator(values.port)] = 8080
    public_host: Annotated[str | None, BeforeValidator(values.host)] = None
    public_port: Annotated[int | None, BeforeValidator(values.port)] = None
    public_url: Annotated[str | None, BeforeValidator(values.public_url)] = None

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


class ApplicationSettings(_Area):
    """How it behaves: the defaults of new workspaces, the log, the commands' prefix, the secret keys (newest first)."""

    model_config = SettingsConfigDict(env_prefix="QM_")

    timezone: Annotated[str, BeforeValidator(values.timezone)] = "UTC"
    currency: Annotated[str, BeforeValidator(values.currency)] = "EUR"
    log_format: Annotated[Literal["text", "json"], BeforeValidator(values.log_format)] = "text"
    command_prefix: Annotated[str, BeforeValidator(values.command_prefix)] = ""
    secret_key: Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(values.secret_keys)] = ()

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Return the keys in the clear: the first seals, all open; none means the key file of the data folder."""
        return tuple(key.get_secret_value() for key in self.secret_key)


class SlackSettings(_Area):
    """Slack's tokens; without any of them Slack stays off. `api_url` is another server in Slack's place, for tests."""

    model_config = SettingsConfigDict(env_prefix="SLACK_")

    bot_token: Annotated[SecretStr | None, BeforeValidator(values.slack_bot_token)] = None
    app_token: Annotated[SecretStr | None, BeforeValidator(values.slack_app_token)] = None
    signing_secret: Annotated[SecretStr | None, BeforeValidator(values.slack_secret)] = None
    client_id: Annotated[str | None, BeforeValidator(values.slack_client_id)] = None
    client_secret: Annotated[SecretStr | None, BeforeValidator(values.slack_secret)] = None
    api_url: Annotated[str | None, BeforeValidator(values.api_url)] = None

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


class DiscordSettings(_Area):
    """Discord's bot token; without it Discord stays off. The addresses are those of another server, for tests."""

    model_config = SettingsConfigDict(env_prefix="DISCORD_")

    bot_token: Annotated[SecretStr | None, BeforeValidator(values.discord_bot_token)] = None
    api_url: Annotated[str | None, BeforeValidator(values.api_url)] = None
    gateway_url: Annotated[str | None, BeforeValidator(values.gateway_url)] = None

    @property
    def is_on(self) -> bool:
        """Tell whether Discord is to be served."""
        return self.bot_token is not None

    def problems(self) -> Iterator[str]:
        """Yield a line if only one of two addresses leads elsewhere: the token would go to both."""
        if (self.api_url is None) != (self.gateway_url is None):
            missing, given = ("GATEWAY", "API") if self.gateway_url is None else ("API", "GATEWAY")
            yield f"DISCORD_{missing}_URL: it is missing beside DISCORD_{given}_URL. Set both or neither."


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, one part an area; `warnings` are plain lines about what was set and has no effect."""

    storage: StorageSettings
    server: ServerSettings
    application: ApplicationSettings
    slack: SlackSettings
    discord: DiscordSettings = field(default_factory=DiscordSettings.model_construct)
    warnings: tuple[str, ...] = ()


_A = TypeVar("_A", bound=_Area)
_AREAS: tuple[type[_Area], ...] = (StorageSettings, ServerSettings, ApplicationSettings, SlackSettings, DiscordSettings)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read and check all settings; the environment wins over the file. Raises `SettingsError` with every mistake."""
    from_file, lines = _read_file(env_file)
    usable = env_file if from_file else None
    storage = _read(StorageSettings, usable, lines)
    server = _read(ServerSettings, usable, lines)
    application = _read(ApplicationSettings, usable, lines)
    slack = _read(SlackSettings, usable, lines)
    discord = _read(DiscordSettings, usable, lines)
    if lines or not (storage and server and application and slack and discord):
        raise SettingsError(tuple(dict.fromkeys(lines)))
    return Settings(storage, server, application, slack, discord, tuple(_warnings({**from_file, **os.environ})))


def _read(area: type[_A], env_file: Path | None, lines: list[str]) -> _A | None:
    """Return one area's settings, or None with the mistakes added to `lines`."""
    try:
        read = area(_env_file=env_file, _env_file_encoding="utf-8")
    except ValidationError as error:
        lines.extend(_lines_of(area, error))
        return None
    lines.extend(read.problems())
    return read


def names() -> tuple[str, ...]:
    """Return the name of every setting that this version knows."""
    return tuple(_name(area, field) for area in _AREAS for field in area.model_fields)


def _name(area: type[_Area], field: str) -> str:
    return f"{area.model_config.get('env_prefix', '')}{field}".upper()


def _read_file(path: Path | None) -> tuple[Mapping[str, str | None], list[str]]:
    """Return what `.env` holds, and a line for each thing in it that can't be read; no file is fine."""
    if path is None or not path.exists():
        return {}, []
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


def _lines_of(area: type[_Area], error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False, include_input=False):
        # A default that could not be worked out because another setting is wrong: that one has its line already.
        if detail["type"] == "default_factory_not_called":
            continue
        reason = detail.get("ctx", {}).get("error")
        sentence = str(reason) if isinstance(reason, values.BadValueError) else "this value can't be used."
        yield f"{_name(area, str(detail['loc'][0]))}: {sentence}"


def _warnings(given: Mapping[str, str | None]) -> Iterator[str]:
    """Yield a line for each setting that has no effect: misspelt, or for a part that does not exist yet."""
    known = names()
    for name in sorted(key.upper() for key, value in given.items() if value):
        if name in NOT_YET:
            yield f"{name}: it is set, but this version has no use for it yet."
        elif name.startswith("QM_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
            yield f"{name}: there is no such setting." + (f" Did you mean {near[0]}?" if near else "")
