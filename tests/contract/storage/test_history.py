"""What happened to a thing is kept in order, in pages, and without those who were forgotten, in every database."""

from contextlib import suppress
from datetime import timedelta

from core.history.model import NOBODY, ChangeEntry, FieldChange
from core.shared.errors import InvalidArgumentError
from core.shared.paging import Page
from tests.contract.storage.world import NOON, Place


def _entry(place: Place, minute: int = 0, *fields: FieldChange, number: int = 7, by: int | None = None) -> ChangeEntry:
    at = NOON + timedelta(minutes=minute)
    return ChangeEntry("task", number, at, by or place.ann, "task edit", fields)


def _renamed(before: str, after: str) -> FieldChange:
    return FieldChange("title", before, after)


async def _keep(place: Place, *entries: ChangeEntry) -> None:
    for entry in entries:
        async with place.writing() as work:
            work.changes.add(entry)


async def _page(
    place: Place, cursor: str = "", *, number: int = 7, kind: str = "task", limit: int = 10
) -> Page[ChangeEntry]:
    async with place.reading() as work:
        return await work.changes.page(kind, number, cursor=cursor, limit=limit)


async def test_entries_come_back_as_they_were_kept_the_newest_first(here: Place) -> None:
    entries = [
        _entry(here),
        _entry(here, 1, _renamed("Milk", "Oat 🥛\nmilk"), FieldChange("priority", 2, 1), FieldChange("due", None, "x")),
        _entry(here, 1, FieldChange("done", False, True), FieldChange("notes", "", None), by=here.ben),
        _entry(
            here,
            2,
            FieldChange("assignees", here.ann, None, here.ann),
            FieldChange("assignees", None, here.ben, here.ben),
        ),
    ]
    async with here.writing() as work:
        for entry in entries:
            work.changes.add(entry)
    found = await _page(here)
    assert found == Page(tuple(entries[::-1]), None, None, 4)


async def test_many_things_that_came_to_be_have_an_entry_each(here: Place) -> None:
    async with here.writing() as work:
        work.changes.add_new("task", [7, 8], NOON, here.ann, "task edit")
    assert (await _page(here)).items == (_entry(here),)
    assert (await _page(here, number=8)).items == (_entry(here, number=8),)


async def test_things_have_histories_of_their_own(here: Place) -> None:
    mine, other = _entry(here, 0, _renamed("a", "b")), _entry(here, 0, _renamed("c", "d"), number=8)
    async with here.writing() as work:
        work.changes.add(mine)
        work.changes.add(other)
    assert (await _page(here)).items == (mine,)
    assert (await _page(here, number=8)).items == (other,)
    assert await _page(here, kind="order") == await _page(here, number=9) == Page((), None, None, 0)


async def test_pages_lead_to_each_other_both_ways_and_never_cut_an_entry(here: Place) -> None:
    entries = [_entry(here, minute, _renamed("a", "b"), FieldChange("priority", 1, 2)) for minute in range(7)]
    await _keep(here, *entries)
    newest_first = entries[::-1]
    pages = [await _page(here, limit=3)]
    while pages[-1].next_cursor:
        pages.append(await _page(here, pages[-1].next_cursor, limit=3))
    assert [list(page.items) for page in pages] == [newest_first[:3], newest_first[3:6], newest_first[6:]]
    back = [pages[-1]]
    while back[-1].previous_cursor:
        back.append(await _page(here, back[-1].previous_cursor, limit=3))
    assert [page.items for page in back] == [page.items for page in pages[::-1]]
    assert {page.total for page in pages} == {7}


async def test_a_place_that_nothing_is_beside_gives_way_to_the_first_page(here: Place) -> None:
    await _keep(here, _entry(here), _entry(here, 1, _renamed("a", "b")))
    first = await _page(here)
    for cursor in ("n0", f"p{2**31 - 1}"):
        assert (await _page(here, cursor)).items == first.items


async def test_a_cursor_that_is_none_is_refused(here: Place) -> None:
    async def is_taken(cursor: str) -> bool:
        with suppress(InvalidArgumentError):
            await _page(here, cursor)
            return True
        return False

    cursors = ["x", "n", "1", "n-1", "n1.2", "n" + "9" * 19, "m1", "n1 "]
    assert [cursor for cursor in cursors if await is_taken(cursor)] == []


async def test_what_happened_outlives_retention(here: Place) -> None:
    await _keep(here, _entry(here))
    later = NOON + timedelta(days=10_000)
    await here.storage.system.purge(
        deliveries_before=later, outbox_before=later, operations_before=later, events_before=later, now=later
    )
    assert (await _page(here)).total == 1


async def test_who_is_forgotten_is_nobody_in_what_they_did_and_in_what_was_done_to_them(here: Place) -> None:
    given = (FieldChange("assignees", here.ben, None, here.ben), FieldChange("assignees", None, here.ann, here.ann))
    renamed = _entry(here, 1, _renamed("Ben's birthday", "Party"), by=here.ben)
    await _keep(here, _entry(here, 0, *given), renamed)
    async with here.writing() as work:
        work.changes.add(ChangeEntry("member", here.ben, NOON, here.ann, "user zone", (FieldChange("zone", "a", "b"),)))
        work.changes.add(ChangeEntry("member", here.ann, NOON, here.ann, "user zone", (FieldChange("zone", "c", "d"),)))
        await work.members.forget(here.ben, NOON)
    by_nobody, to_nobody = (await _page(here)).items
    assert (by_nobody.member_id, list(by_nobody.fields)) == (None, list(renamed.fields))
    assert list(to_nobody.fields) == [FieldChange("assignees", NOBODY, None), given[1]]
    (forgotten,) = (await _page(here, kind="member", number=here.ben)).items
    assert list(forgotten.fields) == [FieldChange("zone", None, None)]
    (kept,) = (await _page(here, kind="member", number=here.ann)).items
    assert list(kept.fields) == [FieldChange("zone", "c", "d")]


async def test_who_is_one_person_with_another_is_that_other_in_what_happened(here: Place) -> None:
    await _keep(here, _entry(here, 0, FieldChange("assignees", None, here.ben, here.ben), by=here.ben))
    async with here.writing() as work:
        await work.members.move_identities(here.ben, here.ann)
    (entry,) = (await _page(here)).items
    assert (entry.member_id, list(entry.fields)) == (here.ann, [FieldChange("assignees", None, here.ann, here.ann)])


async def test_what_happened_to_several_things_of_late_is_found_at_once(here: Place) -> None:
    old, first = _entry(here), _entry(here, 1, _renamed("a", "b"), FieldChange("priority", 1, 2))
    other, last = _entry(here, 2, number=8), _entry(here, 3, _renamed("b", "c"))
    await _keep(here, old, first, other, last, _entry(here, 4, number=9))
    async with here.reading() as work:
        found = await work.changes.since("task", [8, 7, 8, 2**40], NOON + timedelta(minutes=1))
        nothing = [await work.changes.since("task", numbers, NOON) for numbers in ([], [6])]
    assert list(found) == [first, last, other]
    assert nothing == [[], []]
