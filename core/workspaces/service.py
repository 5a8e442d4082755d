"""Workspaces: their settings and the joining of spaces."""

from dataclasses import replace
from datetime import datetime, timedelta

from core.chat.actor import Actor
from core.chat.request import ChannelKind
from core.ports.secrets import SecretBox
from core.ports.storage import SystemStore, Transactions, UndoEntry, UnitOfWork
from core.shared.clock import Clock
from core.shared.currencies import is_currency
from core.shared.errors import ConflictError, NotFoundError, RefusedError
from core.shared.events import Event
from core.shared.ids import new_code
from core.shared.value_objects import value_object
from core.shared.zones import checked_zone
from core.undo.keeping import TAKING_BACK, check_reach, keep_change, record_changes
from core.undo.steps import steps_of
from core.workspaces.kind import CHANNEL_KIND, WORKSPACE_KIND
from core.workspaces.model import Channel, Workspace

CODE_LIFE = timedelta(minutes=15)
CONNECT = "connect"
SPACE_JOINED = "workspace.space_joined"
"""The event of a space that has gone to another workspace."""


@value_object
class Code:
    """A one-time code and the minutes it can be used."""

    code: str
    minutes: int


def normal_code(typed: str) -> str:
    """Return a code as it was made, whatever case, dashes or look-alikes it was typed with."""
    letters = typed.strip().upper().replace("-", "").replace(" ", "")
    return letters.translate(str.maketrans("OIL", "011"))


@value_object
class SettingsChanged:
    """A workspace as it is now, and the undo entry; without one nothing changed."""

    workspace: Workspace
    undo_id: str


@value_object
class ChannelChanged:
    """A channel as it is now, as it was, and the undo entry; without one nothing changed."""

    channel: Channel
    before: Channel
    undo_id: str


