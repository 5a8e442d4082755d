"""What the pipeline does with the records of an area, within a unit of work."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from core.ports.numbered import NumberedRepository
from core.workspaces.model import Audience

if TYPE_CHECKING:
    from core.ports.storage import UnitOfWork

R = TypeVar("R")


class Records(Protocol[R]):
    """The records that the rows of a sheet are about."""

    async def reserve(self, work: "UnitOfWork", count: int) -> int:
        """Take so many fresh numbers and return the first."""
        ...

    async def find(self, work: "UnitOfWork", keys: Sequence[object], audience: Audience) -> Mapping[object, R]:
        """Return the records with those keys that the audience may see."""
        ...

    async def holders(self, work: "UnitOfWork", column: str, forms: Collection[str]) -> Mapping[str, int]:
        """Return the numbers of the records, whoever may see them, that have what only one can have, by its form."""
        ...

    async def versions(self, work: "UnitOfWork", numbers: Sequence[int]) -> Mapping[int, int]:
        """Return the versions of those of the records that are there, by number, whoever may see them."""
        ...

    def add(self, work: "UnitOfWork", records: Sequence[R]) -> None:
        """Insert new records, whose keys are free, at the latest when the unit of work commits."""
        ...

    async def added(self, work: "UnitOfWork", records: Sequence[R]) -> None:
        """See to what new records need beside their own rows, in the unit of work in which they were added."""
        ...

    async def named(self, work: "UnitOfWork", numbers: Sequence[int]) -> Sequence[R]:
        """Return the records of some numbers, removed ones too, whoever may see them; for undo, never for showing."""
        ...

    async def change(self, work: "UnitOfWork", records: Sequence[R]) -> None:
        """Store changed records that were looked up in this unit of work, their versions already raised."""
        ...

    async def remove_untouched(self, work: "UnitOfWork", numbers: Sequence[int], at: datetime) -> int:
        """Remove those of the records that are as they were made (version 1) and return how many."""
        ...

    async def ended(self, work: "UnitOfWork") -> None:
        """See to what comes once for all that was brought in, or taken back, in the unit of work that ends it."""
        ...


class NumberedRecords(Generic[R]):
    """Records that rows name by their number."""

    def __init__(self, repository: "Callable[[UnitOfWork], NumberedRepository[R]]") -> None:
        """Take which repository of a unit of work keeps them."""
        self._of = repository

    async def reserve(self, work: "UnitOfWork", count: int) -> int:
        """Take so many fresh numbers and return the first."""
        return await self._of(work).reserve_numbers(count)

    async def find(self, work: "UnitOfWork", keys: Sequence[object], audience: Audience) -> Mapping[object, R]:
        """Return the records with those numbers that the audience may see."""
        found = await self._of(work).get_many(cast("Sequence[int]", keys), audience)
        return {record.number: record for record in found}  # type: ignore[attr-defined]

    async def holders(self, work: "UnitOfWork", column: str, forms: Collection[str]) -> Mapping[str, int]:
        """Return the numbers of the records, whoever may see them, that have what only one can have, by its form."""
        return await self._of(work).holders(column, forms)

    async def versions(self, work: "UnitOfWork", numbers: Sequence[int]) -> Mapping[int, int]:
        """Return the versions of those of the records that are there, by number, whoever may see them."""
        return await self._of(work).versions(numbers)

    def add(self, work: "UnitOfWork", records: Sequence[R]) -> None:
        """Insert new records, whose keys are free, at the latest when the unit of work commits."""
        self._of(work).add_all(records)

    async def added(self, work: "UnitOfWork", records: Sequence[R]) -> None:
        """See to what new records need beside their own rows: nothing."""

    async def named(self, work: "UnitOfWork", numbers: Sequence[int]) -> Sequence[R]:
        """Return the records of some numbers, removed ones too, whoever may see them; for undo, never for showing."""
        found = [await self._of(work).find(number) for number in numbers]
        return [record for record in found if record is not None]

    async def change(self, work: "UnitOfWork", records: Sequence[R]) -> None:
        """Store changed records that were looked up in this unit of work, their versions already raised."""
        await self._of(work).change_many(records)

    async def remove_untouched(self, work: "UnitOfWork", numbers: Sequence[int], at: datetime) -> int:
        """Remove those of the records that are as they were made (version 1) and return how many."""
        return await self._of(work).remove_untouched(numbers, at)

    async def ended(self, work: "UnitOfWork") -> None:
        """See to what comes once for all that was brought in or taken back: nothing."""


class KeyedRecords(NumberedRecords[R]):
    """Numbered records that rows name by another key, such as a SKU."""

    def __init__(
        self,
        repository: "Callable[[UnitOfWork], NumberedRepository[R]]",
        look_up: "Callable[[UnitOfWork, Sequence[str], Audience], Awaitable[Sequence[R]]]",
        key: Callable[[R], object],
    ) -> None:
        """Take which repository keeps them, how it finds those of some keys, and the key of one."""
        super().__init__(repository)
        self._look_up = look_up
        self._key = key

    async def find(self, work: "UnitOfWork", keys: Sequence[object], audience: Audience) -> Mapping[object, R]:
        """Return the records with those keys that the audience may see."""
        found = await self._look_up(work, cast("Sequence[str]", keys), audience)
        return {self._key(record): record for record in found}
