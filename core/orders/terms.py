"""The terms on which a workspace sells, and its discount codes, as managers change them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.chat.actor import Actor
from core.orders.carts import terms_of
from core.orders.kind import CODE_KIND, CODE_UNDO, TERMS_KIND, TERMS_UNDO
from core.orders.model import TERMS_NUMBER, DiscountCode, Terms
from core.orders.repository import DISCOUNT_CODES, ORDER_TERMS
from core.orders.rules import (
    LONGEST_DAYS,
    LONGEST_HOURS,
    checked_amount,
    checked_percent,
    checked_time,
    clean_code,
    clean_seller,
    clean_tax_id,
)
from core.ports.storage import Transactions, UndoEntry
from core.shared.clock import Clock
from core.shared.errors import InvalidArgumentError
from core.shared.value_objects import value_object
from core.stock.model import Shop
from core.undo.keeping import keep_change
from core.workspaces.model import Audience

_CLEAN: Mapping[str, Callable[[Any, Shop], object]] = {
    "tax_rate": lambda value, _shop: checked_percent(value, "tax"),
    "tax_included": lambda value, _shop: value,
    "shipping": lambda value, shop: checked_amount(value, shop.currency, "shipping"),
    "cash_hours": lambda value, _shop: checked_time(value, "cash-hours", LONGEST_HOURS),
    "transfer_days": lambda value, _shop: checked_time(value, "transfer-days", LONGEST_DAYS),
    "seller": lambda value, _shop: clean_seller(value),
    "tax_id": lambda value, _shop: clean_tax_id(value),
}
"""What can be said of terms, by field, and what makes of it what is kept."""


@value_object
class TermsChange:
    """Terms as they are, and how to take a change of them back; empty if nothing changed."""

    terms: Terms
    undo_id: str = ""


@value_object
class CodeChange:
    """A discount code as it is now and as it was (None: it is new), and how to take that back."""

    code: DiscountCode
    before: DiscountCode | None = None
    undo_id: str = ""


class TermsService:
    """The terms and codes of one workspace, for the length of one request."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        """Bind to the workspace's units of work and the time."""
        self._transactions = transactions
        self._clock = clock

    async def show(self, actor: Actor) -> Terms:
        """Return the terms."""
        async with self._transactions.read() as work:
            return await terms_of(work, actor, self._clock)

    async def change(self, actor: Actor, shop: Shop, values: Mapping[str, object]) -> TermsChange:
        """Change terms for whatever is checked out from now on; raises `InvalidArgumentError` (see `rules`)."""
        cleaned: dict[str, Any] = {name: _CLEAN[name](value, shop) for name, value in values.items()}
        if not cleaned:
            raise InvalidArgumentError("tax", "nothing_said_of_terms")
        async with self._transactions.write() as work:
            now = self._clock.now()
            found = await work.of(ORDER_TERMS).get(TERMS_NUMBER, Audience(actor.member_id, frozenset()))
            before = found or Terms(actor.member_id, now)
            after = replace(before, **cleaned)
            if after == before:
                return TermsChange(before)
            if found is None:
                # So that an undo has something to go back to.
                work.of(ORDER_TERMS).add(before)
            after = replace(after, version=before.version + 1)
            await work.of(ORDER_TERMS).change_many([after])
            undo_id = keep_change(work, TERMS_KIND, actor, "order terms", [before], [after], now)
            await work.commit()
        return TermsChange(after, undo_id)

    async def codes(self, audience: Audience, typed: str = "") -> Sequence[DiscountCode]:
        """Return the discount codes by their words, or the one that was typed.

        Raises `InvalidArgumentError` (`code_bad`, `code_unknown`).
        """
        word = clean_code(typed) if typed else ""
        async with self._transactions.read() as work:
            if not word:
                return await work.of(DISCOUNT_CODES).all(audience)
            found = await work.of(DISCOUNT_CODES).called(word, audience)
        if found is None:
            raise InvalidArgumentError("code", "code_unknown", value=word)
        return [found]

    async def put_code(self, actor: Actor, audience: Audience, typed: str, percent: Decimal) -> CodeChange:
        """Let a code give a discount, or (0 percent) none any more."""
        word, checked = clean_code(typed), checked_percent(percent)
        async with self._transactions.write() as work:
            now = self._clock.now()
            before = await work.of(DISCOUNT_CODES).called(word, audience)
            if before is None:
                number = await work.of(DISCOUNT_CODES).reserve_numbers()
                after = DiscountCode(number, actor.member_id, now, word, checked)
                if not checked:
                    return CodeChange(after)
                work.of(DISCOUNT_CODES).add(after)
            else:
                gone = None if checked else now
                after = replace(before, percent=checked or before.percent, removed_at=gone)
                if after == before:
                    return CodeChange(before, before)
                after = replace(after, version=before.version + 1)
                await work.of(DISCOUNT_CODES).change_many([after])
            undo_id = keep_change(work, CODE_KIND, actor, "order code", [before], [after], now)
            await work.commit()
        return CodeChange(after, before, undo_id)

    async def undo_terms(self, actor: Actor, entry: UndoEntry) -> Terms:
        """Put terms back as they were."""
        async with self._transactions.write() as work:
            undone = await TERMS_UNDO.take_back(work, work.of(ORDER_TERMS), actor, entry, self._clock.now())
            await work.commit()
        return undone.records[0]

    async def undo_code(self, actor: Actor, entry: UndoEntry) -> DiscountCode:
        """Put a code back as it was."""
        async with self._transactions.write() as work:
            undone = await CODE_UNDO.take_back(work, work.of(DISCOUNT_CODES), actor, entry, self._clock.now())
            await work.commit()
        return undone.records[0]
