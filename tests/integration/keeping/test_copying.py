"""A copy is the same, whatever it is copied from and into, and goes on after it was stopped anywhere."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.storage import SchemaState, migrate, open_storage, schema_state
from adapters.storage.copying import Copy, progress, tables
from adapters.storage.copying.sides import FROM, TO, opened
from adapters.storage.engine.addresses import file_of
from adapters.storage.engine.database import Work
from adapters.storage.schema.state import CopyUnfinishedError
from adapters.storage.schema.tables import workspaces
from adapters.storage.work.whole_schema import whole_schema
from core.chat.request import ChannelKind
from core.ports.keeping import CopyError, Step, StepKind
from tests.integration.keeping.conftest import WAYS
from tests.support.clock import HeldClock
from tests.support.databases import fresh_database
from tests.support.filled import contents, fill, rows_of, visit
from tests.support.keeping import ROWS
from tests.support.storage import fresh_url, secret_box, url_of


class StoppedError(Exception):
    """Stands for the end of the process."""


class Stop:
    """Ends a copy after so many steps."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, step: Step) -> None:
        self.left -= 1
        if self.left < 0:
            raise StoppedError


@pytest.mark.parametrize("pair", WAYS, indirect=True)
async def test_every_row_of_every_table_is_there_and_numbers_go_on(pair: tuple[str, str]) -> None:
    source, target = pair
    steps: list[Step] = []
    copied = await Copy(source, target, tell=steps.append, at_most=7).run()
    assert await contents(target) == await contents(source)
    assert copied.rows == ROWS * len(tables())
    assert [step.name for step in steps if step.kind is StepKind.TABLE] == [table.name for table in tables()]
    assert await schema_state(target) is SchemaState.CURRENT
    storage = await open_storage(target, secrets=secret_box(), clock=HeldClock())
    made = await storage.system.create_workspace("fresh", zone="UTC", currency="EUR", locale="en", at=HeldClock().now())
    await storage.close()
    assert made.id == ROWS + 1


@pytest.mark.parametrize("pair", WAYS, indirect=True)
async def test_a_number_that_was_given_once_is_not_given_again(pair: tuple[str, str]) -> None:
    source, target = pair
    those = (
        "boards",
        "files",
        "jobs",
        "message_counters",
        "messages",
        "schedules",
        "task_assignees",
        "task_tallies",
        "tasks",
        "channels",
    )
    for name in those:
        table = whole_schema().tables[name]
        column = next(table.c[each] for each in ("channel_id", "number", "id") if each in table.c)
        await visit(source, _rows_gone(table.delete().where(column == ROWS)))
    await Copy(source, target).run()
    storage = await open_storage(target, secrets=secret_box(), clock=HeldClock())
    async with storage.workspace(1).write() as work:
        made = await work.channels.ensure(1, "C-new", "new", ChannelKind.PUBLIC, HeldClock().now())
    await storage.close()
    assert made.id == ROWS + 1


def _rows_gone(statement: sa.Delete) -> Work[int]:
    return lambda connection: connection.execute(statement).rowcount


async def test_a_copy_stopped_anywhere_goes_on(pair: tuple[str, str]) -> None:
    source, target = pair
    # Each run first goes through what was there, and so gets a little further than the one before.
    for after in range(1, 23, 4):
        with pytest.raises(StoppedError):
            await Copy(source, target, tell=Stop(after), at_most=4).run()
        for refused in (schema_state, migrate):
            with pytest.raises(CopyUnfinishedError):
                await refused(target)
    await Copy(source, target, at_most=4).run()
    assert await contents(target) == await contents(source)


async def test_what_the_source_gained_since_is_copied_too(pair: tuple[str, str]) -> None:
    source, target = pair
    with pytest.raises(StoppedError):
        await Copy(source, target, tell=Stop(20), at_most=4).run()
    row = next(rows_of(workspaces, 1)) | {"id": ROWS + 1, "name": "gained"}
    await visit(source, lambda db: db.execute(workspaces.insert(), row).rowcount)
    steps: list[Step] = []
    await Copy(source, target, tell=steps.append, at_most=4).run()
    assert StepKind.RESUMED in [step.kind for step in steps]
    assert StepKind.RESTARTED not in [step.kind for step in steps]
    assert await contents(target) == await contents(source)


