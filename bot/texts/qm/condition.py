"""How the service is, and its figures, as people read them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain

from bot.texts.common import listed, moment
from bot.texts.qm import cache
from bot.texts.qm.parts import Part
from bot.texts.view import View
from core.chat.reply import Column, Field, Reply, Row, Table
from core.chat.text import text
from core.jobs.model import JobCount, JobState
from core.ports.cache import CacheFigures
from core.ports.health import Signs
from core.ports.storage import StorageStatistics
from core.schedules.model import ScheduleCounts
from core.shared.value_objects import value_object
from core.workspaces.model import Workspace

_PARTS = (
    Column("part", "Part"),
    Column("state", "State"),
    Column("count", "Count", "number"),
    Column("at", "When", "moment"),
    Column("about", "About"),
)
_JOBS = (
    Column("kind", "Jobs"),
    Column("running", "Running", "number"),
    Column("waiting", "Waiting", "number"),
    Column("completed", "Completed today", "number"),
    Column("failed", "Failed today", "number"),
)
_SHOWN = (JobState.RUNNING, JobState.QUEUED, JobState.COMPLETED, JobState.FAILED)
_OWN = (
    "Memory, connections, times and cache are those of this one line's own process. For those of the service ask in a "
    "chat, or the console."
)
_MEGABYTE = 1_000_000


@value_object
class About:
    """What runs, and for whom; or that nothing serves."""

    version: str
    workspace: Workspace
    people: int
    channels: int
    is_served: bool


@value_object
class Figures:
    """What the service takes and does; what is None did not tell."""

    signs: Signs
    storage: StorageStatistics
    posts: tuple[int, dt.datetime | None] | None
    jobs: Sequence[JobCount] | None
    schedules: ScheduleCounts | None
    cache: CacheFigures
    is_served: bool
    """Whether the process that tells serves: one that was started for a typed line has just begun."""


def status(about: About, parts: Sequence[Part], view: View) -> Reply:
    """Return what a member wants to know of the service."""
    zone = view.actor.zone
    ill = [part.name for part in parts if not part.is_well]
    runs = "Quartermaster runs, but" if about.is_served else "Nothing serves Quartermaster now;"
    title = f"{runs} look at: {listed(ill)}" if ill else "Quartermaster is running"
    fields = (
        Field("version", "Version", about.version),
        Field("workspace", "Workspace", about.workspace.name),
        Field("people", "People", about.people, "number"),
        Field("channels", "Channels", about.channels, "number"),
        Field("time", "Your time", text(moment(view.now, zone))),
    )
    return Reply(title=title, fields=fields, tables=(Table("Parts", _PARTS, tuple(part.row(zone) for part in parts)),))


def stats(figures: Figures, now: dt.datetime) -> Reply:
    """Return the figures of the service."""
    parts = (_process(figures.signs), _storage(figures.storage), cache.fields(figures.cache), _schedules(figures))
    fields = (*chain.from_iterable(parts), *_posts(figures, now))
    tables = (_jobs(figures.jobs),) if figures.jobs is not None else ()
    return Reply(title="Statistics", text=() if figures.is_served else text(_OWN), fields=fields, tables=tables)


def _process(signs: Signs) -> Iterator[Field]:
    yield Field("up_seconds", "Running for (s)", round(signs.up), "number")
    if signs.memory is not None:
        yield Field("memory_mb", "Memory (MB)", _megabytes(signs.memory), "number")
        yield Field("processes", "Processes for heavy work", signs.processes, "number")
        yield Field("processes_memory_mb", "Their memory (MB)", _megabytes(signs.memory_of_processes), "number")
    if signs.longest_stall is not None:
        stall = _milliseconds(signs.longest_stall)
        yield Field("longest_stall_milliseconds", "Longest stall of the event loop (ms)", stall, "number")


def _storage(storage: StorageStatistics) -> Iterator[Field]:
    yield Field("pool_size", "Database connections", storage.size, "number")
    yield Field("pool_in_use", "In use", storage.in_use, "number")
    yield Field("pool_waiting", "Waiting", storage.waiting, "number")
    yield Field("served", "Units of work", storage.served, "number")
    yield Field("errors", "Failed", storage.errors, "number")
    yield Field("milliseconds_p50", "Half of them within (ms)", _milliseconds(storage.latency.p50), "number")
    yield Field("milliseconds_p95", "95 % within (ms)", _milliseconds(storage.latency.p95), "number")
    yield Field("milliseconds_p99", "99 % within (ms)", _milliseconds(storage.latency.p99), "number")


def _schedules(figures: Figures) -> Iterator[Field]:
    if counts := figures.schedules:
        yield Field("schedules_active", "Schedules that run", counts.active, "number")
        yield Field("schedules_resting", "Schedules that rest", counts.resting, "number")
        yield Field("schedules_late", "Schedules that are late", counts.late, "number")


def _posts(figures: Figures, now: dt.datetime) -> Iterator[Field]:
    if figures.posts is not None:
        count, since = figures.posts
        oldest = max(0.0, (now - since).total_seconds()) if since else 0.0
        yield Field("posts_waiting", "Posts that wait", count, "number")
        yield Field("posts_oldest_seconds", "The oldest for (s)", round(oldest), "number")


def _jobs(counts: Sequence[JobCount]) -> Table:
    found = {(one.kind, one.state): one.count for one in counts}
    kinds = sorted({one.kind for one in counts if one.state in _SHOWN})
    rows = [Row((kind, *(found.get((kind, state), 0) for state in _SHOWN))) for kind in kinds]
    every = [sum(found.get((kind, state), 0) for kind in kinds) for state in _SHOWN]
    return Table("Jobs", _JOBS, (*rows, Row(("All", *every))))


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _megabytes(count: int) -> float:
    return round(count / _MEGABYTE, 1)
