"""A request's units of work become permanent together, with its reply, once; or not at all."""

import asyncio

import pytest

from core.chat.reply import Action, Reply
from core.ports.storage import (
    AlreadyDeliveredError,
    AuditEntry,
    Committed,
    Post,
    RequestTransactions,
    Storage,
    Transactions,
    UnitOfWork,
)
from core.shared.errors import ConflictError, QuartermasterError
from core.shared.events import Event
from core.tasks.repository import TASKS
from tests.contract.storage.world import NOON, Place


class MishapError(QuartermasterError):
    """Something that goes wrong in the middle."""


async def _add(place: Place, work: UnitOfWork, title: str = "New") -> int:
    number = await work.of(TASKS).reserve_numbers()
    work.of(TASKS).add(place.task(number, title=title))
    return number


async def _fail(place: Place, transactions: Transactions) -> None:
    """Go wrong in the middle of a unit of work."""
    async with transactions.write() as work:
        await _add(place, work)
        raise MishapError


async def _numbers(place: Place) -> list[int]:
    async with place.reading() as work:
        return [task.number for task in await work.of(TASKS).get_many(range(1, 200), place.everything)]


async def _run(place: Place, delivery: str) -> Reply:
    """Run a request as the router does, and answer a repeated one with the first reply."""
    request = place.storage.request(place.id, delivery)
    try:
        async with request.write() as work:
            number = await _add(place, work)
            await work.commit()
        async with request.write() as work:
            work.audit.add(AuditEntry(NOON, place.ann, place.general.id, "task add", str(number)))
            await work.commit()
        reply = Reply(title=f"Task {number}")
        await request.settle(reply)
        return reply
    except AlreadyDeliveredError as repeated:
        return repeated.reply
    finally:
        await request.abandon()


async def test_rolls_back_uncommitted_work_by_default(here: Place) -> None:
    async with here.storage.workspace(here.id).write() as work:
        await _add(here, work)
    assert await _numbers(here) == []


async def test_rolls_back_when_something_goes_wrong(here: Place) -> None:
    with pytest.raises(MishapError):
        await _fail(here, here.storage.workspace(here.id))
    assert await _numbers(here) == []


async def test_a_number_rolled_back_is_given_to_the_next(here: Place) -> None:
    async with here.storage.workspace(here.id).write() as work:
        await _add(here, work)
    async with here.writing() as work:
        assert await _add(here, work) == 1


async def test_a_request_is_permanent_only_when_it_settles(here: Place) -> None:
    request = here.storage.request(here.id, "d1")
    async with request.write() as work:
        number = await _add(here, work)
        await work.commit()
    assert request.changed
    assert await _numbers(here) == []
    await request.settle(Reply(title="Done"))
    assert await _numbers(here) == [number]
    assert not request.changed


async def test_an_abandoned_request_leaves_nothing(here: Place) -> None:
    request = here.storage.request(here.id, "d1")
    async with request.write() as work:
        await _add(here, work)
        await work.commit()
    await request.abandon()
    assert not request.changed
    assert await _numbers(here) == []
    assert await here.storage.system.delivered("d1") is None


async def test_abandoning_a_settled_request_is_harmless(here: Place) -> None:
    await _run(here, "d1")
    assert await _numbers(here) == [1]


async def test_what_was_written_is_read_within_the_request_and_not_outside(here: Place) -> None:
    request = here.storage.request(here.id, "d1")
    async with request.write() as work:
        number = await _add(here, work, title="Fresh")
        assert (found := await work.of(TASKS).find(number)) is not None
        assert found.title == "Fresh"
        await work.commit()
    async with request.read() as work:
        assert await work.of(TASKS).find(number)
    async with here.reading() as work:
        assert await work.of(TASKS).find(number) is None
    await request.abandon()


async def test_reading_before_the_first_write_does_not_wait_for_writers(here: Place) -> None:
    async with here.storage.workspace(here.id).write() as writer:
        await _add(here, writer)
        request = here.storage.request(here.id, "d1")
        async with request.read() as work:
            assert len(await work.members.all()) == 2
        await request.abandon()


