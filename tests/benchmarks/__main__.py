"""Runs the benches and prints one table: python -m tests.benchmarks [--only NAME]… [--quick].

Each bench runs in a process group of its own, which is ended after it, whatever became of it.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from adapters.telemetry import configure_logs
from tests.benchmarks import processes, report
from tests.benchmarks.figures import Figure

BENCHES = (
    "slack_add",
    "discord_add",
    "ack_stalled",
    "list_tasks",
    "import_tasks",
    "import_products",
    "beside_import",
    "import_sales",
    "report_sales",
    "workbooks",
    "charts",
    "databases",
    "adds",
    "start",
    "idle",
    "sell",
    "order",
    "list_products",
    "search_products",
    "job_start",
    "memory",
    "area",
    "schedules",
)
"""Modules of this package, each with `async def run(*, is_quick) -> list[Figure]`."""

LIMIT_SECONDS = 300
LEGEND = "ratio: of the best rounds (of medians where the target is ours alone); pairs: median of the rounds' ratios"
BUSY = 0.7
"""A load above this means that other work is going on."""
KEPT = processes.ROOT / "build" / "bench"


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; 1 if a bench could not be run, a missed target is told by the table alone."""
    wanted = _parse(arguments)
    if wanted.within:
        _run_within(wanted.within, Path(wanted.output), is_quick=wanted.quick)
        return 0
    # Being told to end must not leave the group of the bench under way behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    start, others = time.perf_counter(), os.getloadavg()[0]
    found: dict[str, Sequence[Figure]] = {}
    failed = []
    for name in wanted.only or BENCHES:
        print(f"{name} …", end=" ", file=sys.stderr, flush=True)
        begin = time.perf_counter()
        figures = _run_apart(name, is_quick=wanted.quick)
        print(f"{time.perf_counter() - begin:.0f} s", file=sys.stderr)
        if figures is None:
            failed.append(name)
        else:
            found[name] = figures
    seconds = time.perf_counter() - start
    report.keep(KEPT, found, seconds, is_quick=wanted.quick)
    _tell(found, seconds, others)
    if failed:
        print(f"Could not be run: {', '.join(failed)}.")
    return 1 if failed else 0


def _tell(found: Mapping[str, Sequence[Figure]], seconds: float, others: float) -> None:
    """Print the table, and what is good to know beside it."""
    print(report.table([figure for figures in found.values() for figure in figures]))
    print(f"\n{LEGEND}\n{seconds:.0f} s; samples and history in {KEPT.relative_to(processes.ROOT)}")
    if others > BUSY:
        print(f"The load was {others:.1f} before it began: what else this machine did distorts these figures.")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Speed and memory, as ratios.")
    parser.add_argument("--only", action="append", choices=BENCHES, metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="few rounds: does everything still run?")
    parser.add_argument("--within", choices=BENCHES, help=argparse.SUPPRESS)
    parser.add_argument("--output", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _run_within(name: str, output: Path, *, is_quick: bool) -> None:
    """Run one bench in this process."""
    with output.with_name("log").open("w", encoding="utf-8") as log:
        configure_logs("text", stream=log)
        module = importlib.import_module(f"tests.benchmarks.{name}")
        figures: list[Figure] = asyncio.run(module.run(is_quick=is_quick))
    output.write_text(json.dumps([figure.document() for figure in figures]), "utf-8")


def _run_apart(name: str, *, is_quick: bool) -> Sequence[Figure] | None:
    """Run one bench in a group of processes of its own; None if it failed, with its words on standard error."""
    with tempfile.TemporaryDirectory(prefix="quartermaster-bench-") as folder:
        output = Path(folder) / "figures"
        command = processes.module("tests.benchmarks", "--within", name, "--output", str(output))
        process = subprocess.Popen(
            [*command, *(["--quick"] if is_quick else [])],
            cwd=processes.ROOT,
            env=processes.environment({"TMPDIR": folder}),
            start_new_session=True,
        )
        try:
            process.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"not done within {LIMIT_SECONDS} s", file=sys.stderr)
        finally:
            # Whatever it started is in its group.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if not output.exists():
            return None
        return [Figure.from_document(found) for found in json.loads(output.read_text("utf-8"))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