async def test_where_the_source_has_changed_since_it_begins_anew(pair: tuple[str, str]) -> None:
    source, target = pair
    with pytest.raises(StoppedError):
        await Copy(source, target, tell=Stop(20), at_most=4).run()
    renamed = workspaces.update().where(workspaces.c.id == 1).values(name="renamed")
    await visit(source, lambda db: db.execute(renamed).rowcount)
    steps: list[Step] = []
    await Copy(source, target, tell=steps.append, at_most=4).run()
    assert StepKind.RESTARTED in [step.kind for step in steps]
    assert await contents(target) == await contents(source)


async def test_a_target_with_data_is_left_alone(pair: tuple[str, str]) -> None:
    source, target = pair
    await migrate(target)
    await fill(target, 2)
    before = await contents(target)
    with pytest.raises(CopyError) as refused:
        await Copy(source, target).run()
    assert (refused.value.reason, refused.value.side) == ("has_data", "to")
    assert await contents(target) == before
    await Copy(source, target, replace=True).run()
    assert await contents(target) == await contents(source)


async def test_a_replacement_that_was_stopped_leaves_nothing_of_either(pair: tuple[str, str]) -> None:
    source, target = pair
    await migrate(target)
    await fill(target, 40)
    with pytest.raises(StoppedError):
        await Copy(source, target, replace=True, tell=Stop(0)).run()
    await Copy(source, target).run()
    assert await contents(target) == await contents(source)


async def test_a_begun_copy_of_something_else_is_refused(pair: tuple[str, str], tmp_path: Path) -> None:
    source, target = pair
    with pytest.raises(StoppedError):
        await Copy(source, target, tell=Stop(2)).run()
    (tmp_path / "other").mkdir()
    other = fresh_url(tmp_path / "other")
    with pytest.raises(CopyError) as refused:
        await Copy(other, target).run()
    assert refused.value.reason == "other_copy"
    mark = sa.text("UPDATE alembic_version SET version_num = 'copying 0001'")
    await visit(target, lambda db: db.execute(mark).rowcount)
    with pytest.raises(CopyError) as refused:
        await Copy(source, target).run()
    assert refused.value.reason == "other_version"


async def test_of_two_copies_into_one_database_one_goes_through(pair: tuple[str, str]) -> None:
    source, target = pair
    ways = [Copy(source, target, at_most=3).run() for _ in range(2)]
    ended = await asyncio.gather(*ways, return_exceptions=True)
    refused = [each.reason for each in ended if isinstance(each, CopyError)]
    assert len(refused) <= 1, ended
    # The other one finds the target taken, or full, or a file locked.
    assert set(refused) <= {"elsewhere", "has_data", "unavailable"}
    assert await contents(target) == await contents(source)
    assert await schema_state(target) is SchemaState.CURRENT


async def test_somebody_who_writes_into_the_target_is_noticed(pair: tuple[str, str]) -> None:
    source, target = pair

    steps: list[Step] = []

    class MeddledError(Exception):
        pass

    def tell(step: Step) -> None:
        steps.append(step)
        if step.kind is StepKind.CHECKING:
            raise MeddledError

    with pytest.raises(MeddledError):
        await Copy(source, target, tell=tell).run()
    renamed = workspaces.update().where(workspaces.c.id == 3).values(name="other")
    await visit(target, lambda db: db.execute(renamed).rowcount)
    with pytest.raises(CopyError) as noticed:
        await Copy(source, target).run()
    assert (noticed.value.reason, noticed.value.table) == ("differs", "workspaces")
    with pytest.raises(CopyUnfinishedError):
        await schema_state(target)


async def test_sources_that_can_not_be_copied_are_named(tmp_path: Path) -> None:
    target = url_of(tmp_path / "target.db")
    source = fresh_url(tmp_path)
    for wrong, reason, side in (
        (target, "same", ""),
        (url_of(tmp_path / "missing.db"), "nothing_there", "from"),
        ("mysql://ann:secret@host/x", "unavailable", "from"),
        ("postgresql://ann:secret@127.0.0.1:1/x", "unavailable", "from"),
    ):
        with pytest.raises(CopyError) as refused:
            await Copy(wrong, target).run()
        assert (refused.value.reason, refused.value.side) == (reason, side)
        assert "secret" not in str(refused.value)
    with pytest.raises(CopyError) as refused:
        await Copy(source, "postgresql://ann:secret@127.0.0.1:1/x").run()
    assert (refused.value.reason, refused.value.side) == ("unavailable", "to")
    assert not (tmp_path / "target.db").exists()


