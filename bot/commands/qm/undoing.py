"""Taking a change back, whichever area made it."""

from dataclasses import replace

from bot.application.context import Context
from core.chat.reply import Reply, Visibility
from core.chat.spec import CommandInfo, Undo
from core.people.model import Role
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from core.transfer.undo_kinds import is_import
from core.undo.keeping import TAKING_BACK

_LOOKED_AT = 50
"""The latest changes among which one that has no way back is looked for."""


async def take_back(ctx: Context, entry_id: str) -> Reply:
    """Run the inverse of an undo entry, of the asker's newest one if none is named.

    The entry is marked as used in the same transaction, so that two presses undo once.
    """
    # Asked of the platform before the write lock is taken; what is not for them any more is not told of.
    await ctx.audience()
    entry = await _entry(ctx, entry_id)
    command = _permitted(ctx, entry)
    # What is somebody else's is for the same people as when it was changed.
    ctx.actor = replace(ctx.actor, others=command.others)
    if command.visibility is Visibility.PRIVATE:
        ctx.tells_asker_alone()
    if not entry_id:
        await _check_is_last(ctx, entry)
    if entry.used_at:
        raise ConflictError("undo_used")
    if entry.expires_at <= ctx.now and not is_import(entry.kind):
        raise ConflictError("undo_expired")
    inverse = ctx.inverses.get(entry.kind)
    if inverse is None:
        raise ConflictError("undo_unreadable")
    ctx.touched.append(f"/{entry.command}")
    reply = await inverse(ctx, entry)
    async with ctx.services.transactions.write() as work:
        if not await work.undo.use(entry.id, ctx.now):
            raise ConflictError("undo_used")
        await work.commit()
    return reply


async def _entry(ctx: Context, entry_id: str) -> UndoEntry:
    async with ctx.services.transactions.read() as work:
        entry = await _found(ctx, work, entry_id)
    # An import is taken back in steps of its own, which must not wait for this request.
    if entry and not is_import(entry.kind):
        # In a unit that writes, so that a button pressed again is recognised before its entry is found to be used.
        async with ctx.services.transactions.write() as work:
            entry = await _found(ctx, work, entry_id)
            await work.commit()
    if entry is None:
        raise NotFoundError("undo entry" if entry_id else "undo", entry_id)
    return entry


async def _found(ctx: Context, work: UnitOfWork, entry_id: str) -> UndoEntry | None:
    return await (work.undo.get(entry_id) if entry_id else work.undo.latest(ctx.actor.member_id, ctx.now))


async def _check_is_last(ctx: Context, entry: UndoEntry) -> None:
    """Refuse to take back something older in place of what the asker did last, where that has no way back."""
    no_way_back = {info.name for info in ctx.catalogue.commands if info.undo is Undo.NONE} - {TAKING_BACK}
    async with ctx.services.transactions.read() as work:
        for done in await work.audit.latest(_LOOKED_AT):
            is_since = done.member_id == ctx.actor.member_id and done.at > entry.created_at
            if is_since and done.target and done.command in no_way_back:
                raise RefusedError("no_way_back", command=done.command, before=entry.command, entry=entry.id)


def _permitted(ctx: Context, entry: UndoEntry) -> CommandInfo:
    """Return the command that made a change; its author may take it back, and whoever may run that command.

    The author too has to, still.
    """
    command = next((info for info in ctx.catalogue.commands if info.name == entry.command), None)
    if command is None:
        raise ConflictError("undo_unreadable")
    is_author = entry.author_id == ctx.actor.member_id
    needed = command.role if is_author else max(command.role, Role.MEMBER)
    if ctx.actor.role < needed:
        raise ForbiddenError(needed.label, ctx.actor.role.label)
    return command
