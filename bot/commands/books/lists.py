"""The commands that look at books."""

from dataclasses import replace

from bot.application.context import Context
from bot.commands.books.area import BookNumber, book
from bot.grammar.arguments import Rest
from bot.grammar.tokens import quoted
from bot.texts.books import lists as texts
from bot.texts.records import Listing
from core.books.model import BookFilter, BookSort
from core.books.rules import clean_genre, looked_for
from core.books.service import BookService
from core.chat.reply import Reply
from core.people.model import Role


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
async def search(ctx: Context, text: Rest, sort: BookSort = BookSort.TITLE, page: str = "") -> Reply:
    """Find books by title, author, ISBN in either form, or your own code.

    The beginnings of words are enough.

    Args:
        text: what to look for, such as `tolkien hob`
        sort: `title` (unless given), `author` or `year`
        page: where to go on, as the buttons fill it in

    Examples:
        /book search tolkien
        /book search 0-441-17271-7
    """
    return await _listed(ctx, looked_for(text), sort, f"/book search text:{quoted(text)}", page)


async def _listed(ctx: Context, wanted: BookFilter, sort: BookSort, unsorted: str, page: str) -> Reply:
    audience = await ctx.audience(everywhere=False)
    found = await ctx.services.get(BookService).list(wanted, sort, audience, cursor=page)
    first_page = unsorted if sort is BookSort.TITLE else f"{unsorted} sort:{sort.value}"
    return texts.book_list(found, wanted, sort, replace(Listing.of(first_page, page), unsorted=unsorted), ctx.view)
