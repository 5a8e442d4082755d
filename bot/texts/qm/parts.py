"""What is said of each part of the service: a word for how it is, and what to do where it isn't well."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from bot.texts.common import counted
from bot.texts.dates import moment_cell
from core.chat.reply import Row
from core.ports.jobs import EngineState, Phase
from core.schedules.model import ScheduleCounts
from core.shared.value_objects import value_object

WELL = frozenset({"works", "ready", "on", "on time", "none", "not set up", "elsewhere", "none yet", "off"})
"""What nobody has to do anything about."""

LONG_WAIT = dt.timedelta(minutes=5)
"""A post that waits for longer has met with something."""
OLD_BACKUP = dt.timedelta(days=2)

_ENGINE: Mapping[str, str] = {
    "cannot_connect": "Their database can't be reached; it is tried again and again. Check QM_JOBS_DATABASE_URL.",
    "held_elsewhere": "A typed line or another process runs jobs from this data folder. They go on here when it ends.",
    "not_allowed": "The user of their database may not make tables there. Let it own the database.",
    "old_sqlite": "SQLite is too old for them with this Python. Use a newer Python, or set QM_JOBS_DATABASE_URL to a "
    "Postgres.",
    "locked": "Another program holds the file jobs.sqlite of the data folder. Close it: what was asked for waits.",
    "unreadable": "The file jobs.sqlite of the data folder can't be used. Move it away: what was asked for is kept "
    "elsewhere, and goes on with a new one.",
}
_ENGINE_BROKEN = "The log says why; it is tried again every few seconds. What was asked for waits."
_SILENT = "It did not tell in time."
_NIGHTLY = 'To have one every night: /job every nightly-backup "daily 3:00" backup'


@value_object
class Condition:
    """How the parts are; what is None did not tell.

    `works` are those that were looked at, `platforms` those that are set up. `engine` is None where no jobs are run;
    `processes` are those that run them, here or elsewhere.
    `posts` is how many wait, and since when; `backups` when each was made, the oldest first.
    """

    works: Mapping[str, bool]
    platforms: frozenset[str]
    has_console: bool | None
    engine: EngineState | None
    processes: int | None
    schedules: ScheduleCounts | None
    posts: tuple[int, dt.datetime | None] | None
    backups: Sequence[dt.datetime] | None


@value_object
class Part:
    """How a part is: a word, how many, when (next, or last, or since), and what else there is to say."""

    name: str
    state: str
    count: int | None = None
    at: dt.datetime | None = None
    about: str = ""

    @property
    def is_well(self) -> bool:
        """Tell whether nothing has to be done about it."""
        return self.state in WELL

    def row(self, zone: str) -> Row:
        """Return it as a row of a table."""
        cells = (self.name, self.state, self.count, moment_cell(self.at, zone), self.about)
        return Row(cells, mark="" if self.is_well else "warning")


def rows(condition: Condition, now: dt.datetime, *, may_change: bool) -> Sequence[Part]:
    """Return the parts in words; who `may_change` something is told how."""
    return [
        _database(condition),
        _jobs(condition),
        *_platforms(condition, may_change=may_change),
        _console(condition),
        _schedules(condition),
        _posts(condition, now),
        _backups(condition, now, may_change=may_change),
    ]


def _database(condition: Condition) -> Part:
    if condition.works.get("database", True):
        return Part("Database", "works")
    return Part(
        "Database", "fails", about="It can't be read and written. To know more, type in a shell: quartermaster doctor"
    )


def _jobs(condition: Condition) -> Part:
    engine, count = condition.engine, condition.processes or None
    if engine is None:
        return _jobs_elsewhere(count)
    if engine.is_ready:
        about = f"{counted(count, 'process', 'processes')} run them." if count and count > 1 else ""
        return Part("Jobs", "ready", count, about=about)
    if engine.phase in (Phase.OFF, Phase.STARTING):
        return Part("Jobs", "starting", about="What was asked for waits for a moment.")
    return Part("Jobs", "failed", about=_ENGINE.get(engine.reason, _ENGINE_BROKEN))


def _jobs_elsewhere(count: int | None) -> Part:
    """Return who runs jobs where this process, which was started for a typed line, does not."""
    if not count:
        about = "Nothing serves here now: what is in the background waits until it does. To serve: quartermaster serve"
        return Part("Jobs", "waiting", about=about)
    does = "runs" if count == 1 else "run"
    return Part("Jobs", "elsewhere", count, about=f"{counted(count, 'other process', 'other processes')} {does} them.")


def _platforms(condition: Condition, *, may_change: bool) -> Iterator[Part]:
    for name in ("Slack", "Discord"):
        platform = name.lower()
        works = condition.works.get(platform)
        if platform not in condition.platforms:
            how = f"To use it, type in a shell: quartermaster manifest {platform}" if may_change else ""
            yield Part(name, "not set up", about=how)
        elif works is None:
            yield Part(name, "elsewhere", about="Only the process that serves it knows how it is.")
        elif works:
            yield Part(name, "works")
        else:
            yield Part(name, "fails", about="It can't be reached; it is tried again. What is to be sent waits.")


def _console(condition: Condition) -> Part:
    if condition.has_console is None:
        return Part("Console", "elsewhere", about="It is there while Quartermaster serves.")
    if condition.has_console:
        return Part("Console", "on")
    return Part("Console", "off", about="It is only served on the machine itself: QM_HOST is no loopback address.")


def _schedules(condition: Condition) -> Part:
    counts = condition.schedules
    if counts is None:
        return Part("Schedules", "unknown", about=_SILENT)
    rest = f"{counts.resting:,} {'is' if counts.resting == 1 else 'are'} paused or stopped." if counts.resting else ""
    if counts.late:
        about = f"{counts.late:,} should have run by now; they are made up for once jobs run. {rest}".strip()
        return Part("Schedules", "late", counts.active, counts.next_at, about)
    if condition.engine is None and condition.processes == 0 and counts.active:
        about = f"Nothing serves here now: they come once it does. {rest}".strip()
        return Part("Schedules", "waiting", counts.active, counts.next_at, about)
    return Part("Schedules", "on time" if counts.active else "none", counts.active, counts.next_at, rest)


def _posts(condition: Condition, now: dt.datetime) -> Part:
    if condition.posts is None:
        return Part("Posts", "unknown", about=_SILENT)
    count, since = condition.posts
    if not count:
        return Part("Posts", "none", 0, about="Nothing waits to be sent.")
    is_slow = since is not None and now - since > LONG_WAIT
    about = "They wait for longer than they should." if is_slow else "They are on their way."
    return Part("Posts", "waiting" if is_slow else "on time", count, since, about)


def _backups(condition: Condition, now: dt.datetime, *, may_change: bool) -> Part:
    if condition.backups is None:
        return Part("Backups", "unknown", about=_SILENT)
    how = _NIGHTLY if may_change else ""
    if not condition.backups:
        return Part("Backups", "none yet", 0, about=how)
    last = condition.backups[-1]
    is_old = now - last > OLD_BACKUP
    about = f"The last one is old. {how}".strip() if is_old else "The last one was tried by bringing it back."
    return Part("Backups", "old" if is_old else "works", len(condition.backups), last, about)
