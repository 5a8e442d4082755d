"""The boards of one workspace."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, false, true

from adapters.storage.schema.board_table import RETIRED, boards
from adapters.storage.schema.tables import EXTERNAL, WORD, channels
from adapters.storage.work import scope
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.boards.model import Board

_b, _c = boards.c, channels.c

_HERE = (_b.channel_id == bindparam("the_channel"), _b.area == bindparam("the_area"))
_ONE = scope.select(boards).where(*_HERE)
_NAME = scope.select(channels, _c.external_id).where(_c.id == bindparam("the_channel")).scalar_subquery()
_SAME = scope.select(channels, _c.id).where(_c.external_id == _NAME, _c.id != bindparam("the_channel"))
_BESIDE = (
    scope.select(boards)
    .where(_b.channel_id.in_(_SAME), _b.area == bindparam("the_area"), _b.is_on == true())
    .order_by(_b.channel_id)
)
_FORMER = scope.delete(boards).where(*_HERE)
_BY_ID = _b.id == bindparam("the_board")
_ANY = scope.update(boards).where(_BY_ID)
_ON = _ANY.where(_b.is_on == true())
_OVER = scope.delete(boards).where(_BY_ID, _b.is_on == false())


class Boards:
    """The repository of boards."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def of(self, channel_id: int, area: str) -> Board | None:
        """Return the board of an area in a channel, one that is off too."""

        def read(db: Scoped) -> Board | None:
            row = db.first(_ONE, the_channel=channel_id, the_area=area)
            return board_of(row) if row else None

        return await self._transaction.run(read)

    async def beside(self, channel_id: int, area: str) -> Sequence[Board]:
        """Return the boards of an area that are on in the very same conversation, met through other spaces."""
        return await self._transaction.run(
            lambda db: [board_of(row) for row in db.all(_BESIDE, the_channel=channel_id, the_area=area)]
        )

    async def put(self, board: Board) -> None:
        """Store a board in place of the former one of its area in the channel."""

        def put(db: Scoped) -> None:
            db.change(_FORMER, the_channel=board.channel_id, the_area=board.area)
            db.insert(boards, _row(board))

        await self._transaction.run(put)

    async def posted(self, board: Board, message: str, digest: str) -> bool:
        """Keep the message of a board, if it still is the channel's board and on; tell whether it was."""
        values = {"message": message[:EXTERNAL], "digest": digest[:WORD]}
        return await self._transaction.run(lambda db: db.change(_ON, the_board=board.id, **values) == 1)

    async def cleared(self, board: Board, retired: Sequence[str]) -> None:
        """Keep which messages are still to be taken away; a board that is off and has none is forgotten."""

        def clear(db: Scoped) -> None:
            if not retired and db.change(_OVER, the_board=board.id):
                return
            db.change(_ANY, the_board=board.id, retired=_joined(retired))

        await self._transaction.run(clear)

    async def switch_off(self, board: Board) -> bool:
        """Switch a board off and let go of its messages, if it still is the channel's board and on; tell whether."""

        def switch(db: Scoped) -> bool:
            if not db.change(_ON, the_board=board.id, is_on=False, message="", retired=""):
                return False
            return db.change(_OVER, the_board=board.id) == 1

        return await self._transaction.run(switch)

    async def remember(self, digests: Sequence[tuple[str, str]]) -> None:
        """Keep what boards (by id) show, by digest."""

        def keep(db: Scoped) -> None:
            for board_id, digest in digests:
                db.change(_ANY, the_board=board_id, digest=digest[:WORD])

        await self._transaction.run(keep)


def board_of(row: Row[Any]) -> Board:
    """Return the board of a row."""
    return Board(
        id=row.id,
        workspace_id=row.workspace_id,
        channel_id=row.channel_id,
        area=row.area,
        grouping=row.grouping,
        made_by=row.made_by,
        member_id=row.member_id,
        created_at=row.created_at,
        message=row.message,
        retired=tuple(row.retired.split()),
        digest=row.digest,
        is_on=bool(row.is_on),
    )


def _row(board: Board) -> dict[str, Any]:
    return {
        "channel_id": board.channel_id,
        "id": board.id,
        "area": board.area,
        "grouping": board.grouping,
        "made_by": board.made_by,
        "member_id": board.member_id,
        "message": board.message,
        "retired": _joined(board.retired),
        "digest": board.digest,
        "is_on": board.is_on,
        "created_at": board.created_at,
    }


def _joined(messages: Sequence[str]) -> str:
    """Return ids of messages, which have no spaces, as one text; what does not fit is the oldest."""
    kept = list(messages)
    while len(" ".join(kept)) > RETIRED:
        kept.pop(0)
    return " ".join(kept)
