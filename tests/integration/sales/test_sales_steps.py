"""Imports of sales in steps: cut off anywhere they go on, and no line is there twice."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from adapters.files import OfficeFileJobs, OfficeWorkbooks
from bot.texts.reports import importing as texts
from core.chat.actor import Actor
from core.ports.storage import Transactions, UnitOfWork
from core.sales import importing
from core.sales.importing import REMOVED_AT_ONCE, How, SalesImport, SalesUndo
from core.sales.model import Dedupe, SaleLine, StoredLine
from core.sales.reading import Tally, amounts_in
from core.sales.repository import SALES
from core.shared.errors import BrokenOffError
from core.transfer.choices import ImportMode
from core.transfer.model import Import
from core.transfer.results import Imported, ImportUndone
from core.transfer.tools import TransferTools
from tests.support.dying import DeathError, Mortal
from tests.support.task_files import ASKED, Desk

ROWS = 1300
FILE = "date,amount,invoice\n" + "".join(f"2026-01-{1 + row % 28:02},{row},{row}\n" for row in range(ROWS))
BAD = "2026-01-01,many,1\n"
ONCE = replace(ASKED, delivery="the delivery")


async def apply(
    desk: Desk, tools: TransferTools, file: str, mode: ImportMode = ImportMode.GOOD, dedupe: Dedupe = Dedupe.LINE
) -> Imported[Any]:
    assert isinstance(desk.workbooks, OfficeWorkbooks)
    how = How("Europe/Berlin", "EUR", dedupe, {}, {})
    sales = SalesImport(tools, OfficeFileJobs(desk.workbooks), how, texts.words("EUR").error)
    return await sales.apply(ONCE, desk.ann, desk.audience(desk.ann), file, mode)


async def lines_of(desk: Desk) -> list[SaleLine]:
    async with desk.transactions.read() as work:
        return [line async for some in work.of(SALES).between(date.min, date.max) for line in some]


def mortal(desk: Desk, life: int, *, after_commit: bool = True) -> TransferTools:
    steps = Mortal(desk.transactions, life, after_commit=after_commit)
    return replace(desk.tools, steps=steps, runner="one that dies")  # type: ignore[arg-type]


@pytest.mark.parametrize(("life", "after_commit"), [(1, True), (2, True), (3, False), (3, True), (4, False), (5, True)])
async def test_an_import_cut_off_anywhere_goes_on_and_adds_every_line_once(
    desk: Desk, life: int, after_commit: bool
) -> None:
    await earlier(desk)
    file = await desk.upload(FILE + BAD, "sales.csv")
    with pytest.raises(DeathError):
        await apply(desk, mortal(desk, life, after_commit=after_commit), file.id)
    done = await apply(desk, desk.tools, file.id)
    assert sum(line.amount for line in await lines_of(desk)) == sum(range(ROWS))
    assert (done.findings.new, done.findings.unchanged, done.findings.bad) == (ROWS - 1, 1, 1)
    assert amounts_in(done.findings, Tally.AMOUNT) == {"EUR": (sum(range(ROWS)) - 5) * 10_000}
    assert b"many" in await desk.read(done.returned)
    undone = await SalesUndo(desk.tools).run(ONCE, desk.ann, await desk.undo_entry(done))
    assert undone == ImportUndone(ROWS - 1, 0)
    assert [line.amount for line in await lines_of(desk)] == [Decimal(5)]


class Interrupted:
    """Units of work, before one of which somebody else's are done."""

    def __init__(self, transactions: Transactions, at: int, others: Callable[[], Awaitable[None]]) -> None:
        self._transactions = transactions
        self._left = at
        self._others = others

    def read(self) -> object:
        return self._transactions.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[UnitOfWork]:
        self._left -= 1
        if self._left == 0:
            await self._others()
        async with self._transactions.write() as work:
            yield work


@pytest.mark.parametrize("at", range(1, 7))
async def test_a_line_that_somebody_else_imports_meanwhile_is_there_once(desk: Desk, at: int) -> None:
    file = await desk.upload(FILE, "sales.csv")
    steps = Interrupted(desk.transactions, at, lambda: earlier(desk))
    done = await apply(desk, replace(desk.tools, steps=steps), file.id)  # type: ignore[arg-type]
    assert sum(line.amount for line in await lines_of(desk)) == sum(range(ROWS))
    assert done.findings.new + done.findings.unchanged == len(await lines_of(desk)) == ROWS


