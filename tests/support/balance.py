"""Whether the books of a shop balance: goods by the ledger, and money by what Stripe charged."""

from collections import Counter
from collections.abc import Mapping, Sequence

from core.orders.model import Filled, OrderFilter, OrderStatus
from core.orders.repository import ORDERS
from core.payments.model import Method, Payment, PaymentKey
from core.payments.money import money
from core.ports.storage import Storage, UnitOfWork
from core.stock.model import Movement, Product
from core.stock.repository import LEDGER, PRODUCTS
from core.workspaces.model import Audience
from tests.support.stripe.world import World

MANY = 100_000


async def check_balance(storage: Storage, workspace_id: int, world: World, *, is_over: bool = True) -> list[Filled]:
    """Fail unless all adds up; once nothing `is_over` any more, nothing is set aside and nobody can pay.

    Returns the orders.
    """
    async with storage.workspace(workspace_id).read() as work:
        orders = await _orders(work)
        payments = {one.order.number: await work.of(ORDERS).payments(one.order.number) for one in orders}
        products = await _products(work)
        for product in products:
            _check_goods(product, await _entries(work, product.number), orders)
    for one in orders:
        _check_money(one, payments[one.order.number], charges(world, workspace_id, one.order.number))
    if is_over:
        assert [product.reserved for product in products] == [0] * len(products), "goods are set aside for nobody"
        assert not [session.id for session in world.sessions.values() if world.session(session.id).status == "open"]
    return orders


def _check_goods(product: Product, entries: Sequence[Movement], orders: Sequence[Filled]) -> None:
    sums = [sum(one.quantity for one in entries if one.kind.sets_aside is aside) for aside in (False, True)]
    assert sums == [product.on_hand, product.reserved]
    waiting = [one for one in orders if one.order.status is OrderStatus.PENDING]
    lines = [line for one in waiting for line in one.lines if line.product == product.number]
    assert product.reserved == sum(line.kept for line in lines)


def _check_money(filled: Filled, payments: Sequence[Payment], charged: Mapping[int, int]) -> None:
    """Fail unless an order has what Stripe has of it, and was charged once."""
    order = filled.order
    left = sum(payment.left for payment in payments)
    assert left == (money(order.left, order.currency).units if order.left else 0), order.number
    by_card = {one.key.attempt: one.left for one in payments if one.method is Method.CARD and one.left}
    assert {attempt: units for attempt, units in charged.items() if units} == by_card, order.number
    assert len(by_card) <= 1, f"order {order.number} was paid twice"


def charges(world: World, workspace_id: int, order: int) -> Counter[int]:
    """What Stripe took for an order of a workspace and did not give back, by attempt."""
    found: Counter[int] = Counter()
    for session in world.sessions.values():
        key, scope = PaymentKey.read(session.asked["metadata"]["payment"]), session.asked["metadata"]["scope"]
        assert key is not None
        if not scope.startswith(f"{workspace_id}-"):
            continue
        charge = session.intent.charge if session.intent and session.is_paid else None
        if key.order == order and charge:
            found[key.attempt] += charge.amount - charge.refunded
    return found


async def _orders(work: UnitOfWork) -> list[Filled]:
    everybody = Audience(0, frozenset(), everything=True)
    found = list((await work.of(ORDERS).page(OrderFilter(), everybody, limit=MANY)).items)
    lines = await work.of(ORDERS).lines([order.number for order in found])
    return [Filled(order, lines.get(order.number, ())) for order in reversed(found)]


async def _products(work: UnitOfWork) -> list[Product]:
    found: list[Product] = []
    while product := await work.of(PRODUCTS).find(len(found) + 1):
        found.append(product)
    return found


async def _entries(work: UnitOfWork, number: int) -> Sequence[Movement]:
    return (await work.of(LEDGER).page(number, limit=MANY)).items
