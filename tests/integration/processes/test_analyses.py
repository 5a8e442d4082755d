"""Figures go to the processes and come back as exact as they were; what is wrong with a file is told in our words."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.analyses.figures import PandasAnalyses
from adapters.processes.pool import open_processes
from adapters.processes.scratch import Scratch
from core.ports.analyses import FigureFault, MatrixCell, Spender
from core.shared.errors import FileTooLargeError, RefusedError


@pytest.fixture
async def analyses(tmp_path: Path) -> AsyncIterator[PandasAnalyses]:
    async with open_processes(tmp_path) as processes:
        yield PandasAnalyses(processes, Scratch(tmp_path / "scratch"), limit=100)


async def handed_in(text: str) -> AsyncIterator[bytes]:
    for piece in text.encode().splitlines(keepends=True):
        yield piece


async def test_figures_are_shaped_and_nothing_of_a_file_stays(analyses: PandasAnalyses, tmp_path: Path) -> None:
    found = await analyses.matrix_of_file(handed_in("product,mon,tue\nTea,0.1,0.2\nCup,7,\n"), top=1)
    (tea, cup) = found.rows
    assert (tea.name, tea.values, tea.total) == ("Tea", (Decimal("0.1"), Decimal("0.2")), Decimal("0.3"))
    assert (cup.scaled, found.largest, found.missing, found.columns) == ((1.0, 0.0), (1,), 1, ("mon", "tue"))
    of_cells = await analyses.matrix(["A"], ["x", "y"], [MatrixCell(0, 1, Decimal("2.5"))], top=3)
    assert of_cells.rows[0].values == (Decimal(0), Decimal("2.5"))
    spent = await analyses.spending_of_file(handed_in("customer,amount\n7,1.10\n7,1.1\n"), top=5)
    assert spent.spenders == (Spender("7", "", 2, Decimal("2.20")),)
    assert list((tmp_path / "scratch").iterdir()) == []


async def test_what_is_wrong_with_a_file_is_told(analyses: PandasAnalyses) -> None:
    with pytest.raises(RefusedError) as refused:
        await analyses.spending_of_file(handed_in("a,b\n1,2\n"), top=5)
    assert refused.value.reason == FigureFault.NO_COLUMN
    assert refused.value.details["found"] == ["a", "b"]
    with pytest.raises(FileTooLargeError):
        await analyses.matrix_of_file(handed_in("1,2\n" * 100), top=5)
