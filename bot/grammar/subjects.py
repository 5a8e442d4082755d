"""What areas keep records of, as the parts that know no area ask for it."""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from bot.texts.history import Told
from core.chat.spec import SubjectInfo
from core.chat.text import plain
from core.ports.kept import Kept
from core.ports.numbered import NumberedRepository
from core.ports.storage import UnitOfWork
from core.shared.naming import NameBook
from core.shared.value_objects import value_object
from core.workspaces.model import Audience

Find = Callable[[UnitOfWork, str, Audience], Awaitable[Sequence[Any]]]
"""Finds the records that people call so, of those that an audience may see."""

_NUMBER = re.compile(r"(#?)([0-9]{1,9})")


@value_object
class Values:
    """What a record is called, and what it has, by argument, as people would type it."""

    name: str
    typed: Mapping[str, str]


@value_object
class Subject:
    """What an area keeps records of: its words, where they are kept, and how their history is told.

    Records go by their numbers, with `find` also by what it finds them by, such as a SKU, which their kind has as its
    `key`; the area's commands, services and events have their numbers all the same.
    `typed` returns what a record has, by the arguments of the commands that change it, as people would type it.
    """

    info: SubjectInfo
    kept: Kept[NumberedRepository[Any]]
    told: Told
    typed: Callable[[Any, NameBook], Mapping[str, str]] = lambda _record, _names: {}
    find: Find | None = None

    async def named(self, work: UnitOfWork, word: str, audience: Audience) -> Sequence[Any]:
        """Return the records that people mean by a word: what is called so, else what has that number.

        `#12` is a number whatever is called so.
        """
        number = _NUMBER.fullmatch(word)
        found = await self.find(work, word, audience) if self.find and not (number and number[1]) else ()
        return found or (await work.of(self.kept).get_many([int(number[2])], audience) if number else ())

    async def values_of(self, work: UnitOfWork, word: str, audience: Audience, names: NameBook) -> Values | None:
        """Return what a record has, if just one is called so and the audience may see it."""
        found = await self.named(work, word, audience)
        return Values(plain(self.told.name(found[0])), self.typed(found[0], names)) if len(found) == 1 else None

    async def suggest(self, work: UnitOfWork, typed: str, audience: Audience, limit: int) -> Iterable[tuple[str, str]]:
        """Return what so many records go by, and their titles, by what is typed of either, as an audience may see."""
        kind = self.told.kind
        found = await work.of(self.kept).suggest(typed, audience, limit=limit)
        return [(kind.called(record), str(getattr(record, kind.title))) for record in found]

    async def seen(self, work: UnitOfWork, numbers: Collection[int], audience: Audience) -> Collection[int]:
        """Return the numbers of those records that are not removed and that an audience may see."""
        found = await work.of(self.kept).get_many(list(numbers), audience)
        return {self.told.kind.number_of(record) for record in found}


@value_object
class Aside:
    """What an area changes that is no record of its own, such as people: how its history is told.

    `numbers` says which are meant by a target in the audit trail of a workspace. Whoever reads that may know them all.
    """

    told: Told
    numbers: Callable[[str, int], Collection[int]]
