"""A shop that takes cards, without the commands: its services, its upkeep, and whoever pays."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import cast

from adapters.storage import SqlStorage
from bot.application.services import Supplies
from bot.commands.goods import stock_of
from bot.commands.orders.cards import see_to_cards
from bot.commands.orders.upkeep import see_to_unpaid
from bot.texts.orders.cards import card_news
from core.chat.actor import Actor
from core.chat.request import ChannelKind, Platform
from core.orders.card_refunds import CardRefundService
from core.orders.carts import CartService
from core.orders.charging import CardService
from core.orders.service import OrderService
from core.people.model import Role
from core.ports.payments import CardPayments, Till
from core.ports.storage import Transactions
from core.stock.model import NewProduct, Shop
from core.stock.products import ProductService
from tests.contract.storage.world import Place
from tests.support.balance import check_balance
from tests.support.clock import HeldClock
from tests.support.stripe import GOOD, StripePlatform

SHOP = Shop("EUR", "Europe/Berlin")
EVERY = timedelta(seconds=30)


@dataclass
class CardShop:
    """A process on a database, and what people and its upkeep do with it."""

    place: Place
    clock: HeldClock
    payments: CardPayments
    transactions: Transactions

    def __post_init__(self) -> None:
        transactions, stock = self.transactions, stock_of(self.clock)
        self.till = Till(self.payments, EVERY, "https://shop.example/back")
        told = (self.till, lambda news: card_news(news, "UTC"))
        self.carts = CartService(self.place.storage.workspace(self.place.id), self.clock)
        self.orders = OrderService(transactions, self.clock, stock)
        self.cards = CardService(transactions, self.clock, stock, *told)
        self.refunds = CardRefundService(transactions, self.clock, stock, *told)
        place = (self.place.general.id, "general", ChannelKind.PUBLIC)
        about = (Role.MANAGER, "UTC", "en", Platform.WEB, self.place.space.id, *place)
        self.actor = Actor(self.place.id, self.place.ann, "Ann", *about)
        self.who = (self.actor, self.place.public, SHOP)

    async def see_to_all(self) -> None:
        """Do what is due by now."""
        supplies = cast("Supplies", SimpleNamespace(till=self.till, clock=self.clock))
        (workspace,) = [one for one in await self.place.storage.system.workspaces() if one.id == self.place.id]
        for see_to in (see_to_unpaid, see_to_cards):
            while await see_to(self.transactions, workspace, supplies):
                pass

    async def fill(self) -> int:
        """Fill a cart, which is the order of that number."""
        change = await self.carts.add(*self.who, 1, 2)
        return change.now.order.number

    async def stock_up(self) -> None:
        """Have enough to sell."""
        transactions = self.place.storage.workspace(self.place.id)
        goods = ProductService(transactions, self.clock, stock_of(self.clock))
        await goods.add(*self.who, NewProduct("Apples", 10_000, Decimal("3.30")))

    async def come_to_rest(self, stripe: StripePlatform) -> int:
        """See to what is due until nothing is any more; everything adds up then. Returns how many orders there are."""
        for minutes in (0.5, 40, 5, 25 * 60):
            self.clock.forward(minutes=minutes)
            await self.see_to_all()
        return len(await check_balance(self.place.storage, self.place.id, stripe.world))


async def opened_again(storage: SqlStorage, name: str) -> Place:
    """Return a workspace that `build_place` made before."""
    workspace = await storage.system.workspace(name)
    assert workspace is not None
    (space,) = [one for one in await storage.system.spaces() if one.workspace_id == workspace.id]
    async with storage.workspace(workspace.id).read() as work:
        ann, ben = [one.id for one in await work.members.all()]
        channels = [one for one in await work.channels.all() if one.space_id == space.id]
    return Place(storage, workspace.id, space, ann, ben, *channels)


def pay(stripe: StripePlatform, card: str = GOOD) -> None:
    """Pay on the newest page, if it is open."""
    newest = list(stripe.world.sessions.values())[-1:]
    for session in newest:
        if stripe.world.session(session.id).status == "open":
            stripe.pay(session.id, card)
