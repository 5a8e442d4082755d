"""The imports of one workspace, their staged rows, and what they did."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam

from adapters.storage.schema.import_tables import import_effects, import_rows, imports
from adapters.storage.schema.text_forms import storable
from adapters.storage.system.deliveries import key_of
from adapters.storage.work import scope
from adapters.storage.work.additions import Additions
from adapters.storage.work.codec import Codec, data_of, data_text
from adapters.storage.work.scope import Scoped
from adapters.storage.work.transaction import Transaction
from core.transfer.model import Effect, Import, StagedRow
from core.transfer.repository import OvertakenError

_JOBS = Codec(Import)
_i, _r, _e = imports.c, import_rows.c, import_effects.c

_BY_ID = _i.id == bindparam("the_import")
_ONE = scope.select(imports).where(_BY_ID)
_OF_DELIVERY = scope.select(imports).where(_i.delivery == bindparam("the_delivery"))
_ADVANCE = scope.update(imports).where(
    _BY_ID,
    _i.state == bindparam("was_state"),
    _i.place == bindparam("was_place"),
    _i.position == bindparam("was_position"),
)
_FORGET = scope.delete(imports).where(_BY_ID)
_PIECE = scope.select(import_rows, _r.cells).where(
    _r.import_id == bindparam("the_import"), _r.place == bindparam("the_place")
)
_PLACES = (
    scope.select(import_rows, _r.place)
    .where(_r.import_id == bindparam("the_import"))
    .order_by(_r.place)
    .limit(bindparam("at_most"))
)
_UNSTAGE = scope.delete(import_rows).where(
    _r.import_id == bindparam("the_import"), _r.place.in_(bindparam("places", expanding=True))
)
_BEHIND = scope.delete(import_rows).where(_r.import_id == bindparam("the_import"), _r.place < bindparam("the_place"))
_EFFECT = (
    scope.select(import_effects, _e.place, _e.effect)
    .where(_e.import_id == bindparam("the_import"), _e.place >= bindparam("the_place"))
    .order_by(_e.place)
    .limit(bindparam("at_most"))
)


class Imports:
    """The repository of imports."""

    def __init__(self, transaction: Transaction) -> None:
        """Work in a transaction."""
        self._transaction = transaction

    async def begin(self, job: Import) -> bool:
        """Keep a new import, unless its delivery has one; tell which it was."""

        def begin(db: Scoped) -> bool:
            if db.first(_OF_DELIVERY, the_delivery=key_of(job.key)):
                return False
            db.insert(imports, {"id": job.id, "delivery": key_of(job.key), **_state(job)})
            return True

        return await self._transaction.run(begin)

    async def get(self, import_id: str) -> Import | None:
        """Return an import."""
        row = await self._transaction.run(lambda db: db.first(_ONE, the_import=import_id))
        return _import(row) if row else None

    async def of_delivery(self, key: str) -> Import | None:
        """Return the import that a delivery began."""
        row = await self._transaction.run(lambda db: db.first(_OF_DELIVERY, the_delivery=key_of(key)))
        return _import(row) if row else None

    async def advance(self, before: Import, after: Import) -> bool:
        """Store an import that is a step further, if it still is where it was; tell whether it was.

        Staged pieces that lie behind it are dropped.
        """
        state = _state(after)
        return await self._transaction.run(lambda db: _advanced(db, before, state))

    def advancing(self, before: Import, after: Import) -> None:
        """Do so at the latest when the unit of work commits, which raises `OvertakenError` if it was elsewhere."""
        state = _state(after)

        def advance(db: Scoped) -> None:
            if not _advanced(db, before, state):
                raise OvertakenError

        self._transaction.add(Additions(first=[advance]))

    async def forget(self, import_id: str) -> None:
        """Remove an import of which nothing was applied."""
        await self._transaction.run(lambda db: db.change(_FORGET, the_import=import_id))

    def stage(self, import_id: str, place: int, rows: Sequence[StagedRow]) -> None:
        """Keep a piece of rows to be applied, at the latest when the unit of work commits."""
        kept = {"import_id": import_id, "place": place}
        self._transaction.later(import_rows, {**kept, "cells": data_text(rows)})

    async def unstage(self, import_id: str, limit: int) -> int:
        """Drop up to so many staged pieces and return how many there were."""

        def unstage(db: Scoped) -> int:
            places = [row.place for row in db.all(_PLACES, the_import=import_id, at_most=limit)]
            return db.change(_UNSTAGE, the_import=import_id, places=places) if places else 0

        return await self._transaction.run(unstage)

    async def staged(self, import_id: str, place: int) -> Sequence[StagedRow] | None:
        """Return a staged piece."""

        def read(db: Scoped) -> Sequence[StagedRow] | None:
            text = db.scalar(_PIECE, the_import=import_id, the_place=place)
            return None if text is None else data_of(text)

        return await self._transaction.run(read)

    def keep_effect(self, import_id: str, place: int, effect: Effect) -> None:
        """Keep what a step did, at the latest when the unit of work commits."""
        kept = {"import_id": import_id, "place": place}
        text = data_text({"new": list(effect.new), "before": list(effect.before), "after": list(effect.after)})
        self._transaction.later(import_effects, {**kept, "effect": text})

    async def effect(self, import_id: str, place: int) -> tuple[int, Effect] | None:
        """Return what the first step from a place on did, and its place."""
        row = await self._transaction.run(
            lambda db: db.first(_EFFECT, the_import=import_id, the_place=place, at_most=1)
        )
        if row is None:
            return None
        data = data_of(row.effect)
        return row.place, Effect(data["new"], data["before"], data["after"])


def _advanced(db: Scoped, before: Import, state: dict[str, Any]) -> bool:
    was = {"was_state": before.state.value, "was_place": before.place, "was_position": before.position}
    if not db.change(_ADVANCE, the_import=before.id, **was, **state):
        return False
    if state["place"] > before.place:
        db.change(_BEHIND, the_import=before.id, the_place=state["place"])
    return True


def _state(job: Import) -> dict[str, Any]:
    return {
        "state": job.state.value,
        "place": job.place,
        "position": job.position,
        "job": import_text(job),
        "over_at": job.over_at,
    }


def _import(row: Row[Any]) -> Import:
    return import_of(row.job)


def import_text(job: Import) -> str:
    """Return an import as text."""
    return storable(_JOBS.text(job))


def import_of(text: str) -> Import:
    """Return the import that a text was made of."""
    return _JOBS.value(text)
