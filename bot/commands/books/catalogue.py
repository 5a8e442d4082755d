"""The commands that change what is known of books."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from bot.application.context import Context
from bot.commands.books.area import BookNumber, book
from bot.commands.goods import shop_of
from bot.grammar.arguments import Clearable, Positional, Price
from bot.grammar.command_text import command_text
from bot.texts.books import changes as texts
from core.books.isbn import ISBN_FAULTS
from core.books.kind import BOOK_CHANGE
from core.books.model import NewBook
from core.books.service import AlreadyThere, BookChange, BookService
from core.chat.reply import Reply, Visibility
from core.chat.spec import Undo
from core.people.model import Role
from core.ports.storage import UndoEntry
from core.shared.errors import InvalidArgumentError

_SAME = -(10**9)
"""Stands for what is not given, where `none` takes away what is there; it can't be meant."""
_BY = " by "


@book.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def add(
    ctx: Context,
    title: str,
    author: str,
    year: Annotated[int | None, Positional()] = None,
    isbn: str = "",
    genre: str = "",
    price: Price | None = None,
    quantity: int = 0,
    reorder: int | None = None,
    code: str = "",
) -> Reply:
    """Add a book; its title and who wrote it are enough.

    A book of the same title and author, or of the same ISBN, is not added twice. A title of several words is put in
    quotes, or `by` before the author. One with a price can be sold.

    Args:
        title: what it is called, such as `Dune`
        author: who wrote it, such as `Frank Herbert`
        year: when it came out, such as `1965`; `-430` is before the common era
        isbn: its ISBN in either form, such as `978-0-441-17271-9`; its check digit has to hold
        genre: where it belongs, such as `science fiction`
        price: what one is sold for, such as `12.50`
        quantity: how many there are, such as `3`
        reorder: when so few are left it counts as low, such as `1`
        code: what you call it yourself, such as `SF-12`, where it has no ISBN

    Examples:
        /book add The Hobbit by J.R.R. Tolkien 1937 genre:fantasy
        /book add Persuasion "Jane Austen" 1817 price:8.90 quantity:4
    """
    new = NewBook(*_parted(title, author), year, isbn, code, genre, price, quantity, reorder)
    service, audience = ctx.services.get(BookService), await ctx.audience(everywhere=False)
    try:
        found = await service.add(ctx.actor, audience, shop_of(ctx), new)
    except InvalidArgumentError as error:
        return _without_isbn(ctx, error, lambda text: _add_command(ctx, replace(new, isbn="", code=text)))
    if isinstance(found, AlreadyThere):
        ctx.tells_asker_alone()
        return texts.already_there(found, ctx.view)
    ctx.touched.append(f"#{found.book.number}")
    return texts.added(found, ctx.view)


@book.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE, asks=True)
async def edit(
    ctx: Context,
    book: BookNumber,
    title: str = "",
    author: str = "",
    year: int | None = _SAME,
    isbn: Annotated[str | None, Clearable()] = None,
    genre: Annotated[str | None, Clearable()] = None,
    reorder: int | None = _SAME,
    code: Annotated[str | None, Clearable()] = None,
) -> Reply:
    """Change what is known of a book.

    What is not given stays as it is; `none` takes away what may be empty. `/book price` sets what one is sold for,
    `/book restock` says how many came in.

    Args:
        book: its ISBN, its title or its number, such as `Dune`
        title: what it is called now, such as `Dune Messiah`
        author: who wrote it, such as `Frank Herbert`
        year: when it came out, such as `1969`
        isbn: its ISBN in either form, such as `978-0-441-17271-9`
        genre: where it belongs, such as `science fiction`
        reorder: when so few are left it counts as low, such as `1`
        code: what you call it yourself, such as `SF-12`

    Examples:
        /book edit Dune genre:"science fiction" year:1965
    """
    texts_given = {"title": title or None, "author": author or None, "isbn": isbn, "genre": genre, "code": code}
    values: dict[str, object] = {name: value for name, value in texts_given.items() if value is not None}
    values |= {} if year == _SAME else {"year": year}
    values |= {} if reorder == _SAME else {"reorder_level": reorder}
    service, audience = ctx.services.get(BookService), await ctx.audience(everywhere=False)
    try:
        change = await service.edit(ctx.actor, audience, book, values)
    except InvalidArgumentError as error:
        return _without_isbn(ctx, error, lambda text: _edit_command(ctx, book, {**values, "isbn": "", "code": text}))
    return texts.edited(_noted(ctx, change), ctx.view)


