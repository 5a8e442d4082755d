"""The commands that look at books."""

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from bot.application.context import Context
from bot.application.reporting import RangeWords, asked_range
from bot.commands.books.area import BookNumber, book
from bot.grammar.arguments import Positional, Rest
from bot.grammar.tokens import quoted
from bot.texts.books import lists as texts
from bot.texts.records import Listing
from core.books.model import BookFilter, BookSort
from core.books.rules import clean_genre, looked_for
from core.books.service import BookService
from core.chat.reply import Reply
from core.people.model import Role
from core.stock.service import checked_quantity


class About(StrEnum):
    """What of a book's history is shown."""

    GOODS = "goods"
    DETAILS = "details"


@book.command(role=Role.MEMBER)
async def show(ctx: Context, book: BookNumber) -> Reply:
    """Show everything about a book.

    Args:
        book: its ISBN, its title or its number, such as `Dune`

    Examples:
        /book show Dune
        /book show 978-0-441-17271-9
    """
    found = await ctx.services.get(BookService).show(book, await ctx.audience(everywhere=False))
    return texts.card(found, ctx.view)


@book.command(role=Role.MEMBER)
async def list_(ctx: Context, sort: BookSort = BookSort.TITLE, genre: str = "", page: str = "") -> Reply:
    """Show the books, by title, author or year.

    Args:
        sort: `title` (unless given), `author` or `year`
        genre: only those of a genre, such as `fantasy`
        page: where to go on, as the buttons fill it in

    Examples:
        /book list
        /book list sort:author genre:fantasy
    """
    wanted = BookFilter(clean_genre(genre))
    unsorted = "/book list" + (f" genre:{quoted(wanted.genre)}" if wanted.genre else "")
    return await _listed(ctx, wanted, sort, unsorted, page)


@book.command(role=Role.MEMBER)
async def search(ctx: Context, text: Rest, sort: BookSort | None = None, page: str = "") -> Reply:
    """Find books by title, author, ISBN in either form, or your own code, the likeliest first.

    Every word has to be there; their beginnings are enough, in any case and without accents. Where nothing has them
    all, what comes near is shown: with a letter or two mistyped, or with some of the words.

    Args:
        text: what to look for, such as `tolkien hob`
        sort: `title`, `author` or `year`; the likeliest first unless given
        page: where to go on, as the buttons fill it in

    Examples:
        /book search tolkien
        /book search 0-441-17271-7
    """
    audience = await ctx.audience(everywhere=False)
    found = await ctx.services.get(BookService).search(looked_for(text), sort, audience, cursor=page)
    unsorted = f"/book search text:{quoted(text)}"
    first_page = unsorted if sort is None else f"{unsorted} sort:{sort.value}"
    return texts.found(found, sort, replace(Listing.of(first_page, page), unsorted=unsorted), ctx.view)


@book.command(role=Role.MEMBER)
async def low(ctx: Context, level: Annotated[int | None, Positional()] = None, page: str = "") -> Reply:
    """Show which books are low: at their reorder level, or below.

    Args:
        level: how few are few, whatever the reorder level, such as `5`
        page: where to go on, as the buttons fill it in

    Examples:
        /book low
        /book low 5
    """
    wanted = BookFilter(is_low=level is None, at_most=level and checked_quantity(level, "level", least=0))
    return await _listed(ctx, wanted, BookSort.TITLE, "/book low" if level is None else f"/book low {level}", page)


@book.command(role=Role.MEMBER)
async def genres(ctx: Context) -> Reply:
    """Count the books of each genre.

    Examples:
        /book genres
    """
    return texts.genres(await ctx.services.get(BookService).genres())


@book.command(role=Role.MEMBER)
async def sales(ctx: Context, range_: RangeWords = "") -> Reply:
    """Tell what was sold of all books, and the latest sales.

    Args:
        range_: which days, such as `last week`; all of them unless given

    Examples:
        /book sales
        /book sales this month
    """
    days = asked_range(ctx, range_, "", "")
    return texts.sales(await ctx.services.get(BookService).sales(days), ctx.view)


@book.command(role=Role.MEMBER)
async def history(ctx: Context, book: BookNumber, about: About = About.GOODS, page: str = "") -> Reply:
    """Show what came and went of a book, or what was changed about it: who, when and why.

    The newest comes first. A removed book still has its history, by its number.

    Args:
        book: its ISBN, its title or its number, such as `Dune`
        about: `goods` that came and went (unless given), or `details` such as its price
        page: where to go on, as the buttons fill it in

    Examples:
        /book history Dune
        /book history Dune about:details
    """
    service, audience = ctx.services.get(BookService), await ctx.audience(everywhere=False)
    command = f"/book history #{book}"
    if about is About.DETAILS:
        return texts.details(await service.history(book, audience, cursor=page), f"{command} about:details", ctx.view)
    return texts.ledger(await service.goods(book, audience, cursor=page), Listing.of(command, page), ctx.view)


async def _listed(ctx: Context, wanted: BookFilter, sort: BookSort, unsorted: str, page: str) -> Reply:
    audience = await ctx.audience(everywhere=False)
    found = await ctx.services.get(BookService).list(wanted, sort, audience, cursor=page)
    first_page = unsorted if sort is BookSort.TITLE else f"{unsorted} sort:{sort.value}"
    return texts.book_list(found, wanted, sort, replace(Listing.of(first_page, page), unsorted=unsorted), ctx.view)
