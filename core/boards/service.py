"""Putting up boards and taking them down."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from core.boards.model import Board
from core.chat.actor import Actor
from core.chat.request import ChannelKind
from core.ports.storage import Transactions, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import RefusedError
from core.shared.events import Event, EventValue
from core.shared.ids import new_id

BOARD_MOVED = "board."
"""How the events begin that tell of boards put up and taken down."""

MOST_RETIRED = 8
"""Messages of former boards that are remembered until they are taken away."""


class Presence(Protocol):
    """Knows where the bot is."""

    async def is_in(self, actor: Actor) -> bool:
        """Tell whether the bot is in the actor's channel; in doubt it is taken to be."""
        ...


class BoardService:
    """The boards of one workspace, for the length of one request; messages come and go after the commit."""

    def __init__(self, transactions: Transactions, clock: Clock, presence: Presence) -> None:
        """Bind to the workspace's units of work, the time, and whoever knows where the bot is."""
        self._transactions = transactions
        self._clock = clock
        self._presence = presence

    async def put_up(self, actor: Actor, area: str, grouping: str, *, is_own: bool) -> bool:
        """Give the actor's channel a board at its end, in place of the area's own there; tell whether it had one.

        One that `is_own` shows what concerns the actor, if this is their direct conversation with the bot; it has one,
        even if several spaces of a platform share that conversation. Raises `RefusedError` with reason
        `board_not_there` (details `area`, `platform`, `channel`, `is_direct`) if the bot is not there.
        """
        is_direct = actor.channel_kind is ChannelKind.DIRECT
        if not await self._presence.is_in(actor):
            raise RefusedError(
                "board_not_there",
                area=area,
                platform=actor.platform.value,
                channel=actor.channel_name,
                is_direct=is_direct,
            )
        now = self._clock.now()
        async with self._transactions.write() as work:
            former = await work.boards.of(actor.channel_id, area)
            twins = await work.boards.beside(actor.channel_id, area) if is_direct else ()
            for twin in twins:
                await take_away(work, twin, now, by=actor.member_id)
            board = Board(
                id=new_id(now),
                workspace_id=actor.workspace_id,
                channel_id=actor.channel_id,
                area=area,
                grouping=grouping,
                made_by=actor.member_id,
                created_at=now,
                retired=former.messages[-MOST_RETIRED:] if former else (),
                member_id=actor.member_id if is_direct and is_own else None,
            )
            await work.boards.put(board)
            if former:
                await forget_buttons(work, former)
            facts: dict[str, EventValue] = {"area": area, "by": grouping, "member": board.member_id}
            work.events.record(Event("board.put_up", now, actor.channel_id, actor.member_id, facts))
            await work.commit()
        return bool(twins) or (former is not None and former.is_on)

    async def take_down(self, actor: Actor, area: str) -> Board:
        """Take the board of an area away from the actor's channel and return it.

        Raises `RefusedError` with reason `no_board` (detail `area`).
        """
        now = self._clock.now()
        async with self._transactions.write() as work:
            found = await work.boards.of(actor.channel_id, area)
            boards = [found] if found is not None and found.is_on else []
            if actor.channel_kind is ChannelKind.DIRECT:
                boards.extend(await work.boards.beside(actor.channel_id, area))
            if not boards:
                raise RefusedError("no_board", area=area)
            for board in boards:
                await take_away(work, board, now, by=actor.member_id)
            await work.commit()
        return boards[0]


async def take_away(work: UnitOfWork, board: Board, at: datetime, *, by: int | None) -> None:
    """Switch a board off so that its messages are taken away; `by` is None if nobody asked for that."""
    await work.boards.put(replace(board, is_on=False, message="", retired=board.messages[-MOST_RETIRED:]))
    await forget_buttons(work, board)
    work.events.record(Event("board.taken_down", at, board.channel_id, by, {}))


async def forget_buttons(work: UnitOfWork, board: Board) -> None:
    """Let the buttons of a board go, which would otherwise stay for ever."""
    await work.actions.keep(board.id, (), channel_id=board.channel_id, expires_at=board.created_at)
