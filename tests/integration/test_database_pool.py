"""A pool of connections to a real Postgres: what comes back, who waits, who is told to try again, what is counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from adapters.storage import Limits, SqlStorage
from adapters.storage.engine.database import Once
from adapters.storage.engine.dialects.postgres import server_settings
from adapters.storage.engine.opening import open_server
from adapters.storage.engine.pooled_database import PooledDatabase
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.tables import audit, counters
from adapters.storage.system.leases import SqlLeases
from adapters.telemetry.metrics import Metrics
from bot.middleware.rate_limit import Limit
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from bot.wiring.bootstrap import Tuning, open_product
from bot.wiring.product import Product
from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.chat.spec import Cost
from core.chat.text import plain
from core.people.model import Role
from core.ports.storage import OUTCOME_UNKNOWN, StorageUnavailableError
from tests.contract.storage.world import NOON, build_place
from tests.support.clock import RunningClock
from tests.support.databases import fresh_database
from tests.support.patience import patiently, until
from tests.support.storage import make_storage, secret_box

GENERAL = ChannelRef("general", "general", ChannelKind.PUBLIC)
USERS = 50
SIZE = 5
SERVED = 5.0
"""Seconds within which all of them have their answer."""
PLENTY = {cost: Limit(1e9, 1e9) for cost in Cost}
ONE = sa.text("SELECT 1")


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with fresh_database("postgresql", tmp_path) as made:
        yield made


@asynccontextmanager
async def pool(url: str, **limits: Any) -> AsyncIterator[PooledDatabase]:
    database = open_server(url, Limits(**{"connections": 3, **limits}))
    try:
        yield database
    finally:
        await database.close()


# ------------------------------------------------------------ what comes back


async def test_nothing_is_opened_before_it_is_needed() -> None:
    database = open_server("postgresql://ann:hush@127.0.0.1:1/nowhere", Limits())
    assert database.statistics().in_use == 0
    await database.close()


def _fail(_: object) -> None:
    raise KeyError("a mistake of ours")


async def test_a_connection_comes_back_also_when_the_query_raises(url: str) -> None:
    async with pool(url, reader=5.0, writer=5.0) as database:
        once = Once(database)
        for _ in range(5):
            with pytest.raises(asyncpg.PostgresError):
                await once.read(lambda db: db.execute(sa.text("SELECT 1 / 0")).scalar())
            with pytest.raises(asyncpg.PostgresError):
                await once.write(lambda db: db.execute(sa.text("INSERT INTO nowhere VALUES (1)")).first())
            with pytest.raises(KeyError):
                await once.read(_fail)
            with pytest.raises(KeyError):
                await once.write(_fail)
        answers = await asyncio.gather(*(once.read(lambda db: db.execute(ONE).scalar()) for _ in range(6)))
        assert answers == [1] * 6
        figures = database.statistics()
        assert (figures.size, figures.waiting) == (3, 0)
        assert figures.errors == 10
        assert figures.served >= 26
        assert 0 < figures.latency.p50 <= figures.latency.p95 <= figures.latency.p99
    assert database.statistics().in_use == 0


async def test_a_connection_comes_back_when_whoever_waits_is_cancelled(url: str) -> None:
    async with pool(url, reader=5.0) as database:
        once = Once(database)
        sleeping = [
            asyncio.create_task(once.read(lambda db: db.execute(sa.text("SELECT pg_sleep(60)")).scalar()))
            for _ in range(3)
        ]
        async with patiently(30):
            await until(lambda: database.statistics().in_use >= 3)
            for task in sleeping:
                task.cancel()
            await asyncio.gather(*sleeping, return_exceptions=True)
            assert await once.read(lambda db: db.execute(ONE).scalar()) == 1


# ------------------------------------------------------------ who waits


async def test_an_exhausted_pool_is_a_named_error_and_no_hang(url: str) -> None:
    async with pool(url, reader=0.05, writer=0.05) as database:
        readers = [database.reader() for _ in range(3)]
        for reader in readers:
            await reader.run(lambda db: db.execute(ONE).scalar())
        assert database.statistics().in_use == 3
        with pytest.raises(StorageUnavailableError) as refused:
            await Once(database).read(lambda db: db.execute(ONE).scalar())
        assert refused.value.reason == "busy"
        with pytest.raises(StorageUnavailableError) as refused:
            await Once(database).write(lambda db: db.execute(ONE).scalar())
        assert refused.value.reason == "busy"
        for reader in readers:
            await reader.end()
    assert database.statistics().errors == 2


async def test_writers_leave_connections_to_readers(url: str) -> None:
    async with pool(url, reader=5.0, writer=0.05) as database:
        writer = database.writer()
        await writer.run(lambda db: db.execute(ONE).scalar())
        with pytest.raises(StorageUnavailableError) as refused:
            await Once(database).write(lambda db: db.execute(ONE).scalar())
        assert refused.value.reason == "busy"
        assert await Once(database).read(lambda db: db.execute(ONE).scalar()) == 1
        await writer.end()


async def test_a_closed_pool_says_so(url: str) -> None:
    async with pool(url) as database:
        pass
    with pytest.raises(StorageUnavailableError) as refused:
        await Once(database).read(lambda db: db.execute(ONE).scalar())
    assert refused.value.reason == "closed"


async def test_connections_that_died_while_they_lay_idle_are_not_noticed(url: str) -> None:
    async with pool(url) as database:
        once = Once(database)
        await asyncio.gather(*(once.read(lambda db: db.execute(sa.text("SELECT pg_sleep(0.05)"))) for _ in range(3)))
        other = await asyncpg.connect(url.replace("+asyncpg", ""))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'quartermaster'"
        await other.execute(f"{others} AND datname = current_database()")
        await other.close()
        answers = await asyncio.gather(*(once.read(lambda db: db.execute(ONE).scalar()) for _ in range(6)))
        assert answers == [1] * 6
        assert database.statistics().errors == 0


async def test_a_transaction_that_does_nothing_is_ended_and_others_write(url: str) -> None:
    stopped = await asyncpg.connect(
        url.replace("+asyncpg", ""), server_settings=dict(server_settings(Limits(idle=0.1)))
    )
    await stopped.execute("CREATE TABLE one (n int)")
    await stopped.execute("INSERT INTO one VALUES (0)")
    await stopped.execute("BEGIN")
    await stopped.execute("UPDATE one SET n = 1")
    async with pool(url) as database:
        await Once(database).write(lambda db: db.execute(sa.text("UPDATE one SET n = n + 10")))
        assert await Once(database).read(lambda db: db.execute(sa.text("SELECT n FROM one")).scalar()) == 10
    assert Limits().idle < Limits().lock


def _server_process(connection: Statements) -> object:
    return connection.execute(sa.text("SELECT pg_backend_pid()")).scalar()


@pytest.mark.parametrize(("seconds", "most"), [(1800.0, 3), (0.0, 10)])
async def test_connections_are_used_again_until_they_are_too_old(url: str, seconds: float, most: int) -> None:
    async with pool(url, recycle=seconds) as database:
        seen = {await Once(database).read(_server_process) for _ in range(10)}
    assert len(seen) <= most
    assert (len(seen) == 10) is (seconds == 0.0)


# ------------------------------------------------------------ fifty users


async def test_fifty_users_on_five_connections_are_all_served_by_the_repositories(url: str) -> None:
    async with pool(url, connections=SIZE) as database:
        leases = SqlLeases(database, database, "only one")
        storage = SqlStorage(database, leases, secrets=secret_box(), clock=RunningClock(), areas={})
        workspace = await storage.system.ensure_default_workspace(zone="UTC", currency="EUR", locale="en", at=NOON)

        async def user(number: int) -> int:
            async with storage.workspace(workspace.id).write() as work:
                member = await work.members.add(f"User {number}", Role.MEMBER, at=NOON)
                await work.commit()
            async with storage.workspace(workspace.id).read() as work:
                return sum(one.id == member for one in await work.members.all())

        assert await asyncio.gather(*(user(number) for number in range(USERS))) == [1] * USERS
        figures = storage.statistics()
    assert figures.size == SIZE
    assert figures.errors == 0
    assert figures.served >= 2 * USERS


def _request(line: str, user: str = "owner") -> Request:
    return Request(
        platform=Platform.TERMINAL, space_id="", channel=GENERAL, user=UserRef(user, user), delivery_id="", text=line
    )


@asynccontextmanager
async def opened(url: str, folder: Path, **limits: float) -> AsyncIterator[tuple[Product, Metrics]]:
    """The product on a pool of five, and its figures."""
    settings = Settings(
        StorageSettings(data_dir=folder, database_url=url, database_pool=SIZE),
        ServerSettings(port=0),
        ApplicationSettings(),
        SlackSettings(),
    )
    tuning = Tuning(limits=PLENTY, storage=Limits(**limits))  # type: ignore[arg-type]
    metrics = Metrics()
    async with open_product(settings, clock=RunningClock(), tuning=tuning, figures=metrics) as (product, _):
        yield product, metrics


def _figures(reply: Reply) -> dict[str, Any]:
    return {field.key: field.value for field in reply.fields}


async def test_fifty_users_on_five_connections_are_all_served_by_the_product(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path) as (product, metrics):
        handle = product.application.handle
        await handle(_request("/task list"))
        async with patiently(SERVED):
            added = await asyncio.gather(*(handle(_request(f"/task add Task {n}", f"user-{n}")) for n in range(USERS)))
        assert [reply.problem for reply in added if reply.problem] == []
        async with patiently(SERVED):
            listed = await asyncio.gather(*(handle(_request("/task list", f"user-{n}")) for n in range(USERS)))
        assert [reply.problem for reply in listed if reply.problem] == []
        figures = _figures(await handle(_request("/qm stats")))
        assert (figures["pool_size"], figures["pool_waiting"], figures["errors"]) == (SIZE, 0, 0)
        assert 0 <= figures["pool_in_use"] <= SIZE
        assert figures["served"] >= USERS
        assert 0 < figures["milliseconds_p50"] <= figures["milliseconds_p95"] <= figures["milliseconds_p99"]
        page = metrics.render()[0].decode()
        assert f"quartermaster_storage_connections {float(SIZE)}" in page
        assert 'quartermaster_storage_seconds{quantile="0.99"}' in page


# ------------------------------------------------------------ who is told to try again


@asynccontextmanager
async def beside(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else's connection to the database."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


def _told(reply: Reply) -> str:
    return f"{reply.problem.message} {reply.problem.hint}" if reply.problem else f"{reply.title} {plain(reply.text)}"


async def test_whoever_waits_too_long_for_a_lock_is_told_to_try_again(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path, writer=0.3, lock=0.2) as (product, _), beside(url) as other:
        handle = product.application.handle
        await handle(_request("/task list"))
        async with other.transaction():
            await other.execute("SELECT 1 FROM workspaces FOR UPDATE")
            refused = await asyncio.gather(*(handle(_request(f"/task add Task {n}")) for n in range(10)))
        assert {_told(reply) for reply in refused} == {"I'm busy just now. Nothing was changed; try again in a moment."}
        assert (await handle(_request("/task add Buy milk"))).problem is None
        assert _figures(await handle(_request("/qm stats")))["errors"] >= 10


async def test_a_full_disk_changes_nothing_and_is_told(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path) as (product, _), beside(url) as other:
        handle = product.application.handle
        await handle(_request("/task add First"))
        # What the server says when it can't make a file longer, without filling anybody's disk.
        await other.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END$$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON outbox EXECUTE FUNCTION full_disk();"
            "CREATE TRIGGER full_disk BEFORE INSERT ON deliveries EXECUTE FUNCTION full_disk();"
            "CREATE TRIGGER full_disk BEFORE INSERT ON audit EXECUTE FUNCTION full_disk();"
        )
        before = await other.fetch("SELECT * FROM counters ORDER BY name")
        refused = await handle(_request("/task add Second"))
        assert _told(refused).startswith("I can't use my database just now. Nothing was changed; try again")
        assert [row["title"] for row in await other.fetch("SELECT title FROM tasks")] == ["First"]
        assert await other.fetch("SELECT * FROM counters ORDER BY name") == before
        await other.execute("DROP FUNCTION full_disk CASCADE")
        assert (await handle(_request("/task add Second"))).problem is None


async def _end_whoever_waits(other: asyncpg.Connection) -> None:
    waits = "NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    await until(lambda: other.fetchval(f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {waits}"))


async def test_a_connection_that_ends_in_the_middle_of_a_change_is_told_and_the_next_one_works(
    url: str, tmp_path: Path
) -> None:
    async with opened(url, tmp_path) as (product, _), beside(url) as other:
        handle = product.application.handle
        await handle(_request("/task add First"))
        async with other.transaction():
            await other.execute("LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE")
            waiting = asyncio.create_task(handle(_request("/task add Second")))
            await _end_whoever_waits(other)
            refused = await waiting
        assert "Nothing was changed; try again" in _told(refused)
        assert (await handle(_request("/task add Second"))).problem is None
        assert sorted(row["title"] for row in await other.fetch("SELECT title FROM tasks")) == ["First", "Second"]


async def test_a_connection_that_ends_in_a_commit_leaves_nobody_with_a_wrong_answer(url: str, tmp_path: Path) -> None:
    async with opened(url, tmp_path) as (product, _), beside(url) as other:
        handle = product.application.handle
        await handle(_request("/task add First"))
        await other.execute(
            "CREATE FUNCTION wait_for_it() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END$$;"
            "CREATE CONSTRAINT TRIGGER at_the_end AFTER INSERT ON tasks DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION wait_for_it();"
        )
        request = replace(_request("/task add Second"), delivery_id="a delivery")
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock(42)")
            waiting = asyncio.create_task(handle(request))
            await _end_whoever_waits(other)
            unsure = await waiting
        assert unsure.problem
        assert unsure.problem.code == OUTCOME_UNKNOWN
        assert "don't know whether it was done" in _told(unsure)
        # The same delivery again settles it, whichever way it went.
        for _ in range(2):
            assert (await handle(request)).problem is None
        assert sorted(row["title"] for row in await other.fetch("SELECT title FROM tasks")) == ["First", "Second"]


# ------------------------------------------------------------ in one trip


async def test_rows_of_several_tables_go_together_and_what_is_refused_of_them_leaves_no_doubt(url: str) -> None:
    storage = await make_storage(url=url)
    place = await build_place(storage, "here")
    await storage.close()
    about = {"at": NOON, "member_id": 1, "channel_id": 1, "command": "task add", "target": "", "overrode": False}

    def write(db: Statements, name: str) -> None:
        for table, row in ((audit, about), (counters, {"name": name, "value": 0})):
            database.dialect.insert_many(db, table, [{"workspace_id": place.id, **row}])
        database.dialect.update_many(db, counters, ("name",), [{"name": name, "value": 7}])

    async with pool(url) as database:
        for name in ("one", "two"):
            await database.writer(place.id).commit(partial(write, name=name), lambda: None)
        twice = database.writer(place.id)
        with pytest.raises(asyncpg.UniqueViolationError):
            await twice.commit(partial(write, name="two"), lambda: None)
        await twice.end()
        rows = sa.select(sa.func.count()).select_from(audit)
        assert await Once(database).read(lambda db: db.execute(rows).scalar()) == 2
        values = sa.select(counters.c.value).where(sa.literal_column("name IN ('one', 'two')"))
        assert await Once(database).read(lambda db: [row.value for row in db.execute(values).all()]) == [7, 7]
