"""The messages of the console's channels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, bindparam

from adapters.storage.engine.dialects.patterns import ESCAPE, literal
from adapters.storage.schema.tables import DELIVERY, message_counters, messages
from adapters.storage.work import scope
from adapters.storage.work.codec import reply_of, reply_text
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.chat.reply import Reply
from core.messages.model import Message

_m, _n = messages.c, message_counters.c

_IN_CHANNEL = scope.select(messages).where(_m.channel_id == bindparam("the_channel"))
_BY_KEY = _IN_CHANNEL.where(_m.post_key == bindparam("the_key"))
_BY_SEQ = _IN_CHANNEL.where(_m.seq == bindparam("the_seq"))
_OPEN_TO = sa.or_(_m.only_member.is_(None), _m.only_member == bindparam("reader"))
_ONE = _BY_SEQ.where(_OPEN_TO)
_LATEST = _IN_CHANNEL.where(_OPEN_TO).order_by(_m.seq.desc()).limit(bindparam("at_most"))
_BEFORE = _LATEST.where(_m.seq < bindparam("before"))
_CHANGES = _IN_CHANNEL.where(_OPEN_TO, _m.change > bindparam("since")).order_by(_m.change).limit(bindparam("at_most"))
_EDIT = scope.update(messages).where(_m.channel_id == bindparam("the_channel"), _m.seq == bindparam("the_seq"))
_POSTED = scope.delete(messages).where(_m.post_key.like(bindparam("the_start"), escape=ESCAPE))
_COUNT = (
    scope.update(message_counters)
    .where(_n.channel_id == bindparam("the_channel"))
    .values(seq=_n.seq + bindparam("posts", type_=sa.Integer()), change=_n.change + 1)
    .returning(_n.seq, _n.change)
)


class Messages:
    """The repository of messages."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def post(
        self,
        channel_id: int,
        *,
        author_id: int | None,
        text: str = "",
        reply: Reply | None = None,
        only: int | None = None,
        answers: int | None = None,
        key: str = "",
        at: datetime,
    ) -> Message:
        """Append a message; the same non-empty `key` again returns the channel's first one unchanged."""
        row = {
            "channel_id": channel_id,
            "author_id": author_id,
            "only_member": only,
            "words": text,
            "reply": reply_text(reply) if reply else None,
            "answers": answers,
            "post_key": key[:DELIVERY] or None,
            "created_at": at,
            "updated_at": at,
        }

        def append(db: Scoped) -> tuple[Message, bool]:
            first = db.first(_BY_KEY, the_channel=channel_id, the_key=row["post_key"]) if key else None
            if first is not None:
                return _message(first), False
            seq, change = _next(db, channel_id, posts=1)
            db.insert(messages, {**row, "seq": seq, "change": change})
            return Message(channel_id, seq, change, author_id, only, text, reply, at, at, answers), True

        message, is_new = await self._transaction.run(append)
        if is_new:
            self._transaction.moved(channel_id)
        return message

    async def replace(self, channel_id: int, seq: int, reply: Reply, at: datetime) -> Message | None:
        """Put another reply in place of a bot message, or return None if there is no such message."""
        text = reply_text(reply)

        def edit(db: Scoped) -> Message | None:
            found = db.first(_BY_SEQ, the_channel=channel_id, the_seq=seq)
            if found is None or found.author_id is not None:
                return None
            _, change = _next(db, channel_id, posts=0)
            db.change(_EDIT, the_channel=channel_id, the_seq=seq, reply=text, change=change, updated_at=at)
            return _message(db.first(_BY_SEQ, the_channel=channel_id, the_seq=seq))

        message = await self._transaction.run(edit)
        if message is not None:
            self._transaction.moved(channel_id)
        return message

    async def get(self, channel_id: int, seq: int, member_id: int) -> Message | None:
        """Return one message that the member may see."""

        def read(db: Scoped) -> Message | None:
            row = db.first(_ONE, the_channel=channel_id, the_seq=seq, reader=member_id)
            return _message(row) if row else None

        return await self._transaction.run(read)

    async def latest(
        self, channel_id: int, member_id: int, *, before: int | None = None, limit: int = 50
    ) -> Sequence[Message]:
        """Return messages that the member may see, oldest first, ending before `before` or at the newest."""
        statement = _LATEST if before is None else _BEFORE
        wanted = {"the_channel": channel_id, "reader": member_id, "before": before, "at_most": limit}
        return await self._transaction.run(lambda db: [_message(row) for row in db.all(statement, **wanted)][::-1])

    async def changes(self, channel_id: int, member_id: int, *, since: int, limit: int = 200) -> Sequence[Message]:
        """Return messages posted or edited after change number `since`, in order of change."""
        wanted = {"the_channel": channel_id, "reader": member_id, "since": since, "at_most": limit}
        return await self._transaction.run(lambda db: [_message(row) for row in db.all(_CHANGES, **wanted)])

    async def find(self, channel_id: int, key: str) -> int | None:
        """Return the `seq` of the message posted under that key, or None."""

        def read(db: Scoped) -> int | None:
            row = db.first(_BY_KEY, the_channel=channel_id, the_key=key[:DELIVERY])
            return row.seq if row else None

        return await self._transaction.run(read)

    async def remove_posted(self, start: str) -> int:
        """Remove the messages whose key begins so, from all channels, and return how many there were."""
        pattern = f"{literal(start)}%"
        return await self._transaction.run(lambda db: db.change(_POSTED, the_start=pattern))


def _next(db: Scoped, channel_id: int, *, posts: int) -> tuple[int, int]:
    """Take the channel's next numbers; whoever has them holds them until the commit, and so none is left out."""
    row = db.first(_COUNT, the_channel=channel_id, posts=posts)
    if row is None:
        db.insert_missing(message_counters, {"channel_id": channel_id, "seq": 0, "change": 0})
        return _next(db, channel_id, posts=posts)
    return row.seq, row.change


def _message(row: Row[Any] | None) -> Message:
    if row is None:
        raise LookupError("a message that was there a moment ago")
    return Message(
        channel_id=row.channel_id,
        seq=row.seq,
        change=row.change,
        author_id=row.author_id,
        only=row.only_member,
        text=row.words,
        reply=reply_of(row.reply) if row.reply else None,
        created_at=row.created_at,
        updated_at=row.updated_at,
        answers=row.answers,
    )
