"""The composition root: the only module that knows adapters, and the place where everything is tied together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from pydantic import SecretStr

from adapters.files import make_private_folder, open_file_store, open_workbooks
from adapters.http.health import Health
from adapters.http.server import Address, HttpServer
from adapters.platforms import terminal as terminal
from adapters.platforms.web.client import WebMessenger
from adapters.platforms.web.gateway import WebConsole, mount_closed
from adapters.secrets import AesGcmSecretBox, load_keys
from adapters.storage import Kind, Limits, migrate, open_storage, read_address
from adapters.telemetry import Metrics, StallMeter, configure_logs
from bot.commands import AREAS
from bot.grammar.registry import Registry
from bot.identity.identities import CONSOLE_SPACE
from bot.jobs.leadership import Duty
from bot.settings.model import Settings
from bot.wiring.composition import Pace, Parts, compose
from bot.wiring.product import Product
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.files.service import file_key
from core.ports.diagnosis import Finding
from core.ports.keeping import Tell
from core.shared.clock import Clock, SystemClock
from core.shared.zones import zone_names
from core.workspaces.model import Space

log = structlog.get_logger()

CONSOLE_OFF = "The console is only served on this machine itself: QM_HOST is not a loopback address."
STOP_SECONDS = 5.0
"""How long open connections have to end once everything is answered."""

if TYPE_CHECKING:
    from adapters.archive import BackedUp, Restored
    from adapters.platforms.discord.options import DiscordOptions
    from adapters.platforms.discord.options import Timings as DiscordTimings
    from adapters.platforms.discord.platform import DiscordPlatform
    from adapters.platforms.slack.options import Timings
    from adapters.platforms.slack.platform import SlackPlatform
    from adapters.storage.copying import Copied
    from adapters.storage.system.held_back import HeldBack


@dataclass(frozen=True, slots=True)
class Tuning(Pace):
    """Figures that tests and benchmarks change and people need not know."""

    storage: Limits = field(default_factory=Limits)
    slack: "Timings | None" = None
    discord: "DiscordTimings | None" = None


@dataclass(frozen=True, slots=True)
class Equipment(Parts):
    """The parts that this product is made of."""

    metrics: Metrics
    pace: Tuning


def registry(prefix: str = "") -> Registry:
    """Return the commands; opens nothing."""
    return Registry.of(AREAS, prefix)


def secret_box(settings: Settings) -> AesGcmSecretBox:
    """Return the box for secrets, with the keys of the settings or of the data folder."""
    found = load_keys(settings.application.secret_keys, settings.storage.data_dir)
    if found.warning:
        log.warning("secret_key_open_to_others", about=found.warning)
    return AesGcmSecretBox(found.keys)


@asynccontextmanager
async def open_product(
    settings: Settings, *, clock: Clock | None = None, tuning: Tuning | None = None
) -> AsyncIterator[tuple[Product, Equipment]]:
    """Open the data folder, the database and everything on top; close it all at the end.

    A database file is brought up to date first. Raises `SchemaOlderError` for one on a server that is not: when to
    migrate that is for whoever runs it. Nothing is served and no loop runs before `Product.start_jobs`.
    """
    clock, tuning = clock or SystemClock(), tuning or Tuning()
    make_private_folder(settings.storage.data_dir)
    secrets = secret_box(settings)
    url = settings.storage.database_url
    if read_address(url)[0] is Kind.SQLITE:
        await migrate(url)
    limits = replace(tuning.storage, connections=settings.storage.database_pool)
    storage = await open_storage(url, secrets=secrets, clock=clock, limits=limits)
    try:
        async with open_workbooks(settings.storage.data_dir) as workbooks:
            parts = Equipment(
                settings=settings,
                storage=storage,
                files=open_file_store(settings.storage.files_url, settings.storage.data_dir),
                workbooks=workbooks,
                secrets=secrets,
                clock=clock,
                registry=registry(settings.application.command_prefix),
                metrics=Metrics([info.name for info in registry().catalogue.commands]),
                messengers={},
                pace=tuning,
            )
            zone_names()  # reads files once, here rather than in the middle of somebody's command
            product = compose(parts)
            try:
                yield product, parts
            finally:
                await product.close()
    finally:
        # Whatever did not come up or go down: the product closes it first, where there is one.
        await storage.close()


@dataclass(slots=True)
class Served:
    """A serving process: where it listens, and the line that lets the owner into the console."""

    server: HttpServer
    console: WebConsole | None
    product: Product
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def sign_in_url(self) -> str:
        """Return a fresh one-time link into the console, or an empty text while the console is off."""
        return f"http://{self.server.main}{self.console.sign_in_path()}" if self.console else ""


@asynccontextmanager
async def serving(
    settings: Settings, *, clock: Clock | None = None, tuning: Tuning | None = None
) -> AsyncIterator[Served]:
    """Serve the console, Slack, Discord, health and metrics within the block; afterwards finish what was acknowledged.

    Raises `AddressError` when an address can't be listened on.
    """
    async with open_product(settings, clock=clock, tuning=tuning) as (product, parts):
        space = await console_space(parts)
        console = _console(product, parts, space) if settings.server.is_loopback else None
        slack = open_slack(product, parts) if settings.slack.is_on else None
        discord = open_discord(product, parts) if settings.discord.is_on else None
        server = _server(parts, console, slack, discord)
        async with StallMeter(parts.metrics.stall):
            await product.start_jobs()
            await server.start()
            try:
                if slack:
                    await slack.start()
                if discord:
                    await product.leadership.add(Duty("discord", discord.start, discord.rest))
                yield Served(server, console, product)
            finally:
                await _stop(server, [chat for chat in (slack, discord) if chat], product)


def open_slack(product: Product, parts: Equipment) -> "SlackPlatform":
    """Return Slack, not started; its SDK is only loaded where it is used."""
    from adapters.platforms.slack.options import API_URL, SlackOptions, Timings
    from adapters.platforms.slack.platform import SlackPlatform

    given, identities = parts.settings.slack, product.identities

    async def ensure_space(team: str) -> Space:
        nowhere = ChannelRef("", "", ChannelKind.DIRECT)
        return await identities.space(Request(Platform.SLACK, team, nowhere, UserRef("")))

    slack = SlackPlatform(
        application=product.application,
        storage=parts.storage,
        files=parts.files,
        secrets=parts.secrets,
        clock=parts.clock,
        options=SlackOptions(
            bot_token=_in_clear(given.bot_token),
            app_token=_in_clear(given.app_token),
            signing_secret=_in_clear(given.signing_secret),
            client_id=given.client_id or "",
            client_secret=_in_clear(given.client_secret),
            api_url=given.api_url or API_URL,
            public_url=parts.settings.server.public_url or "",
            timings=parts.pace.slack or Timings(),
        ),
        ensure_space=ensure_space,
        user_of=partial(identities.user_in, Platform.SLACK),
    )
    parts.messengers[Platform.SLACK] = slack.messenger
    return slack


def open_discord(product: Product, parts: Equipment) -> "DiscordPlatform":
    """Return Discord, not started; its SDK is only loaded where it is used."""
    from adapters.platforms.discord.platform import DiscordPlatform

    identities = product.identities

    async def ensure_space(guild: str) -> Space:
        nowhere = ChannelRef("", "", ChannelKind.DIRECT)
        return await identities.space(Request(Platform.DISCORD, guild, nowhere, UserRef("")))

    discord = DiscordPlatform(
        application=product.application,
        storage=parts.storage,
        files=parts.files,
        clock=parts.clock,
        options=_discord_options(parts.settings, parts.pace.discord),
        ensure_space=ensure_space,
        user_of=partial(identities.user_in, Platform.DISCORD),
    )
    parts.messengers[Platform.DISCORD] = discord.messenger
    return discord


def _discord_options(settings: Settings, timings: "DiscordTimings | None" = None) -> "DiscordOptions":
    from adapters.platforms.discord.options import DiscordOptions, Timings

    given = settings.discord
    return DiscordOptions(
        bot_token=_in_clear(given.bot_token),
        api_url=given.api_url or "",
        gateway_url=given.gateway_url or "",
        timings=timings or Timings(),
    )


def _in_clear(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


async def _stop(server: HttpServer, chats: "Sequence[SlackPlatform | DiscordPlatform]", product: Product) -> None:
    """Stop in the order in which nothing acknowledged is lost: no new work, finish and answer, then close."""
    server.stopping()
    await product.step_down()
    for chat in chats:
        await chat.stop_taking()
    await product.drain()
    await asyncio.gather(*(chat.stop() for chat in chats))
    await server.stop()


def _server(
    parts: Equipment,
    console: WebConsole | None,
    slack: "SlackPlatform | None",
    discord: "DiscordPlatform | None",
) -> HttpServer:
    where = parts.settings.server
    public = Address(*where.public, setting="QM_PUBLIC_PORT") if where.public else None
    chats = {"slack": slack, "discord": discord}
    checks = {name: chat.check for name, chat in chats.items() if chat}
    return HttpServer(
        main=Address(where.host, where.port),
        public=public,
        console=[console.mount if console else partial(mount_closed, sentence=CONSOLE_OFF)],
        gateways=[slack.mount] if slack else [],
        health=Health({"database": parts.storage.ping, **checks}),
        metrics=parts.metrics.render,
        patience=STOP_SECONDS,
    )


def _console(product: Product, parts: Equipment, space: Space) -> WebConsole:
    return WebConsole(
        application=product.application,
        storage=parts.storage,
        files=parts.files,
        secrets=parts.secrets,
        clock=parts.clock,
        space=space,
        file_key=lambda file: file_key(space.workspace_id, file.id),
        public_url=parts.settings.server.public_url or "",
    )


async def console_space(parts: Equipment) -> Space:
    """Return the console's space, made on first call in the workspace `default`, and let posts reach it."""
    application = parts.settings.application
    system, now = parts.storage.system, parts.clock.now()
    workspace = await system.ensure_default_workspace(
        zone=application.timezone, currency=application.currency, locale="en", at=now
    )
    space = await system.ensure_space(workspace.id, Platform.WEB, CONSOLE_SPACE, "Console", now)
    parts.messengers[Platform.WEB] = WebMessenger(parts.storage, space, parts.clock)
    return space


