"""Where it is told that products are low, and of which of them nothing is told for some time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.alerts.model import Subject
from core.alerts.watching import mute
from core.chat.actor import Actor
from core.ports.storage import Transactions, UndoEntry
from core.shared.clock import Clock
from core.shared.errors import ConflictError, NotFoundError
from core.shared.value_objects import value_object
from core.stock.kind import ALERT_PLACE_KIND, ALERT_PLACE_UNDO, MUTE, PRODUCT_KIND, PRODUCT_NAMES
from core.stock.model import AlertPlace, Product
from core.stock.repository import ALERT_PLACES, PRODUCTS
from core.stock.rules import clean_category
from core.undo.keeping import add_entry, check_reach, keep_change
from core.workspaces.model import Audience


@value_object
class PlaceChange:
    """A place as it is now, and how to take that back; empty if nothing changed. A removed one is none any more."""

    place: AlertPlace
    undo_id: str = ""


@value_object
class Muted:
    """A product of which nothing is told until an instant, None if it is, and how to take that back."""

    product: Product
    until: datetime | None
    undo_id: str = ""


class AlertPlaceService:
    """The places of one workspace, for the length of one request."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Bind to the workspace's units of work and the time."""
        self._transactions = transactions
        self._clock = clock

    async def places(self, audience: Audience) -> Sequence[AlertPlace]:
        """Return all places by their categories, that of all others first."""
        async with self._transactions.read() as work:
            return await work.of(ALERT_PLACES).all(audience)

    async def put(self, actor: Actor, audience: Audience, typed: str, told_in: int | None) -> PlaceChange:
        """Let it be told in a channel, or (None) nowhere, that products of a category are low.

        An empty category stands for all that have no place of their own.
        """
        category = clean_category(typed)
        async with self._transactions.write() as work:
            before, now = _place(await work.of(ALERT_PLACES).all(audience), category), self._clock.now()
            if before is None:
                number = await work.of(ALERT_PLACES).reserve_numbers()
                after = AlertPlace(number, actor.member_id, now, category, told_in)
                work.of(ALERT_PLACES).add(after)
            elif before.told_in == told_in:
                return PlaceChange(before)
            else:
                after = replace(before, told_in=told_in, version=before.version + 1)
                await work.of(ALERT_PLACES).change_many([after])
            undo_id = keep_change(work, ALERT_PLACE_KIND, actor, _COMMAND, [before], [after], now)
            await work.commit()
        return PlaceChange(after, undo_id)

    async def drop(self, actor: Actor, audience: Audience, typed: str) -> PlaceChange | None:
        """Let a category have no place of its own any more; None if it has none."""
        category = clean_category(typed)
        async with self._transactions.write() as work:
            before, now = _place(await work.of(ALERT_PLACES).all(audience), category), self._clock.now()
            if before is None:
                return None
            after = replace(before, removed_at=now, version=before.version + 1)
            await work.of(ALERT_PLACES).change_many([after])
            undo_id = keep_change(work, ALERT_PLACE_KIND, actor, _COMMAND, [before], [after], now)
            await work.commit()
        return PlaceChange(after, undo_id)

    async def undo(self, actor: Actor, entry: UndoEntry) -> AlertPlace:
        """Put a place back as it was."""
        async with self._transactions.write() as work:
            now = self._clock.now()
            undone = await ALERT_PLACE_UNDO.take_back(work, work.of(ALERT_PLACES), actor, entry, now)
            await work.commit()
        return undone.records[0]

    async def mute(self, actor: Actor, audience: Audience, number: int, until: datetime | None) -> Muted:
        """Tell nothing of a product until an instant, or (None) tell of it again; raises `NotFoundError`."""
        async with self._transactions.write() as work:
            product = _product(await work.of(PRODUCTS).get(number, audience), number)
            now = self._clock.now()
            found = await mute(work, _subject(number), until)
            before = found if found and found > now else None
            if before == until:
                return Muted(product, until)
            kept = {"number": number, "until": before.isoformat() if before else ""}
            undo_id = add_entry(work, actor, f"{PRODUCT_NAMES.area} mute", MUTE, kept, now)
            await work.commit()
        return Muted(product, until, undo_id)

    async def undo_mute(self, actor: Actor, audience: Audience, entry: UndoEntry) -> Muted:
        """Tell of a product as before; raises `ConflictError` (`undo_unreadable`)."""
        check_reach(actor, entry)
        try:
            number, kept = int(str(entry.payload["number"])), str(entry.payload["until"])
            until = datetime.fromisoformat(kept) if kept else None
        except (KeyError, ValueError) as error:
            raise ConflictError("undo_unreadable") from error
        async with self._transactions.write() as work:
            product = _product(await work.of(PRODUCTS).get(number, audience), number)
            await mute(work, _subject(number), until)
            await work.commit()
        return Muted(product, until)


_COMMAND = f"{PRODUCT_NAMES.area} alerts"


def _place(places: Sequence[AlertPlace], category: str) -> AlertPlace | None:
    return next((place for place in places if place.form == category.casefold()), None)


def _subject(number: int) -> Subject:
    return Subject(PRODUCT_KIND.name, number)


def _product(found: Product | None, number: int) -> Product:
    if found is None:
        raise NotFoundError(PRODUCT_KIND.name, number)
    return found
