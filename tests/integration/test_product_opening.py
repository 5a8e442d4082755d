"""A product that can't be opened leaves nothing open behind it."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.files import FileStoreError
from adapters.storage import SqlStorage, open_storage
from bot.settings.model import ApplicationSettings, ServerSettings, Settings, SlackSettings, StorageSettings
from bot.texts.cli import failure
from bot.wiring import bootstrap
from bot.wiring.serving import ServedElsewhereError, serving
from core.ports.storage import StorageUnavailableError
from tests.support.clock import HeldClock
from tests.support.storage import fresh_url


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[SqlStorage]:
    """The storages that were opened."""
    storages: list[SqlStorage] = []

    async def open_and_note(*arguments: Any, **options: Any) -> SqlStorage:
        storages.append(await open_storage(*arguments, **options))
        return storages[-1]

    monkeypatch.setattr(bootstrap, "open_storage", open_and_note)
    return storages


def _settings(folder: Path, files_url: str) -> Settings:
    return Settings(
        StorageSettings(data_dir=folder, database_url=fresh_url(folder), files_url=files_url),
        ServerSettings(port=0),
        ApplicationSettings(),
        SlackSettings(),
    )


async def test_everything_lies_in_the_folder_that_is_named_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "100%20 %41 #1;é"
    settings = Settings(
        StorageSettings(data_dir=folder), ServerSettings(port=0), ApplicationSettings(), SlackSettings()
    )
    async with bootstrap.open_product(settings) as (_, parts):
        await parts.files.put("files/1/A", _bytes(), limit=10)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert {"quartermaster.db", "secret.key", "files"} <= {path.name for path in folder.iterdir()}
    assert (folder / "files" / "files" / "1" / "A").read_bytes() == b"some"


@pytest.fixture(scope="module")
def connections() -> list[str]:
    """The files that SQLite was asked to open; such a hook stays for good, so there is one."""
    files: list[str] = []
    sys.addaudithook(lambda event, given: files.append(str(given[0])) if event == "sqlite3.connect" else None)
    return files


async def test_the_schema_of_a_file_is_looked_at_once(tmp_path: Path, connections: list[str]) -> None:
    settings = _settings(tmp_path, "memory:///")
    async with bootstrap.open_product(settings):
        pass
    connections.clear()
    async with bootstrap.open_product(settings):
        pass
    opening = len(connections)
    connections.clear()
    url = settings.storage.database_url
    storage = await open_storage(url, secrets=bootstrap.secret_box(settings), clock=HeldClock())
    await storage.close()
    # Alone it looks at it once, too.
    assert opening == len(connections)


async def _bytes() -> AsyncIterator[bytes]:
    yield b"some"


async def _is_closed(storage: SqlStorage) -> bool:
    with pytest.raises(StorageUnavailableError) as refused:
        await storage.ping()
    return refused.value.reason == "closed"


async def test_the_database_is_closed_when_the_file_store_can_not_be_opened(
    tmp_path: Path, opened: list[SqlStorage]
) -> None:
    (tmp_path / "taken").write_text("no folder")
    settings = _settings(tmp_path, files_url=f"file://{tmp_path / 'taken'}")
    with pytest.raises(FileStoreError):
        async with bootstrap.open_product(settings):
            pass
    assert [await _is_closed(storage) for storage in opened] == [True]


async def test_a_file_is_served_by_one_process_and_the_next_one_is_told_by_which(tmp_path: Path) -> None:
    async with serving(_settings(tmp_path, tmp_path.as_uri())):
        with pytest.raises(ServedElsewhereError) as refused:
            async with serving(_settings(tmp_path, tmp_path.as_uri())):
                raise AssertionError("both serve")
    said = failure(refused.value) or ""
    assert said.startswith(f"Process {os.getpid()} serves from the same SQLite file already")
    assert "QM_DATA_DIR" in said
    async with serving(_settings(tmp_path, tmp_path.as_uri())) as served:
        assert served.sign_in_url
