"""What people said about the things of one workspace."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, literal_column

from adapters.storage.schema.history_tables import comments
from adapters.storage.schema.text_forms import storable
from adapters.storage.work import scope
from adapters.storage.work.chunks import chunks
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.history.model import Comment, Discussion
from core.shared.paging import COUNT_LIMIT

_c = comments.c

_NAMED = scope.select(comments).where(_c.id.in_(bindparam("the_comments", expanding=True)))
_THEIRS = (_c.kind == bindparam("the_kind"), _c.number == bindparam("the_number"), _c.removed_at.is_(None))
_LATEST = scope.select(comments).where(*_THEIRS).order_by(_c.id.desc()).limit(bindparam("at_most"))
_COUNT = scope.count(scope.select(comments, literal_column("1").label("one")).where(*_THEIRS), COUNT_LIMIT + 1)
_REMOVE = scope.update(comments).where(_c.id == bindparam("the_comment"), _c.removed_at.is_(None))


class Comments:
    """The repository of comments."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    def add(self, comment: Comment) -> None:
        """Keep a comment at the latest when the unit of work commits."""
        row = {
            "id": comment.id,
            "kind": comment.kind,
            "number": comment.number,
            "author_id": comment.author_id,
            "text": storable(comment.text),
            "created_at": comment.created_at,
            "removed_at": comment.removed_at,
        }
        self._transaction.later(comments, row)

    async def named(self, ids: Sequence[str]) -> Mapping[str, Comment]:
        """Return comments by their ids, withdrawn ones too."""

        def read(db: Scoped) -> dict[str, Comment]:
            rows = (row for some in chunks(ids) for row in db.all(_NAMED, the_comments=some))
            return {row.id: _comment(row) for row in rows}

        return await self._transaction.run(read) if ids else {}

    async def about(self, kind: str, number: int, *, limit: int) -> Discussion:
        """Return how much was said about a thing, and the latest of it, the newest first."""

        def read(db: Scoped) -> Discussion:
            which = {"the_kind": kind, "the_number": number}
            latest = tuple(_comment(row) for row in db.all(_LATEST, **which, at_most=limit))
            total = len(latest) if len(latest) < limit else int(db.scalar(_COUNT, **which))
            return Discussion(total, latest)

        return await self._transaction.run(read)

    async def withdraw(self, comment_id: str, at: datetime) -> bool:
        """Mark a comment as withdrawn and tell whether it was not yet."""
        return await self._transaction.run(lambda db: db.change(_REMOVE, the_comment=comment_id, removed_at=at) == 1)


def _comment(row: Row[Any]) -> Comment:
    return Comment(row.id, row.kind, row.number, row.author_id, row.text, row.created_at, row.removed_at)