@pytest.mark.parametrize("replace", [False, True])
async def test_a_server_s_database_is_never_copied_into_itself_under_another_address(
    tmp_path: Path, replace: bool
) -> None:
    async with fresh_database("postgresql", tmp_path) as url:
        await fill(url, 3)
        before = await contents(url)
        elsewhere = url.replace("?host=", "?host=/./")
        for other in (f"{url}&port=5432", elsewhere, f"{elsewhere}&port=5432"):
            with pytest.raises(CopyError) as refused:
                await Copy(url, other, replace=replace).run()
            by_its_words = "/./" not in other
            assert refused.value.reason == ("same" if replace or by_its_words else "has_data")
            assert await contents(url) == before
            assert await schema_state(url) is SchemaState.CURRENT


async def test_an_empty_database_on_a_server_is_not_copied_into_itself_either(tmp_path: Path) -> None:
    async with fresh_database("postgresql", tmp_path) as url:
        with pytest.raises(CopyError) as refused:
            await Copy(url, url.replace("?host=", "?host=/./")).run()
        assert refused.value.reason == "same"
        assert await schema_state(url) is SchemaState.CURRENT


async def test_a_file_is_never_copied_into_itself_under_another_name(tmp_path: Path) -> None:
    source = fresh_url(tmp_path)
    await fill(source, 3)
    before = await contents(source)
    (tmp_path / "hard.db").hardlink_to(file_of(source))
    (tmp_path / "soft.db").symlink_to(file_of(source))
    for name in ("hard.db", "soft.db"):
        for replace in (False, True):
            with pytest.raises(CopyError) as refused:
                await Copy(source, url_of(tmp_path / name), replace=replace).run()
            assert refused.value.reason == "same"
            assert await contents(source) == before


async def test_a_source_that_somebody_fills_meanwhile_is_refused_and_the_target_stays(pair: tuple[str, str]) -> None:
    source, target = pair
    await migrate(target)
    await fill(target, 2)
    before = await contents(target)
    copy = Copy(source, target, replace=True)
    async with opened(FROM, source) as here, opened(TO, target) as there:
        await here.write(lambda db: progress.begin(db, here.dialect, "", tables()))
        with pytest.raises(CopyError) as refused:
            await copy._begin(here, there, "origin", unfinished=False)
        await here.write(progress.end)
    assert (refused.value.reason, refused.value.side) == ("unavailable", "from")
    assert await contents(target) == before
    assert await schema_state(target) is SchemaState.CURRENT


async def test_a_source_that_is_gone_before_anything_was_replaced_leaves_the_target_as_it_was(tmp_path: Path) -> None:
    target = fresh_url(tmp_path)
    await fill(target, 2)
    before = await contents(target)
    gone = "postgresql://ann@127.0.0.1:1/x"
    async with opened(FROM, gone) as nothing, opened(TO, target) as there:
        with pytest.raises(CopyError) as refused:
            await Copy(gone, target, replace=True)._begin(nothing, there, "origin", unfinished=False)
    assert (refused.value.reason, refused.value.side) == ("unavailable", "from")
    assert await contents(target) == before
    assert await schema_state(target) is SchemaState.CURRENT


async def test_values_that_can_not_be_right_are_a_clear_answer(tmp_path: Path) -> None:
    source = fresh_url(tmp_path)
    await fill(source, 3)
    await visit(source, lambda db: db.execute(sa.text("UPDATE workspaces SET created_at = 'soon' WHERE id = 2")))
    with pytest.raises(CopyError) as refused:
        await Copy(source, url_of(tmp_path / "target.db")).run()
    assert (refused.value.reason, refused.value.table) == ("unreadable", "workspaces")


def test_every_table_but_those_of_running_processes_is_copied() -> None:
    assert {table.name for table in tables()} | {"leases"} == set(whole_schema().tables) | {"leases"}
