"""The relay's side of the outbox, over all workspaces."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import Row, Select, bindparam

from adapters.storage.engine.database import Database, Once
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import EXTERNAL, WORD, outbox
from adapters.storage.work.codec import post_of
from core.ports.storage import OutboxItem, OutboxState, Post

log = structlog.get_logger()

LEASE = timedelta(seconds=90)
"""How long a claimed post may be under way; longer than any platform client tries by itself."""
LONGEST_WAIT = timedelta(hours=1)
"""For which platforms want to be left alone at the most."""

UNREADABLE = "unreadable"

_o = outbox.c
_earlier = outbox.alias("earlier")
_BLOCKED: Select[Any] = (
    sa.select(sa.literal_column("1"))
    .where(_earlier.c.workspace_id == _o.workspace_id, _earlier.c.destination == _o.destination)
    .where(_earlier.c.finished_at.is_(None), _earlier.c.position < _o.position)
)
_DUE = (
    sa.select(outbox)
    .where(_o.finished_at.is_(None), _o.due_at <= bindparam("moment"), ~_BLOCKED.exists())
    .where(_o.workspace_id.not_in(bindparam("without", expanding=True)))
    .order_by(_o.due_at, _o.position)
    .limit(bindparam("at_most"))
)
_TAKE = (
    sa.update(outbox)
    # Read once more: another process may have taken some since, and then they are not due any longer.
    .where(_o.position.in_(bindparam("positions", expanding=True)), _o.finished_at.is_(None))
    .where(_o.due_at <= bindparam("moment", type_=_o.due_at.type))
    .values(state=OutboxState.SENDING.value, attempts=_o.attempts + 1, due_at=bindparam("until", type_=_o.due_at.type))
    .returning(_o.position)
)
_BEFORE = (
    sa.select(_earlier.c.state, _earlier.c.reason, _earlier.c.post)
    .join(outbox, sa.and_(_earlier.c.workspace_id == _o.workspace_id, _earlier.c.destination == _o.destination))
    .where(_o.id == bindparam("the_item"), _earlier.c.position < _o.position, _earlier.c.finished_at.is_not(None))
    .order_by(_earlier.c.position.desc())
    .limit(bindparam("at_most"))
)
_NOT_TRIED = frozenset({"dropped", UNREADABLE})
"""Reasons of posts that were given up without a word to anybody."""
_BACKLOG = sa.select(sa.func.count(), sa.func.min(_o.created_at)).where(_o.finished_at.is_(None))
_ONE = sa.update(outbox).where(_o.id == bindparam("the_item"), _o.finished_at.is_(None))
_LINE = sa.select(_o.workspace_id, _o.destination).where(_o.id == bindparam("the_item"))
_NEXT = (
    sa.select(sa.func.min(_earlier.c.position))
    .where(_earlier.c.workspace_id == bindparam("the_workspace"), _earlier.c.destination == bindparam("the_line"))
    .where(_earlier.c.finished_at.is_(None))
    .scalar_subquery()
)
_REST = (
    sa.update(outbox)
    .where(_o.position == _NEXT, _o.due_at < bindparam("until", type_=_o.due_at.type))
    .values(due_at=bindparam("until", type_=_o.due_at.type))
)
# What is under way for all that is known has its lease.
_AHEAD = (
    sa.update(outbox)
    .where(_o.finished_at.is_(None), _o.due_at > bindparam("moment", type_=_o.due_at.type))
    .values(due_at=bindparam("until", type_=_o.due_at.type))
)
_IN_DOUBT = sa.update(outbox).where(_o.state == OutboxState.SENDING.value, _o.finished_at.is_(None))


class SqlOutboxQueue:
    """The queue of posts; every call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        """Work on a database."""
        self._once = Once(database)

    async def claim(self, now: datetime, limit: int, without: Collection[int] = ()) -> Sequence[OutboxItem]:
        """Return the oldest due post of each destination and mark them as being sent, but not those of some workspaces.

        `state` and `attempts` are as they were before. A claimed post comes back after `LEASE` unless its outcome was
        recorded, with state SENDING. One that can't be read is given up, so that it is in nobody's way.
        """
        wanted = {"moment": now, "at_most": limit, "without": [*without]}
        # Most of the time nothing is due, and nobody has to wait for the write lock to learn that.
        if not await self._once.read(lambda db: db.execute(_DUE, {**wanted, "at_most": 1}).first()):
            return ()

        def take(db: Statements) -> Sequence[Row[Any]]:
            rows = db.execute(_DUE, wanted).all()
            if not rows:
                return ()
            taking = {"positions": [row.position for row in rows], "moment": now, "until": now + LEASE}
            taken = set(db.execute(_TAKE, taking).scalars())
            return [row for row in rows if row.position in taken]

        items: list[OutboxItem] = []
        for row in await self._once.write(take):
            try:
                items.append(_item(row))
            except ValueError:
                log.error("post_unreadable", post=row.id, workspace=row.workspace_id)  # noqa: TRY400 - it would tell the post
                await self.failed(row.id, UNREADABLE, now)
        return items

    async def sent(self, item_id: str, external_id: str, at: datetime, rest: timedelta = timedelta(0)) -> None:
        """Record that a post arrived; the next one to its destination is due after `rest` at the earliest."""
        values = {"state": OutboxState.SENT.value, "finished_at": at, "external_id": external_id[:EXTERNAL]}

        def finish(db: Statements) -> None:
            db.execute(_ONE, {"the_item": item_id, "reason": "", **values})
            if rest and (line := db.execute(_LINE, {"the_item": item_id}).first()):
                place = {"the_workspace": line.workspace_id, "the_line": line.destination}
                db.execute(_REST, {**place, "until": at + rest})

        await self._once.write(finish)

    async def retry(self, item_id: str, at: datetime, reason: str) -> None:
        """Put a post that surely was not taken back in line, due at `at`."""
        await self._change(item_id, state=OutboxState.PENDING.value, due_at=at, reason=reason[:WORD])

    async def unknown(self, item_id: str, at: datetime) -> None:
        """Leave a post in doubt, to be looked for again at `at`."""
        await self._change(item_id, state=OutboxState.SENDING.value, due_at=at)

    async def failed(self, item_id: str, reason: str, at: datetime) -> None:
        """Give a post up; `reason` is a stable word."""
        await self._change(item_id, state=OutboxState.FAILED.value, finished_at=at, reason=reason[:WORD])

    async def lost_before(self, item_id: str, limit: int) -> Sequence[Post]:
        """Return what was given up before a post for the same destination, since the last one that arrived there."""
        wanted = {"the_item": item_id, "at_most": limit}
        rows = await self._once.read(lambda db: db.execute(_BEFORE, wanted).all())
        lost = takewhile(lambda row: row.state == OutboxState.FAILED.value, rows)
        return [post_of(row.post) for row in lost if row.reason not in _NOT_TRIED]

    async def backlog(self) -> tuple[int, datetime | None]:
        """Return how many posts wait or are under way, and when the oldest of them was queued."""
        count, oldest = await self._once.read(lambda db: db.execute(_BACKLOG).one())
        return count, oldest

    async def recover(self, now: datetime) -> int:
        """Make posts that a dead process was sending due at once, still in doubt; return how many.

        Only for the one process that there is: another one's posts under way would be sent twice.
        """
        return await self._once.write(lambda db: db.execute(_IN_DOUBT, {"due_at": now}).rowcount)

    async def put_right(self, now: datetime) -> int:
        """Let nothing wait for longer than a post ever does, after the clock was put back; return how much did."""
        late = {"moment": now + LONGEST_WAIT, "until": now + LEASE}
        return await self._once.write(lambda db: db.execute(_AHEAD, late).rowcount)

    async def _change(self, item_id: str, **values: Any) -> None:
        await self._once.write(lambda db: db.execute(_ONE, {"the_item": item_id, **values}).rowcount)


def _item(row: Row[Any]) -> OutboxItem:
    return OutboxItem(
        id=row.id,
        workspace_id=row.workspace_id,
        post=post_of(row.post),
        state=OutboxState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
    )
