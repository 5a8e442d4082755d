"""What a restored database does not send by itself: whether it was sent since the backup, only people know.

A held post counts as finished, so that the relay passes it by and what is posted anew does not wait behind it; a
reminder is put off until an instant that never comes; a board whose message is not there yet, or which has messages to
take away, is not looked at. What a schedule should have run meanwhile is left out, and what a job had not
done is done when somebody asks for it again.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Table

from adapters.storage.engine.database import Database, Once
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.board_table import boards
from adapters.storage.schema.reminder_table import held_reminders
from adapters.storage.schema.reminding import is_reminding, moment_of, reminding_tables
from adapters.storage.schema.tables import actions, channels, members, outbox
from adapters.storage.schema.text_forms import HELD, HELD_BACK
from adapters.storage.system.schedules import look_no_further_back
from adapters.storage.system.unfinished_jobs import cancel_unfinished
from adapters.storage.work.codec import post_of
from adapters.storage.work.whole_schema import whole_schema
from core.chat.text import plain
from core.ports.keeping import Held, HeldItem
from core.ports.storage import OutboxState

_o, _b, _q = outbox.c, boards.c, held_reminders.c
_QUIET = _q.until == HELD_BACK
_POSTS = (_o.state == HELD) & _o.finished_at.is_not(None)
_BOARDS = _b.digest == HELD
_UNFINISHED_BOARDS = ((_b.message == "") & (_b.is_on == sa.true())) | (_b.retired != "")


def hold_back(db: Statements, now: datetime) -> Held:
    """Hold back every post that is not finished, every reminder that is due, every board that is not settled."""
    look_no_further_back(db, now)
    cancel_unfinished(db, now)
    posts = sa.update(outbox).where(_o.finished_at.is_(None)).values(state=HELD, finished_at=now)
    quiet = sa.update(held_reminders).where(_q.until <= now).values(until=HELD_BACK)
    return Held(
        db.execute(posts).rowcount,
        _remind(db, lambda table: is_reminding(table) & (table.c.remind_at <= now), HELD_BACK)
        + db.execute(quiet).rowcount,
        db.execute(sa.update(boards).where(_UNFINISHED_BOARDS).values(digest=HELD)).rowcount,
    )


class HeldBack:
    """What a database holds back; every call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        """Work on a database."""
        self._once = Once(database)

    async def count(self) -> Held:
        """Return how much is held back."""
        return await self._once.read(
            lambda db: Held(
                _count(db, outbox, _POSTS),
                sum(_count(db, table, _is_held(table)) for table in reminding_tables(whole_schema()))
                + _count(db, held_reminders, _QUIET),
                _count(db, boards, _BOARDS),
            )
        )

    async def first(self, limit: int) -> Sequence[HeldItem]:
        """Return the first of each kind, at most so many of it, the oldest first."""
        return await self._once.read(
            lambda db: [*_posts(db, limit), *_held_reminders(db, limit), *_held_boards(db, limit)]
        )

    async def release(self, now: datetime) -> Held:
        """Let everything go its way at once; of a post it is first looked whether it arrived after all."""
        in_doubt = OutboxState.SENDING.value
        posts = {"state": in_doubt, "finished_at": None, "due_at": now, "attempts": 0}
        return await self._once.write(
            lambda db: Held(
                db.execute(sa.update(outbox).where(_POSTS).values(posts)).rowcount,
                _remind(db, _is_held, now)
                + db.execute(sa.update(held_reminders).where(_QUIET).values(until=now)).rowcount,
                db.execute(sa.update(boards).where(_BOARDS).values(digest="")).rowcount,
            )
        )

    async def drop(self, now: datetime) -> Held:
        """Give everything up: posts and reminders are never sent, boards are off and let go of their messages."""
        posts = {"state": OutboxState.FAILED.value, "finished_at": now, "reason": "dropped"}

        def drop(db: Statements) -> Held:
            # The buttons of a board go with it; they expire by themselves as little as it does.
            db.execute(sa.delete(actions).where(actions.c.set_id.in_(sa.select(_b.id).where(_BOARDS))))
            return Held(
                db.execute(sa.update(outbox).where(_POSTS).values(posts)).rowcount,
                _remind(db, _is_held, None) + db.execute(sa.delete(held_reminders).where(_QUIET)).rowcount,
                db.execute(sa.delete(boards).where(_BOARDS)).rowcount,
            )

        return await self._once.write(drop)


def _count(db: Statements, table: Table, which: ColumnElement[bool]) -> int:
    return int(db.execute(sa.select(sa.func.count()).select_from(table).where(which)).scalar() or 0)


def _is_held(table: Table) -> ColumnElement[bool]:
    return is_reminding(table) & (table.c.remind_at == HELD_BACK)


def _remind(db: Statements, which: Callable[[Table], ColumnElement[bool]], at: datetime | None) -> int:
    """Put the reminders of some rows to another time, or take them away; return how many."""
    return sum(
        db.execute(sa.update(table).where(which(table)).values(remind_at=at)).rowcount
        for table in reminding_tables(whole_schema())
    )


def _posts(db: Statements, limit: int) -> Iterator[HeldItem]:
    rows = db.execute(sa.select(outbox).where(_POSTS).order_by(_o.position).limit(limit)).all()
    for row in rows:
        post = post_of(row.post)
        to = _name(db, members, row.workspace_id, post.member_id) or _channel(db, row.workspace_id, post.channel_id)
        yield HeldItem("post", to, post.reply.title or plain(post.reply.text), row.created_at)


def _held_reminders(db: Statements, limit: int) -> Iterator[HeldItem]:
    for table in reminding_tables(whole_schema()):
        moment = moment_of(table)
        wanted = sa.select(table, moment.label("moment")).where(_is_held(table))
        for row in db.execute(wanted.order_by(moment, table.c.workspace_id, table.c.number).limit(limit)).all():
            where = _channel(db, row.workspace_id, row.channel_id)
            yield HeldItem("reminder", where, f"#{row.number} {row.title}", row.moment)
    for row in db.execute(sa.select(held_reminders).where(_QUIET).limit(limit)).all():
        yield HeldItem("reminder", _name(db, members, row.workspace_id, row.member_id), f"#{row.number}", row.until)


def _held_boards(db: Statements, limit: int) -> Iterator[HeldItem]:
    wanted = sa.select(boards).where(_BOARDS).order_by(_b.created_at, _b.id).limit(limit)
    for row in db.execute(wanted).all():
        yield HeldItem("board", _channel(db, row.workspace_id, row.channel_id), "", row.created_at)


def _channel(db: Statements, workspace_id: int, channel_id: int | None) -> str:
    return f"#{_name(db, channels, workspace_id, channel_id)}"


def _name(db: Statements, table: Table, workspace_id: int, row_id: int | None) -> str:
    if row_id is None:
        return ""
    wanted = sa.select(table.c.name).where(table.c.workspace_id == workspace_id, table.c.id == row_id)
    return str(db.execute(wanted).scalar() or "")
