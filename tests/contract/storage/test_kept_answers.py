"""Answers that are kept are never older than what is read beside them, whoever changes the data, and wherever.

Two copies of the product are two caches on one database, which hear nothing of each other here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from adapters.cache.memory import MemoryCache
from core.dates.ranges import ALL
from core.ports.cache import Cache
from core.ports.storage import Transactions, UnitOfWork
from core.sales.answers import SalesAnswers
from core.sales.figures import By, Figures, Question
from core.sales.model import DIGEST_LENGTH, SaleLine
from core.sales.repository import SALE_FIGURES, SALES
from tests.contract.storage.world import Place
from tests.support.clock import HeldClock
from tests.support.databases import off_the_stand_in

LINE = SaleLine(date(2026, 11, 20), Decimal(3), Decimal(1), Decimal(3), "EUR", "stock", "cup", batch="A")
STORED = ("2026-01-05", None, "cup", "", "", "", "", 1, 1, 0, 0, 1, "EUR", "", "e" * DIGEST_LENGTH)
QUESTION = Question(ALL, By.PRODUCT, is_compared=False)

Change = Callable[[UnitOfWork], object]


async def version_in(transactions: Transactions) -> str:
    async with transactions.read() as work:
        return await work.of(SALE_FIGURES).version()


async def asked(transactions: Transactions, cache: Cache) -> Figures:
    """Ask as reports do, and look at once at what there is."""
    async with transactions.read() as work:
        answer = await (await SalesAnswers.of(work, cache)).groups(QUESTION)
        assert answer == await work.of(SALE_FIGURES).groups(QUESTION)
        return answer


def sold(figures: Figures) -> int:
    return sum(total.lines for total in figures.totals)


@pytest.mark.parametrize(
    "change",
    [
        lambda work: work.of(SALES).add([LINE]),
        lambda work: work.of(SALES).add_stored([STORED], "B"),
        lambda work: work.of(SALES).remove_batch("A", 0, 10),
    ],
    ids=["add", "add_stored", "remove_batch"],
)
async def test_whatever_changes_sale_lines_gives_them_a_version_of_their_own(here: Place, change: Change) -> None:
    async with here.writing() as work:
        work.of(SALES).add([LINE])
    before = await version_in(here.storage.workspace(here.id))
    async with here.writing() as work:
        done = change(work)
        if asyncio.iscoroutine(done):
            await done
    after = await version_in(here.storage.workspace(here.id))
    assert before
    assert after
    assert before != after


async def test_what_changes_nothing_leaves_the_version(here: Place, there: Place) -> None:
    async with here.writing() as work:
        work.of(SALES).add([LINE])
    before = await version_in(here.storage.workspace(here.id))
    async with here.writing() as work:
        await work.of(SALES).remove_batch("nobody's", 0, 10)
        work.of(SALES).add_stored([], "B")
    async with there.writing() as work:
        work.of(SALES).add([LINE])
    assert await version_in(here.storage.workspace(here.id)) == before


async def test_a_question_asked_again_is_answered_from_the_cache_until_something_is_sold(here: Place) -> None:
    cache, transactions = MemoryCache(HeldClock()), here.storage.workspace(here.id)
    assert [sold(await asked(transactions, cache)) for _ in range(3)] == [0, 0, 0]
    async with here.writing() as work:
        work.of(SALES).add([LINE])
    assert [sold(await asked(transactions, cache)) for _ in range(3)] == [1, 1, 1]
    assert (cache.figures().hits.hits, cache.figures().hits.misses) == (4, 2)


async def test_no_copy_answers_what_another_has_changed(here: Place) -> None:
    copies, transactions = [MemoryCache(HeldClock()), MemoryCache(HeldClock())], here.storage.workspace(here.id)
    for step, copy in product(range(4), copies):
        await asked(transactions, copy)
        async with here.writing() as work:
            # Taken away and put back, the lines are as many as before, and their numbers may be the same.
            await work.of(SALES).remove_batch("A", 0, 10)
            work.of(SALES).add([replace(LINE, amount=Decimal(step), product=f"{step}")])
        assert [sold(await asked(transactions, one)) for one in copies] == [1, 1]


async def test_what_was_rolled_back_is_nobodys_answer(here: Place) -> None:
    cache, request = MemoryCache(HeldClock()), here.storage.request(here.id, "")
    async with request.write() as work:
        work.of(SALES).add([LINE])
        await work.commit()
    assert sold(await asked(request, cache)) == 1
    await request.abandon()
    assert sold(await asked(here.storage.workspace(here.id), cache)) == 0
    async with here.writing() as work:
        work.of(SALES).add([replace(LINE, amount=Decimal(9))])
    assert sold(await asked(here.storage.workspace(here.id), cache)) == 1


@off_the_stand_in("it takes one statement at a time")
async def test_whoever_reads_while_others_sell_reads_what_there_is(here: Place) -> None:
    copies, transactions = [MemoryCache(HeldClock()), MemoryCache(HeldClock())], here.storage.workspace(here.id)

    async def sell() -> None:
        for _ in range(10):
            async with here.writing() as work:
                work.of(SALES).add([LINE])

    async def look(copy: Cache) -> None:
        seen = [sold(await asked(transactions, copy)) for _ in range(15)]
        assert seen == sorted(seen)

    await asyncio.gather(sell(), sell(), *map(look, copies * 2))
    assert [sold(await asked(transactions, copy)) for copy in copies] == [20, 20]
