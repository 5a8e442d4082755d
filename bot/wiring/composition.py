"""Tying the application together from its parts, whatever adapters those are."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from bot.application.application import QuartermasterApplication
from bot.application.queue import Lane
from bot.application.services import Supplies
from bot.grammar.completion import Completer
from bot.grammar.plan import Planner
from bot.grammar.prefixing import Prefixing
from bot.grammar.registry import Registry
from bot.identity.audiences import Audiences
from bot.identity.identities import Defaults, Identities
from bot.identity.presence import PlatformPresence
from bot.jobs.boards import Boards
from bot.jobs.given_up import GivenUp
from bot.jobs.imports import ImportsGoOn
from bot.jobs.loop import Loop
from bot.jobs.operations import OperationLog
from bot.jobs.relay import Relay
from bot.jobs.retention import Retention
from bot.middleware.answered import Answered
from bot.middleware.audit import Audit
from bot.middleware.authorize import authorize
from bot.middleware.confirm import Confirm
from bot.middleware.deduplicate import Deduplicate
from bot.middleware.errors import Errors
from bot.middleware.identity import Identity
from bot.middleware.job_slots import JobSlots
from bot.middleware.override import override
from bot.middleware.rate_limit import Limit, RateLimit
from bot.middleware.resolve import Resolve
from bot.middleware.trace import Trace
from bot.middleware.transaction import Transaction
from bot.settings.model import Settings
from bot.wiring.figures import Figures
from bot.wiring.product import Product
from core.chat.request import Platform
from core.chat.spec import Cost
from core.ports.files import FileStore
from core.ports.platform import Messenger
from core.ports.secrets import SecretBox
from core.ports.storage import Operation, Storage
from core.ports.workbooks import Workbooks
from core.reminders.timer import Reminding
from core.shared.clock import Clock
from core.shared.ids import new_id
from core.tasks.events import TASK_EVENTS

FIGURES_SECONDS = 15.0
IMPORT_SECONDS = 30.0
BOARD_SECONDS = 10.0
"""How often it is looked whether boards have to be; each of them less often, and all of them when something happens."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is let in and done at once: the members' limits by cost, what runs and what may wait."""

    limits: Mapping[Cost, Limit] = field(default_factory=lambda: {Cost.QUICK: Limit(600, 60), Cost.JOB: Limit(10, 0.5)})
    quick_width: int = 64
    quick_depth: int = 2000
    job_width: int = 2
    job_depth: int = 50
    reminder_seconds: float = 1.0
    board_seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What everything else is built on."""

    settings: Settings
    storage: Storage
    files: FileStore
    workbooks: Workbooks
    secrets: SecretBox
    clock: Clock
    registry: Registry
    metrics: Figures
    messengers: dict[Platform, Messenger]
    pace: Pace


def compose(parts: Parts) -> Product:
    """Tie the application together."""
    settings, storage, clock = parts.settings, parts.storage, parts.clock
    defaults = Defaults(settings.application.timezone, settings.application.currency)
    identities = Identities(storage, parts.messengers, clock, defaults)
    operations = OperationLog(storage.system)
    relay = Relay(storage.outbox, identities, parts.messengers, clock, parts.metrics.post)
    relay_loop = Loop("relay", relay.step, 5.0, parts.metrics.loop_failed)
    relay.again_in = relay_loop.wake_in
    relay.word = Prefixing(parts.registry.catalogue).reply
    relay.given_up = GivenUp(storage, identities, clock).tell
    reminders = Reminding(storage, clock, parts.registry.reminders)
    process = new_id(clock.now())
    application = _application(parts, identities, operations, process)
    parts.metrics.watch_storage(storage.statistics)
    parts.metrics.watch_queue(lambda: application.quick.waiting, "quick")
    parts.metrics.watch_queue(lambda: application.jobs.waiting, "jobs")

    failed = parts.metrics.loop_failed
    retention = Retention(storage.system, parts.files, clock)

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
        relay_loop=relay_loop,
        reminder_loop=Loop("reminders", remind, parts.pace.reminder_seconds, failed),
        other_loops=[
            _board_loop(parts, identities),
            _import_loop(parts, application, process),
            Loop("retention", retention.step, 24 * 3600.0, failed, is_alone=True),
            Loop("operations", operations.step, 1.0, failed),
            Loop("figures", partial(_measure, parts), FIGURES_SECONDS, failed),
        ],
    )


def _board_loop(parts: Parts, identities: Identities) -> Loop:
    pause = timedelta(seconds=parts.pace.board_seconds)
    boards = Boards(parts.storage, identities, parts.messengers, parts.clock, TASK_EVENTS, pause)
    failed = parts.metrics.loop_failed
    loop = Loop("boards", boards.step, BOARD_SECONDS, failed, is_alone=True, prepare=boards.take_over)
    boards.again_in, boards.replies.word = loop.wake_in, Prefixing(parts.registry.catalogue).reply
    return loop


def _import_loop(parts: Parts, application: QuartermasterApplication, process: str) -> Loop:
    left = ImportsGoOn(parts.storage, application.handle, parts.clock, process)
    failed = parts.metrics.loop_failed
    return Loop("imports", left.step, IMPORT_SECONDS, failed, is_alone=True, prepare=left.take_over)


async def _measure(parts: Parts) -> bool:
    """Take the figures that no event tells of."""
    waiting, since = await parts.storage.outbox.backlog()
    parts.metrics.outbox(waiting, (parts.clock.now() - since).total_seconds() if since else 0.0)
    return False


def _application(
    parts: Parts, identities: Identities, operations: OperationLog, process: str
) -> QuartermasterApplication:
    storage, clock, pace = parts.storage, parts.clock, parts.pace
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
            Errors(parts.registry.errors),
            resolver,
            JobSlots(asyncio.Semaphore(pace.job_width)),
            Deduplicate(),
            _identity(parts, identities, process),
            authorize,
            RateLimit(dict(pace.limits)),
            Answered(storage.system),
            Transaction(clock),
            Confirm(parts.registry.errors),
            override,
            Audit(clock),
        ],
        quick=Lane(pace.quick_width, pace.quick_depth),
        jobs=Lane(pace.job_width + pace.job_depth, 0),
    )


def _identity(parts: Parts, identities: Identities, process: str) -> Identity:
    supplies = Supplies(
        storage=parts.storage,
        files=parts.files,
        workbooks=parts.workbooks,
        secrets=parts.secrets,
        clock=parts.clock,
        presence=PlatformPresence(identities, parts.messengers),
        upload_limit=parts.settings.storage.upload_limit,
        process=process,
    )
    audiences = Audiences(parts.messengers, parts.clock)
    return Identity(identities, audiences, parts.storage, supplies, parts.registry, parts.clock)
