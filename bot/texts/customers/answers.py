"""What people read after changing customers, and when they look at them."""

from dataclasses import replace

from bot.texts import history as history_texts
from bot.texts.answers import untouched, written
from bot.texts.common import counted_in_full, listed
from bot.texts.customers.words import (
    CLERKS,
    COLUMNS,
    MANAGERS,
    TOLD,
    cells,
    row_actions,
    show_action,
    table,
    update_action,
)
from bot.texts.figures import exact, money
from bot.texts.records import Listed, Listing, member_field, moment_field, page_of, record, sorting
from bot.texts.undo import AFTER, undid
from bot.texts.view import View
from core.chat.reply import Action, Column, Field, Reply, Row, Table, Visibility
from core.chat.text import Bold, Code, lines, text
from core.customers.kind import CUSTOMER_NAMES
from core.customers.model import Customer, CustomerSort
from core.customers.service import CustomerChange, Spenders
from core.history.service import RecordHistory
from core.people.model import Role
from core.shared.paging import Page

_NOBODY = text("No customers here. To add one: ", Code("/customer register ann_b ann@example.org 30"))
_NOBODY_FOUND = text("No customer has that in their username or e-mail address.")


def registered(change: CustomerChange, view: View) -> Reply:
    """Say who is new."""
    customer = change.customer
    said = text(f"{view.actor.name} registered ", TOLD.name(customer), ".")
    actions = (show_action(customer), update_action(customer))
    return _answered(written(said, change.undo_id, _fields(customer), *actions))


def updated(change: CustomerChange, view: View) -> Reply:
    """Say what of a customer is otherwise now."""
    before, now = change.before, change.customer
    if not change.undo_id or before is None:
        return untouched([text(TOLD.name(now), " is that way already")])
    parts = [
        label.lower()
        for name, label in TOLD.labels.items()
        if hasattr(now, name) and getattr(before, name) != getattr(now, name)
    ]
    said = text(f"{view.actor.name} changed the {listed(parts)} of ", TOLD.name(now), ".")
    return _answered(written(said, change.undo_id, _fields(now), show_action(now)))


def removed(change: CustomerChange, view: View) -> Reply:
    """Say who is gone from the list."""
    return _answered(
        written(
            text(f"{view.actor.name} removed ", TOLD.name(change.customer), "."),
            change.undo_id,
            _fields(change.customer),
        )
    )


def undone(change: CustomerChange, command: str, view: View) -> Reply:
    """Say what an undo did to a customer."""
    how = "is taken away again" if change.customer.removed_at else AFTER[0]
    return Reply(text=lines(undid(command, view), text(TOLD.name(change.customer), f" {how}.")))


def forgotten() -> Reply:
    """Say that somebody is forgotten; not who it was, for the answer is kept."""
    return Reply(text=text("That customer is forgotten. What they bought still counts."))


def _answered(reply: Reply) -> Reply:
    """Return an answer for nobody but the asker: who customers are is no matter of a channel."""
    return replace(reply, visibility=Visibility.PRIVATE)


def _fields(customer: Customer) -> tuple[Field, ...]:
    return (
        Field("number", "No.", customer.number, "number"),
        Field("username", "Username", customer.username),
    )


def card(customer: Customer, view: View) -> Reply:
    """Show everything about a customer."""
    fields = (
        Field("number", "No.", customer.number, "number"),
        Field("email", "E-mail", customer.email),
        Field("age", "Age", customer.age, "number"),
        Field("address", "Address", customer.address) if customer.address else None,
        moment_field("registered", "Registered", customer.created_at, view),
        member_field("author", "By", customer.author_id, view),
    )
    return record(customer.username, (), fields, _actions(customer, view))


def _actions(customer: Customer, view: View) -> tuple[Action, ...]:
    remove = Action("Remove", f"/customer remove {customer.code}")
    history = Action("History", f"/customer history {customer.code}")
    offered = ((update_action(customer), CLERKS), (history, Role.MEMBER), (remove, MANAGERS))
    return tuple(action for action, role in offered if view.actor.role >= role)


_SORTED_BY = (
    (Column("username", "Username"), CustomerSort.NAME.value),
    (Column("email", "E-mail"), CustomerSort.EMAIL.value),
    (Column("registered", "Newest"), CustomerSort.NEWEST.value),
)


def customer_list(page: Page[Customer], listing: Listing, view: View, *, is_search: bool = False) -> Reply:
    """Show a page of customers, how many there are in all, and the way to the other pages."""
    nothing = _NOBODY_FOUND if is_search else _NOBODY
    shown = page_of("Customers", page, Listed(CUSTOMER_NAMES, lambda some: table(some, view), nothing), listing)
    return replace(shown, actions=(*shown.actions, *sorting(page, listing, _SORTED_BY)))


def history(found: RecordHistory[Customer], view: View) -> Reply:
    """Show a page of what happened to a customer."""
    customer = found.record
    name = customer.username or f"customer {customer.code}"
    return history_texts.shown(TOLD, name, f"/customer history {customer.code}", found.history, view)


def over(found: Spenders, currency: str, view: View) -> Reply:
    """Show who bought for more than a sum, the largest first."""
    title, bound = "Customers by what they bought", money(found.over, currency)
    if not found.found:
        return Reply(title=title, text=text(f"Nobody bought for more than {bound}."))
    many = counted_in_full(len(found.found), "customer")
    more = " These are the first; there are more." if found.has_more else ""
    said = text(Bold(many), f" bought for more than {bound}.{more}")
    rows = tuple(
        Row((*cells(one.customer), exact(one.amount, currency)), row_actions(one.customer, view)) for one in found.found
    )
    columns = (*COLUMNS, Column("amount", f"Amount ({currency})", "money"))
    return Reply(title=title, text=said, tables=(Table(title, columns, rows),))
