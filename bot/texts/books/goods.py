"""What people read after books were sold, or came in."""

from decimal import Decimal

from bot.texts.answers import written
from bot.texts.books.words import fields, goods_actions, left, low_note, name_of
from bot.texts.common import counted_in_full, sentence_case, undo_action
from bot.texts.prices import currency_of, exact, money
from bot.texts.undo import undid
from bot.texts.view import View
from core.books.service import BooksMoved
from core.chat.reply import Column, Field, Reply, Row, Table, Visibility
from core.chat.text import Bold, lines, text


def sold(moved: BooksMoved, view: View) -> Reply:
    """Say what was sold, for how much, and what is left."""
    (book,), done, currency = moved.books, moved.done, currency_of(view)
    quantity = -done.changes[0].on_hand
    what = text(f"{view.actor.name} sold {quantity:,} × ", name_of(book), f" for {money(done.amount, currency)}")
    said = lines(text(what, f". {sentence_case(left(book))}."), low_note(book))
    about = (Field("quantity", "Sold", quantity, "number"), _amount(moved, currency))
    return written(said, moved.undo_id, (*fields(book, view), *about), *goods_actions(book))


def checked_out(moved: BooksMoved, view: View) -> Reply:
    """Say what was sold together, each with what is left of it, and what it comes to."""
    currency, done = currency_of(view), moved.done
    by_product = {product.sku: (product, change) for product, change in zip(done.products, done.changes, strict=True)}
    amounts = {sku: sum(line.amount for line in done.lines if line.product == sku) for sku in by_product}
    pieces = sum(-change.on_hand for change in done.changes)
    rows = [
        Row((product.name, -change.on_hand, exact(amounts[sku] + _NOTHING, currency), product.available))
        for sku, (product, change) in by_product.items()
    ]
    said = lines(
        text(f"{view.actor.name} sold {counted_in_full(pieces, 'book')} for {money(done.amount, currency)}."),
        *(text(name_of(book), f": {low}") for book in moved.books if (low := low_note(book))),
    )
    sold_columns = (*_COLUMNS[:2], Column("amount", f"Amount ({currency})", "money"), *_COLUMNS[2:])
    return Reply(
        text=said,
        visibility=Visibility.CHANNEL,
        fields=(Field("quantity", "Sold", pieces, "number"), _amount(moved, currency)),
        tables=(Table("Sold", sold_columns, tuple(rows)),),
        actions=(undo_action(moved.undo_id),),
    )


_COLUMNS = (Column("title", "Title"), Column("quantity", "Sold", "number"), Column("available", "Left", "number"))
_NOTHING = Decimal(0)


def restocked(moved: BooksMoved, view: View) -> Reply:
    """Say what came in, and what there is now."""
    (book,), change = moved.books, moved.done.changes[0]
    said = text(f"{view.actor.name} restocked ", name_of(book), f" by {change.on_hand:,}: {book.on_hand:,} now.")
    rest = "" if book.price is not None else "It has no price yet, and is not sold until it has one."
    about = (*fields(book, view), Field("quantity", "Restocked", change.on_hand, "number"))
    return written(lines(said, rest, low_note(book)), moved.undo_id, about, *goods_actions(book))


def goods_undone(moved: BooksMoved, command: str, view: View) -> Reply:
    """Say what an undo did to books, and what there is of them now."""
    rows = []
    for product, change in zip(moved.done.products, moved.done.changes, strict=True):
        way = "back" if change.on_hand > 0 else "taken out again"
        rows.append(text(f"{abs(change.on_hand):,} × ", Bold(product.name), f" {way}: {product.on_hand:,} now."))
    return Reply(text=lines(undid(command, view), *rows), visibility=Visibility.CHANNEL)


def _amount(moved: BooksMoved, currency: str) -> Field:
    return Field("amount", f"Amount ({currency})", exact(moved.done.amount, currency), "money")
