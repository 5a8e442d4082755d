"""What people read after something was done with an order."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.texts.answers import untouched, written
from bot.texts.common import sentence_case, undo_action
from bot.texts.orders.words import (
    actions,
    beginning_with,
    cart_actions,
    line_table,
    name_of,
    order_fields,
    paid_by,
    pay_action,
    pieces,
    reason_words,
    sum_fields,
    until_words,
)
from bot.texts.prices import money
from bot.texts.undo import undid
from bot.texts.view import View
from core.chat.reply import Action, Problem, Reply, Visibility
from core.chat.text import Bold, Code, Text, lines, text
from core.orders.model import Filled, Order, OrderLine, OrderStatus
from core.orders.steps import OrderChange
from core.shared.errors import RefusedError

MOST_NAMED = 3
"""Products that a sentence names, at most."""

_EMPTY = text("Your cart is empty here. To begin: ", Code("/order add apples 2"))


def cart(filled: Filled | None) -> Reply:
    """Show the cart that somebody has where they are, with what it comes to."""
    if filled is None or not filled.lines:
        return Reply(title="Cart", text=_EMPTY, actions=(Action("Add goods", "/order add"),))
    order = filled.order
    said = text(f"{sentence_case(pieces(filled.lines))}: ", Bold(money(order.total, order.currency)), _discount(order))
    return Reply(
        title="Cart",
        text=lines(said, _whose(order)),
        fields=sum_fields(order),
        tables=(line_table(filled, is_cart=True),),
        actions=cart_actions(filled),
    )


def put_in(change: OrderChange, product: int, quantity: int) -> Reply:
    """Say what was put into a cart and what it comes to now."""
    line = next(one for one in change.now.lines if one.product == product)
    what = text(f"{quantity:,} × ", Bold(line.name), " put into your cart.")
    return _of_cart(change, what)


def taken_out(change: OrderChange) -> Reply:
    """Say what is left in a cart."""
    return _of_cart(change, text("Taken out of your cart."))


def discounted(change: OrderChange, product: int | None = None) -> Reply:
    """Say what a discount on all of a cart, or on one product in it, makes of it."""
    if not change.undo_id:
        return untouched([text("Your cart has that discount already")])
    order = change.now.order
    line = next((one for one in change.now.lines if one.product == product), None)
    percent, what = (order.percent, "your cart") if line is None else (line.percent, line.name)
    code = f" with {order.code}" if order.code and line is None else ""
    if not percent:
        return _of_cart(change, text("There is no discount on ", Bold(what), " any more."))
    return _of_cart(change, text(f"{percent.normalize():f} % off ", Bold(what), f"{code}."))


def begun(change: OrderChange) -> Reply:
    """Say that there is a cart now."""
    if not change.undo_id:
        return cart(change.now)
    who = f" for {change.now.order.customer_name}" if change.now.order.customer_name else ""
    said = text(f"Your cart{who} is ready: ", name_of(change.now.order), ".")
    return _private(said, change, *cart_actions(change.now))


def addressed(change: OrderChange) -> Reply:
    """Say whom an order is for and where it goes."""
    if not change.undo_id:
        return untouched([text("Your cart says that already")])
    order = change.now.order
    return _private(lines("Noted.", _whose(order), _where(order)), change, *cart_actions(change.now))


def placed(change: OrderChange, view: View) -> Reply:
    """Say that goods are set aside until they are paid, or why they are not."""
    order = change.now.order
    if change.refused:
        return _not_placed(order, change.refused)
    total = money(order.total, order.currency)
    said = text(
        f"{view.actor.name} placed ",
        name_of(order),
        f": {pieces(change.now.lines)} for ",
        Bold(total),
        f", {_to_pay(order)}.",
    )
    return written(lines(said, until_words(order, view)), change.undo_id, order_fields(order), pay_action(order))


def _not_placed(order: Order, refused: RefusedError) -> Reply:
    """Say why goods are not set aside, which the order says from now on, too."""
    said = f"Order #{order.number} is not checked out: {_why_not(refused.details)}"
    rest = "It is still your cart." if order.status.is_cart else ""
    buttons = (*_out_of_it(refused.details), Action("Cart", "/order cart")) if order.status.is_cart else ()
    problem = Problem(refused.code, said, rest)
    return Reply(problem=problem, fields=order_fields(order), actions=buttons, keeps=True)


def paid(change: OrderChange, view: View) -> Reply:
    """Say that an order was paid, how, and which receipt it has."""
    order = change.now.order
    how = paid_by(order.method) if order.method else ""
    total = money(order.total, order.currency)
    said = text(beginning_with(order), f" is paid: {total} ({how}). Receipt {order.receipt}.")
    return written(said, change.undo_id, order_fields(order), *actions(order, view))


def cancelled(change: OrderChange, view: View, *, restock: bool) -> Reply:
    """Say that an order is cancelled, and what became of goods and money."""
    order, was = change.now.order, change.before.order.status if change.before else OrderStatus.CART
    goods = ""
    if was is OrderStatus.PENDING:
        goods = "Its goods are free again."
    elif was is OrderStatus.COMPLETED:
        goods = _back(change) if restock else "Its goods do not come back into stock."
    owed = f"{money(order.left, order.currency)} was paid and not given back yet." if order.left > 0 else ""
    said = text(f"{view.actor.name} cancelled ", name_of(order), ".")
    said = lines(said, goods, _absent(change), owed)
    return written(said, change.undo_id, order_fields(order), *actions(order, view))


def taken_from(change: OrderChange, view: View, *, restock: bool = True) -> Reply:
    """Say what came back of an order, or what was taken out of it before it was paid."""
    order, before = change.now.order, change.before or change.now
    left = {line.product: line.kept for line in change.now.lines}
    gone = [(line, count) for line in before.lines if (count := line.kept - left.get(line.product, 0))]
    was_sold = before.order.status is OrderStatus.COMPLETED
    how = "came back of" if was_sold else "taken out of"
    said = text(_goods(gone), f" {how} ", name_of(order), ".")
    lost = "" if restock or not was_sold else "None of it comes back into stock."
    total = f"It comes to {money(order.total, order.currency)} now." if order.total != before.order.total else ""
    owed = f"{money(order.left, order.currency)} of it can be given back." if order.left > 0 else ""
    said = lines(said, lost, _absent(change), total, owed)
    return written(said, change.undo_id, order_fields(order), *actions(order, view))


def _goods(gone: Sequence[tuple[OrderLine, int]]) -> Text:
    """Return how many pieces of what; of many products how many they are."""
    if len(gone) > MOST_NAMED:
        return text(f"{sum(count for _, count in gone):,} pieces of {len(gone)} products")
    named = [text(f"{count:,} × ", Bold(line.name)) for line, count in gone]
    *others, last = named
    return text(*(span for one in others for span in (*one, ", ")), *last) if others else last


def refunded(change: OrderChange, view: View) -> Reply:
    """Say how much was given back."""
    order = change.now.order
    given = order.refunded - (change.before.order.refunded if change.before else 0)
    left = f"{money(order.left, order.currency)} of it is left." if order.left > 0 else "Nothing of it is left."
    said = text(
        f"{view.actor.name} gave ", Bold(money(given, order.currency)), " back for ", name_of(order), f". {left}"
    )
    return Reply(text=said, visibility=Visibility.CHANNEL, fields=order_fields(order))


def undone(change: OrderChange, command: str, view: View) -> Reply:
    """Say what an undo made of an order."""
    order = change.now.order
    now = "is taken away again" if order.removed_at else "is as before"
    said = lines(undid(command, view), text(beginning_with(order), f" {now}."))
    # What somebody fills a cart with is nobody's business before it is an order.
    is_cart = order.status.is_cart and (change.before is None or change.before.order.status.is_cart)
    seen_by = Visibility.PRIVATE if is_cart else Visibility.CHANNEL
    return Reply(text=said, visibility=seen_by, fields=order_fields(order))


def let_go(order: Order) -> Reply:
    """Say that an order's goods are free again since nobody paid."""
    total = money(order.total, order.currency)
    said = text("Nobody paid ", name_of(order), f" ({total}) in time, so its goods are free again.")
    again = Action("Check out again", f"/order checkout order:#{order.number}", once=True)
    return Reply(text=said, visibility=Visibility.CHANNEL, actions=(again,))


