"""Backups that jobs make: kept in the file store, tried before they count, and told of in words."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.backups import KeptBackups, Place
from adapters.backups import making as making_module
from adapters.backups.kept import KEPT, key_of, made_at
from adapters.backups.making import Making
from adapters.files import open_file_store
from adapters.files.store import FileStoreError, ObjectFileStore
from core.chat.text import plain
from core.jobs.model import JobFilter, JobState
from core.ports.backups import BackupError, BackupStage
from core.ports.keeping import ArchiveError, Held
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON
from tests.support.clock import HeldClock
from tests.support.filled import contents
from tests.support.keeping import KEY, Shop, content_of
from tests.support.patience import until
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.stage import Stage, staged

Told = list[tuple[BackupStage, float]]


async def one(content: bytes) -> AsyncIterator[bytes]:
    yield content


def place_of(shop: Shop) -> Place:
    return Place(shop.url, None, shop.folder, "1.0")


def making(shop: Shop, told: Told | None = None, at: datetime = NOON) -> Making:
    """A backup made in this process."""
    return Making(place_of(shop), [KEY], HeldClock(at), lambda *one: (told if told is not None else []).append(one))


async def keys(store: ObjectFileStore) -> list[str]:
    return sorted([key async for key in store.keys("backups")])


def digests(folder: Path) -> dict[str, str]:
    """What is in a folder, the store of backups and what only lies there for a time apart."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "backups"]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files if ".db-" not in path.name}


async def test_a_backup_made_by_a_process_of_its_own_brings_everything_back(shop: Shop, tmp_path: Path) -> None:
    told: Told = []

    async def tell(stage: BackupStage, part: float) -> None:
        told.append((stage, part))

    before = digests(shop.folder)
    kept = KeptBackups(lambda: place_of(shop), shop.store, lambda: [KEY])
    assert await kept.times() == []
    made = await kept.make(tell)
    assert (made.files, made.missing, made.kept) == (5, 0, 1)
    assert [stage for stage in BackupStage if stage in {stage for stage, _ in told}] == [
        BackupStage.COPYING,
        BackupStage.STORING,
        BackupStage.TRYING,
    ]
    assert all(0 <= part <= 1 for _, part in told)
    assert await keys(shop.store) == [made.key]
    assert await kept.times() == [made_at(made.key)]
    assert digests(shop.folder) == before
    assert not list((shop.folder / "scratch").iterdir())
    stored = shop.folder / "files" / made.key
    assert stored.stat().st_mode & 0o077 == 0
    there = Shop.empty(tmp_path / "there")
    back = await there.restore(stored)
    assert back.held.total
    assert back.manifest.files == 5
    assert (there.folder / "secret.key").read_text() == f"{KEY}\n"
    some = [key async for key in there.store.keys("files")]
    assert len(some) == 5
    assert await there.read(some[0]) == content_of(some[0].rpartition("/")[2])


async def test_the_newest_are_kept_and_none_is_in_another(shop: Shop) -> None:
    sizes = [(await making(shop, at=NOON + timedelta(days=day)).run()).size for day in range(KEPT + 2)]
    there = await keys(shop.store)
    assert there == [key_of(NOON + timedelta(days=day)) for day in range(2, KEPT + 2)]
    assert len(set(sizes)) == 1


async def test_what_else_lies_there_is_left_alone(shop: Shop) -> None:
    await shop.store.put("backups/mine.tar", one(b"mine"), limit=9)
    assert (await making(shop).run()).kept == 1
    assert "backups/mine.tar" in await keys(shop.store)


