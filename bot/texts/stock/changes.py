"""What people read after changing products, and after goods came or went."""

from bot.texts.answers import untouched, written
from bot.texts.common import listed, sentence_case
from bot.texts.prices import currency_of, exact, money
from bot.texts.stock.words import (
    TOLD,
    goods_actions,
    goods_fields,
    left,
    low_note,
    name_of,
    restock_action,
)
from bot.texts.undo import AFTER, undid
from bot.texts.view import View
from core.chat.reply import Field, Problem, Reply, Visibility
from core.chat.text import Text, lines, text
from core.dates.words import day_words
from core.stock.model import Product
from core.stock.products import AlreadyThere, GoodsMoved, ProductChange
from core.stock.service import Moved


def added(change: ProductChange, view: View) -> Reply:
    """Say what is new, how much there is of it and what it is sold for."""
    product, currency = change.product, currency_of(view)
    price = f" at {money(product.price, currency)}" if product.price is not None else ", without a price yet"
    said = text(f"{view.actor.name} added ", name_of(product), f": {product.on_hand:,}{price}.")
    return written(
        lines(said, low_note(product)), change.undo_id, _priced_fields(product, view), *goods_actions(product)
    )


def already_there(found: AlreadyThere, view: View) -> Reply:
    """Say that a product is there, and offer what was most likely meant."""
    product = found.product
    price = f" at {money(product.price, currency_of(view))}" if product.price is not None else ""
    said = f"There is {product.name} ({product.sku}) already: {left(product)}{price}."
    hint = (
        f"Restock it by {found.quantity:,}, or give the other one a name and a SKU of its own."
        if found.quantity
        else "Give the other one a name and a SKU of its own."
    )
    offered = found.quantity and not product.is_discontinued
    return Reply(
        problem=Problem("conflict", said, hint, "name"),
        fields=goods_fields(product),
        actions=(restock_action(product, found.quantity),) if offered else (),
    )


def edited(change: ProductChange, view: View) -> Reply:
    """Say what of a product is otherwise now."""
    if not change.undo_id or change.before is None:
        return untouched([text(name_of(change.product), " is that way already")])
    old, new = change.before, change.product
    parts = [name for name in TOLD.labels if getattr(old, name) != getattr(new, name)]
    words = [_PARTS.get(name, TOLD.labels[name].lower()) for name in parts if name != "is_discontinued"]
    said = text(f"{view.actor.name} changed the {listed(words)} of ", name_of(new), ".") if words else None
    was = f"It was called “{old.name}”." if "name" in parts else ""
    state = _state(new, view) if "is_discontinued" in parts else None
    return written(lines(said, was, state, low_note(new)), change.undo_id, goods_fields(new))


_PARTS = {"sku": "SKU"}
"""Fields whose names are written otherwise within a sentence than on their own."""


def _state(product: Product, view: View) -> Text:
    if product.is_discontinued:
        return text(f"{view.actor.name} discontinued ", name_of(product), ": it is neither sold nor restocked.")
    return text(f"{view.actor.name} brought ", name_of(product), " back.")


def priced(change: ProductChange, view: View) -> Reply:
    """Say what a product is sold for now, and what it was before."""
    product, currency = change.product, currency_of(view)
    if not change.undo_id or change.before is None:
        is_now = f"costs {money(product.price, currency)}" if product.price is not None else "has no price"
        return untouched([text(name_of(product), f" {is_now} already")])
    was = change.before.price
    before = f", before {money(was, currency)}" if was is not None else ""
    now = (
        f"costs {money(product.price, currency)} now{before}" if product.price is not None else "has no price any more"
    )
    rest = "" if product.price is not None else "It is not sold until it has one."
    said = text(name_of(product), f" {now}.")
    return written(lines(said, rest), change.undo_id, _priced_fields(product, view))


def ordered(change: ProductChange, view: View) -> Reply:
    """Say what is to come."""
    product = change.product
    by = f", expected {day_words(product.expected_on)}" if product.expected_on else ""
    coming = f"{product.on_order:,} of " if product.on_order else "nothing more of "
    state = "are" if product.on_order > 1 else "is"
    said = text(sentence_case(coming), name_of(product), f" {state} on order{by}")
    if not change.undo_id:
        return untouched([text(said, " already")])
    fields = (*goods_fields(product), Field("on_order", "On order", product.on_order, "number"))
    return written(text(said, "."), change.undo_id, fields, restock_action(product))