@value_object
class WorkspaceService:
    """The settings of one workspace and the spaces that belong to it."""

    transactions: Transactions
    system: SystemStore
    secrets: SecretBox
    clock: Clock

    async def settings(self) -> Workspace:
        """Return the workspace."""
        async with self.transactions.read() as work:
            return await work.settings.get()

    async def change_settings(
        self, actor: Actor, *, zone_name: str = "", currency: str = "", locale: str = "", quiet: str | None = None
    ) -> SettingsChanged:
        """Change the defaults of the workspace; empty leaves one as it is, but quiet hours that are then none.

        Raises `RefusedError` (`unknown_zone`, `unknown_currency`) for names that do not exist, and `currency_in_use`
        for another currency than that of prices which there are.
        """
        zone_name = checked_zone(zone_name)
        if currency and not is_currency(currency.upper()):
            raise RefusedError("unknown_currency", field="currency", value=currency)
        async with self.transactions.write() as work:
            before = await work.settings.get()
            after = Workspace(
                before.id,
                before.name,
                zone_name or before.zone,
                currency.upper() or before.currency,
                locale or before.locale,
                before.quiet if quiet is None else quiet,
            )
            if after == before:
                return SettingsChanged(after, "")
            now = self.clock.now()
            await _put(work, actor, before, after, now)
            undo_id = keep_change(work, WORKSPACE_KIND, actor, "qm settings", [before], [after], now)
            await work.commit()
        return SettingsChanged(after, undo_id)

    async def undo(self, actor: Actor, entry: UndoEntry) -> Workspace:
        """Put the defaults that a change made otherwise back as they were.

        Raises what `check_reach` does, `ConflictError` (`settings_changed_since`, or `undo_unreadable`), and
        `RefusedError` (`currency_in_use`).
        """
        check_reach(actor, entry)
        (step,) = steps_of(WORKSPACE_KIND, entry)
        async with self.transactions.write() as work:
            current, now = await work.settings.get(), self.clock.now()
            if step.changed_since(current):
                raise ConflictError("settings_changed_since")
            restored = step.restored(current) or current
            await _put(work, actor, current, restored, now)
            record_changes(work, WORKSPACE_KIND, actor, TAKING_BACK, [current], [restored], now)
            await work.commit()
        return restored

    async def set_channel_zone(self, actor: Actor, channel_id: int, name: str) -> ChannelChanged:
        """Give a channel a zone of its own, an empty one for the workspace's; one that it has changes nothing.

        Raises `RefusedError` (`unknown_zone`, or `channel_of_one` for a conversation with the bot).
        """
        wanted = checked_zone(name)
        async with self.transactions.write() as work:
            before = await _channel(work, channel_id)
            if before.kind is ChannelKind.DIRECT:
                raise RefusedError("channel_of_one")
            after = replace(before, zone=wanted)
            if after == before:
                return ChannelChanged(after, before, "")
            now = self.clock.now()
            await _put_channel(work, actor, after, now)
            undo_id = keep_change(work, CHANNEL_KIND, actor, "qm channel", [before], [after], now)
            await work.commit()
        return ChannelChanged(after, before, undo_id)

    async def undo_channel(self, actor: Actor, entry: UndoEntry) -> Channel:
        """Put the zone of a channel back as it was.

        Raises what `check_reach` does, and `ConflictError` (`channel_changed_since`, or `undo_unreadable`).
        """
        check_reach(actor, entry)
        (step,) = steps_of(CHANNEL_KIND, entry)
        async with self.transactions.write() as work:
            current, now = await _channel(work, step.number), self.clock.now()
            if step.changed_since(current):
                raise ConflictError("channel_changed_since")
            restored = step.restored(current) or current
            await _put_channel(work, actor, restored, now)
            record_changes(work, CHANNEL_KIND, actor, TAKING_BACK, [current], [restored], now)
            await work.commit()
        return restored

    async def offer_connection(self, actor: Actor) -> Code:
        """Return a code that joins another space to this workspace when typed there."""
        code = new_code()
        now = self.clock.now()
        async with self.transactions.write() as work:
            await work.codes.add(self.secrets.digest(code, purpose=CONNECT), CONNECT, actor.member_id, now + CODE_LIFE)
            await work.commit()
        return Code(code, int(CODE_LIFE.total_seconds() // 60))

    async def connect(self, actor: Actor, typed: str) -> str:
        """Join the actor's space to the workspace that made the code; return that workspace's name.

        Raises `NotFoundError` for a code that does not work, and `RefusedError` (`already_connected`, or `space_in_use`
        when the space has data of its own, which is never thrown away), which leaves the code as it is.
        """
        digest, now = self.secrets.digest(normal_code(typed), purpose=CONNECT), self.clock.now()
        found = await self.system.code(digest, CONNECT, now)
        if found is None:
            raise NotFoundError("code", typed)
        workspace_id, _member = found
        if workspace_id == actor.workspace_id:
            raise RefusedError("already_connected")
        if not await self.system.move_space(actor.space_id, workspace_id, now):
            raise RefusedError("space_in_use")
        await self.system.use_code(digest, CONNECT, now)
        async with self.transactions.write() as work:
            # In the workspace that was left: whoever keeps spaces in memory hears of it here.
            work.events.record(Event(SPACE_JOINED, now, None, actor.member_id, {"space": actor.space_id}))
            await work.commit()
        names = {workspace.id: workspace.name for workspace in await self.system.workspaces()}
        return names[workspace_id]


async def _put(work: UnitOfWork, actor: Actor, before: Workspace, after: Workspace, now: datetime) -> None:
    """Store the defaults of a workspace."""
    if after.currency != before.currency and await work.settings.has_prices():
        raise RefusedError("currency_in_use", field="currency", value=after.currency, currency=before.currency)
    await work.settings.set_defaults(zone=after.zone, currency=after.currency, locale=after.locale, quiet=after.quiet)
    work.events.record(Event("workspace.changed", now, actor.channel_id, actor.member_id, {}))


async def _channel(work: UnitOfWork, channel_id: int) -> Channel:
    found = await work.channels.get(channel_id)
    if found is None:
        raise NotFoundError("channel", channel_id)
    return found


async def _put_channel(work: UnitOfWork, actor: Actor, after: Channel, now: datetime) -> None:
    """Store the zone of a channel."""
    await work.channels.set_zone(after.id, after.zone)
    work.events.record(Event("workspace.channel_changed", now, after.id, actor.member_id, {}))
