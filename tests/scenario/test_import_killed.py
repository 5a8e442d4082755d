"""An import whose process is killed goes on when the next one comes up: every row once, and one Undo for all."""

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path

from bot.jobs.imports import ImportsGoOn
from core.chat.text import plain
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.stage import staged

ROWS = 6000


async def test_a_killed_import_goes_on_and_can_be_undone(tmp_path: Path) -> None:
    file = tmp_path / "tasks.csv"
    file.write_text("title,due\n" + "".join(f"Task {number},2027-01-01\n" for number in range(1, ROWS + 1)))
    line = [sys.executable, "-m", "bot.cli.main", "exec", "--file", str(file), "/task import mode:all"]
    environment = {**os.environ, "QM_DATA_DIR": str(tmp_path)}
    process = await asyncio.create_subprocess_exec(*line, env=environment, stdout=asyncio.subprocess.DEVNULL)
    while not _is_half_done(tmp_path / "quartermaster.db"):
        assert process.returncode is None, "it was over too soon"
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    engine = PlainEngine()
    async with staged(tmp_path, engine=engine) as stage:
        jobs, parts = stage.product.jobs, stage.parts
        await engine.start(jobs.runner.run)
        await ImportsGoOn(parts.storage, parts.clock, "the next one").step()
        assert jobs.launcher
        await jobs.launcher.step()
        await engine.all_done()
        assert _titles(tmp_path / "quartermaster.db") == [f"Task {number}" for number in range(1, ROWS + 1)]
        (item,) = await parts.storage.outbox.claim(parts.clock.now(), 10)
        assert f"{ROWS:,} rows: {ROWS:,} new." in plain(item.post.reply.text)
        undo = next(action for action in item.post.reply.actions if action.label == "Undo")
        undone = await stage.type(undo.command)
        assert plain(undone.text) == f"Import undone: {ROWS:,} imported tasks removed."
        assert _titles(tmp_path / "quartermaster.db") == []


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
