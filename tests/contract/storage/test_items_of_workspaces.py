"""Numbered items that are in no channel: everybody in their workspace sees them, and may have changes undone."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table

from adapters.storage import SqlStorage
from adapters.storage.repositories.keyset import Order
from adapters.storage.repositories.kinds import Kind
from adapters.storage.repositories.numbered import NumberedItems
from adapters.storage.schema.column_types import Money, Words
from adapters.storage.schema.common_columns import filed
from adapters.storage.schema.own_key import own_key
from adapters.storage.system.spaces import belonging_to_workspaces
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.people.model import Role
from core.ports.kept import Kept
from core.ports.storage import UndoEntry
from core.shared.errors import ConflictError, InvalidArgumentError
from core.shared.ids import MemberId
from core.shared.paging import Page
from core.transfer.records import KeyedRecords
from core.undo.entries import Undoing
from core.undo.keeping import keep_change
from core.undo.kinds import RecordKind
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.clock import HeldClock
from tests.support.databases import fresh_storage
from tests.support.further_areas import in_schema, make_tables


@dataclass(frozen=True)
class Shelf:
    """Something that the whole workspace has, and that has no title but a label."""

    number: int
    label: str
    width: Decimal
    author_id: MemberId
    created_at: datetime
    version: int = 1
    removed_at: datetime | None = None


shelves = Table(
    "shelves",
    MetaData(),
    *filed(in_channels=False),
    Column("label", Words(40), nullable=False),
    Column("width", Money, nullable=False),
)
own_key(shelves, shelves.c.label)

_KIND: Kind[Shelf] = Kind(
    table=shelves,
    row_of=lambda shelf: dict(vars(shelf)),
    item_of=lambda row: Shelf(
        row.number, row.label, row.width, row.author_id, row.created_at, row.version, row.removed_at
    ),
    words=shelves.c.label,
)
_NEWEST = Order((shelves.c.number,), descending=True)
_BY_LABEL = Order((shelves.c.label, shelves.c.number))
_WIDEST = Order((shelves.c.width, shelves.c.number), descending=True)


class Shelves(NumberedItems[Shelf]):
    """The repository of shelves."""

    kind = _KIND

    async def page(
        self, audience: Audience, order: Order = _NEWEST, *, cursor: str = "", limit: int = 10
    ) -> Page[Shelf]:
        """Return a page."""
        return await self._page({}, audience, order, cursor=cursor, limit=limit)

    async def suggest(self, prefix: str, audience: Audience, *, limit: int = 10) -> Sequence[Shelf]:
        """Return shelves whose label starts so."""
        return await self._suggest(prefix, {}, audience, _NEWEST, limit=limit)

    async def labelled(self, labels: Sequence[str], audience: Audience) -> Sequence[Shelf]:
        """Return shelves by their labels."""
        return await self._get_many(shelves.c.label, labels, audience)

    def stream(self, audience: Audience) -> AsyncIterator[Sequence[Shelf]]:
        """Yield all shelves."""
        return self._walk({}, audience, chunk=2)


SHELVES: Kept[Shelves] = Kept("shelves")
SHELF = RecordKind("shelf", Shelf, title="label", aside={"version"})
UNDO = Undoing(SHELF, in_channels=False)


@pytest.fixture
async def storage(request: pytest.FixtureRequest, tmp_path: Path, clock: HeldClock) -> AsyncIterator[SqlStorage]:
    with in_schema(shelves):
        async with fresh_storage(request.param, tmp_path, clock=clock, areas={SHELVES: Shelves}) as opened:
            await make_tables(opened, shelves)
            yield opened


def shelf(place: Place, number: int = 1, label: str = "oak") -> Shelf:
    return Shelf(number, label, Decimal("80.50"), place.ann, NOON)


async def add(place: Place, *made: Shelf) -> None:
    async with place.writing() as work:
        work.of(SHELVES).add_all(made)


async def _added(place: Place, *made: Shelf) -> None:
    async with place.writing() as work:
        for one in made:
            work.of(SHELVES).add(one)


def someone(place: Place) -> Actor:
    """Return Ben, who is in no private channel and made none of them."""
    return Actor(
        place.ben,
        place.id,
        "Ben",
        Role.MEMBER,
        "UTC",
        "en",
        Platform.WEB,
        place.space.id,
        place.general.id,
        "general",
        ChannelKind.PUBLIC,
    )


async def test_everybody_in_the_workspace_sees_them(here: Place, there: Place) -> None:
    made = [shelf(here, number, label) for number, label in enumerate(("oak", "ash", "elm"), 1)]
    await add(here, *made)
    async with here.reading() as work:
        kept = work.of(SHELVES)
        assert await kept.get(1, here.public) == made[0]
        assert await kept.get_many([1, 3, 9], here.public) == [made[0], made[2]]
        assert (await kept.page(here.public)).items == made[::-1]
        assert await kept.suggest("as", here.public) == [made[1]]
        assert [len(chunk) async for chunk in kept.stream(here.public)] == [2, 1]
    async with there.reading() as work:
        assert await work.of(SHELVES).get(1, there.everything) is None


@pytest.mark.parametrize(
    ("order", "numbers"), [(_BY_LABEL, [4, 2, 5, 1, 3]), (_WIDEST, [3, 1, 2, 5, 4])], ids=["texts", "amounts"]
)
async def test_pages_go_on_by_texts_and_by_amounts_in_both_directions(
    here: Place, order: Order, numbers: list[int]
) -> None:
    labels, widths = ("oak", "Ash ñ.", "ørsted", "", "elm"), ("80.5", "0", "1200", "-3.25", "-0.0001")
    await add(
        here,
        *(
            replace(shelf(here, number, label), width=Decimal(width))
            for number, (label, width) in enumerate(zip(labels, widths, strict=True), 1)
        ),
    )

    async def page(cursor: str | None) -> Page[Shelf]:
        async with here.reading() as work:
            return await work.of(SHELVES).page(here.public, order, cursor=cursor or "", limit=2)

    first = await page("")
    second = await page(first.next_cursor)
    third = await page(second.next_cursor)
    assert [one.number for found in (first, second, third) for one in found.items] == numbers
    assert (second.before, third.before, third.next_cursor) == (2, 4, None)
    back = await page(third.previous_cursor)
    assert back.items == second.items
    assert (await page(back.previous_cursor)).items == first.items


@pytest.mark.parametrize(
    "cursor", ["n.zz.1", "n.00.1", "n.6f61.1.1", "n.6f61", "n.6f61.-1", f"n.{'61' * 41}.1", "n..", "x.61.1"]
)
async def test_a_place_that_no_text_has_is_no_cursor(here: Place, cursor: str) -> None:
    async with here.reading() as work:
        with pytest.raises(InvalidArgumentError, match="invalid"):
            await work.of(SHELVES).page(here.public, _BY_LABEL, cursor=cursor)


async def test_rows_of_files_name_them_by_another_key_than_their_number(here: Place) -> None:
    made = [shelf(here, number, f"oak {number}") for number in range(1, 6)]
    await add(here, *made, shelf(here, 6, "Oak 1"))
    records = KeyedRecords(
        lambda work: work.of(SHELVES),
        lambda work, labels, audience: work.of(SHELVES).labelled(labels, audience),
        lambda shelf: shelf.label,
    )
    async with here.writing() as work:
        assert await records.find(work, ["oak 3", "oak 1", "elm"], here.public) == {"oak 1": made[0], "oak 3": made[2]}
        assert await records.remove_untouched(work, [3], NOON) == 1
        assert await records.find(work, ["oak 3", "oak 1"], here.public) == {"oak 1": made[0]}


async def changed(place: Place, before: Shelf, after: Shelf) -> UndoEntry:
    async with place.writing() as work:
        await work.of(SHELVES).change_many([after])
        undo_id = keep_change(work, SHELF, someone(place), "shelf edit", [before], [after], NOON)
    async with place.reading() as work:
        entry = await work.undo.get(undo_id)
    assert entry is not None
    return entry


async def test_a_change_is_taken_back_without_looking_at_channels(here: Place) -> None:
    oak = shelf(here)
    await add(here, oak)
    entry = await changed(here, oak, replace(oak, label="ash", width=Decimal("80.05"), version=2))
    async with here.writing() as work:
        undone = await UNDO.take_back(work, work.of(SHELVES), someone(here), entry, NOON, here.public)
    assert undone.records == (replace(oak, version=3),)


async def test_a_change_that_was_overtaken_is_refused_by_what_the_thing_is_called(here: Place) -> None:
    oak = shelf(here)
    await add(here, oak)
    entry = await changed(here, oak, replace(oak, width=Decimal(90), version=2))
    async with here.writing() as work:
        await work.of(SHELVES).change_many([replace(oak, width=Decimal(70), version=3)])
    async with here.writing() as work:
        with pytest.raises(ConflictError) as refused:
            await UNDO.take_back(work, work.of(SHELVES), someone(here), entry, NOON, here.public)
    assert (refused.value.details["title"], refused.value.details["changed"]) == ("oak", ("width",))


async def test_a_key_that_another_has_by_now_is_refused_when_a_change_is_taken_back(here: Place) -> None:
    oak = shelf(here)
    await add(here, oak)
    entry = await changed(here, oak, replace(oak, removed_at=NOON, version=2))
    await add(here, shelf(here, 2))
    async with here.writing() as work:
        with pytest.raises(ConflictError) as refused:
            await UNDO.take_back(work, work.of(SHELVES), someone(here), entry, NOON, here.public)
    assert (refused.value.details["reason"], refused.value.details["value"]) == ("key_taken", "oak")


async def test_a_key_belongs_to_one_that_is_not_removed_in_each_workspace(here: Place, there: Place) -> None:
    await add(here, shelf(here), shelf(here, 2, "ash"))
    await add(there, shelf(there))
    with pytest.raises(ConflictError, match="conflict"):
        await _added(here, shelf(here, 3))
    with pytest.raises(ConflictError):
        await add(here, shelf(here, 3, "elm"), shelf(here, 4))
    with pytest.raises(ConflictError):
        await _added(here, shelf(here, 3, "elm"), shelf(here, 4, "elm"))
    async with here.writing() as work:
        with pytest.raises(ConflictError):
            await work.of(SHELVES).change(replace(shelf(here, 2, "oak"), version=2), 1)
    async with here.writing() as work:
        await work.of(SHELVES).change_many([replace(shelf(here), removed_at=NOON, version=2)])
        work.of(SHELVES).add(shelf(here, 3))
    async with here.reading() as work:
        assert [one.number for one in await work.of(SHELVES).labelled(["oak"], here.public)] == [3]


async def test_of_equal_keys_at_the_same_moment_one_is_kept_and_the_other_refused_by_name(here: Place) -> None:
    told = await asyncio.gather(*(_added(here, shelf(here, number)) for number in (1, 2)), return_exceptions=True)
    (refused,) = (one for one in told if one is not None)
    assert isinstance(refused, ConflictError)
    assert (refused.details["reason"], refused.details["value"]) == ("key_taken", "oak")


async def test_the_last_space_of_a_workspace_does_not_leave_them_behind(storage: SqlStorage, here: Place) -> None:
    assert {table.name for table in belonging_to_workspaces()} == {
        *("shelves", "products", "customers", "books", "orders", "order_terms", "discount_codes", "alert_places"),
        *("categories",),
        "stock_counts",
    }
    newcomer = await build_place(storage, "new")
    await add(newcomer, shelf(newcomer))
    assert not await storage.system.move_space(newcomer.space.id, here.id, NOON)
    assert newcomer.space in await storage.system.spaces()
