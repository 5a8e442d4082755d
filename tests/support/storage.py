"""Databases for tests: a file each, copied from a migrated template, behind the production pool."""

import asyncio
import atexit
import shutil
import tempfile
import threading
from functools import cache
from pathlib import Path
from types import MappingProxyType

from adapters.secrets import AesGcmSecretBox
from adapters.storage import Limits, Repositories, SqlStorage, migrate, open_storage
from core.ports.secrets import SecretBox
from core.shared.clock import Clock
from tests.support.clock import RunningClock
from tests.support.patience import patience

QUICK = Limits(writer=patience(10.0), reader=patience(10.0), lock=patience(10.0))
"""Nothing in a test waits longer than this for the database."""


def url_of(file: Path) -> str:
    """Return the address of a database file."""
    return f"sqlite+aiosqlite:///{file}"


@cache
def _root() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="quartermaster-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def template() -> Path:
    """Return a migrated database with nothing in it, made once a test process."""
    file = _root() / "template.db"
    # A loop of its own, in a thread of its own: the caller's loop may be running.
    thread = threading.Thread(target=lambda: asyncio.run(migrate(url_of(file))))
    thread.start()
    thread.join()
    return file


def fresh_url(folder: Path | None = None) -> str:
    """Return the address of a fresh database in a folder (by default one that goes when the tests are over)."""
    folder = folder or Path(tempfile.mkdtemp(dir=_root()))
    file = folder / "quartermaster.db"
    shutil.copyfile(template(), file)
    return url_of(file)


@cache
def secret_box() -> AesGcmSecretBox:
    """Return a secret box with a key of the tests."""
    return AesGcmSecretBox(["a key for tests, of no use elsewhere"])


async def make_storage(
    folder: Path | None = None,
    *,
    clock: Clock | None = None,
    secrets: SecretBox | None = None,
    limits: Limits = QUICK,
    url: str = "",
    areas: Repositories = MappingProxyType({}),
) -> SqlStorage:
    """Open a storage on a fresh database, or on the one at `url`, with what areas keep; the caller closes it."""
    return await open_storage(
        url or fresh_url(folder),
        secrets=secrets or secret_box(),
        clock=clock or RunningClock(),
        limits=limits,
        areas=areas,
    )
