"""How changes of people are taken back."""

from bot.application.context import Context
from bot.commands.people.area import user
from bot.texts.people import answers as texts
from core.chat.reply import Reply
from core.people.model import Role
from core.people.service import EMAIL_CHANGE, ROLE_CHANGE, ZONE_CHANGE, PeopleService
from core.ports.storage import UndoEntry


@user.inverse(ROLE_CHANGE)
async def role(ctx: Context, entry: UndoEntry) -> Reply:
    """Give somebody the role that they had."""
    member = await ctx.services.get(PeopleService).undo(ctx.actor, entry)
    return texts.role_restored(member, Role(int(str(entry.payload["before"]))).label)


@user.inverse(ZONE_CHANGE)
async def zone(ctx: Context, entry: UndoEntry) -> Reply:
    """Set the time zone that it was."""
    return texts.zone_restored(await ctx.services.get(PeopleService).undo_zone(ctx.actor, entry))


@user.inverse(EMAIL_CHANGE)
async def email(ctx: Context, entry: UndoEntry) -> Reply:
    """Set the e-mail address that it was."""
    return texts.email_restored(await ctx.services.get(PeopleService).undo_email(ctx.actor, entry))