def removed(change: ProductChange, view: View) -> Reply:
    """Say what is gone."""
    product = change.product
    rest = f"There {'was' if product.on_hand == 1 else 'were'} {product.on_hand:,} of it." if product.on_hand else ""
    said = text(f"{view.actor.name} removed ", name_of(product), ".")
    return written(lines(said, rest), change.undo_id, goods_fields(product))


def sold(moved: GoodsMoved, view: View) -> Reply:
    """Say what was sold, for how much, and what is left."""
    done, currency = moved.done, currency_of(view)
    product, quantity = done.product, -done.changes[0].on_hand
    what = text(f"{view.actor.name} sold {quantity:,} × ", name_of(product), f" for {money(done.amount, currency)}")
    fields = (
        *goods_fields(product),
        Field("quantity", "Sold", quantity, "number"),
        Field("amount", f"Amount ({currency})", exact(done.amount, currency), "money"),
    )
    said = lines(text(what, f". {_sentence(left(product))}"), low_note(product))
    return written(said, moved.undo_id, fields, *goods_actions(product))


def restocked(moved: GoodsMoved, view: View) -> Reply:
    """Say what came in, and what there is now."""
    product, change = moved.done.product, moved.done.changes[0]
    said = text(f"{view.actor.name} restocked ", name_of(product), f" by {change.on_hand:,}: {product.on_hand:,} now.")
    rest = f"{product.on_order:,} more of it still on order." if product.on_order and change.on_order else ""
    fields = (*goods_fields(product), Field("quantity", "Restocked", change.on_hand, "number"))
    return written(lines(said, rest, low_note(product)), moved.undo_id, fields, *goods_actions(product))


def adjusted(moved: GoodsMoved, view: View) -> Reply:
    """Say by how much the count of a product was put right, and why."""
    product, change = moved.done.product, moved.done.changes[0]
    why = moved.done.movements[0].reason
    because = f" ({why})" if why else ""
    said = text(
        f"{view.actor.name} adjusted ", name_of(product), f" by {change.on_hand:+,}{because}: {product.on_hand:,} now."
    )
    fields = (*goods_fields(product), Field("quantity", "Adjusted", change.on_hand, "number"))
    return written(lines(said, low_note(product)), moved.undo_id, fields)


def transferred(moved: GoodsMoved, view: View) -> Reply:
    """Say what was brought where."""
    product, (gone, come) = moved.done.product, moved.done.movements
    way = "".join(f" {word} {entry.location}" for word, entry in (("from", gone), ("to", come)) if entry.location)
    said = text(f"{view.actor.name} moved {come.quantity:,} × ", name_of(product), f"{way}.")
    are = "is" if product.elsewhere == 1 else "are"
    rest = f"{product.here:,} can be sold from here, {product.elsewhere:,} {are} elsewhere."
    fields = (*goods_fields(product), Field("quantity", "Moved", come.quantity, "number"))
    return written(lines(said, rest if product.elsewhere else ""), moved.undo_id, fields)


def undone(change: ProductChange, command: str, view: View) -> Reply:
    """Say what an undo did to a product."""
    how = "is taken away again" if change.product.removed_at else AFTER[0]
    return _undid(command, [text(name_of(change.product), f" {how}.")], view)


def goods_undone(done: Moved, command: str, view: View) -> Reply:
    """Say what an undo did to goods, and what there is of them now."""
    rows = []
    for product, change in zip(done.products, done.changes, strict=True):
        if not change.on_hand:
            rows.append(text(name_of(product), " lies where it did before."))
            continue
        way = "back" if change.on_hand > 0 else "taken out again"
        rows.append(text(f"{abs(change.on_hand):,} × ", name_of(product), f" {way}: {product.on_hand:,} now."))
    return _undid(command, rows, view)


def _undid(command: str, rows: list[Text], view: View) -> Reply:
    return Reply(text=lines(undid(command, view), *rows), visibility=Visibility.CHANNEL)


def _priced_fields(product: Product, view: View) -> tuple[Field, ...]:
    currency, price = currency_of(view), product.price
    shown = () if price is None else (Field("price", f"Price ({currency})", exact(price, currency), "money"),)
    return (*goods_fields(product), *shown)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
