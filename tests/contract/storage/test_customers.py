"""Customers: whose names are whose, how they are found, and what was sold to each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapters.storage.repositories.sales.table import sale_lines
from adapters.storage.work import scope
from core.chat.reply import Field, Reply
from core.chat.text import Bold
from core.customers.erasing import Erased
from core.customers.model import Customer, CustomerSort
from core.customers.repository import CUSTOMERS
from core.customers.rules import email_form
from core.dates.ranges import ALL
from core.history.model import ChangeEntry, FieldChange
from core.ports.storage import UndoEntry
from core.sales.figures import By, Question
from core.sales.model import SaleLine
from core.sales.repository import SALE_FIGURES, SALES
from core.shared.errors import ConflictError
from tests.contract.storage.world import NOON, Place

TODAY = date(2026, 11, 20)
LATER = NOON + timedelta(minutes=15)
LIVES, MOVED = (Field("address", "Address of a customer", where) for where in ("3 Mill Lane\nEly", "somebody"))
AGED = FieldChange("age", 30, 31)
UNDONE: Sequence[tuple[str, str, dict[str, Any]]] = [
    ("01", "customer.change", {"steps": [{"number": 1}]}),
    ("02", "product.movement", {"lines": [{"customer": "Secret", "customer_name": "Secret"}]}),
    ("03", "customer.change", {"steps": [{"number": 2}]}),
    ("04", "task.change", {"steps": [{"number": 1, "title": "Secret Santa"}]}),
]
"""What can be undone: the first two would bring back something of the first customer."""


def customer_of(place: Place, number: int = 1, **fields: Any) -> Customer:
    """Return one of whom Ann keeps track."""
    name = "Secret" if number == 1 else f"Secret-{number}"
    customer = Customer(number, name, f"{name}@example.org", 30, place.ann, NOON, "3 Mill Lane\nEly")
    return replace(customer, **fields)


async def add(place: Place, *customers: Customer) -> None:
    async with place.writing() as work:
        work.of(CUSTOMERS).add_all(customers)


async def names(place: Place, holds: str = "", sort: CustomerSort = CustomerSort.NAME) -> list[str]:
    async with place.reading() as work:
        page = await work.of(CUSTOMERS).page(holds, place.public, sort=sort)
    return [one.username for one in page.items]


async def buy(place: Place, *sold: tuple[str, str], currency: str = "EUR") -> None:
    async with place.writing() as work:
        work.of(SALES).add(
            [
                SaleLine(TODAY, Decimal(amount), Decimal(1), Decimal(amount), currency, "order", customer=customer)
                for customer, amount in sold
            ]
        )


async def spent(place: Place, over: str, limit: int = 10) -> Sequence[tuple[int, str]]:
    async with place.reading() as work:
        found = await work.of(CUSTOMERS).spending(Decimal(over), "EUR", limit)
    return [(one.number, f"{one.amount.normalize():f}") for one in found]


async def test_a_customer_is_read_as_they_were_written(here: Place) -> None:
    made = customer_of(here, username="Ærø-Ŝ", email="Ærø@example.org")
    await add(here, made)
    async with here.reading() as work:
        assert await work.of(CUSTOMERS).get(1, here.public) == made


@pytest.mark.parametrize("other", [{"username": "SECRET"}, {"email": "secret@EXAMPLE.org"}])
async def test_names_and_addresses_are_nobody_elses_in_any_case(here: Place, other: dict[str, str]) -> None:
    await add(here, customer_of(here))
    with pytest.raises(ConflictError, match="conflict") as refused:
        await add(here, customer_of(here, 2, **other))
    assert refused.value.reason == "key_taken"
    await add(here, customer_of(here, 3))
    with pytest.raises(ConflictError):
        async with here.writing() as work:
            await work.of(CUSTOMERS).change_many([customer_of(here, 3, version=2, **other)])
    async with here.writing() as work:
        await work.of(CUSTOMERS).change_many([customer_of(here, removed_at=NOON, version=2)])
        await work.of(CUSTOMERS).change_many([customer_of(here, 3, version=2, **other)])


async def test_they_are_found_by_what_they_are_called_and_by_parts_of_it(here: Place) -> None:
    await add(here, *(customer_of(here, number) for number in (1, 2, 3)))
    async with here.reading() as work:
        kept = work.of(CUSTOMERS)
        for word in ("SECRET-2", "secret-2@example.ORG"):
            assert [one.number for one in await kept.called(word, here.public)] == [2]
        assert [one.number for one in await kept.suggest("secret-3@", here.public)] == [3]
        assert [one.number for one in await kept.suggest("2", here.public)] == [2]
    assert await names(here) == ["Secret", "Secret-2", "Secret-3"]
    assert await names(here, "T-2") == ["Secret-2"]
    assert await names(here, "%") == [], "signs of patterns are text"
    assert await names(here, sort=CustomerSort.NEWEST) == ["Secret-3", "Secret-2", "Secret"]
    assert await names(here, sort=CustomerSort.EMAIL) == ["Secret-2", "Secret-3", "Secret"]


async def test_who_has_what_only_one_can_have_is_told_by_its_form_and_nobody_who_was_removed(here: Place) -> None:
    await add(here, *(customer_of(here, number) for number in (1, 2)), customer_of(here, 3, removed_at=NOON))
    asked = [email_form(f"SECRET-{number}@example.ORG") for number in (2, 3, 4)]
    async with here.reading() as work:
        kept = work.of(CUSTOMERS)
        assert await kept.holders("email", asked) == {"secret-2@example.org": 2}
        assert await kept.holders("username", ["secret", *map(str, range(1500))]) == {"secret": 1}
        assert [[one.number for one in some] async for some in kept.stream(here.public, chunk=1)] == [[1], [2]]


async def test_who_spends_most_is_one_by_whatever_name_and_called_as_they_are_now(here: Place) -> None:
    await add(here, *(customer_of(here, number) for number in (1, 2)))
    await buy(here, ("Secret", "100"), ("Secret@example.org", "50"), ("#1", "200"), ("Secret-2", "300"), ("CAFE", "20"))

    async def told() -> tuple[str, list[tuple[str, str, int, int]]]:
        question = Question(ALL, By.CUSTOMER, top=3, is_compared=False)
        async with here.reading() as work:
            found = await work.of(SALE_FIGURES).groups(question)
            version = await work.of(SALE_FIGURES).version()
        return version, [(one.key, one.name, int(one.amount), one.lines) for one in found.figures]

    before, figures = await told()
    assert figures == [("#1", "Secret", 350, 3), ("#2", "Secret-2", 300, 1), ("CAFE", "", 20, 1)]
    async with here.writing() as work:
        await work.of(CUSTOMERS).change_many([customer_of(here, 2, username="Known", version=2)])
    after, figures = await told()
    assert figures == [("#1", "Secret", 350, 3), ("Secret-2", "", 300, 1), ("CAFE", "", 20, 1)]
    assert after != before, "kept sums would still tell the former name"


async def test_who_is_forgotten_leaves_a_number_and_sums(here: Place) -> None:
    who, other = customer_of(here), customer_of(here, 2, username="Mill")
    await add(here, who, other)
    await buy(here, ("Secret", "100"), ("secret-old", "50"), ("#1", "200"), ("Mill", "300"))
    at_home = Reply(text=("Ann registered ", Bold("Secret"), " Secret@example.org."), fields=(LIVES,))
    elsewhere = Reply(text=("Ann added “Secret Santa”.",))
    async with here.writing() as work:
        named = (FieldChange("username", "secret-old", "Secret"), FieldChange("address", "1 Old Road", who.address))
        work.changes.add(ChangeEntry("customer", 1, NOON, here.ann, "customer update", named))
        work.changes.add(ChangeEntry("customer", 2, NOON, here.ann, "customer update", (AGED,)))
        for entry, kind, payload in UNDONE:
            work.undo.add(UndoEntry(entry, here.ann, here.general.id, "customer update", kind, payload, NOON, LATER))
        for reply in (at_home, elsewhere):
            await work.messages.post(here.general.id, author_id=here.ann, reply=reply, at=NOON)
        await work.messages.post(here.general.id, author_id=here.ann, text="/customer show SECRET-OLD", at=NOON)
    async with here.reading() as work:
        told = await work.of(CUSTOMERS).told_of(1)
    await here.storage.system.rewrite(here.id, told)
    async with here.writing() as work:
        kept = work.of(CUSTOMERS)
        await kept.forget(1, LATER, since=LATER)
        assert await kept.find(1) == replace(who, username="", email="", age=0, address="", version=2, removed_at=LATER)
        assert await kept.find(2) == other
        assert await kept.told_of(1) == Erased(frozenset(), frozenset())
        (theirs,) = (await work.changes.page("customer", 1)).items
        assert [(one.before, one.after) for one in theirs.fields] == [(None, None)] * 2
        (others,) = (await work.changes.page("customer", 2)).items
        assert others.fields == (AGED,)
        assert [name for name, _, _ in UNDONE if await work.undo.get(name)] == ["03", "04"]
        said = [one.reply or one.text for one in await work.messages.latest(here.general.id, here.ann)]
        assert said == [
            replace(at_home, text=("Ann registered ", Bold("somebody"), " somebody."), fields=(MOVED,)),
            elsewhere,
            "/customer show somebody",
        ]
        lines: Any = kept._transaction  # type: ignore[attr-defined]
        rows = await lines.run(lambda db: db.all(scope.select(sale_lines).order_by(sale_lines.c.id)))
        assert [(row.customer, row.customer_name) for row in rows] == [("#1", ""), ("#1", ""), ("#1", ""), ("Mill", "")]


async def test_who_bought_for_strictly_more_than_a_sum_comes_largest_first(here: Place) -> None:
    await add(here, *(customer_of(here, number) for number in (1, 2, 3, 4)))
    await buy(here, ("Secret", "100"), ("Secret-2@example.org", "300"), ("#3", "400"), ("Secret-3", "200"))
    await buy(here, ("", "900"), ("Stranger", "900"))
    await buy(here, ("Secret", "900"), currency="USD")
    assert await spent(here, "150") == [(3, "600"), (2, "300")]
    assert await spent(here, "300") == [(3, "600")]
    assert await spent(here, "0") == [(3, "600"), (2, "300"), (1, "100")]
    assert await spent(here, "0", limit=1) == [(3, "600")]
    await buy(here, ("#3", "-450.01"))
    assert await spent(here, "100") == [(2, "300"), (3, "149.99")]
