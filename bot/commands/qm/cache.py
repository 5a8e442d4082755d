"""What is kept in memory: seen, deleted and cleared."""

from bot.application.clearing import tell_of_clearing
from bot.application.context import Context
from bot.commands.qm.commands import qm
from bot.texts.qm import cache as words
from core.chat.reply import Reply
from core.chat.spec import Undo
from core.people.model import Role

_LONGEST_KEY = 200


@qm.command(role=Role.ADMIN, undo=Undo.NONE)
async def cache(ctx: Context, delete: str = "", clear: bool = False) -> Reply:
    """Show which answers are kept in memory and how often they were wanted, or delete them.

    An answer is kept until the data that it was made of changes, an hour at most, so that nothing old is ever shown.
    Figures are those of this process; what is deleted is deleted in every one.

    Args:
        delete: an answer as it is called there, or all of a kind, such as `sales-of-days`
        clear: delete all, `yes` or `no`

    Examples:
        /qm cache
        /qm cache delete:sales-of-days
        /qm cache clear:yes
    """
    kept, workspace_id = ctx.services.supplies.cache, ctx.actor.workspace_id
    key = "" if clear else delete.strip()[:_LONGEST_KEY]
    if not (key or clear):
        return words.shown(kept.figures(), kept.answers(workspace_id), kept.hits(workspace_id), ctx.actor.zone)
    async with ctx.services.transactions.write() as work:
        tell_of_clearing(work, ctx.actor, ctx.now, key)
        await work.commit()
    if clear:
        return words.cleared(kept.clear(workspace_id))
    return words.deleted(key, was_there=kept.delete(workspace_id, key))
