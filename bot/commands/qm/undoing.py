"""Taking a change back, whichever area made it."""

from bot.application.context import Context
from core.chat.reply import Reply
from core.people.model import Role
from core.ports.storage import UndoEntry, UnitOfWork
from core.shared.errors import ConflictError, ForbiddenError, NotFoundError
from core.transfer.model import is_import


async def take_back(ctx: Context, entry_id: str) -> Reply:
    """Run the inverse of an undo entry, of the asker's newest one if none is named.

    The entry is marked as used in the same transaction, so that two presses undo once.
    """
    # Asked of the platform before the write lock is taken; what is not for them any more is not told of.
    await ctx.audience()
    entry = await _entry(ctx, entry_id)
    _check_permission(ctx, entry)
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
        raise NotFoundError("undo", "")
    return entry


async def _found(ctx: Context, work: UnitOfWork, entry_id: str) -> UndoEntry | None:
    return await (work.undo.get(entry_id) if entry_id else work.undo.latest(ctx.actor.member_id, ctx.now))


def _check_permission(ctx: Context, entry: UndoEntry) -> None:
    """Let the author undo, and whoever may run the command that made the change; the author too has to, still."""
    command = next((info for info in ctx.catalogue.commands if info.name == entry.command), None)
    if command is None:
        raise ConflictError("undo_unreadable")
    is_author = entry.author_id == ctx.actor.member_id
    needed = command.role if is_author else max(command.role, Role.MEMBER)
    if ctx.actor.role < needed:
        raise ForbiddenError(needed.label, ctx.actor.role.label)