def refund_consequence(order: Order, amount: str) -> str:
    """Return what a refund does that nobody can take back."""
    return f"{amount} of order #{order.number} is given back, and no Undo takes that back."


def _out_of_it(words: Mapping[str, object]) -> tuple[Action, ...]:
    """Return the button that takes out what can't be had at all."""
    is_gone = words["reason"] == "product_gone"
    return (Action(f"Take {words['name']} out", f"/order take #{words['number']}"),) if is_gone else ()


def _why_not(words: Mapping[str, object]) -> str:
    """Return why goods could not be set aside."""
    match words["reason"]:
        case "too_few":
            are = "is" if words["left"] == 1 else "are"
            return f"only {words['left']} of {words['name']} {are} left, and {words['wanted']} are in it."
        case "total_changed":
            was, now = (money(Decimal(str(words[name])), str(words["currency"])) for name in ("was", "total"))
            return f"prices or terms changed, and it comes to {now} now, not {was}. Check out again to go ahead."
        case "product_unpriced":
            return f"{words['name']} has no price any more."
        case "product_discontinued":
            return f"{words['name']} is discontinued."
        case "product_gone":
            return f"{words['name']} is in the catalogue no more."
    return f"{reason_words(str(words['reason']))}."


def _back(change: OrderChange) -> str:
    if not change.absent:
        return "Its goods are back in stock."
    wanted = [line for line in change.before.lines if line.kept] if change.before else []
    return "Its other goods are back in stock." if len(change.absent) < len(wanted) else ""


