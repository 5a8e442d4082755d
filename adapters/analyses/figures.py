"""Figures looked at by pandas and NumPy, in processes of their own; exact numbers pass as texts."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.processes.errors import JobMemoryError, JobRefusedError, JobSlowError
from adapters.processes.pool import ProcessPool
from adapters.processes.scratch import Scratch
from core.shared.errors import FileTooLargeError, RefusedError

if TYPE_CHECKING:
    from core.ports.analyses import Matrix, MatrixCell, Spending

SECONDS = 60.0
"""That looking at a file may take."""


class PandasAnalyses:
    """The `Analyses` of a pool of processes."""

    def __init__(self, processes: ProcessPool, scratch: Scratch, *, limit: int) -> None:
        """Work in those processes, with passing files in that place; `limit` bytes of a file are read."""
        self._processes = processes
        self._scratch = scratch
        self._limit = limit

    async def matrix(
        self, rows: Sequence[str], columns: Sequence[str], cells: "Sequence[MatrixCell]", *, top: int
    ) -> "Matrix":
        """Shape values to a matrix; what is not there is 0."""
        values = [[cell.row, cell.column, f"{cell.value:f}"] for cell in cells]
        asked = {"rows": list(rows), "columns": list(columns), "cells": values, "top": top}
        return _matrix(await self._run("shape_matrix", asked))

    async def matrix_of_file(self, chunks: AsyncIterator[bytes], *, top: int) -> "Matrix":
        """Shape a CSV or XLSX file."""
        async with self._kept(chunks) as source:
            return _matrix(await self._run("shape_matrix", {"source": str(source), "top": top}))

    async def spending_of_file(self, chunks: AsyncIterator[bytes], *, top: int) -> "Spending":
        """Add up what each customer of such a file spent."""
        from core.ports.analyses import Spender, Spending

        async with self._kept(chunks) as source:
            told = await self._run("add_up_spending", {"source": str(source), "top": top})
        spenders = tuple(Spender(code, name, lines, Decimal(amount)) for code, name, lines, amount in told["spenders"])
        return Spending(
            spenders, Decimal(told["total"]), told["lines"], told["repeated"], told["missing"], told["customers"]
        )

    @asynccontextmanager
    async def _kept(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[Path]:
        async with self._scratch.folder() as folder:
            source, size = folder / "figures", 0
            with await asyncio.to_thread(source.open, "wb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > self._limit:
                        raise FileTooLargeError(self._limit)
                    await asyncio.to_thread(file.write, chunk)
            yield source

    async def _run(self, job: str, given: Mapping[str, object]) -> dict[str, Any]:
        try:
            return await self._processes.run(job, given, seconds=SECONDS)
        except JobRefusedError as error:
            raise RefusedError(error.reason, field="file", **error.details) from error
        except (JobSlowError, JobMemoryError) as error:
            from core.ports.analyses import FigureFault

            raise RefusedError(FigureFault.SLOW, field="file") from error


def _matrix(told: Mapping[str, Any]) -> "Matrix":
    from core.ports.analyses import Matrix, MatrixRow

    by_row = zip(told["names"], told["values"], told["totals"], told["averages"], told["scaled"], strict=True)
    return Matrix(
        columns=tuple(told["columns"]),
        rows=tuple(
            MatrixRow(name, tuple(map(Decimal, values)), Decimal(total), Decimal(average), tuple(scaled))
            for name, values, total, average, scaled in by_row
        ),
        by_column=tuple(map(Decimal, told["by_column"])),
        total=Decimal(told["total"]),
        largest=tuple(told["largest"]),
        missing=told["missing"],
    )
