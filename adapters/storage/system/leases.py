"""Leases: on a server rows, under its clock; beside a file the file's own lock, which ends with the process."""

import fcntl
import os
import time
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import bindparam

from adapters.storage.engine.database import Once
from adapters.storage.engine.dialects.patterns import ESCAPE, literal
from adapters.storage.engine.pooled_database import PooledDatabase
from adapters.storage.engine.statements import Statements
from adapters.storage.schema.lease_table import leases
from adapters.storage.system.deliveries import key_of
from core.ports.leases import Leases

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_l = leases.c
_MINE = sa.update(leases).where(_l.name == bindparam("the_name"))
_OVER = _l.until <= bindparam("moment", type_=_l.until.type)
_TAKE = _MINE.where(sa.or_(_l.holder == bindparam("me"), _l.holder == bindparam("former"), _OVER))
_GIVE_BACK = _MINE.where(_l.holder == bindparam("me"))
_COUNT = (
    sa.select(sa.func.count())
    .select_from(leases)
    .where(_l.name.like(bindparam("beginning"), escape=ESCAPE), sa.not_(_OVER))
)
_HOLDER = sa.select(_l.holder).where(_l.name == bindparam("the_name"))

MOST_FIRSTS = 10_000
"""Of how many things a process alone remembers who was first."""


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
        return await Once(self._beside).write(lambda db: self._taken(db, key_of(name), self._holder, seconds))

    async def give_back(self, name: str) -> None:
        """Let go of a lease."""
        ended = {"the_name": key_of(name), "me": self._holder, "until": _LONG_AGO}
        await Once(self._beside).write(lambda db: db.execute(_GIVE_BACK, ended).rowcount)

    async def count(self, beginning: str) -> int:
        """Return how many leases there are whose names begin so."""

        def count(db: Statements) -> int:
            wanted = {"beginning": f"{literal(beginning)}%", "moment": self._moment(db)}
            return int(db.execute(_COUNT, wanted).scalar() or 0)

        return await Once(self._database).read(count)

    async def first(self, what: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        """Return who is first at something."""
        name = key_of(f"first:{what}")

        def ask(db: Statements) -> str:
            if self._taken(db, name, by, seconds, instead_of):
                return by
            return str(db.execute(_HOLDER, {"the_name": name}).scalar())

        return await Once(self._database).write(ask)

    async def close(self) -> None:
        """Close the connection."""
        await self._beside.close()

    def _taken(self, db: Statements, name: str, holder: str, seconds: float, former: str = "") -> bool:
        moment = self._moment(db)
        until = moment + timedelta(seconds=seconds)
        fresh = {"name": name, "holder": holder, "until": until}
        who = {"the_name": name, "me": holder, "former": former or holder, "moment": moment}
        wanted = {**who, "holder": holder, "until": until}
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
        self._firsts: OrderedDict[str, tuple[str, float]] = OrderedDict()

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

    async def count(self, beginning: str) -> int:
        """Return 0: whoever has the lock knows what it does."""
        return 0

    async def first(self, what: str, by: str, seconds: float, *, instead_of: str = "") -> str:
        """Return who is first at something: in memory, for one process alone answers what comes from outside."""
        now = time.monotonic()
        holder, until = self._firsts.get(what, ("", now))
        if until > now and holder not in (by, instead_of):
            return holder
        self._firsts[what] = (by, now + seconds)
        self._firsts.move_to_end(what)
        if len(self._firsts) > MOST_FIRSTS:
            self._firsts.popitem(last=False)
        return by

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