async def test_several_units_of_a_request_are_permanent_together(here: Place) -> None:
    request = here.storage.request(here.id, "d1")
    for _ in range(3):
        async with request.write() as work:
            await _add(here, work)
            await work.commit()
    await request.settle(Reply())
    assert await _numbers(here) == [1, 2, 3]


async def test_a_unit_within_a_unit_joins_it(here: Place) -> None:
    request = here.storage.request(here.id, "d1")
    async with request.write() as outer:
        first = await _add(here, outer)
        async with request.write() as inner:
            assert await inner.of(TASKS).find(first)
            await _add(here, inner)
            await inner.commit()
        await outer.commit()
    await request.settle(Reply())
    assert await _numbers(here) == [1, 2]


async def test_a_unit_left_without_commit_takes_the_request_along(here: Place) -> None:
    request = here.storage.request(here.id, "d1")
    async with request.write() as work:
        await _add(here, work)
        await work.commit()
    async with request.write() as work:
        await _add(here, work)
    assert request.changed, "whoever settles only what has changed has to be refused too"
    with pytest.raises(QuartermasterError):
        await request.settle(Reply(title="All done"))
    assert await _numbers(here) == []


async def test_an_inner_unit_left_without_commit_fails_the_outer_one(here: Place) -> None:
    request = here.storage.request(here.id, "d1")

    async def nest() -> None:
        async with request.write() as outer:
            await _add(here, outer)
            async with request.write() as inner:
                await _add(here, inner)
            await outer.commit()

    with pytest.raises(QuartermasterError):
        await nest()
    await request.abandon()
    assert await _numbers(here) == []


async def test_a_request_that_failed_can_still_leave_its_buttons(here: Place) -> None:
    request = here.storage.request(here.id, "d1")
    with pytest.raises(MishapError):
        await _fail(here, request)
    await request.abandon()
    async with request.write() as work:
        work.actions.add("set", (Action("Yes", "/task remove 1", id="set.0"),), channel_id=1, expires_at=NOON)
        await work.commit()
    await request.settle(Reply(title="Sure?"))
    assert await _numbers(here) == []
    assert await here.storage.system.delivered("d1") == Reply(title="Sure?")


async def test_a_settled_request_takes_nothing_more(here: Place) -> None:
    request = here.storage.request(here.id, "d1")
    async with request.write() as work:
        await _add(here, work)
        await work.commit()
    await request.settle(Reply())
    with pytest.raises(QuartermasterError):
        async with request.write():
            pass


async def test_a_unit_of_work_ends_with_its_block(here: Place) -> None:
    async with here.reading() as reading:
        await reading.members.all()
    async with here.storage.workspace(here.id).write() as writing:
        await writing.commit()
        with pytest.raises(QuartermasterError):
            await writing.members.all()
    with pytest.raises(QuartermasterError):
        await reading.members.all()
    with pytest.raises(QuartermasterError):
        writing.of(TASKS).add(here.task(1))


async def test_a_unit_that_reads_can_not_commit(here: Place) -> None:
    async with here.reading() as work:
        with pytest.raises(QuartermasterError):
            await work.commit()


async def test_a_repeated_delivery_answers_the_first_reply_and_changes_nothing(here: Place) -> None:
    first = await _run(here, "d1")
    assert await _run(here, "d1") == first
    assert await _numbers(here) == [1]
    assert await here.storage.system.delivered("d1") == first


async def test_ten_equal_deliveries_at_once_are_done_once_and_answered_alike(here: Place) -> None:
    replies = await asyncio.gather(*(_run(here, "d1") for _ in range(10)))
    assert replies == [Reply(title="Task 1")] * 10
    assert await _numbers(here) == [1]


async def test_fifty_different_deliveries_at_once_are_all_done(here: Place) -> None:
    replies = await asyncio.gather(*(_run(here, f"d{index}") for index in range(50)))
    assert {reply.title for reply in replies} == {f"Task {number}" for number in range(1, 51)}


async def test_deliveries_without_an_id_are_not_kept(here: Place) -> None:
    await _run(here, "")
    await _run(here, "")
    assert await _numbers(here) == [1, 2]