async def test_one_that_can_not_be_brought_back_is_not_kept_and_the_older_ones_are(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await making(shop).run()

    async def flipped(store: ObjectFileStore, key: str, file: object) -> None:
        """A store that does not give back what it took."""
        content = bytearray(b"".join([chunk async for chunk in store.read(key)]))
        content[5000] ^= 1
        file.write(content)  # type: ignore[attr-defined]

    monkeypatch.setattr(making_module, "_read_back", flipped)
    with pytest.raises(BackupError, match="not_usable"):
        await making(shop, at=NOON + timedelta(days=1)).run()
    assert await keys(shop.store) == [key_of(NOON)]
    assert not list((shop.folder / "scratch").iterdir())


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileStoreError("no"), "store"),
        (OSError(28, "no room"), "room"),
        (ArchiveError("many_damaged"), "many_damaged"),
    ],
)
async def test_what_goes_wrong_has_a_word(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    async def fails(*_: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(making_module, "back_up", fails)
    with pytest.raises(BackupError, match=reason):
        await making(shop).run()


async def test_a_store_that_keeps_nothing_takes_no_backup(shop: Shop) -> None:
    kept = KeptBackups(lambda: Place(shop.url, "memory:///", shop.folder, "1.0"), shop.store, lambda: [KEY])
    with pytest.raises(BackupError, match="no_store"):
        await kept.make(nobody)


async def nobody(_stage: BackupStage, _part: float) -> None:
    """Be told, and say nothing."""


async def test_whoever_is_stopped_leaves_no_process(shop: Shop) -> None:
    begun = asyncio.Event()

    async def tell(_stage: BackupStage, _part: float) -> None:
        begun.set()
        await asyncio.Event().wait()

    made = asyncio.create_task(KeptBackups(lambda: place_of(shop), shop.store, lambda: [KEY]).make(tell))
    await begun.wait()
    made.cancel()
    with pytest.raises(asyncio.CancelledError):
        await made
    assert await keys(shop.store) == []


def test_keys_say_when_a_backup_was_made() -> None:
    moment = datetime(2026, 11, 30, 3, 0, 1, tzinfo=UTC)
    assert key_of(moment) == "backups/quartermaster-2026-11-30T030001Z.tar"
    assert made_at(key_of(moment)) == moment
    assert made_at("backups/mine.tar") is None


# ---------------------------------------------------------------- as a job


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The application with something that runs jobs."""
    async with staged(tmp_path, engine=PlainEngine()) as made:
        jobs = made.product.jobs
        assert jobs.launcher
        jobs.launcher.start(jobs.runner.run)
        await made.type("/user whoami")
        await made.type("/user whoami", by="ann")
        yield made
        await made.product.drain()
        await jobs.launcher.stop()


async def ended(stage: Stage, number: int) -> JobState:
    async def look() -> JobState | None:
        async with stage.parts.storage.workspace(1).read() as work:
            page = await work.jobs.page(JobFilter(), Audience(0, frozenset(), everything=True))
        return next((job.state for job in page.items if job.number == number and job.state.is_over), None)

    return await until(look, what=f"job {number} to be over")


async def test_an_admin_makes_one_and_sees_it_in_the_status(stage: Stage, tmp_path: Path) -> None:
    await stage.type("/task add Sweep the yard")
    made = await stage.type("/job run backup")
    await ended(stage, 1)
    assert (made.problem, made.title) == (None, "Backed up")
    assert "it was tried by bringing it back. It is the only one." in plain(made.text)
    (key,) = await keys(open_file_store(None, tmp_path))
    assert key in plain(made.text)
    there = Shop.empty(tmp_path / "there")
    assert (await there.restore(tmp_path / "files" / key)).held == Held()
    assert any("Sweep the yard" in str(row) for row in (await contents(there.url))["tasks"])


@pytest.mark.parametrize("line", ["/job run backup", '/job every nightly "daily 3:00" backup'])
async def test_it_is_for_admins(stage: Stage, line: str) -> None:
    refused = await stage.type(line, by="ann")
    assert refused.problem
    assert (refused.problem.code, refused.problem.message) == (
        "forbidden",
        "Only an admin can do that; you are a member.",
    )


async def test_a_failure_says_what_to_do(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(_tell: Callable[..., object]) -> None:
        raise BackupError("store")

    monkeypatch.setattr(stage.product.upkeep.backups, "make", fails)
    reply = await stage.type("/job run backup")
    assert await ended(stage, 1) is JobState.FAILED
    assert reply.problem
    assert reply.problem.message.startswith("The file store did not take the backup")
    assert "QM_FILES_URL" in reply.problem.hint


async def test_every_night_is_a_schedule_like_any_other(stage: Stage) -> None:
    made = await stage.type('/job every nightly-backup "daily 3:00" backup')
    assert made.problem is None
    assert "nightly-backup for daily at 03:00" in plain(made.text)
