"""Taking a change back, whichever area made it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.application.context import Context
from bot.texts.people import answers as user_words
from bot.texts.tasks import changes as task_words
from bot.texts.tasks import transfer as transfer_words
from bot.texts.tasks.words import View
from core.chat.reply import Reply
from core.people.model import Role
from core.people.service import EMAIL_CHANGE, ROLE_CHANGE, ZONE_CHANGE
from core.ports.storage import UndoEntry
from core.shared.errors import ConflictError, ForbiddenError, NotFoundError
from core.tasks.transfer import TASK_IMPORT
from core.tasks.undo import TASK_CHANGE

Inverse = Callable[[Context, UndoEntry], Awaitable[Reply]]


async def take_back(ctx: Context, entry_id: str) -> Reply:
    """Run the inverse of an undo entry, of the asker's newest one if none is named.

    The entry is marked as used in the same transaction, so that two presses undo once.
    """
    # Asked of the platform before the write lock is taken; a task that is not for them any more is not told of.
    await ctx.audience()
    entry = await _entry(ctx, entry_id)
    _check_permission(ctx, entry)
    if entry.used_at:
        raise ConflictError("undo_used")
    if entry.expires_at <= ctx.now:
        raise ConflictError("undo_expired")
    reply = await INVERSES[entry.kind](ctx, entry)
    async with ctx.services.transactions.write() as work:
        if not await work.undo.use(entry.id, ctx.now):
            raise ConflictError("undo_used")
        await work.commit()
    ctx.touched.append(f"/{entry.command}")
    return reply


async def _entry(ctx: Context, entry_id: str) -> UndoEntry:
    # In a unit that writes, so that a button pressed again is recognised before its entry is found to be used.
    async with ctx.services.transactions.write() as work:
        entry = await (work.undo.get(entry_id) if entry_id else work.undo.latest(ctx.actor.member_id, ctx.now))
        await work.commit()
    if entry is None:
        raise NotFoundError("undo", "")
    return entry


def _check_permission(ctx: Context, entry: UndoEntry) -> None:
    """Let the author undo, and whoever may run the command that made the change; the author too has to, still."""
    command = next(info for info in ctx.catalogue.commands if info.name == entry.command)
    is_author = entry.author_id == ctx.actor.member_id
    needed = command.role if is_author else max(command.role, Role.MEMBER)
    if ctx.actor.role < needed:
        raise ForbiddenError(needed.label, ctx.actor.role.label)


async def _task(ctx: Context, entry: UndoEntry) -> Reply:
    undone = await ctx.services.tasks.undo(ctx.actor, entry, await ctx.audience())
    ctx.tells_of(task.channel_id for task in (*undone.restored, *undone.withdrawn))
    return task_words.undone(undone, View(ctx.actor, ctx.directory, ctx.now))


async def _import(ctx: Context, entry: UndoEntry) -> Reply:
    return transfer_words.undone(await ctx.services.transfer.undo(ctx.actor, entry))


async def _role(ctx: Context, entry: UndoEntry) -> Reply:
    member = await ctx.services.people.undo(ctx.actor, entry)
    return user_words.role_restored(member, Role(int(str(entry.payload["before"]))).label)


async def _zone(ctx: Context, entry: UndoEntry) -> Reply:
    return user_words.zone_restored(await ctx.services.people.undo_zone(ctx.actor, entry))


async def _email(ctx: Context, entry: UndoEntry) -> Reply:
    return user_words.email_restored(await ctx.services.people.undo_email(ctx.actor, entry))


INVERSES: Mapping[str, Inverse] = {
    TASK_CHANGE: _task,
    TASK_IMPORT: _import,
    ROLE_CHANGE: _role,
    ZONE_CHANGE: _zone,
    EMAIL_CHANGE: _email,
}
"""The inverse of each kind of undo entry."""
