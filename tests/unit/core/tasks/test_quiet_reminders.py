"""In quiet hours people are reminded of nothing; at their end of all that came meanwhile, together."""

import asyncio
from datetime import date, time

from core.chat.text import plain
from core.dates.due import Due
from core.tasks.requests import AssignMode
from tests.unit.core.tasks.world import BERLIN, World


def due(hour: int, minute: int = 0, day: int = 20) -> Due:
    return Due(date(2026, 11, day), time(hour, minute), BERLIN)


async def be_quiet(world: World, name: str, hours: str = "20:00-08:00") -> None:
    async with world.storage.workspace(world.workspace_id).write() as work:
        await work.members.set_quiet(world.people[name], hours)
        await work.commit()


async def at(world: World, due: Due) -> list[tuple[int | None, str]]:
    """Let it be that time, and return who is told what by then."""
    world.clock.moment = due.at
    while await world.reminders.run():
        pass
    return [(item.post.member_id, plain(item.post.reply.text)) for item in await world.posts()]


async def test_what_comes_meanwhile_comes_together_at_their_end(world: World) -> None:
    await be_quiet(world, "Ben")
    ben = world.people["Ben"]
    await world.add("Milk", due=due(21), assignees=(ben,))
    await world.add("Bread", due=due(23, 30), assignees=(ben,), channel="board")
    await world.posts()
    assert await at(world, due(21)) == []
    assert await at(world, due(23, 30)) == []
    assert await at(world, due(7, 59, day=21)) == []
    [(member, words)] = await at(world, due(8, 0, day=21))
    assert member == ben
    assert words.splitlines()[0] == "@Ben, 2 tasks to look at now:"
    assert await at(world, due(9, 0, day=21)) == []


async def test_each_of_its_people_has_hours_of_their_own_and_nobody_is_told_twice(world: World) -> None:
    await be_quiet(world, "Ben")
    await be_quiet(world, "Cat", "12:00-13:00")
    people = [world.people[name] for name in ("Ann", "Ben", "Cat")]
    await world.add(due=due(21), assignees=tuple(people))
    await world.posts()
    assert sorted(member or 0 for member, _ in await at(world, due(21))) == sorted([people[0], people[2]])
    assert [member for member, _ in await at(world, due(8, day=21))] == [people[1]]


async def test_of_what_is_done_meanwhile_or_no_more_theirs_nobody_is_told(world: World) -> None:
    await be_quiet(world, "Ben")
    ben, sees = world.people["Ben"], world.sees("Ben")
    for title in ("Done", "Given away", "Snoozed", "Left"):
        await world.add(title, due=due(21), assignees=(ben,))
    await world.posts()
    await at(world, due(21))
    await world.tasks.done(world.actor("Ben"), sees, [1])
    await world.tasks.assign(world.actor("Ben"), sees, [2], [world.people["Ann"]], AssignMode.SET)
    await world.tasks.snooze(world.actor("Ben"), sees, [3], due(10, day=21))
    await world.posts()
    [(member, words)] = await at(world, due(8, day=21))
    assert (member, "#4 Left" in words) == (ben, True)
    assert [member for member, _ in await at(world, due(10, day=21))] == [ben]


async def test_what_somebody_gave_themselves_alone_for_a_time_comes_at_that_time(world: World) -> None:
    await be_quiet(world, "Ann")
    ann = world.people["Ann"]
    await world.add(due=due(21), assignees=(ann,))
    await world.add("Whole day", due=Due(date(2026, 11, 21), None, BERLIN), assignees=(ann,))
    await world.posts()
    assert [member for member, _ in await at(world, due(21))] == [ann]


async def test_a_channel_is_reminded_at_once(world: World) -> None:
    await be_quiet(world, "Ann", "00:00-23:00")
    await world.add(due=due(21))
    assert [member for member, _ in await at(world, due(21))] == [None]


async def test_it_comes_once_however_many_timers_run(world: World) -> None:
    await be_quiet(world, "Ben")
    await world.add(due=due(21), assignees=(world.people["Ben"],))
    await world.posts()
    for moment in (due(21), due(8, day=21)):
        world.clock.moment = moment.at
        await asyncio.gather(*(world.reminders.run() for _ in range(5)))
    assert len(await world.posts()) == 1


async def test_who_is_quiet_again_by_then_waits_on(world: World) -> None:
    await be_quiet(world, "Ben")
    await world.add(due=due(21), assignees=(world.people["Ben"],))
    await world.posts()
    await at(world, due(21))
    await be_quiet(world, "Ben", "20:00-10:00")
    assert await at(world, due(8, day=21)) == []
    assert len(await at(world, due(10, day=21))) == 1
