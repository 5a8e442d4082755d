"""What people do alike with the records of any area: say something about one, and read what happened to it."""

from datetime import datetime
from typing import Generic

from core.chat.actor import Actor
from core.history.discussing import clean_comment, history_of, say, withdraw
from core.history.model import History
from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import NotFoundError
from core.shared.events import Event, EventValue
from core.shared.names import Names
from core.shared.value_objects import value_object
from core.undo.entries import R, Undoing
from core.undo.keeping import check_reach
from core.workspaces.model import Audience

PAGE_SIZE = 10


@value_object
class Commented(Generic[R]):
    """A record, what was said about it just now, and how to take that back."""

    record: R
    words: str
    undo_id: str


@value_object
class RecordHistory(Generic[R]):
    """A record as it is now, and a page of what happened to it."""

    record: R
    history: History


class NumberedService(Generic[R]):
    """The numbered records of an area in one workspace, for the length of one request.

    Records are loaded through an audience, never by number alone: what one may not see is `NotFoundError`.
    """

    called: Names
    kept: Kept[NumberedRepository[R]]
    undoing: Undoing[R]

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Bind to the workspace's units of work and the time."""
        self._transactions = transactions
        self._clock = clock

    async def history(
        self, number: int, audience: Audience, *, cursor: str = "", limit: int = PAGE_SIZE
    ) -> RecordHistory[R]:
        """Return a page of what happened to a record, the newest first; that of a removed one can be read too.

        Raises `InvalidArgumentError` with reason `cursor` for a cursor that is none.
        """
        async with self._transactions.read() as work:
            record = await self.undoing.find_for(work, work.of(self.kept), number, audience)
            return RecordHistory(record, await history_of(work, self._kind, number, cursor=cursor, limit=limit))

    async def comment(self, actor: Actor, audience: Audience, number: int, typed: str) -> Commented[R]:
        """Keep what the actor has to say about a record; raises `InvalidArgumentError` as `clean_comment` does."""
        now, words = self._clock.now(), clean_comment(typed)
        async with self._transactions.write() as work:
            record = await self._load(work, number, audience)
            undo_id = say(work, actor, f"{self.called.area} comment", (self._kind, number), words, now)
            self._tell(work, actor, record, now, {})
            await work.commit()
        return Commented(record, words, undo_id)

    async def withdraw_comment(self, actor: Actor, entry: UndoEntry, audience: Audience) -> R:
        """Take a comment back and return its record; raises `NotFoundError` for those who do not reach it."""
        check_reach(actor, entry)
        now = self._clock.now()
        async with self._transactions.write() as work:
            comment = await withdraw(work, actor, entry, now)
            record = await self.undoing.find_for(work, work.of(self.kept), comment.number, audience)
            self._tell(work, actor, record, now, {"undo": True})
            await work.commit()
        return record

    @property
    def _kind(self) -> str:
        return self.undoing.kind.name

    async def _load(self, work: UnitOfWork, number: int, audience: Audience) -> R:
        record = await work.of(self.kept).get(number, audience)
        if record is None:
            raise NotFoundError(self._kind, number)
        return record

    def _tell(self, work: UnitOfWork, actor: Actor, record: R, now: datetime, facts: dict[str, EventValue]) -> None:
        channel_id = getattr(record, "channel_id", None)
        told = {"number": record.number, **facts}
        work.events.record(Event(f"{self.called.area}.commented", now, channel_id, actor.member_id, told))
