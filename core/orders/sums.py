"""What an order comes to: every line rounded to the currency by itself, half to even, so that lines add up to sums."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import accumulate, pairwise

from core.orders.model import Filled, Order, OrderLine
from core.shared.currencies import smallest
from core.shared.value_objects import value_object

_WHOLE = Decimal(100)
_NOTHING = Decimal(0)


@value_object
class Taxed:
    """By which rules an order is taxed: `rate` in percent, and whether prices have the tax in them."""

    rate: Decimal
    is_included: bool


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return an amount as the currency has it, half to even."""
    return amount.quantize(smallest(currency), ROUND_HALF_EVEN)


def summed(line: OrderLine, percent: Decimal, taxed: Taxed, currency: str) -> OrderLine:
    """Return a line with what it comes to; of its own discount and that on the whole order the larger one counts."""
    amount = rounded(line.price * line.quantity, currency)
    discount = rounded(amount * max(percent, line.percent or _NOTHING) / _WHOLE, currency)
    net = amount - discount
    # Of 100 with 8 % in it, 100 / 1.08 is the goods' own part.
    tax = net * taxed.rate / (_WHOLE + taxed.rate if taxed.is_included else _WHOLE)
    return replace(line, amount=amount, discount=discount, tax=rounded(tax, currency))


def with_sums(order: Order, lines: Sequence[OrderLine], shipping: Decimal, taxed: Taxed) -> Filled:
    """Return an order and its lines with all that they come to; an order of nothing is not sent anywhere."""
    found = [summed(line, order.percent, taxed, order.currency) for line in lines]
    subtotal, discount, tax = (
        (_sum(each) for each in zip(*map(_parts, found), strict=True)) if found else (_NOTHING,) * 3
    )
    sent = shipping if found else _NOTHING
    upon = _NOTHING if taxed.is_included else tax
    total = subtotal - discount + upon + sent
    changed = replace(
        order,
        tax_rate=taxed.rate,
        tax_included=taxed.is_included,
        subtotal=subtotal,
        discount=discount,
        tax=tax,
        shipping=sent,
        total=total,
    )
    return Filled(changed, found)


def shares(amounts: Sequence[Decimal], total: Decimal, part: Decimal, currency: str) -> Sequence[Decimal]:
    """Return how much of each amount goes where `part` of a total goes: together they are right to the last unit."""
    ends = [rounded(end * part / total, currency) for end in accumulate(amounts, initial=_NOTHING)]
    return [end - start for start, end in pairwise(ends)]


def _parts(line: OrderLine) -> tuple[Decimal, Decimal, Decimal]:
    return line.amount, line.discount, line.tax


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, _NOTHING)
