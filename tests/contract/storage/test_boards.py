"""Boards, and what they show."""

from dataclasses import replace
from datetime import date, time, timedelta

from core.boards.model import Board
from core.chat.request import ChannelKind, Platform
from core.dates.due import Due
from core.ports.storage import Storage
from core.tasks.boards import DONE_SHOWN, OPEN_SHOWN, WORK_SHOWN, Grouping, Work
from core.tasks.model import Priority, Status
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place

MIDNIGHT = NOON.replace(hour=0, minute=0, second=0, microsecond=0)


def board(place: Place, name: str = "one", **more: object) -> Board:
    made = Board(name, place.id, place.general.id, "task", Grouping.STATUS, place.ann, NOON)
    return replace(made, **more)  # type: ignore[arg-type]


async def stored(place: Place) -> Board | None:
    async with place.reading() as work:
        return await work.boards.of(place.general.id, "task")


async def test_a_channel_has_one_board_and_a_new_one_takes_its_place(storage: Storage, here: Place) -> None:
    first = board(here, message="C1:1.5", retired=("C1:0.5", "C1:0.7"), digest="d")
    second = board(here, "two", grouping=Grouping.ASSIGNEE, retired=first.messages)
    for made in (first, second):
        async with here.writing() as work:
            await work.boards.put(made)
        assert await stored(here) == made
        assert await storage.system.boards() == [made]
    assert second.retired == ("C1:0.5", "C1:0.7", "C1:1.5")


async def test_a_channel_has_a_board_of_each_area(here: Place) -> None:
    of_tasks, of_notes = board(here), board(here, "two", area="note", grouping="")
    async with here.writing() as work:
        await work.boards.put(of_tasks)
        await work.boards.put(of_notes)
    async with here.writing() as work:
        await work.boards.put(replace(of_notes, id="three"))
    assert await stored(here) == of_tasks
    async with here.reading() as work:
        assert await work.boards.of(here.general.id, "note") == replace(of_notes, id="three")


async def test_boards_are_known_above_workspaces_and_apart_within(storage: Storage, here: Place, there: Place) -> None:
    for place in (here, there):
        async with place.writing() as work:
            await work.boards.put(board(place, f"of {place.id}"))
    assert [found.workspace_id for found in await storage.system.boards()] == [here.id, there.id]
    async with there.reading() as work:
        assert await work.boards.of(here.general.id, "task") is None


async def test_a_message_is_kept_only_for_the_board_that_is_still_there(here: Place) -> None:
    async with here.writing() as work:
        await work.boards.put(board(here))
        assert await work.boards.posted(board(here), "C1:1", "seen")
        assert not await work.boards.posted(board(here, "former"), "C1:2", "seen")
    found = await stored(here)
    assert found is not None
    assert (found.message, found.digest) == ("C1:1", "seen")
    async with here.writing() as work:
        await work.boards.remember([("one", "newer"), ("former", "lost")])
    found = await stored(here)
    assert found is not None
    assert found.digest == "newer"


async def test_a_board_is_switched_off_once(here: Place) -> None:
    async with here.writing() as work:
        await work.boards.put(board(here, message="C1:1"))
        assert not await work.boards.switch_off(board(here, "former"))
        assert await work.boards.switch_off(board(here))
        assert not await work.boards.switch_off(board(here))
    assert await stored(here) is None


async def test_a_board_that_is_off_goes_with_its_last_message(here: Place) -> None:
    off = board(here, is_on=False, retired=("C1:1", "C1:2"))
    async with here.writing() as work:
        await work.boards.put(off)
        await work.boards.cleared(off, ["C1:2"])
    assert await stored(here) == replace(off, retired=("C1:2",))
    async with here.writing() as work:
        await work.boards.cleared(off, [])
    assert await stored(here) is None


async def test_a_board_that_is_on_stays_without_former_messages(here: Place) -> None:
    on = board(here, message="C1:3", retired=("C1:1",))
    async with here.writing() as work:
        await work.boards.put(on)
        await work.boards.cleared(on, [])
    assert await stored(here) == replace(on, retired=())


async def test_a_board_shows_the_open_tasks_of_its_channel_by_due_and_those_done_today(here: Place) -> None:
    late = Due(date(2026, 11, 19), None, "Europe/Berlin")
    soon = Due(date(2026, 11, 20), time(15), "Europe/Berlin")
    done = here.task(status=Status.COMPLETED, completed_by=here.ben)
    await here.add(
        here.task(title="No due", priority=Priority.LOW, assignees=(here.ben, here.ann)),
        here.task(title="Soon", due=soon),
        here.task(title="Late", due=late, assignees=(here.ann,)),
        here.task(title="Pressing", priority=Priority.URGENT),
        here.task(title="Elsewhere", channel_id=here.board.id),
        here.task(title="Gone", removed_at=NOON),
        replace(done, title="Done first", completed_at=NOON - timedelta(hours=2)),
        replace(done, title="Done last", completed_at=NOON),
        replace(done, title="Done yesterday", completed_at=MIDNIGHT - timedelta(seconds=1)),
    )
    async with here.reading() as work:
        shown = await work.of(TASKS).board(here.general.id, now=NOON, today=MIDNIGHT)
    assert [task.title for task in shown.open] == ["Late", "Soon", "Pressing", "No due"]
    assert [task.title for task in shown.done] == ["Done last", "Done first"]
    assert (shown.open_total, shown.overdue_total, shown.done_total) == (4, 1, 2)
    assert [task.assignees for task in shown.open] == [(here.ann,), (), (), (here.ann, here.ben)]
    assert shown.open[0].due == late
    assert shown.open[1].due == soon
    assert [task.is_done for task in (*shown.open, *shown.done)] == [False] * 4 + [True] * 2


