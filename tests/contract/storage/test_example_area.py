"""What an area gets from the storage for its table and a few lines: numbers, versions, pages, audiences, completion.

Tried on an area that the product does not have; areas of the product test what they add to this.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage import SqlStorage
from adapters.storage.copying import Copy
from core.shared.errors import InvalidArgumentError
from core.workspaces.model import Audience, Channel
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.clock import HeldClock
from tests.support.databases import fresh_storage
from tests.support.further_areas import in_schema, make_tables
from tests.support.notes import NOTE_AREA, NOTES
from tests.support.notes.model import Note
from tests.support.notes.storage import notes
from tests.support.storage import fresh_url, make_storage


@pytest.fixture
async def storage(request: pytest.FixtureRequest, tmp_path: Path, clock: HeldClock) -> AsyncIterator[SqlStorage]:
    with in_schema(notes):
        async with fresh_storage(request.param, tmp_path, clock=clock, areas=NOTE_AREA.repositories) as opened:
            await make_tables(opened, notes)
            yield opened


def note(place: Place, title: str = "Milk", channel: Channel | None = None, author: int = 0) -> Note:
    return Note(0, title, False, (channel or place.general).id, author or place.ann, NOON)


async def add(place: Place, *wanted: Note) -> Sequence[Note]:
    async with place.writing() as work:
        first = await work.of(NOTES).reserve_numbers(len(wanted))
        numbered = [replace(one, number=number) for number, one in enumerate(wanted, first)]
        for one in numbered:
            work.of(NOTES).add(one)
    return numbered


async def get(place: Place, number: int, audience: Audience) -> Note | None:
    async with place.reading() as work:
        return await work.of(NOTES).get(number, audience)


async def test_numbers_begin_at_one_in_each_workspace_and_are_never_given_twice(here: Place, there: Place) -> None:
    assert [one.number for one in await add(here, note(here), note(here))] == [1, 2]
    assert [one.number for one in await add(there, note(there))] == [1]
    async with here.storage.workspace(here.id).write() as work:
        assert await work.of(NOTES).reserve_numbers(5) == 3
    assert [one.number for one in await add(here, note(here))] == [3]


async def test_numbers_of_fifty_at_once_are_unique_and_without_a_gap(here: Place) -> None:
    async def reserve() -> int:
        async with here.writing() as work:
            return await work.of(NOTES).reserve_numbers()

    numbers = await asyncio.gather(*(reserve() for _ in range(50)))
    assert sorted(numbers) == list(range(1, 51))


async def test_it_is_read_as_it_was_written(here: Place) -> None:
    (kept,) = await add(here, note(here, "Oat milk, the grey one"))
    assert await get(here, kept.number, here.public) == kept


async def test_it_is_for_those_who_see_its_channel_and_for_its_author(here: Place) -> None:
    (secret,) = await add(here, note(here, channel=here.board))
    assert await get(here, secret.number, here.public) is None
    assert await get(here, secret.number, Audience(here.ben, frozenset({here.board.id}))) == secret
    assert await get(here, secret.number, Audience(here.ann, frozenset())) == secret
    assert await get(here, secret.number, here.everything) == secret
    async with here.reading() as work:
        assert (await work.of(NOTES).page(None, here.public)).total == 0
        assert await work.of(NOTES).suggest("milk", here.public) == []
        assert [chunk async for chunk in work.of(NOTES).stream(here.public)] == []
        assert await work.of(NOTES).get_many([secret.number], here.public) == []


async def test_a_change_that_came_too_late_changes_nothing(here: Place) -> None:
    (kept,) = await add(here, note(here))
    newer = replace(kept, title="Oats", pinned=True, version=2)
    async with here.writing() as work:
        assert await work.of(NOTES).change(newer, 1)
        assert not await work.of(NOTES).change(replace(kept, title="Late", version=2), 1)
    assert await get(here, kept.number, here.public) == newer


async def test_of_twenty_who_change_it_at_once_one_does(here: Place) -> None:
    (kept,) = await add(here, note(here))

    async def change(index: int) -> bool:
        async with here.writing() as work:
            return await work.of(NOTES).change(replace(kept, title=f"By {index}", version=2), 1)

    assert sum(await asyncio.gather(*(change(index) for index in range(20)))) == 1


async def test_what_is_untouched_since_it_was_made_can_be_removed_together(here: Place) -> None:
    mine, touched = await add(here, note(here), note(here))
    async with here.writing() as work:
        assert await work.of(NOTES).change(replace(touched, title="Bread", version=2), 1)
        assert await work.of(NOTES).versions([1, 2, 99]) == {1: 1, 2: 2}
        assert await work.of(NOTES).remove_untouched([1, 2, 99], NOON) == 1
    assert await get(here, mine.number, here.everything) is None
    assert await get(here, touched.number, here.everything) is not None


async def test_a_removed_one_is_found_for_undo_alone(here: Place) -> None:
    (kept,) = await add(here, note(here))
    gone = replace(kept, removed_at=NOON, version=2)
    async with here.writing() as work:
        await work.of(NOTES).change_many([gone])
    assert await get(here, kept.number, here.everything) is None
    async with here.reading() as work:
        assert await work.of(NOTES).find(kept.number) == gone
        assert await work.of(NOTES).suggest("milk", here.everything) == []


async def test_pages_lead_forth_and_back_in_their_order(here: Place) -> None:
    await add(here, *(note(here, f"Note {n}") for n in range(25)), note(here, channel=here.board))
    async with here.reading() as work:
        first = await work.of(NOTES).page(here.general.id, here.public)
        second = await work.of(NOTES).page(here.general.id, here.public, cursor=first.next_cursor or "")
        last = await work.of(NOTES).page(here.general.id, here.public, cursor=second.next_cursor or "")
        back = await work.of(NOTES).page(here.general.id, here.public, cursor=last.previous_cursor or "")
    assert [one.number for one in first.items] == list(range(25, 15, -1))
    assert [one.number for one in last.items] == list(range(5, 0, -1))
    assert (first.previous_cursor, last.next_cursor, first.total) == (None, None, 25)
    assert back.items == second.items
    with pytest.raises(InvalidArgumentError, match="invalid_argument"):
        async with here.reading() as work:
            await work.of(NOTES).page(None, here.public, cursor="nonsense")


async def test_it_is_completed_by_its_number_and_by_the_beginnings_of_its_words(here: Place) -> None:
    await add(here, note(here, "Oat milk"), note(here, "Bread"), note(here, "Milk jug"))
    async with here.reading() as work:
        asked = {typed: await work.of(NOTES).suggest(typed, here.public) for typed in ("mil", "2", "ilk", "")}
    found = {typed: [one.title for one in given] for typed, given in asked.items()}
    assert found == {"mil": ["Milk jug", "Oat milk"], "2": ["Bread"], "ilk": [], "": ["Milk jug", "Bread", "Oat milk"]}


async def test_completion_stops_at_its_limit(here: Place) -> None:
    await add(here, *(note(here, "Same") for _ in range(12)))
    async with here.reading() as work:
        assert len(await work.of(NOTES).suggest("sa", here.public)) == 10
        assert len(await work.of(NOTES).suggest("sa", here.public, limit=3)) == 3


async def test_many_are_stored_and_gone_through_in_chunks(here: Place) -> None:
    async with here.writing() as work:
        work.of(NOTES).add_all([replace(note(here, f"Note {n}"), number=n) for n in range(1, 2501)])
    async with here.reading() as work:
        chunks = [len(chunk) async for chunk in work.of(NOTES).stream(here.public)]
    assert chunks == [1000, 1000, 500]


async def test_workspaces_do_not_meet(here: Place, there: Place) -> None:
    await add(here, note(here))
    assert await get(there, 1, there.everything) is None


async def test_a_space_that_has_nothing_but_these_is_not_moved(storage: SqlStorage, here: Place) -> None:
    newcomer = await build_place(storage, "new")
    await add(newcomer, note(newcomer))
    assert not await storage.system.move_space(newcomer.space.id, here.id, NOON)
    assert newcomer.space in await storage.system.spaces()


async def test_a_copy_takes_along_whatever_is_in_the_schema(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    source, target = fresh_url(tmp_path), fresh_url(tmp_path / "copy")
    await NOTE_AREA.prepare(source)
    await NOTE_AREA.prepare(target)
    storage = await make_storage(url=source, areas=NOTE_AREA.repositories)
    place = await build_place(storage, "here")
    kept = await add(place, note(place), note(place, "Bread"))
    await storage.close()
    with in_schema(notes):
        copied = await Copy(source, target).run()
    assert copied.tables["notes"].rows == 2
    storage = await make_storage(url=target, areas=NOTE_AREA.repositories)
    async with storage.workspace(place.id).read() as work:
        assert await work.of(NOTES).get_many([1, 2], place.everything) == kept
    await storage.close()
