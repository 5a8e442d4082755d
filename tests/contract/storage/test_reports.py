"""Figures of reports: what the database adds up is what is there, as far as the reader may see it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from core.dates.due import parse_due
from core.dates.ranges import ALL, Range
from core.sales.figures import By, DayFigure, Figures, Measure, Question
from core.sales.model import SaleLine
from core.sales.repository import SALE_FIGURES, SALES
from core.tasks.model import Done, Status, Task
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place

DAY = timedelta(days=1)
EDGES = [NOON - 2 * DAY, NOON - DAY, NOON]


def done(place: Place, days: float, **fields: Any) -> Task:
    """A task that was completed so many days before the last edge."""
    return place.task(status=Status.COMPLETED, completed_at=NOON - days * DAY, **fields)


async def figures(place: Place, audience: Audience, channel: int | None = None) -> list[Done]:
    async with place.reading() as work:
        return list(await work.of(TASKS).done_between(EDGES, channel, audience))


async def test_a_task_counts_from_the_instant_of_an_edge_and_up_to_the_next(here: Place) -> None:
    await here.add(done(here, 2), done(here, 1.01), done(here, 1), done(here, 0), done(here, 2.01), here.task())
    assert await figures(here, here.everything) == [Done(2, 0), Done(1, 0)]


async def test_what_was_done_after_it_was_due_is_late_and_what_has_no_due_never_is(here: Place) -> None:
    due = parse_due("2026-11-18", now=NOON - 9 * DAY, zone="Europe/Berlin")
    await here.add(done(here, 0.5, due=due), done(here, 0.4), done(here, 1.9, due=due))
    assert await figures(here, here.everything) == [Done(1, 0), Done(2, 1)]


async def test_only_what_the_reader_may_see_counts(here: Place) -> None:
    closed: dict[str, Any] = {"channel_id": here.board.id}
    own = done(here, 0.1, **closed, author_id=here.ben)
    given = done(here, 0.1, **closed, assignees=(here.ben,))
    await here.add(done(here, 0.1), done(here, 0.1, **closed), own, given)
    assert await figures(here, here.public) == [Done(), Done(3, 0)]
    assert await figures(here, here.public, here.board.id) == [Done(), Done(2, 0)]
    assert await figures(here, here.everything, here.board.id) == [Done(), Done(3, 0)]


async def test_what_was_removed_does_not_count(here: Place) -> None:
    await here.add(done(here, 0.1, removed_at=NOON))
    assert await figures(here, here.everything) == [Done(), Done()]


async def test_the_first_task_that_was_done_is_the_first_that_the_reader_may_see(here: Place) -> None:
    async def first(audience: Audience) -> datetime | None:
        async with here.reading() as work:
            return await work.of(TASKS).first_done(None, audience)

    assert await first(here.everything) is None
    await here.add(done(here, 3, channel_id=here.board.id), done(here, 2), done(here, 4, removed_at=NOON), here.task())
    assert await first(here.everything) == NOON - 3 * DAY
    assert await first(here.public) == NOON - 2 * DAY


# ---------------------------------------------------------------- sales

MONDAY = date(2010, 12, 6)
LINE = SaleLine(MONDAY, Decimal(10), Decimal(1), Decimal(10), "GBP", "import", digest="0")
WEEK = Range(MONDAY, MONDAY + 6 * DAY)


def sold(product: str, amount: str, *, days: int = 0, **fields: Any) -> SaleLine:
    """A line of a product so many days after that Monday."""
    day = MONDAY + timedelta(days=days)
    return replace(LINE, product=product, amount=Decimal(amount), business_date=day, **fields)


async def groups(place: Place, question: Question, *lines: SaleLine) -> Figures:
    async with place.writing() as work:
        work.of(SALES).add(lines)
    async with place.reading() as work:
        return await work.of(SALE_FIGURES).groups(question)


def told(figures: Figures) -> list[tuple[str, str, str, int]]:
    return [(one.key, one.currency, f"{one.amount.normalize():f}", one.lines) for one in figures.figures]


async def test_days_are_added_up_apart_by_currency_and_exactly(here: Place) -> None:
    lines = (sold("A", "0.1"), sold("B", "0.2"), sold("A", "-0.3001"), sold("A", "5", currency="EUR"))
    later, outside = sold("A", "7", days=1, quantity=Decimal("-2.5")), sold("A", "9", days=7)
    async with here.writing() as work:
        work.of(SALES).add((*lines, later, outside))
    async with here.reading() as work:
        found = await work.of(SALE_FIGURES).days(WEEK)
    one = Decimal(1)
    assert list(found) == [
        DayFigure(MONDAY, "EUR", Decimal(5), one, 1),
        DayFigure(MONDAY, "GBP", Decimal("-0.0001"), 3 * one, 3),
        DayFigure(MONDAY + DAY, "GBP", Decimal(7), Decimal("-2.5"), 1),
    ]


async def test_the_last_day_is_that_of_the_newest_sale(here: Place) -> None:
    async with here.reading() as work:
        assert await work.of(SALE_FIGURES).last_day() is None
    async with here.writing() as work:
        work.of(SALES).add((sold("A", "1", days=3), sold("B", "2", days=1)))
    async with here.reading() as work:
        assert await work.of(SALE_FIGURES).last_day() == MONDAY + 3 * DAY


async def test_the_largest_come_first_and_what_has_no_code_last_whatever_its_size(here: Place) -> None:
    lines = [sold("A", "5"), sold("B", "7"), sold("A", "3"), sold("", "99"), sold("C", "-4"), sold("B", "1", days=7)]
    found = await groups(here, Question(WEEK, By.PRODUCT), *lines)
    assert told(found) == [("A", "GBP", "8", 2), ("B", "GBP", "7", 1), ("C", "GBP", "-4", 1), ("", "GBP", "99", 1)]
    (total,) = found.totals
    assert (total.amount, total.quantity, total.lines, total.groups) == (Decimal(110), Decimal(5), 5, 3)
    assert {type(one) for one in (total.lines, total.groups, found.figures[0].lines, found.figures[0].place)} == {int}


async def test_so_many_of_each_currency_come_back_and_the_totals_are_of_all(here: Place) -> None:
    euros = [sold("X", "2", currency="EUR"), sold("Y", "1", currency="EUR")]
    lines = [sold("A", "5"), sold("B", "7"), sold("C", "6"), sold("", "1")]
    found = await groups(here, Question(WEEK, By.PRODUCT, top=1), *euros, *lines)
    assert told(found) == [("X", "EUR", "2", 1), ("B", "GBP", "7", 1), ("", "GBP", "1", 1)]
    assert [(one.currency, one.amount, one.groups) for one in found.totals] == [
        ("GBP", Decimal(19), 3),
        ("EUR", Decimal(3), 2),
    ]


async def test_the_largest_may_be_meant_by_pieces(here: Place) -> None:
    lines = [sold("A", "5", quantity=Decimal(1)), sold("B", "1", quantity=Decimal(9))]
    found = await groups(here, Question(WEEK, By.PRODUCT, largest=Measure.QUANTITY, top=1), *lines)
    assert told(found) == [("B", "GBP", "1", 1)]


async def test_equal_ones_come_by_their_codes(here: Place) -> None:
    found = await groups(here, Question(WEEK, By.CUSTOMER), *(replace(LINE, customer=one) for one in "cab"))
    assert [one.key for one in found.figures] == ["a", "b", "c"]


async def test_the_range_before_is_beside_and_what_was_sold_only_then_counts_in_its_total(here: Place) -> None:
    lines = [sold("A", "5"), sold("A", "3", days=-1), sold("B", "2", days=-7), sold("C", "9", days=-8)]
    found = await groups(here, Question(WEEK, By.PRODUCT), *lines)
    assert [(one.key, one.amount, one.before) for one in found.figures] == [("A", Decimal(5), Decimal(3))]
    (total,) = found.totals
    assert (total.amount, total.before, total.lines, total.groups) == (Decimal(5), Decimal(5), 1, 1)


async def test_without_a_range_before_there_is_nothing_beside(here: Place) -> None:
    found = await groups(here, Question(ALL, By.COUNTRY), replace(LINE, country="Norway"))
    (figure,), (total,) = found.figures, found.totals
    assert (figure.key, figure.name, figure.before, total.before) == ("Norway", "", None, None)


async def test_a_thing_is_called_by_the_first_of_the_names_that_its_lines_have(here: Place) -> None:
    named = [replace(LINE, product="A", product_name=name) for name in ("", "wet?", "LANTERN")]
    found = await groups(here, Question(WEEK, By.PRODUCT), *named, replace(LINE, product="B"))
    assert {one.key: one.name for one in found.figures} == {"A": "LANTERN", "B": ""}


async def test_cells_are_what_was_sold_of_some_products_on_each_day(here: Place) -> None:
    lines = [sold("A", "1"), sold("A", "2"), sold("A", "4", days=2), sold("B", "8"), sold("C", "16")]
    async with here.writing() as work:
        work.of(SALES).add(lines)
    async with here.reading() as work:
        found = await work.of(SALE_FIGURES).cells(WEEK, ["A", "B"])
    assert {(one.product, one.day, one.amount) for one in found} == {
        ("A", MONDAY, Decimal(3)),
        ("A", MONDAY + 2 * DAY, Decimal(4)),
        ("B", MONDAY, Decimal(8)),
    }