def _absent(change: OrderChange) -> str:
    names = [line.name for line in change.absent]
    if not names:
        return ""
    what = ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} products"
    are = "is" if len(names) == 1 else "are"
    return f"{what} {are} in the catalogue no more, so nothing of that comes back into stock."


def _of_cart(change: OrderChange, what: Text) -> Reply:
    order = change.now.order
    if not change.now.lines:
        return _private(lines(what, "Your cart is empty now."), change, *cart_actions(change.now))
    total = text(f"{sentence_case(pieces(change.now.lines))}: ", Bold(money(order.total, order.currency)), ".")
    return _private(lines(what, total), change, *cart_actions(change.now), Action("Cart", "/order cart"))


def _private(said: Text, change: OrderChange, *buttons: Action) -> Reply:
    """Answer whoever has the cart alone: what they fill it with is nobody's business before it is an order."""
    return Reply(text=said, fields=order_fields(change.now.order), actions=(*buttons, undo_action(change.undo_id)))


def _discount(order: Order) -> str:
    if not order.percent:
        return "."
    code = f" with {order.code}" if order.code else ""
    return f", {order.percent.normalize():f} % off{code}."


def _to_pay(order: Order) -> str:
    return f"to be paid by {paid_by(order.method)}" if order.method else "to be paid"


def _whose(order: Order) -> str:
    return f"For {order.customer_name}." if order.customer_name else ""


def _where(order: Order) -> Text:
    parts = (("It goes to", order.address), ("the bill to", order.billing), ("mail to", order.email))
    said = "; ".join(f"{word} {' · '.join(value.splitlines())}" for word, value in parts if value)
    return text(f"{sentence_case(said)}.") if said else ()