async def test_very_long_delivery_ids_are_told_apart(here: Place) -> None:
    long = "x" * 5000
    await _run(here, long + "1")
    await _run(here, long + "2")
    assert await _run(here, long + "1") == Reply(title="Task 1")
    assert await _numbers(here) == [1, 2]


async def test_a_delivery_of_another_workspace_is_refused_and_not_told(here: Place, there: Place) -> None:
    await _run(here, "d1")
    with pytest.raises(ConflictError):
        await _run(there, "d1")
    assert await _numbers(there) == []


async def test_a_repetition_is_noticed_even_if_nothing_needs_the_database_before_the_end(here: Place) -> None:
    async def leave_buttons(title: str) -> None:
        request = here.storage.request(here.id, "d1")
        async with request.write() as work:
            work.audit.add(AuditEntry(NOON, here.ann, here.general.id, "task list", ""))
            await work.commit()
        try:
            await request.settle(Reply(title=title))
        finally:
            await request.abandon()

    await leave_buttons("First")
    with pytest.raises(AlreadyDeliveredError) as repeated:
        await leave_buttons("Second")
    assert repeated.value.reply == Reply(title="First")
    async with here.reading() as work:
        assert len(await work.audit.latest(10)) == 1


async def test_watchers_hear_of_each_commit_once_and_of_nothing_else(here: Place) -> None:
    heard: list[Committed] = []
    here.storage.watch(heard.append)
    before = here.storage.commits
    event = Event("task.added", NOON, here.general.id, here.ann, {"number": 1})
    request = here.storage.request(here.id, "d1")
    async with request.write() as work:
        work.events.record(event)
        work.outbox.add(Post(Reply(title="Hello"), channel_id=here.general.id), NOON)
        await work.messages.post(here.general.id, author_id=here.ann, text="hi", at=NOON)
        await work.commit()
    assert heard == []
    await request.settle(Reply())
    assert heard == [Committed(here.id, (event,), has_posts=True, channels=frozenset({here.general.id}))]
    lost = here.storage.request(here.id, "d2")
    async with lost.write() as work:
        work.events.record(event)
        await work.commit()
    await lost.abandon()
    async with here.writing() as work:
        await work.members.all()
    assert heard[1:] == [Committed(here.id, (), has_posts=False, channels=frozenset())]
    assert here.storage.commits - before == 2


async def test_a_watcher_that_fails_harms_neither_the_commit_nor_other_watchers(here: Place) -> None:
    heard: list[Committed] = []

    def fail(_: Committed) -> None:
        raise MishapError

    here.storage.watch(fail)
    here.storage.watch(heard.append)
    assert await _run(here, "d1") == Reply(title="Task 1")
    assert len(heard) == 1


async def test_a_cancelled_request_leaves_nothing_and_holds_up_nobody(here: Place) -> None:
    inside = asyncio.Event()

    async def stay(request: RequestTransactions) -> None:
        try:
            async with request.write() as work:
                await _add(here, work)
                inside.set()
                await asyncio.Event().wait()
        finally:
            await request.abandon()

    stuck = asyncio.create_task(stay(here.storage.request(here.id, "d1")))
    await inside.wait()
    waiting = asyncio.create_task(_run(here, "d2"))
    stuck.cancel()
    assert await waiting == Reply(title="Task 1")
    with pytest.raises(asyncio.CancelledError):
        await stuck
    assert await _run(here, "d1") == Reply(title="Task 2")


async def test_requests_cancelled_at_any_point_are_done_wholly_or_not_at_all(here: Place, storage: Storage) -> None:
    async def run(index: int) -> None:
        await _run(here, f"d{index}")

    async def cancel_after(task: "asyncio.Task[None]", steps: int) -> None:
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()

    runs = [asyncio.create_task(run(index)) for index in range(60)]
    await asyncio.gather(*(cancel_after(task, index * 7 % 90) for index, task in enumerate(runs)))
    await asyncio.gather(*runs, return_exceptions=True)
    await _run(here, "last")
    done = [index for index in range(60) if await storage.system.delivered(f"d{index}")]
    async with here.reading() as work:
        assert len(await work.audit.latest(200)) == len(done) + 1
    assert len(await _numbers(here)) == len(done) + 1
