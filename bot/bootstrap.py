"""The composition root: the only module that knows adapters, and the place where everything is tied together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from adapters.files import make_private_folder, open_file_store
from adapters.http.health import Health
from adapters.http.server import Address, HttpServer
from adapters.platforms import terminal as terminal
from adapters.platforms.web.client import WebMessenger
from adapters.platforms.web.gateway import WebConsole, mount_closed
from adapters.secrets import AesGcmSecretBox, load_keys
from adapters.storage import Limits, migrate, open_storage
from adapters.telemetry import Metrics, StallMeter, configure_logs
from bot.application import QuartermasterApplication
from bot.audiences import Audiences
from bot.commands import AREAS
from bot.completion import Completer
from bot.identity import CONSOLE_SPACE, Defaults, Identities
from bot.jobs.loop import Loop
from bot.jobs.operations import OperationLog
from bot.jobs.relay import Relay
from bot.jobs.retention import Retention
from bot.middleware.audit import Audit
from bot.middleware.authorize import authorize
from bot.middleware.deduplicate import Deduplicate
from bot.middleware.errors import errors
from bot.middleware.identity import Identity
from bot.middleware.rate_limit import Limit, RateLimit
from bot.middleware.resolve import Resolve
from bot.middleware.trace import Trace
from bot.middleware.transaction import Transaction
from bot.plan import Planner
from bot.product import Product
from bot.queue import Lane
from bot.registry import Registry
from bot.services import Services
from bot.settings import Settings
from bot.texts.task_notices import TaskNotices
from bot.texts.task_transfer import row_error
from core.chat.request import Platform
from core.chat.spec import Cost
from core.files.service import FileService, file_key
from core.people.service import PeopleService
from core.ports.diagnosis import Finding
from core.ports.files import FileStore
from core.ports.platform import Messenger
from core.ports.secrets import SecretBox
from core.ports.storage import Operation, Storage, Transactions
from core.shared.clock import Clock, SystemClock
from core.shared.zones import zone_names
from core.tasks.reminders import TaskReminders
from core.tasks.service import TaskService
from core.tasks.transfer import TaskTransfer
from core.workspaces.model import Space
from core.workspaces.service import WorkspaceService

log = structlog.get_logger()

CONSOLE_OFF = "The console is only served on this machine itself: QM_HOST is not a loopback address."
STOP_SECONDS = 5.0
"""How long open connections have to end once everything is answered."""

if TYPE_CHECKING:
    from adapters.platforms.slack import SlackPlatform


@dataclass(frozen=True, slots=True)
class Tuning:
    """Figures that tests and benchmarks change and people need not know."""

    limits: Mapping[Cost, Limit] = field(default_factory=lambda: {Cost.QUICK: Limit(60, 10), Cost.JOB: Limit(5, 0.2)})
    quick_width: int = 64
    quick_depth: int = 2000
    job_width: int = 2
    job_depth: int = 50
    reminder_seconds: float = 1.0
    storage: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Parts:
    """What everything else is built on."""

    settings: Settings
    storage: Storage
    files: FileStore
    secrets: SecretBox
    clock: Clock
    registry: Registry
    metrics: Metrics
    messengers: dict[Platform, Messenger]
    tuning: Tuning


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
) -> AsyncIterator[tuple[Product, Parts]]:
    """Open the data folder, the database (brought up to date first) and everything on top; close it all at the end.

    Nothing is served and no loop runs before `Product.start_jobs`.
    """
    clock, tuning = clock or SystemClock(), tuning or Tuning()
    make_private_folder(settings.storage.data_dir)
    secrets = secret_box(settings)
    await migrate(settings.storage.database_url)
    storage = await open_storage(settings.storage.database_url, secrets=secrets, clock=clock, limits=tuning.storage)
    parts = Parts(
        settings=settings,
        storage=storage,
        files=open_file_store(settings.storage.files_url, settings.storage.data_dir),
        secrets=secrets,
        clock=clock,
        registry=registry(settings.application.command_prefix),
        metrics=Metrics([info.name for info in registry().catalogue.commands]),
        messengers={},
        tuning=tuning,
    )
    zone_names()  # reads files once, here rather than in the middle of somebody's command
    product = compose(parts)
    try:
        yield product, parts
    finally:
        await product.close()


def compose(parts: Parts) -> Product:
    """Tie the application together."""
    settings, storage, clock = parts.settings, parts.storage, parts.clock
    defaults = Defaults(settings.application.timezone, settings.application.currency)
    identities = Identities(storage, parts.messengers, clock, defaults)
    operations = OperationLog(storage.system)
    relay = Relay(storage.outbox, identities, parts.messengers, clock)
    reminders = TaskReminders(storage, clock, TaskNotices())
    application = _application(parts, identities, operations)
    parts.metrics.watch_storage(storage.statistics)
    parts.metrics.watch_queue(lambda: application.quick.waiting, "quick")
    parts.metrics.watch_queue(lambda: application.jobs.waiting, "jobs")

    async def remind() -> bool:
        return await reminders.run() > 0

    return Product(
        application=application,
        storage=storage,
        identities=identities,
        files=parts.files,
        secrets=parts.secrets,
        clock=clock,
        operations=operations,
        relay_loop=Loop("relay", relay.step, 5.0),
        reminder_loop=Loop("reminders", remind, parts.tuning.reminder_seconds),
        other_loops=[
            Loop("operations", operations.step, 1.0),
            Loop("retention", Retention(storage.system, clock).step, 24 * 3600.0),
        ],
    )


def _application(parts: Parts, identities: Identities, operations: OperationLog) -> QuartermasterApplication:
    storage, clock, tuning = parts.storage, parts.clock, parts.tuning
    planner = Planner(parts.registry, clock)
    resolver = Resolve(storage.system, planner, clock)

    def record(operation: Operation) -> None:
        operations.record(operation)
        parts.metrics.command(operation)

    return QuartermasterApplication(
        registry=parts.registry,
        planner=planner,
        identities=identities,
        completer=Completer(parts.registry, storage),
        resolver=resolver,
        clock=clock,
        middleware=[
            Trace(clock, record),
            errors,
            resolver,
            Deduplicate(),
            Identity(
                identities,
                Audiences(parts.messengers, clock),
                storage,
                partial(_services, parts),
                parts.registry.catalogue,
                clock,
            ),
            authorize,
            RateLimit(dict(tuning.limits)),
            Transaction(clock),
            Audit(clock),
        ],
        quick=Lane(tuning.quick_width, tuning.quick_depth),
        jobs=Lane(tuning.job_width, tuning.job_depth),
    )


def _services(parts: Parts, transactions: Transactions) -> Services:
    storage, clock, secrets = parts.storage, parts.clock, parts.secrets
    files = FileService(transactions, parts.files, clock)
    return Services(
        transactions=transactions,
        tasks=TaskService(transactions, clock, TaskNotices()),
        transfer=TaskTransfer(transactions, files, clock, row_error),
        files=files,
        people=PeopleService(transactions, storage.system, secrets, clock),
        workspaces=WorkspaceService(transactions, storage.system, secrets, clock),
        statistics=storage.statistics,
    )


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
    """Serve the console, Slack, health and metrics within the block; afterwards finish what was acknowledged.

    Raises `AddressError` when an address can't be listened on.
    """
    async with open_product(settings, clock=clock, tuning=tuning) as (product, parts):
        space = await console_space(parts)
        console = _console(product, parts, space) if settings.server.is_loopback else None
        slack = open_slack(product, parts) if settings.slack.is_on else None
        server = _server(parts, console, slack)
        async with StallMeter(parts.metrics.stall):
            await product.start_jobs()
            await server.start()
            try:
                if slack:
                    await slack.start()
                yield Served(server, console, product)
            finally:
                await _stop(server, slack, product)


def open_slack(product: Product, parts: Parts) -> "SlackPlatform":
    """Return Slack, not started; its SDK is only loaded where it is used."""
    from adapters.platforms.slack import SlackPlatform

    return SlackPlatform(product.application, parts.storage)


async def _stop(server: HttpServer, slack: "SlackPlatform | None", product: Product) -> None:
    """Stop in the order in which nothing acknowledged is lost: no new work, finish and answer, then close."""
    server.stopping()
    if slack:
        await slack.stop_taking()
    await product.drain()
    if slack:
        await slack.stop()
    await server.stop()


def _server(parts: Parts, console: WebConsole | None, slack: "SlackPlatform | None") -> HttpServer:
    where = parts.settings.server
    public = Address(*where.public, setting="QM_PUBLIC_PORT") if where.public else None
    return HttpServer(
        main=Address(where.host, where.port),
        public=public,
        console=[console.mount if console else partial(mount_closed, sentence=CONSOLE_OFF)],
        gateways=[slack.mount] if slack else [],
        health=Health({"database": parts.storage.ping, **({"slack": slack.check} if slack else {})}),
        metrics=parts.metrics.render,
        patience=STOP_SECONDS,
    )


def _console(product: Product, parts: Parts, space: Space) -> WebConsole:
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


async def console_space(parts: Parts) -> Space:
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


def slack_app_manifest(settings: Settings, *, public_url: str | None, socket_mode: bool) -> Mapping[str, Any]:
    """Return the manifest of the Slack app, made from the commands; opens nothing."""
    from adapters.platforms.slack.manifest import slack_manifest

    catalogue = registry(settings.application.command_prefix).catalogue
    return slack_manifest(catalogue, public_url=public_url or "", socket_mode=socket_mode)


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
        bot_token=slack.bot_token.get_secret_value() if slack.bot_token else "",
        app_token=slack.app_token.get_secret_value() if slack.app_token else "",
        api_url=slack.api_url or "",
    )
    return [
        diagnosis.examine_folder(settings.storage.data_dir),
        diagnosis.examine_keys(settings.application.secret_keys, settings.storage.data_dir),
        *await diagnosis.examine_database(settings.storage.database_url),
        *[await diagnosis.examine_address(address) for address in addresses],
        *await diagnosis.examine_slack(access),
    ]
