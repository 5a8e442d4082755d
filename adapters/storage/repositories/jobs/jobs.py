"""The jobs of one workspace, in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Update, bindparam, literal_column

from adapters.storage.repositories.audience import IN_CHANNEL
from adapters.storage.repositories.jobs.rows import job_of, row_of
from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import CHANNEL, Kind, Narrowed, Way
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.schema.job_table import jobs
from adapters.storage.schema.tables import WORD
from adapters.storage.schema.text_forms import storable
from adapters.storage.system.deliveries import key_of
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.codec import data_text, reply_text
from adapters.storage.work.scope import Scoped
from core.chat.reply import Reply
from core.jobs.model import NOTE_LIMIT, Job, JobCount, JobFilter, JobState, JobValue, NewJob
from core.shared.ids import new_id
from core.shared.paging import Page
from core.workspaces.model import Audience

_j = jobs.c
_IS_OPEN = _j.ended_at.is_(None)
_RAISED = _j.version + literal_column("1")


def _in_state(*states: JobState) -> sa.ColumnElement[bool]:
    return _j.state.in_([literal_column(f"'{state.value}'") for state in states])


KIND: Kind[Job] = Kind(
    table=jobs,
    row_of=row_of,
    item_of=job_of,
    words=_j.kind,
    conditions={
        **{state.value: _in_state(state) for state in JobState},
        "kind": _j.kind == bindparam("in_kind", type_=sa.String()),
    },
    # An addition keeps the database from an index whose order is another.
    walk=Way({CHANNEL: _j.channel_id + literal_column("0") == IN_CHANNEL}),
)
_NEWEST = Order((_j.number,), descending=True)

_ONE = scope.select(jobs).where(_j.number == bindparam("the_number"))
_COUNTS = (
    scope.select(jobs, _j.kind, _j.state, sa.func.count().label("jobs"))
    .where(sa.or_(_IS_OPEN, _j.ended_at >= bindparam("moment", type_=_j.ended_at.type)))
    .group_by(_j.kind, _j.state)
    .order_by(_j.kind, _j.state)
)
_UNDER_WAY = scope.select(jobs, _j.job_key).where(_j.job_key.in_(bindparam("the_keys", expanding=True)), _IS_OPEN)
_OF_KEY = scope.select(jobs).where(_j.job_key == bindparam("the_key"))


def _change(*conditions: sa.ColumnElement[bool], **values: Any) -> Update:
    """Return what changes a job of which something holds; a change of its state is one more of its versions."""
    return scope.update(jobs).where(_j.number == bindparam("the_number"), *conditions).values(**values)


_MINE = (_in_state(JobState.RUNNING), _j.executor == bindparam("the_executor"))
_CLAIM = _change(
    _IS_OPEN,
    version=_RAISED,
    state=JobState.RUNNING.value,
    attempts=_j.attempts + literal_column("1"),
    started_at=sa.func.coalesce(_j.started_at, bindparam("moment", type_=_j.started_at.type)),
)
_REPORT = _change(*_MINE)
_FINISH = _change(*_MINE, version=_RAISED)
_CANCEL = _change(_IS_OPEN, version=_RAISED, state=JobState.CANCELLED.value)
_ASK_AGAIN = _change(
    _in_state(JobState.FAILED, JobState.CANCELLED),
    version=_RAISED,
    state=JobState.QUEUED.value,
    executor="",
    attempts=0,
    rounds=_j.rounds + literal_column("1"),
    done=0,
    total=0,
    note="",
    reason="",
    result=None,
    started_at=None,
    ended_at=None,
)


class Jobs(NumberedItems[Job]):
    """The repository of jobs."""

    kind = KIND

    async def queue(self, new: NewJob, at: datetime) -> Job | None:
        """Keep a new job, to be started once the unit of work has committed; None if there is one of its key."""
        return next(iter(await self.queue_many([new], at)), None)

    async def queue_many(self, new: Sequence[NewJob], at: datetime) -> Sequence[Job]:
        """Keep new jobs, each of a key of its own, but those of whose key there is one; return what was kept."""
        if not new:
            return ()
        first = await self.reserve_numbers(len(new))
        asked = [_queued(number, one, at) for number, one in enumerate(new, first)]

        def queue(db: Scoped) -> list[Job]:
            # Nobody else writes to this workspace until the commit.
            kept = [job for job in asked if not db.first(_OF_KEY, the_key=job.key)]
            for job in kept:
                db.insert(jobs, row_of(job))
            return kept

        kept = await self._transaction.run(queue)
        if kept:
            self._transaction.queued()
        return kept

    async def record(self, new: NewJob, result: Reply, began: datetime, at: datetime) -> None:
        """Keep a job that is over already, as failed where its result says so, else as completed."""
        job = replace(
            _queued(await self.reserve_numbers(), new, began),
            state=JobState.FAILED if result.problem else JobState.COMPLETED,
            reason=result.problem.code[:WORD] if result.problem else "",
            attempts=1,
            result=result,
            started_at=began,
            ended_at=at,
        )
        self._transaction.later(jobs, row_of(job))

    async def of_key(self, key: str) -> Job | None:
        """Return the job of a key."""
        row = await self._transaction.run(lambda db: db.first(_OF_KEY, the_key=key_of(key)))
        return job_of(row) if row else None

    async def under_way(self, keys: Sequence[str]) -> Collection[str]:
        """Return those of the keys whose jobs are not over."""
        if not keys:
            return ()

        def look(db: Scoped) -> set[str]:
            return {row.job_key for some in chunks(keys) for row in db.all(_UNDER_WAY, the_keys=some)}

        return await self._transaction.run(look)

    async def page(self, wanted: JobFilter, audience: Audience, *, cursor: str = "", limit: int = 10) -> Page[Job]:
        """Return a page, the newest first; raises `InvalidArgumentError` (`cursor`) for a cursor that is none."""
        return await self._page(_narrowed(wanted), audience, _NEWEST, cursor=cursor, limit=limit)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Job]:
        """Return jobs whose number or whose kind starts so, for completion, the newest first."""
        return await self._suggest(prefix, {}, audience, _NEWEST, limit=limit)

    async def counts(self, since: datetime) -> Sequence[JobCount]:
        """Return how many there are, by kind and state: those that are not over, and those that ended since."""
        rows = await self._transaction.run(lambda db: db.all(_COUNTS, moment=since))
        return [JobCount(row.kind, JobState(row.state), row.jobs) for row in rows]

    async def claim(self, number: int, executor: str, at: datetime) -> Job | None:
        """Let a process run a job that is not over, also one that another process ran; None if it is over."""

        def claim(db: Scoped) -> Job | None:
            if not db.change(_CLAIM, the_number=number, executor=executor, moment=at):
                return None
            return _read(db, number)

        return await self._transaction.run(claim)

    async def report(self, number: int, executor: str, *, done: int, total: int, note: str) -> bool:
        """Keep how far a job is that the process runs; tell whether it still does."""
        values = {"done": done, "total": total, "note": storable(note, NOTE_LIMIT)}
        return await self._change_one(_REPORT, number, the_executor=executor, **values)

    async def finish(
        self, number: int, executor: str, state: JobState, result: Reply, at: datetime, *, reason: str = ""
    ) -> bool:
        """End a job that the process runs, as completed or failed; tell whether it still did."""
        values = {"state": state.value, "result": reply_text(result), "ended_at": at, "reason": reason[:WORD]}
        return await self._change_one(_FINISH, number, the_executor=executor, **values)

    async def cancel(self, number: int, at: datetime, *, reason: str = "") -> bool:
        """End a job that is not over; tell whether it was not."""
        return await self._change_one(_CANCEL, number, ended_at=at, reason=reason[:WORD])

    async def ask_again(self, number: int, at: datetime, arguments: Mapping[str, JobValue]) -> Job | None:
        """Queue a job again, with arguments, that failed or was cancelled; None if it did not and was not."""
        given = {"the_number": number, "created_at": at, "arguments": data_text(dict(arguments))}

        def ask(db: Scoped) -> Job | None:
            return _read(db, number) if db.change(_ASK_AGAIN, **given) else None

        job = await self._transaction.run(ask)
        if job:
            self._transaction.queued()
        return job

    async def _change_one(self, statement: Update, number: int, **values: Any) -> bool:
        return await self._transaction.run(lambda db: db.change(statement, the_number=number, **values) == 1)


def _read(db: Scoped, number: int) -> Job | None:
    row = db.first(_ONE, the_number=number)
    return job_of(row) if row else None


def _narrowed(wanted: JobFilter) -> Narrowed:
    asked = {CHANNEL: wanted.channel_id, "kind": wanted.kind}
    found: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    return {**found, wanted.state.value: None} if wanted.state else found


def _queued(number: int, new: NewJob, at: datetime) -> Job:
    key = key_of(new.key or new_id(at))
    return Job(number, new.kind, new.arguments, key, new.member_id, new.channel_id, at)
