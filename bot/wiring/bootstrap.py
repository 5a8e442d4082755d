"""Opening the product: what every process needs that runs commands, and no more.

Whoever serves adds the rest (`serving`); a line that is typed into a shell should not wait for what it does not use.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from adapters.analyses.figures import PandasAnalyses
from adapters.cache.memory import MemoryCache
from adapters.charts.pictures import DrawnCharts
from adapters.files import OfficeFileJobs, OfficeWorkbooks, make_private_folder, open_file_store
from adapters.platforms import terminal as terminal
from adapters.processes.pool import ProcessPool, open_processes
from adapters.processes.scratch import Scratch
from adapters.secrets import AesGcmSecretBox, load_keys
from adapters.storage import Kind, Limits, Repositories, migrate, open_storage, read_address
from adapters.telemetry import configure_logs
from bot.commands.alone import area_of
from bot.grammar.declaration import Area
from bot.grammar.registry import Registry
from bot.settings.model import Settings
from bot.wiring.composition import Pace, Parts, compose
from bot.wiring.figures import Figures, Unwatched
from bot.wiring.product import Product
from core.ports.charts import ChartPictures
from core.ports.storage import Storage
from core.shared.clock import Clock, SystemClock
from core.shared.ids import new_id
from core.shared.value_objects import value_object

if TYPE_CHECKING:
    from adapters.jobs.place import JobsPlace
    from adapters.platforms.discord.options import Timings as DiscordTimings
    from adapters.platforms.slack.options import Timings as SlackTimings
    from core.ports.jobs import JobEngine
    from core.ports.papers import Papers
    from core.ports.payments import Till

log = structlog.get_logger()


@value_object
class Tuning(Pace):
    """What tests and benchmarks change and people need not know: figures, and areas beyond the product's own.

    `repositories` are for what those areas keep.
    """

    storage: Limits = field(default_factory=Limits)
    slack: "SlackTimings | None" = None
    discord: "DiscordTimings | None" = None
    areas: Sequence[Area] = ()
    repositories: Repositories = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Equipment(Parts):
    """The parts that this product is made of."""

    pace: Tuning
    pictures: ChartPictures


def areas_for(line: str = "") -> Sequence[Area]:
    """Return the areas that a typed line needs, loaded: the one that it is about, or all of them."""
    if area := area_of(line):
        return (area,)
    from bot.commands.areas import AREAS

    return AREAS


def registry(prefix: str = "", further: Sequence[Area] = (), *, line: str = "") -> Registry:
    """Return the commands, also of further areas, or only those that a `line` needs; opens nothing."""
    # With a prefix, what people are told to type in any area has to be known.
    is_whole = prefix or further
    return Registry.of((*areas_for("" if is_whole else line), *further), prefix)


def secret_box(settings: Settings) -> AesGcmSecretBox:
    """Return the box for secrets, with the keys of the settings or of the data folder."""
    found = load_keys(settings.application.secret_keys, settings.storage.data_dir)
    if found.warning:
        log.warning("secret_key_open_to_others", about=found.warning)
    return AesGcmSecretBox(found.keys)


@asynccontextmanager
async def open_product(
    settings: Settings,
    *,
    clock: Clock | None = None,
    tuning: Tuning | None = None,
    figures: Figures | None = None,
    line: str = "",
    runs_jobs: bool = False,
) -> AsyncIterator[tuple[Product, Equipment]]:
    """Open the data folder, the database and everything on top; close it all at the end.

    A database file is brought up to date first. Raises `SchemaOlderError` for one on a server that is not: when to
    migrate that is for whoever runs it. Nothing is served and no loop runs before `Jobs.start`.
    """
    clock, tuning = clock or SystemClock(), tuning or Tuning()
    make_private_folder(settings.storage.data_dir)
    secrets = secret_box(settings)
    url = settings.storage.database_url
    is_file = read_address(url)[0] is Kind.SQLITE
    if is_file:
        await migrate(url)
    limits = replace(tuning.storage, connections=settings.storage.database_pool)
    storage = await open_storage(
        url, secrets=secrets, clock=clock, limits=limits, areas=tuning.repositories, migrated=is_file
    )
    try:
        scratch = Scratch(settings.storage.data_dir / "scratch")
        async with open_processes(settings.storage.data_dir) as processes:
            workbooks = OfficeWorkbooks(processes, scratch, limit=settings.storage.upload_limit)
            parts = Equipment(
                settings=settings,
                storage=storage,
                files=open_file_store(settings.storage.files_url, settings.storage.data_dir),
                workbooks=workbooks,
                file_jobs=OfficeFileJobs(workbooks),
                analyses=PandasAnalyses(processes, scratch, limit=settings.storage.upload_limit),
                pictures=DrawnCharts(processes),
                papers=partial(_papers, processes),
                secrets=secrets,
                clock=clock,
                registry=registry(settings.application.command_prefix, tuning.areas, line=line),
                metrics=figures or Unwatched(),
                cache=MemoryCache(clock),
                messengers={},
                pace=tuning,
                engine=job_engine(settings, storage, clock, tuning) if runs_jobs else None,
                till=open_till(settings),
            )
            product = compose(parts)
            try:
                yield product, parts
            finally:
                await product.close()
                if parts.till:
                    await parts.till.payments.close()
    finally:
        # Whatever did not come up or go down: the product closes it first, where there is one.
        await storage.close()


def open_till(settings: Settings) -> "Till | None":
    """Return who takes cards; nothing is loaded where nobody does."""
    if not settings.stripe.is_on:
        return None
    from bot.wiring.payments import card_till

    return card_till(settings)


def _papers(processes: ProcessPool) -> "Papers":
    """Return what puts answers on paper, loaded for the few that are."""
    from adapters.papers import PrintedPapers

    return PrintedPapers(processes)


def shares_jobs(settings: Settings) -> bool:
    """Tell whether several processes may run jobs."""
    return read_address(settings.storage.database_url)[0] is not Kind.SQLITE and jobs_place(settings).is_shared


def jobs_place(settings: Settings) -> "JobsPlace":
    """Return where the state of jobs is kept."""
    from adapters.jobs.place import place_of

    where = settings.storage
    return place_of(where.jobs_database_url, where.database_url, where.data_dir)


def job_engine(settings: Settings, storage: Storage, clock: Clock, pace: Pace) -> "JobEngine":
    """Return what runs jobs in this process, once it is started."""
    from adapters.jobs import DurableEngine  # whoever runs a line and ends has no use for it

    return DurableEngine(
        jobs_place(settings),
        storage.leases,
        lambda: new_id(clock.now()),
        lease_seconds=pace.lease_seconds,
        after=pace.engine_seconds,
    )


def start_logs(settings: Settings, *, is_quiet: bool = False) -> None:
    """Send the log to standard error; a quiet one tells only of what went wrong."""
    configure_logs(settings.application.log_format, level=logging.ERROR if is_quiet else logging.INFO)
