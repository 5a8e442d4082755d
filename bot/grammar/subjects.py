"""What areas keep records of, as the parts that know no area ask for it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.texts.history import Told
from core.chat.spec import SubjectInfo
from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.ports.storage import UnitOfWork
from core.shared.naming import NameBook
from core.workspaces.model import Audience


@dataclass(frozen=True, slots=True)
class Values:
    """What a record is called, and what it has, by argument, as people would type it."""

    title: str
    typed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """What an area keeps records of: its words, where they are kept, and how their history is told.

    `typed` returns what a record has, by the arguments of the commands that change it, as people would type it.
    """

    info: SubjectInfo
    kept: Kept[NumberedRepository[Any]]
    told: Told
    typed: Callable[[Any, NameBook], Mapping[str, str]] = lambda _record, _names: {}

    async def values_of(self, work: UnitOfWork, number: int, audience: Audience, names: NameBook) -> Values | None:
        """Return what a record has, if it is there and the audience may see it."""
        found = await work.of(self.kept).get_many([number], audience)
        return next((Values(str(getattr(one, self.told.kind.title)), self.typed(one, names)) for one in found), None)

    async def suggest(self, work: UnitOfWork, typed: str, audience: Audience, limit: int) -> Iterable[tuple[int, str]]:
        """Return the number and title of so many records, by what is typed of either, that an audience may see."""
        kind = self.told.kind
        found = await work.of(self.kept).suggest(typed, audience, limit=limit)
        return [(kind.number_of(record), str(getattr(record, kind.title))) for record in found]

    async def seen(self, work: UnitOfWork, numbers: Collection[int], audience: Audience) -> Collection[int]:
        """Return the numbers of those records that are not removed and that an audience may see."""
        found = await work.of(self.kept).get_many(list(numbers), audience)
        return {self.told.kind.number_of(record) for record in found}
