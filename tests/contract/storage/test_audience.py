"""What one may see: public channels, the private ones one is in, and what one wrote or is given; nothing else."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from core.people.model import Role
from core.ports.storage import UnitOfWork
from core.tasks.model import TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place

Look = Callable[[UnitOfWork, TaskFilter, Audience], Awaitable[set[int]]]

PUBLIC, PRIVATE, DIRECT, WRITTEN, GIVEN = range(1, 6)


async def _page(work: UnitOfWork, wanted: TaskFilter, audience: Audience) -> set[int]:
    page = await work.of(TASKS).page(wanted, audience)
    assert page.total == len(page.items)
    return {task.number for task in page.items}


async def _stream(work: UnitOfWork, wanted: TaskFilter, audience: Audience) -> set[int]:
    return {task.number async for chunk in work.of(TASKS).stream(wanted, audience) for task in chunk}


async def _counts(work: UnitOfWork, wanted: TaskFilter, audience: Audience) -> set[int]:
    """Tell the numbers by the people who count, each of whom has one task."""
    counts = await work.of(TASKS).counts(wanted.channel_id, audience, now=NOON, today=date(2026, 11, 20))
    numbers = {member.id: int(member.name) for member in await work.members.all() if member.name.isdecimal()}
    found = {numbers[member] for member in counts.by_assignee if member in numbers}
    assert sum(counts.by_status.values()) == sum(counts.by_priority.values()) == len(found)
    return found


@pytest.fixture
async def seen_by(here: Place) -> Callable[[str], Audience]:
    """Ben wrote one task and was given another in Ann's private places."""
    async with here.writing() as work:
        has = {number: await work.members.add(str(number), Role.MEMBER, at=NOON) for number in range(1, 6)}
    await here.add(
        here.task(PUBLIC, assignees=(has[PUBLIC],)),
        here.task(PRIVATE, assignees=(has[PRIVATE],), channel_id=here.board.id),
        here.task(DIRECT, assignees=(has[DIRECT],), channel_id=here.direct.id),
        here.task(WRITTEN, assignees=(has[WRITTEN],), channel_id=here.board.id, author_id=here.ben),
        here.task(GIVEN, assignees=(has[GIVEN], here.ann, here.ben), channel_id=here.direct.id),
    )
    return {
        "nobody": Audience(0, frozenset()),
        "ben": Audience(here.ben, frozenset()),
        "ben on board": Audience(here.ben, frozenset({here.board.id})),
        "ben everywhere": Audience(here.ben, frozenset({here.board.id, here.direct.id})),
        "override": Audience(0, frozenset(), everything=True),
    }.__getitem__


SEEN = {
    "nobody": {PUBLIC},
    "ben": {PUBLIC, WRITTEN, GIVEN},
    "ben on board": {PUBLIC, PRIVATE, WRITTEN, GIVEN},
    "ben everywhere": {PUBLIC, PRIVATE, DIRECT, WRITTEN, GIVEN},
    "override": {PUBLIC, PRIVATE, DIRECT, WRITTEN, GIVEN},
}
OF_CHANNEL = {"general": {PUBLIC}, "board": {PRIVATE, WRITTEN}, "direct": {DIRECT, GIVEN}}


@pytest.mark.parametrize("look", [_page, _stream, _counts])
@pytest.mark.parametrize("who", SEEN)
async def test_lists_exports_and_counts_have_what_the_reader_may_see(
    here: Place, seen_by: Callable[[str], Audience], who: str, look: Look
) -> None:
    audience = seen_by(who)
    async with here.reading() as work:
        assert await look(work, TaskFilter(), audience) == SEEN[who]
        for channel, numbers in OF_CHANNEL.items():
            wanted = TaskFilter(channel_id=getattr(here, channel).id)
            assert await look(work, wanted, audience) == SEEN[who] & numbers


@pytest.mark.parametrize("who", SEEN)
async def test_single_tasks_and_completion_have_what_the_reader_may_see(
    here: Place, seen_by: Callable[[str], Audience], who: str
) -> None:
    audience = seen_by(who)
    async with here.reading() as work:
        got = {number for number in range(1, 6) if await work.of(TASKS).get(number, audience)}
        many = {task.number for task in await work.of(TASKS).get_many(range(1, 6), audience)}
        suggested = {task.number for task in await work.of(TASKS).suggest("task", audience)}
        by_number = {task.number for n in range(1, 6) for task in await work.of(TASKS).suggest(str(n), audience)}
    assert got == many == suggested == by_number == SEEN[who]


async def test_a_channel_that_becomes_private_hides_its_tasks_at_once(
    here: Place, seen_by: Callable[[str], Audience]
) -> None:
    async with here.writing() as work:
        await work.channels.ensure(here.space.id, here.general.external_id, "general", here.board.kind, NOON)
    async with here.reading() as work:
        assert await work.of(TASKS).get(PUBLIC, seen_by("ben")) is None
        assert await _page(work, TaskFilter(channel_id=here.general.id), seen_by("ben")) == set()


async def test_somebody_in_thousands_of_channels_is_no_trouble(here: Place, is_read_slowly: bool) -> None:
    await here.add(here.task(1, channel_id=here.board.id))
    audience = Audience(here.ben, frozenset(range(1, 2_200 if is_read_slowly else 60_000)))
    async with here.reading() as work:
        assert await work.of(TASKS).get(1, audience)
        assert await _page(work, TaskFilter(), audience) == {1}
        assert await _stream(work, TaskFilter(), audience) == {1}


async def test_a_filter_by_person_does_not_widen_what_is_seen(here: Place) -> None:
    await here.add(here.task(1, channel_id=here.board.id, assignees=(here.ann,)))
    async with here.reading() as work:
        assert await _page(work, TaskFilter(assignee=here.ann), here.public) == set()
        assert await _page(work, TaskFilter(assignee=0), here.public) == set()
