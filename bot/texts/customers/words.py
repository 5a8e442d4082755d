"""Customers in words, as rows of tables, and with their buttons."""

from collections.abc import Sequence

from bot.texts.history import Told
from bot.texts.view import View
from core.chat.reply import Action, Cell, Column, Row, Table
from core.customers.kind import CUSTOMER_KIND
from core.customers.model import Customer
from core.people.model import Role

CLERKS, MANAGERS = Role.CLERK, Role.MANAGER
"""From which role on people change what is known of customers, and from which they remove and forget them."""

TOLD = Told(
    CUSTOMER_KIND,
    "customer",
    {
        "username": "Username",
        "email": "E-mail address",
        "age": "Age",
        "address": "Address",
        "removed_at": "Removed",
        "forgotten": "Forgotten",
    },
)
"""How the history of a customer is told."""

COLUMNS = (
    Column("number", "No.", "number"),
    Column("username", "Username"),
    Column("email", "E-mail"),
    Column("age", "Age", "number"),
)
"""The columns of every table of customers; scripts go by their keys."""


def cells(customer: Customer) -> tuple[Cell, ...]:
    """Return a customer as a row of those."""
    return (customer.number, customer.username, customer.email, customer.age)


def table(customers: Sequence[Customer], view: View) -> Table:
    """Return customers as a table, with the buttons that whoever reads it may press."""
    return Table("Customers", COLUMNS, tuple(Row(cells(one), row_actions(one, view)) for one in customers))


def row_actions(customer: Customer, view: View) -> tuple[Action, ...]:
    """Return what may be done with a customer who is one among others."""
    return (show_action(customer), *((update_action(customer),) if view.actor.role >= CLERKS else ()))


def show_action(customer: Customer) -> Action:
    """Return the button that shows a customer."""
    return Action("Show", f"/customer show {customer.code}")


def update_action(customer: Customer) -> Action:
    """Return the button that asks what to change."""
    return Action("Update", f"/customer update {customer.code}")
