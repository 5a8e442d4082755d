"""What a customer who is forgotten leaves: a number, and what was sold to it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Table, Update, bindparam

from adapters.storage.repositories.customers.table import customers
from adapters.storage.schema.customer_data import customer_tables
from adapters.storage.schema.history_tables import changes, comments
from adapters.storage.schema.own_key import keys_of
from adapters.storage.schema.tables import undo_entries
from adapters.storage.work import scope
from adapters.storage.work.codec import data_of
from adapters.storage.work.kept_texts import rewrite
from adapters.storage.work.own_keys import holders
from adapters.storage.work.scope import Scoped
from adapters.storage.work.versions import renew, version_of
from adapters.storage.work.whole_schema import whole_schema
from core.customers.erasing import Erased
from core.customers.kind import CUSTOMER_CHANGE, CUSTOMER_KIND
from core.customers.model import code_of
from core.customers.rules import email_form, username_form

_c, _h, _u = customers.c, changes.c, undo_entries.c

_ONE = scope.select(customers).where(_c.number == bindparam("the_number"))
_NOBODY = scope.update(customers).where(_c.number == bindparam("the_number"))
_OF_THEM = (_h.kind == CUSTOMER_KIND.name) & (_h.number == bindparam("the_number"))
_FIELDS = _h.field.in_(bindparam("the_fields", expanding=True))
_FORMER = scope.select(changes, _h.field, _h.before, _h.after).where(_OF_THEM, _FIELDS)
_UNTOLD = scope.update(changes).where(_OF_THEM)
_UNSAID = scope.delete(comments).where(
    comments.c.kind == CUSTOMER_KIND.name, comments.c.number == bindparam("the_number")
)
_UNDO = scope.select(undo_entries, _u.id, _u.kind, _u.payload)
_NO_UNDO = scope.delete(undo_entries).where(_u.id == bindparam("the_entry"))
_FORMS = {"username": username_form, "email": email_form}


def told_of(db: Scoped, number: int) -> Erased:
    """Return what takes out of texts all that is known of a customer, and what was known of them before.

    A name that somebody else has by now is theirs.
    """
    known: dict[str, set[str]] = {"username": set(), "email": set(), "address": set()}
    for row in db.all(_ONE, the_number=number):
        for name, values in known.items():
            values.add(getattr(row, name))
    for change in db.all(_FORMER, the_number=number, the_fields=list(known)):
        known[change.field].update(data_of(value) for value in (change.before, change.after) if value)
    for name in keys_of(customers):
        forms = {value: _FORMS[name](value) for value in known[name]}
        theirs = holders(db, customers, name, set(forms.values()))
        known[name] = {value for value, form in forms.items() if theirs.get(form, number) == number}
    return Erased(frozenset(known["username"] - {""}), frozenset((known["email"] | known["address"]) - {""}))


def forget(db: Scoped, number: int, at: datetime, since: datetime) -> None:
    """Erase all that is known of a customer, and put what was answered since in other words."""
    told, code = told_of(db, number), code_of(number)
    for table, (erased, kind) in customer_tables(whole_schema()).items():
        _leave_sums(db, table, erased, kind, [code, *sorted(told.usernames | told.texts)], code)
    db.change(_UNTOLD, the_number=number, before=None, after=None)
    db.change(_UNSAID, the_number=number)
    for entry in _telling(db, number, told):
        db.change(_NO_UNDO, the_entry=entry)
    rewrite(db, told, since)
    nobody: dict[str, Any] = {column.name: "" for column in _TEXTS}
    (row,) = db.all(_ONE, the_number=number)
    removed_at, version = row.removed_at or at, row.version + 1
    renew(db, customers)
    db.change(_NOBODY, the_number=number, **nobody, age=0, removed_at=removed_at, version=version)


_TEXTS = (_c.username, _c.username_sort, _c.email, _c.email_sort, _c.words, _c.address)


def _leave_sums(
    db: Scoped, table: Table, erased: Sequence[Column[Any]], kind: str, names: Sequence[str], code: str
) -> None:
    """Let the rows of a table that name somebody so name them by their number, and tell nothing else of them."""
    nothing = {column.name: "" for column in erased}
    if kind:
        told = {"the_fields": list(nothing), "the_kind": kind}
        db.change(_untold(table), the_names=names, before=None, after=None, **told)
    if db.change(_nameless(table), the_names=names, customer=code, **nothing) and version_of(db, table):
        renew(db, table)


def _telling(db: Scoped, number: int, told: Erased) -> Iterator[str]:
    """Yield the undo entries that would bring back something of them."""
    for row in db.all(_UNDO):
        steps = data_of(row.payload).get("steps", ()) if row.kind == CUSTOMER_CHANGE else ()
        if any(step.get("number") == number for step in steps) or told.may_tell(row.payload):
            yield row.id


@cache
def _nameless(table: Table) -> Update:
    return scope.update(table).where(_names(table))


@cache
def _untold(table: Table) -> Update:
    theirs = scope.select(table, table.c.number).where(_names(table))
    return scope.update(changes).where(_h.kind == bindparam("the_kind"), _FIELDS, _h.number.in_(theirs))


def _names(table: Table) -> Any:
    named = table.c.customer
    return named.in_(bindparam("the_names", expanding=True, type_=named.type))
