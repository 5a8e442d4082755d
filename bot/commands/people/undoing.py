"""How changes of people are taken back."""

from bot.application.context import Context
from bot.commands.people.area import user
from bot.texts.people import answers as texts
from core.chat.reply import Reply
from core.people.kind import MEMBER_CHANGES
from core.people.service import PeopleService
from core.ports.storage import UndoEntry


@user.inverse(*MEMBER_CHANGES)
async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Put what was changed of somebody back as it was."""
    found = await ctx.services.get(PeopleService).undo(ctx.actor, entry)
    ctx.touched.append(f"member {found.member.id}")
    return texts.restored(found)
