"""Leases on a server: rows, under its clock."""

from datetime import UTC, datetime, timedelta
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
