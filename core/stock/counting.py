"""Stock-takes: several people count what is there, beside what is to be there; the differences are then posted.

What is to be there is known by the ledger as of the beginning, and by what came and went until something was counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.chat.actor import Actor
from core.ports.storage import Transactions, UndoEntry, UnitOfWork
from core.shared.clock import Clock
from core.shared.errors import ConflictError, InvalidArgumentError, NotFoundError, RefusedError
from core.shared.events import Event
from core.shared.paging import Page
from core.shared.value_objects import value_object
from core.stock.kind import COUNT_KIND, COUNT_UNDO, POSTING, PRODUCT_KIND, PRODUCT_NAMES, SCAN
from core.stock.model import CountProgress, CountState, Product, Shop, StockCount, Tally
from core.stock.repository import LEDGER, PRODUCTS, STOCK_COUNTS
from core.stock.rules import checked_quantity, clean_category, clean_location
from core.stock.service import Moved, StockService, moved_of, plain_moved
from core.undo.keeping import add_entry, check_reach, keep_change
from core.workspaces.model import Audience

_COMMAND = f"{PRODUCT_NAMES.area} count"


@value_object
class CountChange:
    """A stock-take as it is now, and how to take that back; empty if nothing changed."""

    count: StockCount
    undo_id: str = ""


@value_object
class Scanned:
    """How many of a product are counted by now, and how many more that is (or fewer: below 0)."""

    count: StockCount
    product: Product
    tally: Tally
    by: int
    undo_id: str = ""


@value_object
class Posted:
    """A stock-take whose differences were posted, what that did, how far it was, and how to take that back."""

    count: StockCount
    done: Moved
    progress: CountProgress
    undo_id: str = ""


@value_object
class CountView:
    """A stock-take, how far it is, and a page of what differs, with its products by number."""

    count: StockCount
    progress: CountProgress
    page: Page[Tally]
    products: Mapping[int, Product]


class CountService:
    """The stock-takes of one workspace, for the length of one request."""

    def __init__(self, transactions: Transactions, clock: Clock, stock: StockService) -> None:
        """Bind to the workspace's units of work, the time, and what moves goods."""
        self._transactions = transactions
        self._clock = clock
        self._stock = stock

    # --- beginning and ending -----------------------------------------------------

    async def start(self, actor: Actor, audience: Audience, category: str, location: str) -> CountChange:
        """Begin a stock-take of a category, or (empty) of all, at a location, which is empty for the first.

        Raises `RefusedError` (`count_goes_on`) while another one counts some of that.
        """
        wanted = clean_category(category)
        async with self._transactions.write() as work:
            now, place = self._clock.now(), await _location(work, location)
            number = await work.of(STOCK_COUNTS).reserve_numbers()
            since = await work.of(LEDGER).last()
            count = StockCount(number, actor.member_id, now, wanted, place, since)
            await _refuse_overlap(work, audience, count)
            work.of(STOCK_COUNTS).add(count)
            change = await self._kept(work, actor, None, count)
            await work.commit()
        return change

    async def cancel(self, actor: Actor, audience: Audience, category: str, location: str) -> CountChange:
        """End a stock-take without posting anything."""
        async with self._transactions.write() as work:
            before = await _only(work, audience, category, location)
            after = replace(before, state=CountState.CANCELLED, version=before.version + 1)
            await work.of(STOCK_COUNTS).change_many([after])
            change = await self._kept(work, actor, before, after)
            await work.commit()
        return change

    async def undo(self, actor: Actor, audience: Audience, entry: UndoEntry) -> StockCount:
        """Take back that a stock-take began or was cancelled; raises `RefusedError` as `start` does."""
        async with self._transactions.write() as work:
            undone = await COUNT_UNDO.take_back(work, work.of(STOCK_COUNTS), actor, entry, self._clock.now())
            count = undone.records[0]
            if not count.removed_at:
                await _refuse_overlap(work, audience, count)
            await work.commit()
        return count

    # --- counting -----------------------------------------------------------------

    async def scan(
        self, actor: Actor, audience: Audience, number: int, quantity: int, location: str, *, exactly: bool
    ) -> Scanned:
        """Count so many more of a product (below 0: fewer), or so many in all.

        Raises `RefusedError` (`no_count`, `not_counted_here`, `counts_several`), `InvalidArgumentError` for what
        there can't be, and `NotFoundError`.
        """
        async with self._transactions.write() as work:
            product = await work.of(PRODUCTS).get(number, audience)
            if product is None:
                raise NotFoundError(PRODUCT_KIND.name, number)
            count = await _count_of(work, audience, product, location)
            before = await work.of(STOCK_COUNTS).tally(count.number, number)
            was = before.counted if before else 0
            tally = await _tally(work, count, product, quantity if exactly else was + quantity)
            await work.of(STOCK_COUNTS).put(count.number, tally)
            kept = {"count": count.number, "product": number, "by": tally.counted - was, "first": before is None}
            undo_id = add_entry(work, actor, f"{PRODUCT_NAMES.area} scan", SCAN, kept, self._clock.now())
            await work.commit()
        return Scanned(count, product, tally, tally.counted - was, undo_id)

    async def undo_scan(self, actor: Actor, audience: Audience, entry: UndoEntry) -> Scanned:
        """Count so many fewer of a product as were counted, whatever others counted of it since.

        Raises `ConflictError` (`undo_unreadable`), `RefusedError` (`count_over`), and `NotFoundError`.
        """
        check_reach(actor, entry)
        try:
            number, product_number, by = (int(str(entry.payload[name])) for name in ("count", "product", "by"))
        except (KeyError, ValueError) as error:
            raise ConflictError("undo_unreadable") from error
        async with self._transactions.write() as work:
            count = await work.of(STOCK_COUNTS).get(number, audience)
            product = await work.of(PRODUCTS).get(product_number, audience)
            before = await work.of(STOCK_COUNTS).tally(number, product_number)
            if product is None:
                raise NotFoundError(PRODUCT_KIND.name, product_number)
            if count is None or count.state is not CountState.OPEN or before is None:
                raise RefusedError("count_over")
            tally = await _tally(work, count, product, max(before.counted - by, 0))
            if entry.payload.get("first") and not tally.counted:
                await work.of(STOCK_COUNTS).drop(number, product_number)
            else:
                await work.of(STOCK_COUNTS).put(number, tally)
            await work.commit()
        return Scanned(count, product, tally, -by)

    # --- posting ------------------------------------------------------------------

    async def post(
        self, actor: Actor, audience: Audience, shop: Shop, category: str, location: str, *, missing: bool
    ) -> Posted:
        """Post what differs, and end the stock-take; of what was not counted nothing is left if it is `missing`.

        Raises `RefusedError` (`nothing_counted`, or `counted_too_few` where more is reserved than there is).
        """
        async with self._transactions.write() as work:
            before = await _only(work, audience, category, location)
            progress = await work.of(STOCK_COUNTS).progress(before)
            if not progress.products and not missing:
                raise RefusedError("nothing_counted")
            found = {tally.product: tally.difference for tally in await work.of(STOCK_COUNTS).differing(before.number)}
            if missing:
                found |= {number: -here for number, here in (await work.of(STOCK_COUNTS).missing(before)).items()}
            done = await self._counted(work, actor, shop, before, found)
            after = replace(before, state=CountState.POSTED, version=before.version + 1)
            await work.of(STOCK_COUNTS).change_many([after])
            kept = {**plain_moved(done), "count": before.number} if found else {"count": before.number}
            undo_id = add_entry(work, actor, _COMMAND, POSTING, kept, self._clock.now())
            self._record(work, actor, after)
            await work.commit()
        return Posted(after, done, progress, undo_id)

    async def undo_post(self, actor: Actor, audience: Audience, shop: Shop, entry: UndoEntry) -> Posted:
        """Take posted differences back by entries that come to the opposite; the stock-take goes on.

        Raises as `StockService` does, and `RefusedError` (`count_goes_on`) while another one counts some of that.
        """
        check_reach(actor, entry)
        async with self._transactions.write() as work:
            before = await work.of(STOCK_COUNTS).get(int(str(entry.payload.get("count", 0))), audience)
            if before is None:
                raise ConflictError("undo_unreadable")
            done = Moved((), (), ())
            if "movements" in entry.payload:
                done = await self._stock.take_back(work, actor, shop, moved_of(entry.payload))
            after = replace(before, state=CountState.OPEN, version=before.version + 1)
            await _refuse_overlap(work, audience, after)
            await work.of(STOCK_COUNTS).change_many([after])
            progress = await work.of(STOCK_COUNTS).progress(after)
            self._record(work, actor, after)
            await work.commit()
        return Posted(after, done, progress)

    async def _counted(
        self, work: UnitOfWork, actor: Actor, shop: Shop, count: StockCount, found: Mapping[int, int]
    ) -> Moved:
        if not found:
            return Moved((), (), ())
        try:
            return await self._stock.count(work, actor, shop, found, count.location, f"count {count.number}")
        except RefusedError as error:
            if error.reason != "too_few":
                raise
            told = {name: error.details[name] for name in ("number", "name", "reserved", "elsewhere")}
            raise RefusedError("counted_too_few", field=None, **told) from error

    # --- looking ------------------------------------------------------------------

    async def open(self, audience: Audience) -> Sequence[tuple[StockCount, CountProgress]]:
        """Return the stock-takes that go on, the oldest first, and how far they are."""
        async with self._transactions.read() as work:
            found = await work.of(STOCK_COUNTS).open(audience)
            return [(count, await work.of(STOCK_COUNTS).progress(count)) for count in found]

    async def show(self, number: int, audience: Audience, *, cursor: str = "") -> CountView:
        """Return a stock-take with a page of what differs; raises `NotFoundError`."""
        async with self._transactions.read() as work:
            count = await work.of(STOCK_COUNTS).get(number, audience)
            if count is None:
                raise NotFoundError(COUNT_KIND.name, number)
            progress = await work.of(STOCK_COUNTS).progress(count)
            page = await work.of(STOCK_COUNTS).page(number, cursor=cursor)
            found = await work.of(PRODUCTS).get_many([tally.product for tally in page.items], audience)
        return CountView(count, progress, page, {product.number: product for product in found})

    async def _kept(self, work: UnitOfWork, actor: Actor, before: StockCount | None, after: StockCount) -> CountChange:
        self._record(work, actor, after)
        now = self._clock.now()
        return CountChange(after, keep_change(work, COUNT_KIND, actor, _COMMAND, [before], [after], now))

    def _record(self, work: UnitOfWork, actor: Actor, count: StockCount) -> None:
        told = {"count": count.number, "state": count.state.value}
        work.events.record(Event(f"{PRODUCT_NAMES.area}.counted", self._clock.now(), None, actor.member_id, told))


