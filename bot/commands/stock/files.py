"""How products come from files and go into them."""

from bot.application.context import Context
from bot.application.transfers import Files
from bot.commands.goods import shop_of
from bot.texts.low import became_low
from bot.texts.stock.transfer import words_of
from core.stock.model import Product
from core.stock.sheet import sheet_of
from core.transfer.sheet import PlainDraft


def product_files(ctx: Context) -> Files[PlainDraft, Product]:
    """Return the files of products of a workspace."""
    shop = shop_of(ctx)
    return Files(sheet_of(shop, ctx.services.supplies.clock, became_low), words_of(shop.currency))
