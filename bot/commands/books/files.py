"""How books come from files and go into them."""

from bot.application.context import Context
from bot.application.transfers import Files
from bot.commands.goods import shop_of, stock_of
from bot.texts.books.transfer import words_of
from core.books.model import Book
from core.books.sheet import sheet_of
from core.transfer.sheet import PlainDraft


def book_files(ctx: Context, *, keeps_codes: bool = False) -> Files[PlainDraft, Book]:
    """Return the files of a workspace's books; what is no ISBN there may be kept as a code of one's own."""
    shop = shop_of(ctx)
    sheet = sheet_of(shop, stock_of(ctx.services.supplies.clock, later=True), keeps_codes=keeps_codes)
    return Files(sheet, words_of(shop.currency, keeps_codes=keeps_codes))
