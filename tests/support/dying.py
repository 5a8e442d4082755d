"""A process that dies in the middle of what it writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.ports.storage import Transactions, UnitOfWork


class DeathError(BaseException):
    """The process is gone."""


class Mortal:
    """Units of work of a process that dies as its `life`-th commit is made, or right before it is."""

    def __init__(self, transactions: Transactions, life: int, *, after_commit: bool) -> None:
        self._transactions = transactions
        self._life = life
        self._after_commit = after_commit

    def read(self) -> object:
        return self._transactions.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        async with self._transactions.write() as work:
            commit = work.commit

            async def dying_commit() -> None:
                self._life -= 1
                if self._life == 0 and not self._after_commit:
                    raise DeathError
                await commit()
                if self._life == 0:
                    raise DeathError

            work.commit = dying_commit  # type: ignore[method-assign]
            yield work
