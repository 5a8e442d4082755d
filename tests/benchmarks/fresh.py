"""Work that is measured in a process of its own: run as a module, it does one side of it and prints the figures."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

Figures = dict[str, float]
Side = Callable[..., Coroutine[Any, Any, Figures]]
"""Does one side of a comparison, given numbers and at last a folder of its own."""


async def in_turn(module: str, rounds: int, *numbers: int) -> tuple[list[Figures], list[Figures]]:
    """Return the figures of ours and of the reference, each round of each in a fresh process."""
    mine, bare = [], []
    for _ in range(rounds):
        mine.append(await asyncio.to_thread(_run, module, "ours", numbers))
        bare.append(await asyncio.to_thread(_run, module, "reference", numbers))
    return mine, bare


def tell(ours: Side, reference: Side) -> None:
    """Do the side that this process was started for, and print its figures."""
    side, *numbers = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        done = (ours if side == "ours" else reference)(*map(int, numbers), Path(folder))
        print(json.dumps(asyncio.run(done)))


def _run(module: str, side: str, numbers: tuple[int, ...]) -> Figures:
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", side, *map(str, numbers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: Figures = json.loads(done.stdout)
    return figures
