"""The product started and stopped in order, and what it does by itself meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.application.run import Run
from bot.jobs.retention import ABANDONED, DELIVERIES, FILES, JOBS, OPERATIONS, OUTBOX, Retention
from bot.texts.common import counted, listed, moment, size
from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain
from core.files.model import StoredFile
from core.ports.files import UPLOADS
from core.ports.jobs import EngineState, EngineUnavailableError, Phase
from core.ports.storage import Post, StorageUnavailableError
from core.shared.ids import new_id
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.conftest import Log
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import Chat, Stage, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)


class Bell(Chat):
    """A chat that rings at each post, and takes it when it may."""

    def __init__(self, may_take: asyncio.Event | None = None) -> None:
        super().__init__()
        self.rung = asyncio.Semaphore(0)
        self._may_take = may_take

    async def post(self, where: object, reply: Reply, key: str) -> str:
        self.posts.append((where, reply, key))  # type: ignore[arg-type]
        self.rung.release()
        if self._may_take is not None:
            await self._may_take.wait()
        return key


async def test_a_post_leaves_as_soon_as_its_command_is_committed(stage: Stage) -> None:
    bell = stage.parts.messengers[Platform.SLACK] = Bell()
    stage.chat.profiles["U2"] = UserRef("U2", "Ben")
    await stage.type("/task list", "U2", platform=Platform.SLACK, channel=SHOP)
    await stage.product.jobs.start()
    await stage.type("/task add Buy milk assign:@u2", "U1", platform=Platform.SLACK, channel=SHOP)
    await bell.rung.acquire()
    ((where, reply, _),) = bell.posts
    assert where.user == "U2"
    assert "Buy milk" in plain(reply.text) + repr(reply)


async def test_a_reminder_comes_when_its_time_has_come(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        bell = stage.parts.messengers[Platform.SLACK] = Bell()
        await stage.type("/task add Buy milk due:in 2h assign:@me", "U1", platform=Platform.SLACK, channel=SHOP)
        stage.clock.moment += timedelta(hours=3)
        await stage.product.jobs.start()
        await bell.rung.acquire()
        assert "Buy milk" in repr(bell.posts[0][1])


async def test_posts_that_a_dead_process_was_sending_are_taken_up(tmp_path: Path, log: Log) -> None:
    async with staged(tmp_path) as before:
        await before.type("/task list", "U1", platform=Platform.SLACK, channel=SHOP)
        async with before.parts.storage.workspace(1).write() as work:
            work.outbox.add(Post(Reply(title="hello"), channel_id=1), before.clock.now())
            await work.commit()
        assert len(await before.parts.storage.outbox.claim(before.clock.now(), 5)) == 1
    async with staged(tmp_path) as after:
        bell = after.parts.messengers[Platform.SLACK] = Bell()
        await after.product.jobs.start()
        await bell.rung.acquire()
        assert log.entries("posts_in_doubt")[0]["count"] == 1


async def test_posts_that_a_stopping_process_still_sends_are_left_to_it(tmp_path: Path, log: Log) -> None:
    async with staged(tmp_path) as before:
        slow = before.parts.messengers[Platform.SLACK] = Bell(may_take=asyncio.Event())
        await before.type("/task list", "U1", platform=Platform.SLACK, channel=SHOP)
        async with before.parts.storage.workspace(1).write() as work:
            work.outbox.add(Post(Reply(title="hello"), channel_id=1), before.clock.now())
            await work.commit()
        await before.product.jobs.start()
        await slow.rung.acquire()
        await before.product.jobs.step_down()
        async with staged(tmp_path) as beside:
            await beside.product.jobs.start()
            assert not beside.product.jobs.leadership.leads
        assert log.entries("posts_in_doubt") == []
    async with staged(tmp_path) as after:
        await after.product.jobs.start()
        assert after.product.jobs.leadership.leads
        assert log.entries("posts_in_doubt")[0]["count"] == 1


async def test_closing_writes_what_is_left_of_the_operation_log(tmp_path: Path) -> None:
    async with staged(tmp_path) as before:
        await before.type("/task list")
    async with staged(tmp_path) as after, after.parts.storage.workspace(1).read() as work:
        assert [entry.command for entry in await work.operations.latest(5)] == ["task list"]


async def test_closing_says_what_had_to_be_given_up(stage: Stage, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.product.application.quick.start(asyncio.Event().wait, "never")
    await stage.product.drain(0.01)
    assert log.entries("requests_given_up")[0]["count"] == 1


async def test_the_database_is_closed_even_if_the_operation_log_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    async def away(*_: object) -> None:
        raise StorageUnavailableError("locked")

    async with staged(tmp_path) as stage:
        await stage.type("/task list")
        with monkeypatch.context() as patched:
            patched.setattr(type(stage.parts.storage.system), "record_operations", away)
            await stage.product.close()
        assert [entry["reason"] for entry in log.entries("operations_not_recorded")] == ["locked"]
        with pytest.raises(StorageUnavailableError):
            await stage.parts.storage.ping()
        stage.product.operations._entries.clear()


async def test_what_is_too_old_is_removed_and_counted(stage: Stage, log: Log) -> None:
    retention = Retention(stage.parts.storage.system, stage.parts.files, stage.clock)
    await stage.type("/task add Buy milk", delivery="d1")
    assert await retention.step() is False
    assert log.entries("retention") == []
    assert await stage.parts.storage.system.delivered("d1") is not None
    stage.clock.moment += DELIVERIES + timedelta(days=1)
    await retention.step()
    assert log.entries("retention")
    assert await stage.parts.storage.system.delivered("d1") is None
    assert OUTBOX > DELIVERIES


async def test_the_engine_forgets_jobs_after_a_week_or_another_day(stage: Stage, log: Log) -> None:
    class Forgetting(PlainEngine):
        async def forget(self, before: datetime) -> int:
            if not self.state.is_ready:
                raise EngineUnavailableError
            assert stage.clock.now() - before == JOBS
            return 3

    engine = Forgetting()
    retention = Retention(stage.parts.storage.system, stage.parts.files, stage.clock, engine)
    await retention.step()
    assert log.entries("retention_jobs") == []
    engine.state = EngineState(Phase.READY)
    await retention.step()
    assert [entry["jobs"] for entry in log.entries("retention_jobs")] == [3]


async def test_files_go_after_their_time_and_what_is_younger_stays(stage: Stage, log: Log) -> None:
    retention = Retention(stage.parts.storage.system, stage.parts.files, stage.clock)
    await stage.type("/task add Buy milk")
    first = (await stage.type("/task export")).files[0]
    stage.clock.moment += FILES - timedelta(days=1)
    second = (await stage.type("/task export")).files[0]
    await retention.step()
    assert [key async for key in stage.parts.files.keys("files/1")] != []
    assert log.entries("retention_files") == []
    stage.clock.moment += timedelta(days=1)
    await retention.step()
    assert [key async for key in stage.parts.files.keys("files/1")] == [f"files/1/{second.id}"]
    async with stage.parts.storage.workspace(1).read() as work:
        assert await work.files.get(first.id) is None
        assert await work.files.get(second.id)


async def test_more_old_files_than_a_batch_all_go(stage: Stage) -> None:
    await stage.type("/task list")
    async with stage.parts.storage.workspace(1).write() as work:
        for number in range(205):
            work.files.add(StoredFile(f"F{number}", "a.csv", "text/csv", 1, "0" * 64, 1, 1, None, stage.clock.now()))
        await work.commit()
    stage.clock.moment += FILES + timedelta(minutes=1)
    await Retention(stage.parts.storage.system, stage.parts.files, stage.clock).step()
    assert await stage.parts.storage.system.files_before(stage.clock.now(), 1) == []


async def test_uploads_that_a_dead_process_left_are_removed_after_a_day(stage: Stage) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"title"

    files = stage.parts.files
    old = f"{UPLOADS}/{new_id(stage.clock.now())}"
    await files.put(old, content(), limit=10)
    stage.clock.moment += ABANDONED + timedelta(minutes=1)
    new = f"{UPLOADS}/{new_id(stage.clock.now())}"
    await files.put(new, content(), limit=10)
    await Retention(stage.parts.storage.system, files, stage.clock).step()
    assert [key async for key in files.keys(UPLOADS)] == [new]


async def test_the_operation_log_is_kept_for_a_quarter_and_the_audit_trail_for_good(stage: Stage) -> None:
    retention = Retention(stage.parts.storage.system, stage.parts.files, stage.clock)

    async def kept() -> tuple[list[str], list[str]]:
        await retention.step()
        async with stage.parts.storage.workspace(1).read() as work:
            operations, audit = await work.operations.latest(10), await work.audit.latest(10)
        return [one.command for one in operations], [one.command for one in audit]

    await stage.type("/task add Buy milk")
    await stage.product.operations.step()
    stage.clock.moment += OPERATIONS - timedelta(minutes=1)
    assert await kept() == (["task add"], ["task add"])
    stage.clock.moment += timedelta(minutes=2)
    assert await kept() == ([], ["task add"])


def test_steps_out_of_order_are_a_fault_of_ours(stage: Stage) -> None:
    run = Run(stage.request("/task list"), NOW, "R1", lambda _fraction: None)
    for name in ("known_command", "known_plan", "known_actor"):
        with pytest.raises(LookupError):
            getattr(run, name)
    assert run.delivery_id == ""


def test_small_words() -> None:
    assert [counted(count, "task") for count in (0, 1, 2, 1000, 1001)] == [
        "0 tasks",
        "1 task",
        "2 tasks",
        "1,000 tasks",
        "more than 1,000 tasks",
    ]
    assert counted(2, "person", "people") == "2 people"
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert plain(moment(NOW, "Europe/Berlin")) == "Fri 20 Nov 2026 10:00 (Europe/Berlin)"
    assert [size(count) for count in (0, 999, 1000, 12_345, 200_000_000, 5 * 10**12)] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "12 kB",
        "200 MB",
        "5000 GB",
    ]