async def earlier(desk: Desk) -> None:
    """Import one of the lines before."""
    file = await desk.upload("date,amount,invoice\n2026-01-06,5,5\n", "earlier.csv")
    assert isinstance(desk.workbooks, OfficeWorkbooks)
    how = How("Europe/Berlin", "EUR", Dedupe.LINE, {}, {})
    sales = SalesImport(desk.tools, OfficeFileJobs(desk.workbooks), how, texts.words("EUR").error)
    asked = replace(ASKED, delivery="an earlier delivery")
    await sales.apply(asked, desk.ann, desk.audience(desk.ann), file.id, ImportMode.ALL)


async def test_an_undo_cut_off_anywhere_goes_on_and_takes_everything_back(desk: Desk) -> None:
    file = await desk.upload(FILE, "sales.csv")
    done = await apply(desk, desk.tools, file.id)
    entry = await desk.undo_entry(done)
    with pytest.raises(DeathError):
        await SalesUndo(mortal(desk, 2)).run(ONCE, desk.ann, entry)
    assert len(await lines_of(desk)) == ROWS - REMOVED_AT_ONCE
    assert await SalesUndo(desk.tools).run(ONCE, desk.ann, entry) == ImportUndone(ROWS, 0)
    assert await lines_of(desk) == []


async def test_an_import_goes_on_as_it_was_begun(desk: Desk) -> None:
    file = await desk.upload("date,amount\n" + "2026-01-01,5\n" * 400, "sales.csv")
    with pytest.raises(DeathError):
        await apply(desk, mortal(desk, 3), file.id, dedupe=Dedupe.NONE)
    assert (await apply(desk, desk.tools, file.id, dedupe=Dedupe.LINE)).findings.new == 400
    assert len(await lines_of(desk)) == 400


async def test_a_line_that_the_database_refuses_ends_the_import_and_those_before_it_can_be_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out = importing._laid_out

    def broken(desk: UnitOfWork, lines: Sequence[StoredLine], batch: str) -> Callable[[UnitOfWork], None]:
        refused = str(ROWS - 1)
        return laid_out(desk, [[None, *line[1:]] if refused in line else line for line in lines], batch)

    file = await desk.upload(FILE, "sales.csv")
    with monkeypatch.context() as patched:
        patched.setattr(importing, "_laid_out", broken)
        with pytest.raises(BrokenOffError) as first:
            await apply(desk, desk.tools, file.id)
    done = len(await lines_of(desk))
    assert 0 < done < ROWS
    assert first.value.details == {
        "reason": "import_broke_off",
        "name": "sales.csv",
        "undo": first.value.details["undo"],
        "line": 0,
        "created": done,
        "updated": 0,
    }
    with pytest.raises(BrokenOffError) as again:
        await apply(desk, desk.tools, file.id)
    assert again.value.details == first.value.details
    async with desk.transactions.read() as work:
        entry = await work.undo.get(str(first.value.details["undo"]))
    assert entry
    assert await SalesUndo(desk.tools).run(ONCE, desk.ann, entry) == ImportUndone(done, 0)
    assert await lines_of(desk) == []


async def test_an_undo_that_fails_half_way_goes_on_when_asked_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = await desk.undo_entry(await apply(desk, desk.tools, (await desk.upload(FILE, "sales.csv")).id))
    next_step = SalesUndo._next

    async def broken(self: SalesUndo, job: Import, actor: Actor) -> Import | None:
        if job.place:
            raise RuntimeError
        return await next_step(self, job, actor)

    with monkeypatch.context() as patched:
        patched.setattr(SalesUndo, "_next", broken)
        with pytest.raises(BrokenOffError) as refused:
            await SalesUndo(desk.tools).run(ONCE, desk.ann, entry)
    assert (refused.value.reason, refused.value.details["removed"]) == ("undo_broke_off", REMOVED_AT_ONCE)
    assert await desk.storage.system.imports_under_way() == []
    assert await SalesUndo(desk.tools).run(ONCE, desk.ann, entry) == ImportUndone(ROWS, 0)
    assert await lines_of(desk) == []