def start_logs(settings: Settings, *, is_quiet: bool = False) -> None:
    """Send the log to standard error; a quiet one tells only of what went wrong."""
    configure_logs(settings.application.log_format, level=logging.ERROR if is_quiet else logging.INFO)


async def migrate_database(settings: Settings) -> None:
    """Bring the database to the newest schema, made if it does not exist."""
    make_private_folder(settings.storage.data_dir)
    await migrate(settings.storage.database_url)


async def copy_database(settings: Settings, source: str, target: str, *, replace: bool, tell: Tell) -> "Copied":
    """Copy a database, by default that of the settings, into another; raises `CopyError`."""
    from adapters.storage.copying import Copy

    return await Copy(source or settings.storage.database_url, target, tell=tell, replace=replace).run()


async def back_up(settings: Settings, target: Path, clock: Clock, tell: Tell) -> "BackedUp":
    """Write a backup of everything that the settings name; raises `ArchiveError`, `CopyError` and `FileStoreError`."""
    from adapters import archive

    where = settings.storage
    return await archive.back_up(
        target,
        database_url=where.database_url,
        store=open_file_store(where.files_url, where.data_dir),
        keys=load_keys(settings.application.secret_keys, where.data_dir).keys,
        version=version("quartermaster"),
        clock=clock,
        tell=tell,
    )


