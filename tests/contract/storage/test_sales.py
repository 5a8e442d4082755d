"""Sale lines are kept exactly, come back by day, and go with the batch they came in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.sales.model import SaleLine
from core.sales.repository import SALES, OtherLinesError
from core.shared.money import LARGEST
from tests.contract.storage.world import Place

MONDAY, TUESDAY = date(2010, 12, 6), date(2010, 12, 7)

LINE = SaleLine(
    business_date=MONDAY,
    amount=Decimal("15.3000"),
    quantity=Decimal(6),
    price=Decimal("2.55"),
    currency="GBP",
    source="import",
    product="85123A",
    product_name="WHITE HANGING HEART T-LIGHT HOLDER",
    customer="17850",
    customer_name="Ünal 😀",
    country="United Kingdom",
    sold_at=datetime(2010, 12, 6, 8, 26, tzinfo=UTC),
    discount=Decimal("0.0001"),
    tax=Decimal("-3.0600"),
    reference="536365",
    batch="A",
    digest="0123456789abcdef",
)


async def _lines(here: Place, first: date = date.min, last: date = date.max, chunk: int = 1000) -> list[SaleLine]:
    async with here.reading() as work:
        chunks: list[Sequence[SaleLine]] = [some async for some in work.of(SALES).between(first, last, chunk=chunk)]
    return [line for some in chunks for line in some]


async def _add(here: Place, *lines: SaleLine) -> None:
    async with here.writing() as work:
        work.of(SALES).add(lines)


async def test_a_line_comes_back_as_it_was_kept(here: Place) -> None:
    bare = replace(LINE, sold_at=None, customer="", customer_name=" ", batch="", digest="")
    await _add(here, LINE, bare)
    assert await _lines(here) == [LINE, bare]


@pytest.mark.parametrize("text", ["0", "-0", "0.0001", "-0.0001", "1E+3", "0.1", f"-{LARGEST - 1}", f"{LARGEST}"])
async def test_an_amount_is_kept_to_its_last_place(here: Place, text: str) -> None:
    await _add(here, replace(LINE, amount=Decimal(text)))
    (line,) = await _lines(here)
    assert line.amount == Decimal(text)
    assert str(line.amount) == f"{line.amount:.4f}"


async def test_an_amount_of_more_places_is_not_cut(here: Place) -> None:
    with pytest.raises(ValueError, match="four decimal places"):
        await _add(here, replace(LINE, amount=Decimal("0.00005")))
    assert await _lines(here) == []


async def test_lines_come_by_day_and_a_chunk_at_a_time(here: Place) -> None:
    later = [replace(LINE, business_date=TUESDAY, reference=f"{place}") for place in range(5)]
    sooner = [replace(LINE, reference=f"{place}") for place in range(4)]
    await _add(here, *later, *sooner)
    for chunk in (1, 2, 4, 9, 100):
        assert await _lines(here, chunk=chunk) == [*sooner, *later]
    assert await _lines(here, TUESDAY, TUESDAY, chunk=2) == later
    assert await _lines(here, MONDAY, MONDAY) == sooner
    assert await _lines(here, TUESDAY, MONDAY) == []


async def test_lines_are_a_workspace_s_own(here: Place, there: Place) -> None:
    await _add(here, LINE)
    assert await _lines(there) == []
    async with there.writing() as work:
        assert await work.of(SALES).remove_batch("A", 0, 10) == 0
    assert await _lines(here) == [LINE]


async def test_a_batch_goes_a_little_at_a_time_and_nothing_else_goes_with_it(here: Place) -> None:
    other, none = replace(LINE, batch="B"), replace(LINE, batch="")
    await _add(here, *[LINE] * 5, other, none)
    for removed in (2, 2, 1, 0):
        async with here.writing() as work:
            assert await work.of(SALES).remove_batch("A", 0, 2) == removed
    assert await _lines(here) == [other, none]


async def test_of_a_batch_only_what_is_beyond_a_number_goes(here: Place) -> None:
    async with here.reading() as work:
        assert await work.of(SALES).newest() == 0
    await _add(here, LINE)
    async with here.reading() as work:
        newest = await work.of(SALES).newest()
    await _add(here, replace(LINE, reference="2"))
    async with here.writing() as work:
        assert await work.of(SALES).remove_batch("A", newest, 10) == 1
    assert await _lines(here) == [LINE]


STORED = (
    "2010-12-06",
    "2010-12-06 08:26:00.000000",
    *("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "17850", "Ünal 😀", "United Kingdom"),
    *(60_000, 25_500, 1, -30_600, 153_000),
    *("GBP", "536365", "20101206abcdefghijkl"),
)


async def test_lines_of_an_import_are_as_all_others(here: Place) -> None:
    bare = ("2010-12-07", None, *[""] * 5, *[0] * 5, "GBP", "", "20101207abcdefghijkl")
    async with here.writing() as work:
        work.of(SALES).add_stored([STORED, bare], "A")
        work.of(SALES).add_stored([], "A")
    first, second = await _lines(here)
    assert first == replace(LINE, digest="20101206abcdefghijkl")
    nothing = Decimal(0)
    assert second == SaleLine(
        TUESDAY, nothing, nothing, nothing, "GBP", "import", batch="A", digest="20101207abcdefghijkl"
    )


async def test_lines_that_are_there_are_known_by_their_digests(here: Place, there: Place) -> None:
    await _add(here, LINE, LINE, replace(LINE, batch="B", digest="fedcba9876543210"), replace(LINE, digest=""))
    asked = [LINE.digest, "fedcba9876543210", "other", *map(str, range(600))]
    async with here.reading() as work:
        assert await work.of(SALES).known(asked, "B") == {LINE.digest}
        assert await work.of(SALES).known(asked, "A") == {"fedcba9876543210"}
        assert await work.of(SALES).known(asked, "C") == {LINE.digest, "fedcba9876543210"}
        assert await work.of(SALES).known([], "C") == set()
    async with there.reading() as work:
        assert await work.of(SALES).known(asked, "C") == set()


async def test_lines_beyond_a_number_that_came_otherwise_are_noticed(here: Place, there: Place) -> None:
    await _add(here, replace(LINE, batch="B"))
    async with here.reading() as work:
        newest = await work.of(SALES).newest()
        assert await work.of(SALES).newer(0, "A") == (newest, True)
        assert await work.of(SALES).newer(0, "B") == (newest, False)
        assert await work.of(SALES).newer(newest, "A") == (newest, False)
    await _add(here, LINE, LINE)
    await _add(there, replace(LINE, batch="C"))
    async with here.reading() as work:
        assert await work.of(SALES).newer(newest, "A") == (newest + 2, False)
        assert await work.of(SALES).newer(newest, "B") == (newest + 2, True)


async def test_what_expects_no_other_lines_is_refused_where_there_are(here: Place) -> None:
    async def add_expecting(batch: str) -> None:
        async with here.writing() as work:
            work.of(SALES).expect_no_others(0, batch)
            work.of(SALES).add([LINE])

    await add_expecting("B")
    await add_expecting("A")
    with pytest.raises(OtherLinesError):
        await add_expecting("B")
    assert len(await _lines(here)) == 2


async def test_customers_of_a_day_are_known(here: Place) -> None:
    await _add(here, LINE, replace(LINE, customer="2", business_date=TUESDAY), replace(LINE, customer="3", batch="B"))
    async with here.reading() as work:
        assert await work.of(SALES).customers_on([MONDAY], "B") == {("17850", MONDAY)}
        assert await work.of(SALES).customers_on([MONDAY, TUESDAY], "A") == {("3", MONDAY)}
