"""SQLite behind its writer and readers: waiting, failing, being killed, and closing."""

import asyncio
import gc
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.storage import Limits, SqlStorage
from adapters.storage.engine.database import Once
from adapters.storage.engine.dialects.sqlite_database import READERS, SqliteDatabase
from adapters.storage.engine.dialects.sqlite_statements import driver_of
from adapters.storage.engine.statements import Statements
from adapters.storage.system.file_leases import FileLeases
from core.ports.storage import Committed, Storage, StorageUnavailableError
from core.tasks.model import Priority, Status, TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Installation, InstallationStatus
from tests.contract.storage.world import NOON, Place, build_place
from tests.support.clock import RunningClock
from tests.support.killed_writer import assert_kept, kill_a_writer
from tests.support.statements import Said, statements
from tests.support.storage import fresh_url, make_storage, secret_box

IMPATIENT = Limits(writer=0.05, reader=0.05, lock=0.05)


@pytest.fixture
async def database(tmp_path: Path) -> SqliteDatabase:
    return SqliteDatabase(fresh_url(tmp_path))


@pytest.fixture
async def place(database: SqliteDatabase) -> AsyncIterator[Place]:
    storage = SqlStorage(database, FileLeases(database.path), secrets=secret_box(), clock=RunningClock(), areas={})
    yield await build_place(storage, "shop")
    await storage.close()


def _other_process(tmp_path: Path) -> sqlite3.Connection:
    """Stand for another process at the same file."""
    return sqlite3.connect(tmp_path / "quartermaster.db", isolation_level=None)


async def _on_writer(database: SqliteDatabase, statement: str) -> None:
    await Once(database).write(lambda connection: driver_of(connection).execute(statement).close())


async def _add(place: Place) -> int:
    [task] = await place.add(place.task())
    return task.number


async def _count(place: Place) -> int:
    async with place.reading() as work:
        return (await work.of(TASKS).page(TaskFilter(), place.everything)).total


# ---------------------------------------------------------------- rules


