"""The commands about the categories of products."""

from bot.application.context import Context
from bot.commands.stock.area import stock
from bot.texts.stock import categories as texts
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.stock.categories import CategoryService
from core.stock.kind import CATEGORY_KIND


@stock.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def category(ctx: Context, name: str, address: str = "", active: bool | None = None) -> Reply:
    """Say what a category is called in addresses of pages, and whether it is active.

    Nothing new is put into one that is not active; what is in it stays, and so does what a file says of it.

    Args:
        name: which, such as `Green tea`
        address: what it is called in addresses, such as `green-tea`; made up from its name unless given
        active: `no` if no product is put into it any more

    Examples:
        /stock category "Green tea" address:green-tea
        /stock category Christmas active:no
    """
    service, audience = ctx.services.get(CategoryService), await ctx.audience(everywhere=False)
    change = await service.put(ctx.actor, audience, name, address, active)
    if change.undo_id:
        ctx.touched.append(change.category.name)
    else:
        ctx.tells_asker_alone()
    return texts.put(change)


@stock.command(role=Role.MEMBER)
async def categories(ctx: Context) -> Reply:
    """Show the categories of products, what they are called in addresses, and which are active.

    Examples:
        /stock categories
    """
    found = await ctx.services.get(CategoryService).list(await ctx.audience(everywhere=False))
    return texts.category_list(found, ctx.view)


@stock.inverse(CATEGORY_KIND.change)
async def restore_category(ctx: Context, entry: UndoEntry) -> Reply:
    """Put what is known of a category back as it was."""
    restored = await ctx.services.get(CategoryService).undo(ctx.actor, entry)
    ctx.touched.append(restored.name)
    return texts.restored(restored, entry.command, ctx.view)