async def restore(settings: Settings, source: Path, now: datetime, tell: Tell, *, replace: bool) -> "Restored":
    """Bring back a backup to where the settings say; raises as `back_up` does."""
    from adapters import archive

    where = settings.storage
    to = archive.Destination(where.database_url, where.data_dir, settings.application.secret_keys)
    store = open_file_store(where.files_url, where.data_dir)
    return await archive.restore(source, to, store, now=now, replace=replace, tell=tell)


@asynccontextmanager
async def held_back(settings: Settings) -> AsyncIterator["HeldBack"]:
    """Yield what the database holds back since a restore."""
    url, clock = settings.storage.database_url, SystemClock()
    storage = await open_storage(url, secrets=secret_box(settings), clock=clock)
    try:
        yield storage.held
    finally:
        await storage.close()


def slack_app_manifest(settings: Settings, *, public_url: str | None, socket_mode: bool) -> Mapping[str, Any]:
    """Return the manifest of the Slack app, made from the commands; opens nothing."""
    from adapters.platforms.slack.manifest import slack_manifest

    catalogue = registry(settings.application.command_prefix).catalogue
    return slack_manifest(catalogue, public_url=public_url or "", socket_mode=socket_mode)


def discord_app_manifest(settings: Settings, *, application: str = "") -> Mapping[str, Any]:
    """Return what Discord has to be told of the app, and the link that invites it; opens nothing."""
    from adapters.platforms.discord.manifest import application_of, discord_manifest

    catalogue = registry(settings.application.command_prefix).catalogue
    return discord_manifest(catalogue, application or application_of(_in_clear(settings.discord.bot_token)))


async def diagnose(settings: Settings) -> Sequence[Finding]:
    """Look at everything that the settings name; change nothing."""
    # Imported here: nobody else needs what it brings along.
    from adapters import diagnosis

    where, slack = settings.server, settings.slack
    addresses = [Address(where.host, where.port)]
    if where.public:
        addresses.append(Address(*where.public, setting="QM_PUBLIC_PORT"))
    manifest = slack_app_manifest(settings, public_url=where.public_url, socket_mode=slack.uses_socket)
    access = diagnosis.SlackAccess(
        scopes=manifest["oauth_config"]["scopes"]["bot"],
        bot_token=_in_clear(slack.bot_token),
        app_token=_in_clear(slack.app_token),
        api_url=slack.api_url or "",
    )
    return [
        diagnosis.examine_folder(settings.storage.data_dir),
        diagnosis.examine_keys(settings.application.secret_keys, settings.storage.data_dir),
        *await diagnosis.examine_database(settings.storage.database_url),
        *[await diagnosis.examine_address(address) for address in addresses],
        *await diagnosis.examine_slack(access),
        *await diagnosis.examine_discord(_discord_options(settings)),
    ]