async def test_what_does_not_fit_on_a_board_is_counted(here: Place) -> None:
    done = here.task(status=Status.COMPLETED, completed_at=NOON, completed_by=here.ann)
    await here.add(*[here.task() for _ in range(OPEN_SHOWN + 3)], *[done for _ in range(DONE_SHOWN + 2)])
    async with here.reading() as work:
        shown = await work.of(TASKS).board(here.general.id, now=NOON, today=MIDNIGHT)
    assert (len(shown.open), len(shown.done)) == (OPEN_SHOWN, DONE_SHOWN)
    assert (shown.open_total, shown.done_total) == (OPEN_SHOWN + 3, DONE_SHOWN + 2)


async def test_an_empty_channel_has_an_empty_board(here: Place) -> None:
    async with here.reading() as work:
        shown = await work.of(TASKS).board(here.general.id, now=NOON, today=MIDNIGHT)
    assert (shown.open, shown.done) == ([], [])
    assert (shown.open_total, shown.overdue_total, shown.done_total) == (0, 0, 0)


async def test_the_board_of_a_person_names_them(storage: Storage, here: Place) -> None:
    made = Board("mine", here.id, here.direct.id, "task", Grouping.STATUS, here.ann, NOON, member_id=here.ann)
    async with here.writing() as work:
        await work.boards.put(made)
    assert await storage.system.boards() == [made]


async def test_boards_of_one_conversation_are_found_whatever_space_it_was_met_through(
    storage: Storage, here: Place, there: Place
) -> None:
    other = await storage.system.ensure_space(here.id, Platform.SLACK, "T-other", "Other", NOON)
    async with here.writing() as work:
        twin = await work.channels.ensure(other.id, here.direct.external_id, "", ChannelKind.DIRECT, NOON)
        await work.boards.put(board(here))
        await work.boards.put(board(here, "mine", channel_id=here.direct.id, member_id=here.ann))
    async with there.writing() as work:
        await work.boards.put(board(there, "theirs", channel_id=there.direct.id, member_id=there.ann))
    async with here.reading() as work:
        assert [found.id for found in await work.boards.beside(twin.id, "task")] == ["mine"]
        assert await work.boards.beside(here.direct.id, "task") == []
    async with here.writing() as work:
        await work.boards.put(board(here, "mine", channel_id=here.direct.id, member_id=here.ann, is_on=False))
        assert await work.boards.beside(twin.id, "task") == []


async def test_the_boards_of_somebody_who_is_joined_to_another_go_along(storage: Storage, here: Place) -> None:
    mine = Board("mine", here.id, here.direct.id, "task", Grouping.STATUS, here.ann, NOON, member_id=here.ann)
    async with here.writing() as work:
        await work.boards.put(mine)
        await work.boards.put(board(here))
        await work.members.move_identities(here.ann, here.ben)
    assert {(found.id, found.member_id, found.made_by) for found in await storage.system.boards()} == {
        ("mine", here.ben, here.ben),
        ("one", None, here.ben),
    }


async def work_of(place: Place, audience: Audience) -> Work | None:
    async with place.reading() as work:
        return await work.of(TASKS).own_work(audience)


async def test_the_work_of_a_person_is_their_open_tasks_of_all_channels_by_due(here: Place, there: Place) -> None:
    late = Due(date(2026, 11, 19), None, "Europe/Berlin")
    soon = Due(date(2026, 11, 20), time(15), "Europe/Berlin")
    await there.add(there.task(title="Of others", assignees=(there.ann,)))
    stored = await here.add(
        here.task(title="No due", priority=Priority.LOW, assignees=(here.ann,)),
        here.task(title="Soon", due=soon, assignees=(here.ben, here.ann), channel_id=here.board.id, author_id=here.ben),
        here.task(title="Late", due=late, assignees=(here.ann,), channel_id=here.direct.id),
        here.task(title="Pressing", priority=Priority.URGENT, assignees=(here.ann,)),
        here.task(title="Somebody else's", assignees=(here.ben,)),
        here.task(title="Nobody's"),
        here.task(title="Gone", assignees=(here.ann,), removed_at=NOON),
        here.task(
            title="Done", assignees=(here.ann,), status=Status.COMPLETED, completed_at=NOON, completed_by=here.ann
        ),
    )
    found = await work_of(here, Audience(here.ann, frozenset({here.direct.id})))
    assert found is not None
    assert [task.title for task in found.tasks] == ["Late", "Soon", "Pressing", "No due"]
    assert found.total == 4
    assert found.tasks[0] == stored[2]
    assert set(found.tasks[1].assignees) == {here.ann, here.ben}


async def test_what_does_not_fit_of_somebodys_work_is_counted(here: Place) -> None:
    await here.add(*[here.task(assignees=(here.ann,)) for _ in range(WORK_SHOWN + 3)])
    found = await work_of(here, Audience(here.ann, frozenset()))
    assert found is not None
    assert (len(found.tasks), found.total) == (WORK_SHOWN, WORK_SHOWN + 3)


async def test_without_tasks_there_is_no_work_but_the_person(here: Place) -> None:
    assert await work_of(here, Audience(here.ann, frozenset())) == Work([], 0)


async def test_who_is_no_active_member_has_no_work(here: Place, there: Place) -> None:
    await here.add(here.task(assignees=(here.ann,)))
    assert await work_of(here, Audience(here.ben + 1000, frozenset())) is None
    assert await work_of(there, Audience(here.ann, frozenset())) is None
    async with here.writing() as work:
        await work.members.move_identities(here.ann, here.ben)
    assert await work_of(here, Audience(here.ann, frozenset())) is None
