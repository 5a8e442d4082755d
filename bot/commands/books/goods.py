"""The commands by which books are sold and come in."""

from typing import Annotated

from bot.application.context import Context
from bot.commands.books.area import BookNumber, book
from bot.commands.goods import shop_of
from bot.grammar.arguments import Positional, Rest
from bot.texts.books import goods as texts
from core.books.kind import BOOK_MOVEMENT
from core.books.model import Wanted
from core.books.service import BookService, BooksMoved
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.people.model import Role
from core.ports.storage import UndoEntry


@book.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def sell(ctx: Context, book: BookNumber, quantity: Annotated[int, Positional()] = 1) -> Reply:
    """Sell a book.

    It counts in the reports on sales at its price. More than there are can't be sold.

    Args:
        book: its ISBN, its title or its number, such as `Dune`
        quantity: how many, `1` unless given

    Examples:
        /book sell Dune
        /book sell 9780441172719 2
    """
    service, audience = ctx.services.get(BookService), await ctx.audience(everywhere=False)
    moved = await service.sell(ctx.actor, audience, shop_of(ctx), [Wanted(book, quantity)])
    return texts.sold(_noted(ctx, moved), ctx.view)


@book.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def checkout(ctx: Context, books: Rest) -> Reply:
    """Sell several books together: all of them, or none if one can't be sold.

    Args:
        books: which, with commas between, and how many of each unless it is one, such as `Dune 2, Emma`

    Examples:
        /book checkout Dune 2, Emma
    """
    service, audience = ctx.services.get(BookService), await ctx.audience(everywhere=False)
    return texts.checked_out(_noted(ctx, await service.checkout(ctx.actor, audience, shop_of(ctx), books)), ctx.view)


@book.command(role=Role.CLERK, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def restock(ctx: Context, book: BookNumber, quantity: int) -> Reply:
    """Take in new copies of a book.

    Args:
        book: its ISBN, its title or its number, such as `Dune`
        quantity: how many came, such as `5`

    Examples:
        /book restock Dune 5
    """
    service, audience = ctx.services.get(BookService), await ctx.audience(everywhere=False)
    moved = await service.restock(ctx.actor, audience, shop_of(ctx), book, quantity)
    return texts.restocked(_noted(ctx, moved), ctx.view)


@book.inverse(BOOK_MOVEMENT)
async def take_back_goods(ctx: Context, entry: UndoEntry) -> Reply:
    """Take books back that were sold, or that came in."""
    service, audience = ctx.services.get(BookService), await ctx.audience(everywhere=False)
    moved = await service.undo_goods(ctx.actor, audience, shop_of(ctx), entry)
    return texts.goods_undone(_noted(ctx, moved), entry.command, ctx.view)


def _noted(ctx: Context, moved: BooksMoved) -> BooksMoved:
    ctx.touched.extend(f"#{one.number}" for one in moved.books)
    return moved
