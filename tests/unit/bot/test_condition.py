"""`/qm status` and `/qm stats`: how each part is; one that is broken or hangs keeps nobody from the rest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.application import upkeep as upkeep_module
from bot.texts.qm.parts import Condition, Part, rows
from core.chat.reply import Reply
from core.jobs.model import NewJob
from core.ports.jobs import EngineState, Phase
from core.ports.storage import Post
from core.schedules.model import ScheduleCounts
from tests.support.plain_engine import PlainEngine
from tests.unit.bot.sample_area import NOW
from tests.unit.bot.stage import Stage, staged

AS_EXPECTED = {
    "Database": "works",
    "Jobs": "ready",
    "Slack": "not set up",
    "Discord": "not set up",
    "Console": "elsewhere",
    "Schedules": "none",
    "Posts": "none",
    "Backups": "none yet",
}


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """The application, with an engine that is ready."""
    async with staged(tmp_path, engine=PlainEngine(state=EngineState(Phase.READY))) as made:
        await made.type("/user whoami")
        yield made


def states(reply: Reply) -> dict[str, str]:
    assert reply.problem is None, reply.problem
    return {str(row.cells[0]): str(row.cells[1]) for row in reply.tables[0].rows}


def about(reply: Reply, part: str) -> str:
    return next(str(row.cells[4]) for row in reply.tables[0].rows if row.cells[0] == part)


async def silent() -> None:
    await asyncio.Event().wait()


async def works() -> None:
    """Work."""


async def broken() -> None:
    raise OSError("secret detail")


async def test_anybody_sees_how_each_part_is(stage: Stage) -> None:
    reply = await stage.type("/qm status", by="ann")
    assert reply.title == "Quartermaster is running"
    assert states(reply) == AS_EXPECTED
    assert not any(row.mark for row in reply.tables[0].rows)


async def test_who_may_do_something_about_it_is_told_how(stage: Stage) -> None:
    owner, ann = await stage.type("/qm status"), await stage.type("/qm status", by="ann")
    assert "/job every nightly-backup" in about(owner, "Backups")
    assert "quartermaster manifest slack" in about(owner, "Slack")
    assert (about(ann, "Backups"), about(ann, "Slack")) == ("", "")


async def test_a_part_that_is_broken_is_named_without_its_cause(stage: Stage) -> None:
    upkeep = stage.product.upkeep
    upkeep.platforms = frozenset({"slack", "discord"})
    upkeep.checkup.add("slack", broken)
    reply = await stage.type("/qm status")
    assert reply.title == "Quartermaster runs, but look at: Slack"
    assert states(reply) == AS_EXPECTED | {"Slack": "fails", "Discord": "elsewhere"}
    assert "secret" not in str(reply)
    assert [row.cells[0] for row in reply.tables[0].rows if row.mark == "warning"] == ["Slack"]


async def test_parts_that_hang_are_not_waited_for_long(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.telemetry.checkup._SECONDS", 0.01)
    monkeypatch.setattr(upkeep_module, "PATIENCE", 0.05)
    stage.product.upkeep.checkup.add("database", works)

    async def times() -> Sequence[datetime]:
        await silent()
        return ()

    stage.product.upkeep.platforms = frozenset({"discord"})
    stage.product.upkeep.checkup.add("discord", silent)
    monkeypatch.setattr(stage.product.upkeep.backups, "times", times)
    monkeypatch.setattr(stage.parts.storage.outbox, "backlog", times)
    found = states(await stage.type("/qm status"))
    assert (found["Discord"], found["Backups"], found["Posts"]) == ("fails", "unknown", "unknown")
    assert (found["Database"], found["Jobs"], found["Slack"]) == ("works", "ready", "not set up")
    assert (await stage.type("/qm stats")).problem is None


async def test_schedules_posts_and_jobs_are_counted(stage: Stage) -> None:
    await stage.type("/job every rest 10m wait seconds:1")
    await stage.type("/job every tidy 1d wait seconds:1")
    await stage.type("/job pause tidy")
    async with stage.parts.storage.workspace(1).write() as work:
        work.outbox.add(Post(Reply(title="Hello"), 1), stage.clock.now())
        await work.jobs.queue(NewJob("wait", {"seconds": 1}, 1, 1), stage.clock.now())
        await work.commit()
    reply = await stage.type("/qm status")
    found = {str(row.cells[0]): row.cells for row in reply.tables[0].rows}
    assert found["Schedules"][1:3] == ("on time", 1)
    assert found["Schedules"][4] == "1 is paused or stopped."
    assert found["Posts"][1:3] == ("on time", 1)
    stats = await stage.type("/qm stats")
    figures = {field.key: field.value for field in stats.fields}
    assert (figures["schedules_active"], figures["schedules_resting"], figures["schedules_late"]) == (1, 1, 0)
    assert (figures["posts_waiting"], figures["posts_oldest_seconds"]) == (1, 2)
    assert [row.cells for row in stats.tables[0].rows] == [("wait", 0, 1, 0, 0), ("All", 0, 1, 0, 0)]
    stage.clock.moment += timedelta(minutes=15)
    later = await stage.type("/qm status")
    assert states(later) == AS_EXPECTED | {"Schedules": "late", "Posts": "waiting"}
    assert later.title == "Quartermaster runs, but look at: Schedules and Posts"


async def test_figures_are_numbers(stage: Stage) -> None:
    stats = await stage.type("/qm stats")
    figures = {field.key: field.value for field in stats.fields}
    assert all(isinstance(value, int | float) for value in figures.values())
    assert {"up_seconds", "pool_size", "milliseconds_p99"} <= set(figures)
    if Path("/proc/self/statm").exists():
        assert 20 < float(str(figures["memory_mb"])) < 2000
        assert figures["processes"] == 0


CALM = Condition({"database": True}, frozenset(), True, EngineState(Phase.READY), 1, ScheduleCounts(), (0, None), [NOW])


@pytest.mark.parametrize(
    ("changes", "part", "state", "says"),
    [
        ({"works": {"database": False}}, "Database", "fails", "quartermaster doctor"),
        ({"engine": None, "processes": 1}, "Jobs", "elsewhere", "1 other process runs them."),
        ({"engine": None, "processes": 2}, "Jobs", "elsewhere", "2 other processes run them."),
        ({"engine": None, "processes": 0}, "Jobs", "waiting", "quartermaster serve"),
        ({"engine": EngineState(Phase.STARTING)}, "Jobs", "starting", "waits"),
        ({"engine": EngineState(Phase.FAILED, "cannot_connect")}, "Jobs", "failed", "QM_JOBS_DATABASE_URL"),
        ({"engine": EngineState(Phase.FAILED, "held_elsewhere")}, "Jobs", "failed", "They go on here when it ends"),
        ({"engine": EngineState(Phase.FAILED, "old_sqlite")}, "Jobs", "failed", "newer Python"),
        ({"engine": EngineState(Phase.FAILED, "failed")}, "Jobs", "failed", "The log says why"),
        ({"processes": 3}, "Jobs", "ready", "3 processes run them."),
        ({"has_console": False}, "Console", "off", "QM_HOST"),
        ({"schedules": None}, "Schedules", "unknown", "did not tell"),
        (
            {"engine": None, "processes": 0, "schedules": ScheduleCounts(active=2)},
            "Schedules",
            "waiting",
            "Nothing serves here now: they come once it does.",
        ),
        ({"backups": [NOW - timedelta(days=3)]}, "Backups", "old", "nightly-backup"),
    ],
)
def test_each_state_says_what_to_do(changes: dict[str, Any], part: str, state: str, says: str) -> None:
    (found,) = [one for one in rows(replace(CALM, **changes), NOW, may_change=True) if one.name == part]
    assert (found.state, says in found.about) == (state, True)


def test_a_calm_shop_has_nothing_to_look_at() -> None:
    found: Sequence[Part] = rows(CALM, NOW, may_change=True)
    assert [part.name for part in found if not part.is_well] == []
