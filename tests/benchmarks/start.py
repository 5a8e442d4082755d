"""How soon the product is ready, and what a typed line and the help cost."""

from __future__ import annotations

import asyncio
import compileall
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Target, compared
from tests.benchmarks.processes import BenchError
from tests.benchmarks.stage import DATABASE, Stage, bare_command, open_stage

READY = Target("ours", "<", 1)
LINE = Target("ratio", "≤", 2)
BARE_LINE = "import sqlalchemy, pydantic"
BARE_HELP = "import typer; app = typer.Typer(); app.command()(lambda: None); app()"


async def run(*, is_quick: bool) -> list[Figure]:
    """Start to ready, a typed line, and `--help`, each beside something bare."""
    rounds = 1 if is_quick else 5
    ready: tuple[list[float], list[float]] = ([], [])
    lines: tuple[list[float], list[float]] = ([], [])
    helped: tuple[list[float], list[float]] = ([], [])
    await asyncio.to_thread(compile_ours)
    async with open_stage() as stage:
        for number in range(rounds):
            ours, bare = stage.copy(f"ours-{number}"), stage.copy(f"bare-{number}")
            port, other = processes.free_port(), processes.free_port()
            env = stage.environment(ours, port)
            ready[0].append(await _start(processes.quartermaster("serve"), ours, port, env))
            ready[1].append(await _start(bare_command(stage, bare, other), bare, other, {}))
            line = processes.quartermaster("exec", "/task list")
            lines[0].append(await _processor_seconds(line, ours, env))
            lines[1].append(await _processor_seconds([sys.executable, "-c", BARE_LINE], ours, env))
            helped[0].append(await _help(processes.quartermaster("--help"), stage.folder))
            helped[1].append(await _help([sys.executable, "-c", BARE_HELP, "--help"], stage.folder))
        first = await _first_start(stage)
    return [
        compared("start to ready", "s", *ready, READY, f"{first:.2f} s with a database to be made first"),
        compared('exec "/task list", processor time', "s", *lines, LINE, f"reference: {BARE_LINE}"),
        compared("quartermaster --help", "s", *helped, None, "reference: a Typer program with one command"),
    ]


def compile_ours() -> None:
    """Leave byte code as an installation does, wherever the product lies: compiling it is no part of its start."""
    for package in ("bot", "core", "adapters"):
        compileall.compile_dir(processes.ROOT / package, quiet=1)


async def _start(command: Sequence[str], folder: Path, port: int, env: Mapping[str, str]) -> float:
    """Seconds until ready."""
    start = time.perf_counter()
    async with processes.running(command, folder, env) as process:
        return await processes.until_ready(f"http://127.0.0.1:{port}/readyz", process, folder) - start


async def _first_start(stage: Stage) -> float:
    folder, port = stage.copy("first"), processes.free_port()
    (folder / DATABASE).unlink()
    command, env = processes.quartermaster("serve"), stage.environment(folder, port)
    return await _start(command, folder, port, env)


async def _help(command: Sequence[str], folder: Path) -> float:
    start = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=processes.environment({}),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        code = await process.wait()
    finally:
        await processes.stop(process)
    if code:
        raise BenchError(f"{command[0]} --help ended with {code}")
    return time.perf_counter() - start


async def _processor_seconds(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> float:
    """The processor time of a command from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = await asyncio.to_thread(
        subprocess.run, command, cwd=folder, env=processes.environment(env), capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode:
        raise BenchError(f"{command} ended with {ended.returncode}: {ended.stderr.decode()}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
