"""Leases: on a server rows, under its clock; beside a file the file's own lock, which ends with the process."""

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import bindparam

from adapters.storage.engine.database import Once
from adapters.storage.engine.pooled_database import PooledDatabase
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.lease_table import leases
from adapters.storage.system.deliveries import key_of
from core.ports.leases import Leases

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_l = leases.c
_MINE = sa.update(leases).where(_l.name == bindparam("the_name"))
_TAKE = _MINE.where(sa.or_(_l.holder == bindparam("me"), _l.until <= bindparam("moment", type_=_l.until.type)))
_GIVE_BACK = _MINE.where(_l.holder == bindparam("me"))


class KeptLeases(Leases, Protocol):
    """Leases together with what they are kept by."""

    async def close(self) -> None:
        """Let go of it."""
        ...


class SqlLeases:
    """Leases in a table, for processes on any machine."""

    def __init__(self, database: PooledDatabase, beside: PooledDatabase, holder: str) -> None:
        """Take leases as `holder`, a name that no other process has.

        They are taken and renewed by a connection `beside` the pool, for a lease must not be lost to a long line.
        """
        self._database = database
        self._beside = beside
        self._holder = holder

    async def take(self, name: str, seconds: float) -> bool:
        """Take a lease or renew it; tell whether it is this process's."""
        return await Once(self._beside).write(lambda db: self._taken(db, key_of(name), seconds))

    async def give_back(self, name: str) -> None:
        """Let go of a lease."""
        ended = {"the_name": key_of(name), "me": self._holder, "until": _LONG_AGO}
        await Once(self._beside).write(lambda db: db.execute(_GIVE_BACK, ended).rowcount)

    async def is_first(self, what: str, seconds: float) -> bool:
        """Tell whether no other process was the first."""
        return await Once(self._database).write(lambda db: self._taken(db, key_of(f"first:{what}"), seconds))

    async def close(self) -> None:
        """Close the connection."""
        await self._beside.close()

    def _taken(self, db: Statements, name: str, seconds: float) -> bool:
        moment = self._moment(db)
        until = moment + timedelta(seconds=seconds)
        fresh = {"name": name, "holder": self._holder, "until": until}
        wanted = {"the_name": name, "me": self._holder, "moment": moment, "holder": self._holder, "until": until}
        if db.execute(_TAKE, wanted).rowcount == 1 or self._database.dialect.insert_missing(db, leases, fresh):
            return True
        # Made by somebody since it was looked for; perhaps by another task of this process.
        return db.execute(_TAKE, wanted).rowcount == 1

    def _moment(self, db: Statements) -> datetime:
        """Return the server's time, which is the same for all of its clients."""
        moment = db.execute(sa.text(self._database.server.moment)).scalar()
        if not isinstance(moment, datetime):
            raise TypeError("the server's time")
        return moment.replace(tzinfo=UTC)


class FileLeases:
    """The leases of a database in a file: all of them belong to the process that has the lock beside it.

    The system lets go of the lock when the process ends, however it ends.
    """

    def __init__(self, database: Path) -> None:
        """Use the lock beside a database's file."""
        self._path = database.with_name(f"{database.name}-serving")
        self._lock: int | None = None
        self._names: set[str] = set()

    async def take(self, name: str, seconds: float) -> bool:
        """Take the file's lock, unless another process has it."""
        if self._lock is None:
            self._lock = _locked(self._path)
        if self._lock is None:
            return False
        self._names.add(name)
        return True

    async def give_back(self, name: str) -> None:
        """Let go of the file's lock when no lease is held any more."""
        self._names.discard(name)
        if not self._names:
            await self.close()

    async def is_first(self, what: str, seconds: float) -> bool:
        """Tell that it is so: on one machine one process answers what comes from outside."""
        return True

    async def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _locked(path: Path) -> int | None:
    """Open a file and lock it; None if another process has locked it. It opens and locks without waiting."""
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file
