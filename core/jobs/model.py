"""A job as people see it: its row says what is to be done, for whom, how far it is and what came of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from enum import StrEnum

from core.chat.reply import Reply
from core.chat.spec import Argument
from core.jobs.kinds import DELIVERY, LINE
from core.people.model import Role
from core.ports.jobs import JobRef
from core.shared.errors import ForbiddenError
from core.shared.ids import ChannelId, MemberId
from core.shared.value_objects import value_object

NOTE_LIMIT = 200
"""Characters of what a job says of where it is."""

SCHEDULED = "schedule:"
"""How the keys of jobs begin that a schedule made, so that nobody waits for them."""

_FILE = re.compile(r"\bfile:([0-9A-Z]{26})\b")

JobValue = str | int | float | bool | None


@value_object
class JobInfo:
    """What is known of a kind of job: what it takes, how it is tried again and for how long, how many go on at once.

    Whoever has the `role` may start one. `retries` are for what is nobody's mistake; one try may take `seconds`. A
    process runs `width` of them at a time. Periodic ones have at least `shortest` seconds between them.
    """

    name: str
    summary: str
    arguments: tuple[Argument, ...]
    retries: int
    seconds: float
    width: int
    role: Role = Role.MEMBER
    shortest: float = 60.0

    @property
    def runs_command(self) -> bool:
        """Tell whether it runs a typed command."""
        return any(argument.name == LINE for argument in self.arguments)

    @property
    def usage(self) -> str:
        """Return how one is asked for, such as `wait seconds:2`."""
        given = [f"{argument.name}:{argument.example or '…'}" for argument in self.arguments if argument.required]
        return " ".join([self.name, *given])

    def require(self, held: Role) -> None:
        """Raise `ForbiddenError` for whoever may not start one."""
        if held < self.role:
            raise ForbiddenError(self.role.label, held.label)


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more is done for it."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


@value_object
class NewJob:
    """A job to be started: its kind, the arguments of that by their names, for whom, and the channel it tells.

    `key` is what makes it known: there is one job of a key. An empty one is unlike all others.
    """

    kind: str
    arguments: Mapping[str, JobValue]
    member_id: MemberId
    channel_id: ChannelId
    key: str = ""


def job_id(workspace_id: int, key: str, rounds: int, created_at: datetime) -> str:
    """Return the id by which an engine knows a job, which is another once it was asked for again.

    An engine knows more than a database that was brought back from a backup: no id comes a second time there.
    """
    return f"{workspace_id}:{key}#{rounds}@{created_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"


def key_in(id: str) -> str:
    """Return the key of the job that an engine knows by an id."""
    return id.partition(":")[2].rpartition("#")[0]


def long_key(delivery: str) -> str:
    """Return the key of the job that stands for a command which takes long, by its delivery."""
    return f"long:{delivery}"


def is_awaited(key: str) -> bool:
    """Tell whether somebody may be waiting for the job of a key."""
    return not key.startswith(SCHEDULED)


@value_object
class Job:
    """A job as stored.

    It runs where its `executor` says, a process. `attempts` is how often it was begun, `rounds` how often people asked
    for it again after it was over; it counts as created when they did so last. It has `done` so much of `total` (0
    while that is not known), and `note` says what it is at. `reason` is the code of what it failed for; `result` is its
    answer, or says in words why there is none.
    """

    number: int
    kind: str
    arguments: Mapping[str, JobValue]
    key: str
    member_id: MemberId
    channel_id: ChannelId
    created_at: datetime
    state: JobState = JobState.QUEUED
    executor: str = ""
    attempts: int = 0
    rounds: int = 0
    done: int = 0
    total: int = 0
    note: str = ""
    reason: str = ""
    result: Reply | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 1
    removed_at: datetime | None = field(default=None)

    @property
    def title(self) -> str:
        """Return what it does, as people would type it."""
        if self.runs_command:
            return str(self.arguments[LINE])
        given = [f"{name}:{_typed(value)}" for name, value in self.arguments.items() if value is not None]
        return " ".join([self.kind, *given])

    @property
    def file_ids(self) -> Sequence[str]:
        """Return which stored files its command names."""
        return _FILE.findall(self.title) if self.runs_command else ()

    def titled(self, names: Mapping[str, str]) -> str:
        """Return what it does, with the names of the files instead of their ids."""
        title = self.title
        for file_id in self.file_ids:
            if name := names.get(file_id):
                title = title.replace(file_id, f'"{name}"' if " " in name else name)
        return title

    @property
    def runs_command(self) -> bool:
        """Tell whether it runs a typed command."""
        return LINE in self.arguments

    @property
    def is_awaited(self) -> bool:
        """Tell whether somebody may be waiting for it."""
        return is_awaited(self.key)

    def ref(self, workspace_id: int) -> JobRef:
        """Return what an engine knows it by."""
        id = job_id(workspace_id, self.key, self.rounds, self.created_at)
        return JobRef(id, workspace_id, self.number, self.kind)

    def delivery(self, workspace_id: int) -> str:
        """Return the delivery as which it asks for what it runs."""
        return str(self.arguments.get(DELIVERY) or self.ref(workspace_id).id)

    @property
    def progress(self) -> float | None:
        """Return how much of it is done, from 0 to 1, if that is known."""
        return min(self.done / self.total, 1.0) if self.total else None


@value_object
class JobFilter:
    """Which jobs are meant: of a state or all, of a kind or all, of a channel or all."""

    state: JobState | None = None
    kind: str | None = None
    channel_id: int | None = None


@value_object
class JobCount:
    """How many jobs of a kind are in a state."""

    kind: str
    state: JobState
    count: int


def _typed(value: JobValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f'"{text}"' if " " in text else text
