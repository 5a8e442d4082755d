"""What `/order` is about."""

from typing import Annotated

from bot.application.services import Services
from bot.commands.goods import stock_of
from bot.commands.orders.upkeep import see_to_orders
from bot.grammar.arguments import reference
from bot.grammar.declaration import Area
from bot.grammar.subjects import Subject
from bot.texts.orders.errors import REASONS
from bot.texts.orders.words import TOLD
from core.chat.spec import Offer, SubjectInfo
from core.orders.cards import CARD_HEARD
from core.orders.carts import CartService
from core.orders.hearing import hear
from core.orders.repository import ORDERS
from core.orders.service import OrderService
from core.orders.takings import TakingsService
from core.orders.terms import TermsService

OrderNumber = Annotated[int, reference("order")]
ProductNumber = Annotated[int, reference("product")]

order = Area(
    "order",
    "What people buy: carts, orders, payments and refunds",
    subject=Subject(SubjectInfo("order", "orders", "`/order list` shows the orders.", example="2"), ORDERS, TOLD),
    reasons=(REASONS,),
    example="bot.commands.orders.example:ORDER_EXAMPLE",
    upkeep=see_to_orders,
    upkeep_after=(CARD_HEARD,),
    hears=hear,
    offers=(Offer("add", "Sell several things at once", "apples 2", "plus"),),
)


@order.service
def carts(services: Services) -> CartService:
    """Return the carts of a request."""
    return CartService(services.transactions, services.supplies.clock)


@order.service
def orders(services: Services) -> OrderService:
    """Return the orders of a request."""
    clock = services.supplies.clock
    return OrderService(services.transactions, clock, stock_of(clock))


@order.service
def takings(services: Services) -> TakingsService:
    """Return what was taken, in figures."""
    return TakingsService(services.transactions, services.supplies.turns)


@order.service
def terms(services: Services) -> TermsService:
    """Return the terms of a request."""
    return TermsService(services.transactions, services.supplies.clock)