@book.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def price(ctx: Context, book: BookNumber, price: Price | None) -> Reply:
    """Set what a book is sold for.

    Args:
        book: its ISBN, its title or its number, such as `Dune`
        price: what one is sold for now, such as `12.50`; `none` for not at all

    Examples:
        /book price Dune 13.20
    """
    service = ctx.services.get(BookService)
    change = await service.price(ctx.actor, await ctx.audience(everywhere=False), shop_of(ctx), book, price)
    return texts.priced(_noted(ctx, change), ctx.view)


@book.command(role=Role.MANAGER, visibility=Visibility.CHANNEL, undo=Undo.INVERSE)
async def remove(ctx: Context, book: BookNumber) -> Reply:
    """Take a book away.

    Its history stays, and Undo brings it back.

    Args:
        book: its ISBN, its title or its number, such as `Dune`

    Examples:
        /book remove Dune
    """
    change = await ctx.services.get(BookService).remove(ctx.actor, await ctx.audience(everywhere=False), book)
    return texts.removed(_noted(ctx, change), ctx.view)


@book.inverse(BOOK_CHANGE)
async def take_back(ctx: Context, entry: UndoEntry) -> Reply:
    """Put what is known of a book back as it was."""
    change = await ctx.services.get(BookService).undo(ctx.actor, entry, await ctx.audience(everywhere=False))
    ctx.touched.append(f"#{change.book.number}")
    return texts.undone(change, entry.command, ctx.view)


def _parted(title: str, author: str) -> tuple[str, str]:
    """Return title and author of what was typed as `The Hobbit by J.R.R. Tolkien`, whose title has several words."""
    rest, by, name = f" {author}".rpartition(_BY)
    return (f"{title}{rest}", name) if by else (title, author)


def _without_isbn(ctx: Context, error: InvalidArgumentError, keep: Callable[[str], str]) -> Reply:
    """Say why an ISBN is none, with the command that keeps it as a code; raises other errors again."""
    if error.reason not in ISBN_FAULTS:
        raise error
    ctx.tells_asker_alone()
    return texts.no_isbn(error, keep(str(error.details["value"])))


def _add_command(ctx: Context, new: NewBook) -> str:
    year = "" if new.year is None else str(new.year)
    price = "" if new.price is None else f"{new.price:f}"
    given = {"title": new.title, "author": new.author, "year": year, "genre": new.genre, "price": price}
    given |= {"quantity": str(new.quantity or ""), "code": new.code}
    given |= {"reorder": "" if new.reorder_level is None else str(new.reorder_level)}
    return _command(ctx, "add", given)


def _edit_command(ctx: Context, number: int, values: dict[str, object]) -> str:
    named = {"reorder" if name == "reorder_level" else name: value for name, value in values.items()}
    given = {name: "none" if value in ("", None) else str(value) for name, value in named.items()}
    return _command(ctx, "edit", {"book": f"#{number}", **given})


def _command(ctx: Context, action: str, given: dict[str, str]) -> str:
    info = next(command for command in ctx.catalogue.commands if command.name == f"book {action}")
    return command_text(info, {name: [value] for name, value in given.items()})


def _noted(ctx: Context, change: BookChange) -> BookChange:
    """Note for the audit trail what was touched, and keep from the channel that nothing had to be changed."""
    if change.undo_id:
        ctx.touched.append(f"#{change.book.number}")
    else:
        ctx.tells_asker_alone()
    return change
