"""Work after an acknowledgement is kept, bounded and finished."""

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.platforms import follow_ups, seen
from adapters.platforms.follow_ups import FollowUps, UnderWay
from adapters.platforms.seen import Seen


async def test_draining_waits_for_everything_and_for_what_that_starts() -> None:
    follow_ups, done = FollowUps(), []

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        follow_ups.start(second(), "second")
        done.append("first")

    follow_ups.start(first(), "first")
    assert await follow_ups.drain(5) == 0
    assert done == ["first", "second"]
    assert len(follow_ups) == 0


async def test_what_is_late_is_given_up_and_counted() -> None:
    follow_ups = FollowUps()
    task = follow_ups.start(asyncio.sleep(3600), "endless")
    assert await follow_ups.drain(0) == 1
    assert task.cancelled()


async def test_a_failure_leaves_a_trace_and_harms_no_other() -> None:
    follow_ups = FollowUps()

    async def broken() -> None:
        raise ValueError("a secret")

    with capture_logs() as logs:
        follow_ups.start(broken(), "broken")
        assert await follow_ups.drain(5) == 0
    assert [(entry["event"], entry["kind"]) for entry in logs] == [("follow_up_failed", "ValueError")]


async def test_beyond_its_bound_nothing_more_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow_ups, "MOST", 1)
    held, begun = FollowUps(), []
    held.start(asyncio.sleep(3600), "endless")

    async def more() -> None:
        begun.append(True)

    with capture_logs() as logs:
        await held.start(more(), "more")
    assert begun == []
    assert [entry["event"] for entry in logs] == ["follow_up_dropped"]
    await held.drain(0)


async def test_what_is_served_just_now_can_be_waited_for() -> None:
    under_way = UnderWay()
    assert await under_way.over(0)
    with under_way:
        with under_way:
            assert not await under_way.over(0)
        assert not await under_way.over(0)
    assert await under_way.over(0)


def test_the_latest_deliveries_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "MOST", 2)
    kept: Seen[int] = Seen()
    assert kept.put("a", 1)
    assert not kept.put("a", 2)
    assert kept.get("a") == 1
    assert kept.put("b", 2)
    assert kept.put("c", 3)
    assert kept.get("a") is None


async def test_nobody_waits_in_the_end_for_what_only_stands_by() -> None:
    follow_ups, done = FollowUps(), []
    stopped = asyncio.Event()

    async def stands_by() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("work")

    follow_ups.stand_by(stands_by(), "answer")
    follow_ups.start(work(), "work")
    assert await follow_ups.drain(5) == 0
    assert done == ["work"]
    assert stopped.is_set()