async def test_every_connection_follows_the_rules(database: SqliteDatabase) -> None:
    def rules(connection: Statements) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only", "busy_timeout")
        driver = driver_of(connection)
        return {name: driver.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    writer = await Once(database).write(rules)
    reader = await Once(database).read(rules)
    await database.close()
    full = 2
    assert writer == {
        "journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "query_only": 0, "busy_timeout": 30_000,
    }  # fmt: skip
    assert reader == {**writer, "query_only": 1}


async def test_a_reader_sees_one_state_throughout_while_others_write(place: Place) -> None:
    await _add(place)
    async with place.reading() as work:
        before = await work.of(TASKS).page(TaskFilter(), place.everything)
        await _add(place)
        assert await work.of(TASKS).page(TaskFilter(), place.everything) == before
    assert await _count(place) == 2


async def test_fifty_readers_at_once_are_all_served(place: Place) -> None:
    await _add(place)
    assert await asyncio.gather(*(_count(place) for _ in range(50))) == [1] * 50


async def _plans(database: SqliteDatabase, said: Said, table: str) -> list[str]:
    """Return how the database goes about each statement on a table."""

    def plans(connection: Statements) -> list[str]:
        driver = driver_of(connection)
        return [
            " ".join(str(row[3]) for row in driver.execute(f"EXPLAIN QUERY PLAN {text}", values))
            for text, values in said
            if f"FROM {table}" in text
        ]

    return await Once(database).read(plans)


async def test_a_page_of_a_channel_is_read_from_an_index_alone_in_order(database: SqliteDatabase, place: Place) -> None:
    await place.add(*(place.task() for _ in range(12)))
    with statements() as said:
        async with place.reading() as work:
            for status in (Status.PENDING, Status.COMPLETED):
                for wanted in (TaskFilter(status, place.general.id), TaskFilter(status, None, priority=Priority.LOW)):
                    page = await work.of(TASKS).page(wanted, place.public)
                    await work.of(TASKS).page(wanted, place.public, cursor=page.next_cursor or "")
    found = await _plans(database, said, "tasks")
    assert len(found) >= 9
    assert [plan for plan in found if " INDEX ix_tasks_" not in plan] == []
    assert [plan for plan in found if "TEMP B-TREE" in plan] == []


async def test_a_summary_of_a_channel_looks_at_the_tasks_of_that_channel_alone(
    database: SqliteDatabase, place: Place
) -> None:
    with statements() as said:
        async with place.reading() as work:
            await work.of(TASKS).counts(place.board.id, place.public, now=NOON, today=NOON.date())
    found = await _plans(database, said, "tasks")
    assert len(found) == 3
    assert [plan for plan in found if "_channel (workspace_id=? AND channel_id=?" not in plan] == []


async def test_what_somebody_has_to_do_is_read_from_an_index_in_order(database: SqliteDatabase, place: Place) -> None:
    await place.add(*(place.task(assignees=(place.ann,)) for _ in range(12)))
    with statements() as said:
        async with place.reading() as work:
            for wanted in (TaskFilter(assignee=place.ann), TaskFilter(assignee=place.ann, channel_id=place.general.id)):
                page = await work.of(TASKS).page(wanted, place.public)
                await work.of(TASKS).page(wanted, place.public, cursor=page.next_cursor or "")
    found = [plan for plan in await _plans(database, said, "task_assignees") if "ix_task_assignees_open" in plan]
    assert len(found) >= 8
    assert [plan for plan in found if "ix_task_assignees_open (workspace_id=? AND member_id=? AND " not in plan] == []
    assert [plan for plan in found if "TEMP B-TREE" in plan] == []


async def test_the_newest_of_a_log_are_read_from_an_index_in_order(database: SqliteDatabase, place: Place) -> None:
    with statements() as said:
        async with place.reading() as work:
            await work.operations.latest(20)
            await work.operations.latest(20, failed_only=True)
            await work.audit.latest(20)
    plans = [*await _plans(database, said, "operations"), *await _plans(database, said, "audit")]
    assert plans == [
        "SEARCH operations USING INDEX ix_operations_workspace_id_id (workspace_id=?)",
        "SEARCH operations USING INDEX ix_operations_failed (workspace_id=?)",
        "SEARCH audit USING INDEX ix_audit_workspace_id_id (workspace_id=?)",
    ]


# ---------------------------------------------------------------- waiting


async def test_a_lock_held_elsewhere_is_waited_for_without_holding_up_the_loop(place: Place, tmp_path: Path) -> None:
    other = _other_process(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    writes = [asyncio.create_task(_add(place)) for _ in range(20)]
    assert await _count(place) == 0
    await place.storage.ping()
    assert not any(write.done() for write in writes)
    other.execute("ROLLBACK")
    other.close()
    assert sorted(await asyncio.gather(*writes)) == list(range(1, 21))


async def test_a_lock_held_too_long_is_a_named_error_and_then_forgotten(tmp_path: Path) -> None:
    storage = await make_storage(tmp_path)
    place = await build_place(storage, "shop")
    await storage.close()
    url = f"sqlite+aiosqlite:///{tmp_path / 'quartermaster.db'}"
    place.storage = await make_storage(limits=Limits(lock=0.05), url=url)
    other = _other_process(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailableError) as refused:
        await _add(place)
    assert (refused.value.reason, str(refused.value)) == ("locked", "locked")
    other.execute("ROLLBACK")
    other.close()
    assert await _add(place) == 1
    assert place.storage.statistics().errors == 1
    await place.storage.close()


async def test_who_waits_too_long_for_a_turn_to_write_is_told_busy(tmp_path: Path) -> None:
    storage = await make_storage(tmp_path, limits=IMPATIENT)
    place = await build_place(storage, "shop")
    async with storage.workspace(place.id).write() as holder:
        await holder.of(TASKS).reserve_numbers()
        with pytest.raises(StorageUnavailableError) as refused:
            await _add(place)
    assert refused.value.reason == "busy"
    assert await _add(place) == 1
    await storage.close()


async def test_who_waits_too_long_for_a_reader_is_told_busy(tmp_path: Path) -> None:
    storage = await make_storage(tmp_path, limits=IMPATIENT)
    place = await build_place(storage, "shop")
    release, holding = asyncio.Event(), asyncio.Barrier(READERS + 1)

    async def hold() -> None:
        async with place.reading() as work:
            await work.members.all()
            await holding.wait()
            await release.wait()

    holders = [asyncio.create_task(hold()) for _ in range(READERS)]
    await holding.wait()
    assert storage.statistics().in_use >= READERS
    for attempt in (_count(place), storage.ping()):
        with pytest.raises(StorageUnavailableError) as refused:
            await attempt
        assert refused.value.reason == "busy"
    release.set()
    await asyncio.gather(*holders)
    assert await _count(place) == 0
    await storage.close()


async def test_who_stops_waiting_leaves_the_line(place: Place) -> None:
    async with place.storage.workspace(place.id).write() as holder:
        await holder.of(TASKS).reserve_numbers()
        impatient = [asyncio.create_task(_add(place)) for _ in range(5)]
        patient = asyncio.create_task(_add(place))
        for _ in range(3):
            await asyncio.sleep(0)
        for task in impatient:
            task.cancel()
        await asyncio.gather(*impatient, return_exceptions=True)
    assert await patient == 1
    assert await _count(place) == 1


# ---------------------------------------------------------------- failing


@pytest.mark.parametrize(
    ("break_it", "mend_it", "reason"),
    [
        ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "disk_full"),
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF", "read_only"),
    ],
)
async def test_a_full_disk_and_a_read_only_file_are_named_and_nothing_stays_half_written(
    database: SqliteDatabase, place: Place, break_it: str, mend_it: str, reason: str
) -> None:
    await _on_writer(database, break_it)
    large = [place.task(number, notes="x" * 4000) for number in range(1, 200)]
    with pytest.raises(StorageUnavailableError) as refused:
        await place.add(*large)
    assert refused.value.reason == reason
    await _on_writer(database, mend_it)
    assert await _count(place) == 0
    assert await _add(place) == 1


async def test_a_check_that_can_only_read_says_so(database: SqliteDatabase, place: Place) -> None:
    await place.storage.check()
    await _on_writer(database, "PRAGMA query_only = ON")
    await place.storage.ping()
    with pytest.raises(StorageUnavailableError, match="read_only"):
        await place.storage.check()
    await _on_writer(database, "PRAGMA query_only = OFF")
    await place.storage.check()


async def test_a_check_on_a_disk_that_takes_no_more_says_so(place: Place) -> None:
    await place.storage.check()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(StorageUnavailableError):
            await place.storage.check()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    await place.storage.check()


async def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    storage = await make_storage(tmp_path)
    place = await build_place(storage, "shop")
    await place.add(*(place.task(notes="x" * 3000) for _ in range(200)))
    await storage.close()
    file = tmp_path / "quartermaster.db"
    content = bytearray(file.read_bytes())
    whole = 2 * len(content) // 3  # what is read when it is opened lies before what was added
    content[whole:] = b"\xff" * (len(content) - whole)
    file.write_bytes(content)
    place.storage = await make_storage(url=f"sqlite+aiosqlite:///{file}")
    with pytest.raises(StorageUnavailableError) as refused:
        async with place.reading() as work:
            [chunk async for chunk in work.of(TASKS).stream(TaskFilter(), place.everything)]
    assert (refused.value.reason, str(refused.value)) == ("damaged", "damaged")
    await place.storage.close()


async def test_a_mistake_of_ours_ends_its_unit_of_work_only_and_tells_no_content(place: Place) -> None:
    task = place.task(1, title="a private matter")
    await place.add(task)
    with pytest.raises(Exception, match="UNIQUE") as mistake:
        await place.add(task)
    assert not isinstance(mistake.value, StorageUnavailableError)
    assert "private matter" not in str(mistake.value)
    assert await _add(place) == 2


async def test_tokens_are_not_in_the_file_in_the_clear(place: Place, tmp_path: Path) -> None:
    await place.storage.system.save_installation(
        Installation(
            space_id=place.space.id,
            workspace_id=place.id,
            platform=place.space.platform,
            external_id=place.space.external_id,
            token="xoxb-very-secret",
            bot_user_id="U",
            app_id="A",
            scopes=(),
            status=InstallationStatus.ACTIVE,
            reason="",
            installed_at=NOON,
        )
    )
    assert (await place.storage.system.installations())[0].token == "xoxb-very-secret"
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"very-secret" not in written


# ---------------------------------------------------------------- being killed


async def test_what_was_answered_before_a_kill_is_there_once_and_the_next_start_works(tmp_path: Path) -> None:
    url = fresh_url(tmp_path)
    answered = await kill_a_writer(url, "shop", after=150)
    assert await assert_kept(url, "shop", answered) >= len(answered) >= 150


# ---------------------------------------------------------------- closing


async def test_closing_lets_what_is_under_way_end_and_takes_nothing_new(tmp_path: Path) -> None:
    storage = await make_storage(tmp_path)
    place = await build_place(storage, "shop")
    heard: list[Committed] = []
    storage.watch(heard.append)
    async with storage.workspace(place.id).write() as work:
        await work.of(TASKS).reserve_numbers()
        waiting = asyncio.create_task(_add(place))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        closing = asyncio.create_task(storage.close())
        await asyncio.sleep(0)
        work.of(TASKS).add(place.task(1))
        await work.commit()
    assert await waiting == 2
    await closing
    assert len(heard) == 2
    for attempt in (_add(place), _count(place), storage.ping()):
        with pytest.raises(StorageUnavailableError) as refused:
            await attempt
        assert refused.value.reason == "closed"
    await storage.close()


async def test_closing_ends_every_thread_and_leaves_nothing_open(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    storage = await make_storage(tmp_path)
    place = await build_place(storage, "shop")
    await asyncio.gather(*(_count(place) for _ in range(20)))
    started = set(threading.enumerate()) - before
    assert len(started) == READERS + 1
    await storage.close()
    for thread in started:
        thread.join(timeout=10)
    assert not [thread for thread in started if thread.is_alive()]
    gc.collect()


async def test_a_storage_that_was_never_used_opens_and_closes(tmp_path: Path) -> None:
    storage: Storage = await make_storage(tmp_path)
    assert storage.statistics().in_use == 0
    await storage.close()