async def _location(work: UnitOfWork, typed: str) -> str:
    """Return a location as it is called; raises `InvalidArgumentError` (`location_unknown`)."""
    wanted = clean_location(typed)
    known = {name.casefold(): name for name in await work.of(LEDGER).locations()} if wanted else {}
    if wanted and wanted.casefold() not in known:
        raise InvalidArgumentError("location", "location_unknown", value=wanted, known=", ".join(known.values()))
    return known.get(wanted.casefold(), "")


async def _refuse_overlap(work: UnitOfWork, audience: Audience, count: StockCount) -> None:
    for other in await work.of(STOCK_COUNTS).open(audience):
        if other.number != count.number and other.meets(count):
            raise RefusedError("count_goes_on", category=other.category, location=other.location)


async def _only(work: UnitOfWork, audience: Audience, category: str, location: str) -> StockCount:
    """Return the stock-take that is meant, of a category or at a location where several go on."""
    place, wanted = await _location(work, location), clean_category(category)
    return _one_of([count for count in await work.of(STOCK_COUNTS).open(audience) if count.is_meant(wanted, place)])


async def _count_of(work: UnitOfWork, audience: Audience, product: Product, location: str) -> StockCount:
    """Return the stock-take in which a product is counted, at a location where it is at several."""
    place, found = await _location(work, location), await work.of(STOCK_COUNTS).open(audience)
    there = [count for count in found if not place or count.location == place]
    if there and not any(count.covers(product.category) for count in there):
        raise RefusedError("not_counted_here", name=product.name, category=there[0].category)
    return _one_of([count for count in there if count.covers(product.category)])


def _one_of(found: Sequence[StockCount]) -> StockCount:
    if not found:
        raise RefusedError("no_count")
    if len(found) > 1:
        raise RefusedError("counts_several", counts=tuple((count.category, count.location) for count in found))
    return found[0]


async def _tally(work: UnitOfWork, count: StockCount, product: Product, counted: int) -> Tally:
    """Return that so many of a product are counted now, beside what is to be there by now."""
    checked_quantity(counted, least=0)
    levels = await work.of(LEDGER).levels(product.number) if count.location else {}
    here = levels.get(count.location, 0) if count.location else product.on_hand - product.elsewhere
    moved = await work.of(LEDGER).moved(product.number, count.since, count.location)
    return Tally(product.number, counted, here, moved)
