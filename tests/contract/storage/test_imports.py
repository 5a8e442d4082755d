"""Imports under way: begun once, moved on by one process at a time, found again after any death."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.transfer.model import Effect, Import, ImportState
from core.transfer.repository import OvertakenError
from tests.contract.storage.world import NOON, Place
from tests.support.imports import an_import

ROWS = [[2, 0, 0, "Buy milk", None, "Käse 🧀\n\0"], [3, 4, -1, "", "2027-01-01", "high"]]


async def begun(place: Place, number: int = 1) -> Import:
    job = an_import(number, NOON)
    async with place.writing() as work:
        assert await work.imports.begin(job)
    return job


async def test_an_import_comes_back_as_it_was_kept(here: Place) -> None:
    job = await begun(here)
    moved = replace(
        job,
        state=ImportState.APPLYING,
        place=1,
        position=2,
        steps=3,
        first_number=7,
        findings={"bad": 1, "tallies": {}},
    )
    async with here.writing() as work:
        assert await work.imports.advance(job, moved)
    async with here.reading() as work:
        assert await work.imports.get(job.id) == moved
        assert await work.imports.of_delivery(job.key) == moved
        assert await work.imports.get("nowhere") is None
        assert await work.imports.of_delivery("never") is None


async def test_a_delivery_begins_one_import(here: Place) -> None:
    job = await begun(here)
    async with here.writing() as work:
        assert not await work.imports.begin(replace(an_import(2, NOON), key=job.key))
        assert await work.imports.begin(an_import(3, NOON))


async def test_an_import_moves_on_only_from_where_it_is(here: Place) -> None:
    job = await begun(here)
    moved = replace(job, state=ImportState.APPLYING)
    async with here.writing() as work:
        assert await work.imports.advance(job, moved)
        assert not await work.imports.advance(job, moved)
        assert await work.imports.advance(moved, replace(moved, position=5))
        assert not await work.imports.advance(moved, replace(moved, position=9))
    async with here.reading() as work:
        found = await work.imports.get(job.id)
    assert found
    assert found.position == 5


async def test_what_moves_an_import_on_as_it_commits_does_so_only_from_where_it_is(here: Place) -> None:
    job = await begun(here)
    moved = replace(job, state=ImportState.APPLYING)
    async with here.writing() as work:
        work.imports.advancing(job, moved)
        work.imports.keep_effect(job.id, 1, Effect([1]))
    async with here.storage.workspace(here.id).write() as work:
        work.imports.advancing(job, replace(job, position=9))
        work.imports.keep_effect(job.id, 2, Effect([2]))
        with pytest.raises(OvertakenError):
            await work.commit()
    async with here.reading() as work:
        assert await work.imports.get(job.id) == moved
        assert await work.imports.effect(job.id, 2) is None


async def test_staged_pieces_are_read_again_and_dropped_once_they_lie_behind(here: Place) -> None:
    job = await begun(here)
    async with here.writing() as work:
        for place in range(3):
            work.imports.stage(job.id, place, [*ROWS, [place, 0, place]])
    async with here.reading() as work:
        piece = await work.imports.staged(job.id, 1)
        assert piece
        assert [*piece[0][:5], piece[1], piece[2]] == [*ROWS[0][:5], ROWS[1], [1, 0, 1]]
        assert await work.imports.staged(job.id, 3) is None
    async with here.writing() as work:
        assert await work.imports.advance(job, replace(job, place=2))
    async with here.reading() as work:
        assert [await work.imports.staged(job.id, place) is None for place in range(3)] == [True, True, False]


async def test_what_was_staged_is_dropped_a_little_at_a_time(here: Place) -> None:
    job, other = await begun(here), await begun(here, 2)
    async with here.writing() as work:
        for place in range(5):
            work.imports.stage(job.id, place, ROWS)
        work.imports.stage(other.id, 0, ROWS)
        assert [await work.imports.unstage(job.id, 3) for _ in range(3)] == [3, 2, 0]
        await work.imports.forget(job.id)
        assert await work.imports.get(job.id) is None
        assert await work.imports.staged(other.id, 0)


async def test_what_steps_did_is_gone_through_in_order(here: Place) -> None:
    job = await begun(here)
    async with here.writing() as work:
        for place in (1, 2, 4):
            work.imports.keep_effect(job.id, place, Effect([place], [{"number": 9, "title": "Käse"}], []))
    async with here.reading() as work:
        assert await work.imports.effect(job.id, 0) == (1, Effect([1], [{"number": 9, "title": "Käse"}], []))
        found = await work.imports.effect(job.id, 3)
        assert found
        assert found[0] == 4
        assert await work.imports.effect(job.id, 5) is None


async def test_what_is_not_over_is_found_over_all_workspaces(here: Place, there: Place) -> None:
    first, second, third = await begun(here), await begun(there), await begun(there, 2)
    async with there.writing() as work:
        await work.imports.advance(second, replace(second, state=ImportState.ENDED, over_at=NOON))
    assert await here.storage.system.imports_under_way() == [(here.id, first), (there.id, third)]


async def test_retention_removes_imports_that_nothing_needs_any_more_with_all_that_is_theirs(here: Place) -> None:
    old, new, open_ = [await begun(here, number) for number in (1, 2, 3)]
    async with here.writing() as work:
        for job, over_at in ((old, NOON), (new, NOON + timedelta(minutes=15)), (open_, None)):
            work.imports.stage(job.id, 0, ROWS)
            work.imports.keep_effect(job.id, 1, Effect([1], []))
            await work.imports.advance(job, replace(job, state=ImportState.ENDED, over_at=over_at))
    removed = await here.storage.system.purge(
        deliveries_before=NOON, outbox_before=NOON, operations_before=NOON, events_before=NOON, now=NOON
    )
    assert removed == 3
    async with here.reading() as work:
        left = [await work.imports.get(job.id) is not None for job in (old, new, open_)]
        staged = [await work.imports.staged(job.id, 0) is not None for job in (old, new, open_)]
        effects = [await work.imports.effect(job.id, 0) is not None for job in (old, new, open_)]
    assert left == staged == effects == [False, True, True]
