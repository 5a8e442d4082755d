"""An import whose process is killed goes on when the next one comes up: every row once, and one Undo for all."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.jobs.imports import ImportsGoOn
from core.chat.text import plain
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.stage import staged

ROWS = 6000


AS_JOB = """
import asyncio, pathlib, sys
from bot.cli.exec_command import answer
from bot.cli.typed_line import Line
from bot.settings.model import load_settings
from bot.wiring.bootstrap import Tuning
line = Line("/task import mode:all", files=(pathlib.Path(sys.argv[1]),))
asyncio.run(answer(load_settings(), line, Tuning(long_seconds=0.0)))
"""
"""A process in which the import is a job from its beginning on."""


@pytest.mark.parametrize("is_job", [False, True])
async def test_a_killed_import_goes_on_and_can_be_undone(tmp_path: Path, is_job: bool) -> None:
    file = tmp_path / "tasks.csv"
    file.write_text("title,due\n" + "".join(f"Task {number},2027-01-01\n" for number in range(1, ROWS + 1)))
    line = ["-m", "bot.cli.main", "exec", "--file", str(file), "/task import mode:all"]
    await _killed(tmp_path, ["-c", AS_JOB, str(file)] if is_job else line)
    engine = PlainEngine()
    async with staged(tmp_path, engine=engine) as stage:
        jobs, parts = stage.product.jobs, stage.parts
        await engine.start(jobs.runner.run)
        await ImportsGoOn(parts.storage, parts.clock, "the next one").step()
        assert jobs.launcher
        await jobs.launcher.step()
        await engine.all_done()
        assert len(engine.begun) == 1
        assert _titles(tmp_path / "quartermaster.db") == [f"Task {number}" for number in range(1, ROWS + 1)]
        (item,) = await parts.storage.outbox.claim(parts.clock.now(), 10)
        assert f"{ROWS:,} rows: {ROWS:,} new." in plain(item.post.reply.text)
        undo = next(action for action in item.post.reply.actions if action.label == "Undo")
        undone = await stage.type(undo.command)
        assert plain(undone.text) == f"Import undone: {ROWS:,} imported tasks removed."
        assert _titles(tmp_path / "quartermaster.db") == []


async def _killed(folder: Path, words: Sequence[str]) -> None:
    """Import in a process that is killed half way."""
    environment = {**os.environ, "QM_DATA_DIR": str(folder)}
    silent = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(sys.executable, *words, env=environment, stdout=silent)
    while not _is_half_done(folder / "quartermaster.db"):
        assert process.returncode is None, "it was over too soon"
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    await process.wait()


def _is_half_done(database: Path) -> bool:
    if not database.exists():
        return False
    connection = sqlite3.connect(database)
    try:
        return bool(connection.execute("SELECT 1 FROM imports WHERE state = 'applying' AND place > 0").fetchone())
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


def _titles(database: Path) -> list[str]:
    connection = sqlite3.connect(database)
    try:
        rows = connection.execute("SELECT title FROM tasks WHERE removed_at IS NULL ORDER BY number").fetchall()
        return [title for (title,) in rows]
    finally:
        connection.close()
