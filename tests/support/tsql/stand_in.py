"""Databases on the stand-in for SQL Server, and the driver in its place while a test runs."""

import asyncio
import atexit
import importlib
import shutil
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy.dialects.mssql.aioodbc import MSDialectAsync_aioodbc
from sqlalchemy.ext.asyncio import create_async_engine

import adapters.storage.engine.dialects
from adapters.storage import migrate
from tests.support.compiled_once import compile_once
from tests.support.tsql import driver
from tests.support.tsql.threads import Threads

_PACKAGE = "adapters.storage.engine.dialects"
_NUMBERS = count(1)


_OF_THE_DRIVER = ("pyodbc", "aioodbc", f"{_PACKAGE}.mssql")


def _is_of_the_driver(name: str) -> bool:
    return name.startswith(_OF_THE_DRIVER)


@cache
def _modules() -> dict[str, ModuleType]:
    """Return the modules that were loaded with the stand-in in the driver's place."""
    with _swapped({"pyodbc": driver.module()}):
        importlib.import_module("aioodbc")
        mssql: Any = importlib.import_module(f"{_PACKAGE}.mssql")
        mssql.ThreadPoolExecutor = Threads
        compile_once(MSDialectAsync_aioodbc)
        mssql.create_async_engine = partial(create_async_engine, execution_options={"compiled_cache": {}})
        return {name: module for name, module in sys.modules.items() if _is_of_the_driver(name)}


@contextmanager
def _swapped(modules: dict[str, ModuleType]) -> Iterator[None]:
    before = {name: module for name, module in sys.modules.items() if _is_of_the_driver(name)}
    for name in before:
        del sys.modules[name]
    sys.modules.update(modules)
    _show()
    try:
        yield
    finally:
        for name in [name for name in sys.modules if _is_of_the_driver(name)]:
            del sys.modules[name]
        sys.modules.update(before)
        _show()


def _show() -> None:
    """Have the package show the module that is loaded, for an import asks it first."""
    loaded = sys.modules.get(f"{_PACKAGE}.mssql")
    if loaded is not None:
        adapters.storage.engine.dialects.mssql = loaded
    elif hasattr(adapters.storage.engine.dialects, "mssql"):
        del adapters.storage.engine.dialects.mssql


@contextmanager
def stand_in() -> Iterator[None]:
    """Have the stand-in in the place of SQL Server's driver."""
    with _swapped(_modules()):
        yield


def address_of(name: str) -> str:
    """Return the address of a database by its name."""
    return f"mssql+aioodbc://someone:secret@stand-in:1433/{name}?driver=stand-in"


@contextmanager
def fresh_database(folder: Path, *, empty: bool = False) -> Iterator[str]:
    """Make a fresh database, migrated unless it is to be empty, and return its address; the stand-in is in place."""
    name = f"test_{next(_NUMBERS)}"
    file = folder / f"{name}.db"
    if not empty:
        shutil.copyfile(_template(), file)
    with stand_in():
        driver.FILES[name] = file
        try:
            yield address_of(name)
        finally:
            driver.forget(name)


@cache
def _template() -> Path:
    """Return a migrated database with nothing in it, made once a test process."""
    folder = Path(tempfile.mkdtemp(prefix="quartermaster-stand-in-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    driver.FILES["template"] = folder / "template.db"
    errors: list[BaseException] = []

    def make() -> None:
        try:
            asyncio.run(migrate(address_of("template")))
        except BaseException as error:  # why: whoever asked for the template gets it, whatever it is
            errors.append(error)

    with stand_in():
        # A loop of its own, in a thread of its own: the caller's loop may be running.
        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
    if errors:
        raise errors[0]
    connection = sqlite3.connect(folder / "template.db")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    return folder / "template.db"
