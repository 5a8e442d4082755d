"""What concerns no single workspace, or comes before one is known.

What only the loops of a serving process ask, they load: no line typed into a shell waits for it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from adapters.storage.engine.database import Database, Once
from adapters.storage.engine.statements import Statements
from adapters.storage.repositories.workspaces.workspace import workspace_of
from adapters.storage.schema.tables import (
    NAME,
    ZONE,
    actions,
    codes,
    deliveries,
    files,
    operations,
    workspaces,
)
from adapters.storage.schema.text_forms import storable
from adapters.storage.system import deliveries as ledger
from adapters.storage.system import spaces
from adapters.storage.work.codec import actions_of, reply_of
from adapters.storage.work.placed import Repositories, class_of
from core.chat.actions import StoredAction, picked
from core.chat.reply import Reply
from core.chat.request import Platform
from core.ports.kept import Kept
from core.ports.secrets import SecretBox
from core.ports.storage import Operation
from core.ports.system import Ahead
from core.shared.errors import ConflictError
from core.workspaces.model import DEFAULT_WORKSPACE, Installation, InstallationStatus, Space, Workspace

if TYPE_CHECKING:
    from core.boards.model import Board
    from core.chat.rewriting import Rewriting
    from core.jobs.model import JobState
    from core.ports.jobs import JobRef
    from core.transfer.model import Import

LONGEST_ACTION_ID = 100
"""Characters; ours are shorter."""

# What every request asks is put together once, so that it is compiled once.
_ACTIONS = sa.select(actions).where(
    actions.c.set_id == sa.bindparam("the_set"), actions.c.expires_at > sa.bindparam("moment")
)
_DELIVERED = sa.select(deliveries.c.reply).where(deliveries.c.id == sa.bindparam("the_delivery"))


class SqlSystemStore:
    """The system's side of a database; every call is a transaction of its own."""

    def __init__(self, database: Database, secrets: SecretBox, areas: Repositories) -> None:
        """Work on a database; `secrets` seals what it keeps of credentials, `areas` are what areas keep."""
        self._database = database
        self._once = Once(database)
        self._secrets = secrets
        self._areas = areas

    async def ensure_default_workspace(self, *, zone: str, currency: str, locale: str, at: datetime) -> Workspace:
        """Return the workspace `default`, made on first call."""
        found = await self.workspace(DEFAULT_WORKSPACE)
        if found is not None:
            return found
        made = _workspace_row(DEFAULT_WORKSPACE, zone, currency, locale, at)
        return await self._once.write(lambda db: self._make(db, made) or _required(db, DEFAULT_WORKSPACE))

    async def create_workspace(self, name: str, *, zone: str, currency: str, locale: str, at: datetime) -> Workspace:
        """Make a workspace; raises `ConflictError` (`workspace_exists`) if the name is taken."""
        made = _workspace_row(name, zone, currency, locale, at)
        workspace = await self._once.write(lambda db: self._make(db, made))
        if workspace is None:
            raise ConflictError("workspace_exists", name=name)
        return workspace

    async def workspace(self, name: str) -> Workspace | None:
        """Return a workspace by name."""
        return await self._once.read(lambda db: _named(db, name))

    async def workspaces(self) -> Sequence[Workspace]:
        """Return every workspace."""
        every = sa.select(workspaces).order_by(workspaces.c.id)
        return await self._once.read(lambda db: [workspace_of(row) for row in db.execute(every)])

    async def spaces(self) -> Sequence[Space]:
        """Return every space."""
        return await self._once.read(spaces.every)

    async def ensure_space(
        self, workspace_id: int, platform: Platform, external_id: str, name: str, at: datetime
    ) -> Space:
        """Return the space, made in that workspace if it is new; an existing one stays where it is."""
        found = await self._once.read(lambda db: spaces.find(db, platform, external_id))
        if found is not None:
            return found
        row = spaces.new_row(workspace_id, platform, external_id, name, at)
        return await self._once.write(lambda db: spaces.ensure(db, self._database.dialect, row))

    async def move_space(self, space_id: int, workspace_id: int, at: datetime) -> bool:
        """Move a space that has no data yet to another workspace; tell whether it could be moved."""
        space = await self._once.read(lambda db: spaces.get(db, space_id))
        if space is None:
            return False
        # Nobody gives it data meanwhile: who writes to its workspace waits.
        return await self._once.write(lambda db: spaces.move(db, space, workspace_id), space.workspace_id)

    async def code(self, digest: str, purpose: str, now: datetime) -> tuple[int, int] | None:
        """Return the workspace and member of a one-time code that can still be used, without spending it."""
        wanted = (
            sa.select(codes.c.workspace_id, codes.c.member_id)
            .where(codes.c.digest == digest, codes.c.purpose == purpose)
            .where(codes.c.used_at.is_(None), codes.c.expires_at > now)
        )
        row = await self._once.read(lambda db: db.execute(wanted).first())
        return (row.workspace_id, row.member_id) if row else None

    async def use_code(self, digest: str, purpose: str, now: datetime) -> tuple[int, int] | None:
        """Spend a one-time code and return its workspace and member, or None if unknown, spent or expired."""
        spend = (
            sa.update(codes)
            .where(codes.c.digest == digest, codes.c.purpose == purpose)
            .where(codes.c.used_at.is_(None), codes.c.expires_at > now)
            .values(used_at=now)
            .returning(codes.c.workspace_id, codes.c.member_id)
        )
        row = await self._once.write(lambda db: db.execute(spend).first())
        return (row.workspace_id, row.member_id) if row else None

    async def installations(self) -> Sequence[Installation]:
        """Return every installation, tokens opened."""
        from adapters.storage.system import installations

        rows = await self._once.read(installations.every)
        return [installations.opened(row, self._secrets) for row in rows]

    async def save_installation(self, installation: Installation) -> None:
        """Add or replace a space's installation, its token sealed."""
        from adapters.storage.system import installations

        row = installations.sealed(installation, self._secrets)
        await self._once.write(lambda db: installations.save(db, self._database.dialect, row))

    async def set_installation_status(
        self, space_id: int, status: InstallationStatus, reason: str, at: datetime
    ) -> None:
        """Enable or disable a space's installation."""
        from adapters.storage.system import installations

        await self._once.write(lambda db: installations.set_status(db, space_id, status, reason, at))

    async def action(self, action_id: str, now: datetime) -> StoredAction | None:
        """Return a stored action or choice by its opaque id unless it is expired."""
        set_id = action_id.partition(".")[0]
        if len(action_id) > LONGEST_ACTION_ID or not action_id.isascii():
            return None
        row = await self._once.read(lambda db: db.execute(_ACTIONS, {"the_set": set_id, "moment": now}).first())
        found = picked(actions_of(row.actions), action_id) if row else None
        if row is None or found is None:
            return None
        action, command = found
        return StoredAction(action_id, action, command, row.workspace_id, row.channel_id, row.expires_at)

    async def delivered(self, delivery_id: str) -> Reply | None:
        """Return what a delivery was answered with, if it was."""
        key = ledger.key_of(delivery_id)
        text = await self._once.read(lambda db: db.execute(_DELIVERED, {"the_delivery": key}).scalar())
        return reply_of(text) if text else None

    async def due(self, kept: Kept[Any], now: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """Return what is to remind people of what an area keeps, by workspace and number, the longest due first."""
        from adapters.storage.system import reminders

        table = class_of(self._areas[kept]).kind.table
        return await self._once.read(lambda db: reminders.due(db, table, now, limit))

    async def held_reminders(self, now: datetime) -> Sequence[int]:
        """Return the workspaces in which reminders have waited long enough for the end of quiet hours."""
        from adapters.storage.system import reminders

        return await self._once.read(lambda db: reminders.held(db, now))

    async def due_schedules(self, now: datetime, limit: int) -> Sequence[tuple[int, int]]:
        """Return the schedules whose time has come, by workspace and number, the longest due first."""
        from adapters.storage.system import schedules

        return await self._once.read(lambda db: schedules.due(db, now, limit))

    async def schedules_ahead(self, now: datetime) -> Sequence[tuple[int, int]]:
        """Return the schedules that were made or dealt with later than it is now, by workspace and number."""
        from adapters.storage.system import schedules

        return await self._once.read(lambda db: schedules.ahead(db, now))

    async def next_schedule(self) -> datetime | None:
        """Return when the time of a schedule comes next, or came; None if there is nothing to come."""
        from adapters.storage.system import schedules

        return await self._once.read(schedules.next_at)

    async def imports_under_way(self) -> "Sequence[tuple[int, Import]]":
        """Return every import, or undo of one, that is not over, with its workspace."""
        from adapters.storage.system import under_way

        return await self._once.read(under_way.imports_open)

    async def jobs_open(self, state: "JobState", limit: int) -> "Sequence[tuple[JobRef, bool]]":
        """Return the jobs that are queued, or that run, and of each whether somebody may be waiting for it."""
        from adapters.storage.system import under_way

        return await self._once.read(lambda db: under_way.jobs_open(db, state, limit))

    async def to_do(self, now: datetime, late_before: datetime) -> Ahead:
        """Count what is to be done; schedules whose time came before `late_before` are late."""
        from adapters.storage.system import schedules, under_way

        def count(db: Statements) -> Ahead:
            return Ahead(under_way.jobs_counted(db), *schedules.counted(db, now, late_before))

        return await self._once.read(count)

    async def boards(self) -> "Sequence[Board]":
        """Return every board, of all workspaces, but those that are held back."""
        from adapters.storage.system import under_way

        return await self._once.read(under_way.boards_kept)

    async def leave_no_name(self, workspace_id: int, member_id: int) -> None:
        """Take a member's name and address out of what was answered, a little at a time."""
        from adapters.storage.system import forgetting

        await forgetting.leave_no_name(self._once, self._database.dialect, workspace_id, member_id)

    async def rewrite(self, workspace_id: int, way: "Rewriting") -> None:
        """Put what was answered in other words, a little at a time."""
        from adapters.storage.system import forgetting

        await forgetting.rewrite(self._once, self._database.dialect, workspace_id, way)

    async def record_operations(self, operations_: Sequence[Operation]) -> None:
        """Append to the operation log."""
        rows = [_operation_row(operation) for operation in operations_]
        if rows:
            await self._once.write(lambda db: self._database.dialect.insert_many(db, operations, rows))

    async def files_before(self, before: datetime, limit: int) -> Sequence[tuple[int, str]]:
        """Return stored files that were made before an instant, by workspace and id."""
        old = sa.select(files.c.workspace_id, files.c.id).where(files.c.created_at < before).limit(limit)
        rows = await self._once.read(lambda db: db.execute(old).all())
        return [(row.workspace_id, row.id) for row in rows]

    async def forget_files(self, files_: Sequence[tuple[int, str]]) -> None:
        """Remove what is known of files, by workspace and id, once their bytes are gone."""
        gone = sa.delete(files).where(
            files.c.workspace_id == sa.bindparam("the_workspace"), files.c.id == sa.bindparam("the_file")
        )
        keys = [{"the_workspace": workspace, "the_file": file} for workspace, file in files_]
        if keys:
            await self._once.write(lambda db: db.execute(gone, keys))

    async def purge(
        self,
        *,
        deliveries_before: datetime,
        outbox_before: datetime,
        operations_before: datetime,
        events_before: datetime,
        now: datetime,
    ) -> int:
        """Remove what retention no longer keeps, a little at a time; return the rows removed."""
        from adapters.storage.system import retention

        steps = retention.steps(
            self._database.dialect,
            deliveries_before=deliveries_before,
            outbox_before=outbox_before,
            operations_before=operations_before,
            events_before=events_before,
            now=now,
        )
        removed = 0
        for step in steps:
            while count := await self._once.write(lambda db, step=step: db.execute(step).rowcount):  # type: ignore[misc]
                removed += count
        return removed

    def _make(self, db: Statements, row: dict[str, Any]) -> Workspace | None:
        """Insert a workspace, or return None if the name is taken."""
        is_new = self._database.dialect.insert_missing(db, workspaces, row)
        return _required(db, row["name"]) if is_new else None


def _workspace_row(name: str, zone: str, currency: str, locale: str, at: datetime) -> dict[str, Any]:
    return {
        "name": storable(name, NAME),
        "zone": zone[:ZONE],
        "currency": currency[:3],
        "locale": locale[:ZONE],
        "created_at": at,
    }


def _named(db: Statements, name: str) -> Workspace | None:
    row = db.execute(sa.select(workspaces).where(workspaces.c.name == storable(name, NAME))).first()
    return workspace_of(row) if row else None


def _required(db: Statements, name: str) -> Workspace:
    workspace = _named(db, name)
    if workspace is None:
        raise LookupError("a workspace that was made a moment ago")
    return workspace


def _operation_row(operation: Operation) -> dict[str, Any]:
    return {
        "workspace_id": operation.workspace_id,
        "member_id": operation.member_id,
        "command": operation.command[:ZONE],
        "started_at": operation.started_at,
        "ended_at": operation.ended_at,
        "error": operation.error[:ZONE],
        "reference": operation.reference[:ZONE],
    }
