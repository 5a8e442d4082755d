"""Telling people that goods have fallen to their reorder level: once, until there are enough of them again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from core.alerts.repository import ALERTS
from core.alerts.watching import observe, take_due
from core.chat.reply import Reply
from core.ports.storage import Post, UnitOfWork
from core.shared.clock import Clock
from core.stock.kind import PRODUCT_KIND
from core.stock.model import AlertPlace, Product
from core.stock.repository import ALERT_PLACES, PRODUCTS
from core.workspaces.model import Audience

_NO_AUDIENCE = Audience(0, frozenset())
"""Products, and where it is told that they are low, are the workspace's, whoever asks for them."""


class LowStock:
    """Queues what is told of low products in the unit of work that made them so, one post for all of a channel.

    It is told in the channel of their category, or else in that of all. What is to be told `later` is due until
    `tell_due`.
    """

    def __init__(self, clock: Clock, word: Callable[[Sequence[Product]], Reply], *, later: bool = False) -> None:
        """Tell by a clock since when something is low, in those words."""
        self._clock = clock
        self._word = word
        self._later = later

    async def look(self, work: UnitOfWork, products: Iterable[Product]) -> None:
        """Look at products that may have become low, or are low no more."""
        found = {product.number: product for product in products}
        if not found:
            return
        wrong, now = {number: product.is_low for number, product in found.items()}, self._clock.now()
        news = await observe(work, PRODUCT_KIND.name, wrong, now, later=self._later)
        if not self._later:
            await self._tell(work, [found[one.subject.number] for one in news if not one.is_over])

    async def is_due(self, work: UnitOfWork, until: datetime) -> bool:
        """Tell whether anything is due that has been low since then or longer."""
        return bool(await work.of(ALERTS).due(PRODUCT_KIND.name, until))

    async def tell_due(self, work: UnitOfWork, until: datetime | None = None) -> None:
        """Tell of what is due and low still; only of what has been low since then or longer, if that is said."""
        numbers = await take_due(work, PRODUCT_KIND.name, until or self._clock.now())
        found = await work.of(PRODUCTS).get_many(numbers, _NO_AUDIENCE) if numbers else ()
        await self._tell(work, [product for product in found if product.is_low])

    async def _tell(self, work: UnitOfWork, products: Sequence[Product]) -> None:
        places = {place.form: place for place in await work.of(ALERT_PLACES).all(_NO_AUDIENCE)} if products else {}
        told: dict[int, list[Product]] = {}
        for product in products:
            channel = channel_for(product.category, places)
            if channel is not None:
                told.setdefault(channel, []).append(product)
        for channel, some in told.items():
            work.outbox.add(Post(self._word(some), channel_id=channel), self._clock.now())


def channel_for(category: str, places: Mapping[str, AlertPlace]) -> int | None:
    """Return in which channel it is told that something of a category is low, given the places by their forms."""
    place = places.get(category.casefold()) or places.get("")
    return place.told_in if place else None


def crossed(before: Product | None, after: Product) -> bool:
    """Tell whether a product, perhaps a new one, has become low, or is low no more."""
    return after.is_low != (before is not None and before.is_low)
