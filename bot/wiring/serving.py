"""Serving: the console, Slack, Discord, health and metrics, on top of an opened product."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from adapters.http.health import Health
from adapters.http.server import Address, HttpServer, Mount
from adapters.platforms.web.client import WebMessenger
from adapters.platforms.web.gateway import WebConsole, mount_closed
from adapters.platforms.web.guard import Guard
from adapters.storage import serving_process
from adapters.telemetry.metrics import Metrics
from adapters.telemetry.stalls import StallMeter
from bot.application.upkeep import Upkeep
from bot.identity.identities import CONSOLE_SPACE
from bot.jobs.leadership import Duty
from bot.settings.model import Settings
from bot.wiring.bootstrap import Equipment, Tuning, open_product, registry
from bot.wiring.chats import open_discord, open_slack
from bot.wiring.product import Product
from core.chat.request import Platform
from core.files.service import file_key
from core.ports.leases import LEAD
from core.shared.clock import Clock
from core.shared.errors import QuartermasterError
from core.shared.zones import zone_names
from core.workspaces.model import Space

if TYPE_CHECKING:
    from adapters.platforms.discord.platform import DiscordPlatform
    from adapters.platforms.slack.platform import SlackPlatform

CONSOLE_OFF = "The console is only served on this machine itself: QM_HOST is not a loopback address."
STOP_SECONDS = 5.0
"""How long open connections have to end once everything is answered."""


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


class ServedElsewhereError(QuartermasterError):
    """Another process serves from the file; the text names it."""

    code: ClassVar[str] = "served_elsewhere"


@asynccontextmanager
async def serving(
    settings: Settings, *, clock: Clock | None = None, tuning: Tuning | None = None
) -> AsyncIterator[Served]:
    """Serve the console, Slack, Discord, health and metrics within the block; afterwards finish what was acknowledged.

    Raises `ServedElsewhereError` where another process serves from the same file, and `AddressError` when an address
    can't be listened on.
    """
    further = tuning.areas if tuning else ()
    known = registry(further=further)
    metrics = Metrics([info.name for info in known.catalogue.commands], known.jobs)
    zone_names()  # reads files once, here rather than in the middle of somebody's command
    async with open_product(settings, clock=clock, tuning=tuning, figures=metrics, runs_jobs=True) as (product, parts):
        await _require_alone(parts)
        space = await console_space(parts)
        console = _console(product, parts, space) if settings.server.is_loopback else None
        slack = open_slack(product, parts) if settings.slack.is_on else None
        discord = open_discord(product, parts) if settings.discord.is_on else None
        upkeep = product.upkeep
        upkeep.has_console = console is not None
        for name, chat in {"slack": slack, "discord": discord}.items():
            if chat:
                upkeep.checkup.add(name, chat.check)
        server = _server(parts, metrics, console, slack, upkeep)
        async with StallMeter(metrics.stall):
            await product.jobs.start()
            await server.start()
            try:
                if slack:
                    await slack.start()
                    upkeep.checkup.look_again()
                if discord:
                    await product.jobs.leadership.add(Duty("discord", discord.start, discord.rest))
                yield Served(server, console, product)
            finally:
                await _stop(server, [chat for chat in (slack, discord) if chat], product)


async def _require_alone(parts: Equipment) -> None:
    """Take the lease that those who serve share, where only one of them can."""
    storage = parts.storage
    if not storage.is_shared and not await storage.leases.take(LEAD, parts.pace.lease_seconds):
        raise ServedElsewhereError(serving_process(parts.settings.storage.database_url))


async def _stop(server: HttpServer, chats: "Sequence[SlackPlatform | DiscordPlatform]", product: Product) -> None:
    """Stop in the order in which nothing acknowledged is lost: no new work, finish and answer, then close."""
    server.stopping()
    await product.jobs.step_down()
    for chat in chats:
        await chat.stop_taking()
    await product.leave_jobs()
    await product.drain()
    await asyncio.gather(*(chat.stop() for chat in chats))
    await server.stop()


def _server(
    parts: Equipment,
    metrics: Metrics,
    console: WebConsole | None,
    slack: "SlackPlatform | None",
    upkeep: Upkeep,
) -> HttpServer:
    where = parts.settings.server
    public = Address(*where.public, setting="QM_PUBLIC_PORT") if where.public else None
    return HttpServer(
        main=Address(where.host, where.port),
        public=public,
        console=[console.mount if console else partial(mount_closed, sentence=CONSOLE_OFF)],
        gateways=_gateways(parts, slack),
        health=Health(upkeep.checkup),
        metrics=metrics.render,
        sees_metrics=Guard(where.public_url or "").is_named_by,
        patience=STOP_SECONDS,
        per_address=where.connections_per_address,
    )


def _gateways(parts: Equipment, slack: "SlackPlatform | None") -> Sequence[Mount]:
    """Return what other machines call."""
    found = [slack.mount] if slack else []
    if parts.settings.stripe.is_on:
        from bot.wiring.payments import stripe_door

        found.append(stripe_door(parts).mount)
    return found


def _console(product: Product, parts: Equipment, space: Space) -> WebConsole:
    return WebConsole(
        application=product.application,
        storage=parts.storage,
        files=parts.files,
        secrets=parts.secrets,
        clock=parts.clock,
        space=space,
        file_key=lambda file: file_key(space.workspace_id, file.id),
        upload_limit=parts.settings.storage.upload_limit,
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
