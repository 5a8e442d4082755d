"""Processes that a bench starts, watches and ends."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path

import aiohttp

ROOT = Path(__file__).parents[2]
MEBIBYTE = 1024 * 1024
STOP_SECONDS = 15.0


class BenchError(Exception):
    """A bench could not be run, or what it drove did not do its work."""


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """This environment without any of the product's own settings, and with those given."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("QM_", "SLACK_", "DISCORD_", "COVERAGE_"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours."""
    return [sys.executable, "-m", name, *arguments]


def quartermaster(*arguments: str) -> list[str]:
    """The command that runs the installed product."""
    return [str(Path(sys.executable).with_name("quartermaster")), *arguments]


@asynccontextmanager
async def running(
    command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that works in `folder`, logs to `log` there, and is stopped at the end."""
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environment(env or {}), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield process
    except BenchError as error:
        error.add_note(f"the end of the log of {folder.name}:\n{tail(folder / 'log')}")
        raise
    finally:
        await stop(process)


async def stop(process: asyncio.subprocess.Process) -> None:
    """Ask a process to end, and make it end if it does not."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def until_ready(url: str, process: asyncio.subprocess.Process, folder: Path, seconds: float = 30.0) -> float:
    """Wait until `url` answers 200, looking every 5 ms, and return the moment (of `time.perf_counter`)."""
    end = time.perf_counter() + seconds
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        while time.perf_counter() < end:
            if process.returncode is not None:
                raise BenchError(f"the process ended with {process.returncode}:\n{tail(folder / 'log')}")
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return time.perf_counter()
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.005)
    raise BenchError(f"not ready within {seconds} s:\n{tail(folder / 'log')}")


def tail(path: Path, lines: int = 20) -> str:
    """The end of a log."""
    return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:]) if path.exists() else ""


def resident(pid: int | str = "self") -> float:
    """The memory a process occupies now, in MB; Linux only."""
    return _status(pid, "VmRSS")


def proportional(pid: int | str = "self") -> float:
    """The memory a process occupies now, in MB, of what others have too its share only; Linux only."""
    return _field(Path(f"/proc/{pid}/smaps_rollup"), "Pss")


def peak(pid: int | str = "self") -> float:
    """The most memory a process has occupied, in MB; Linux only."""
    return _status(pid, "VmHWM")


def forget_peak() -> None:
    """Let the peak of this process begin at what it occupies now."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def tree(pid: int) -> list[int]:
    """A process, and all that it and they have started and that run; Linux only."""
    started = [file.read_text("ascii").split() for file in Path(f"/proc/{pid}/task").glob("*/children")]
    return [pid, *(one for child in chain(*started) for one in tree(int(child)))]


def processor_seconds(pid: int) -> float:
    """The processor time that a process has used, its threads together; Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int | str, name: str) -> float:
    return _field(Path(f"/proc/{pid}/status"), name)


def _field(path: Path, name: str) -> float:
    for line in path.read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / MEBIBYTE
    raise BenchError(f"no {name}")
