"""What the program does without being asked to work: help, manifest, unknown words."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.command_line_here import CommandLineHere

HEAVY = {
    "adapters",
    "aiohttp",
    "alembic",
    "pydantic",
    "rich",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
    "sqlite3",
    "stripe",
    "structlog",
}

NOT_FOR_A_LINE = (
    "adapters.jobs",
    "adapters.storage.engine.pooled_database",
    "adapters.storage.system.under_way",
    "dbos",
    "adapters.http",
    "adapters.platforms.discord",
    "adapters.platforms.slack",
    "adapters.platforms.web",
    "aiohttp",
    "aioodbc",
    "alembic",
    "asyncpg",
    "babel",
    "bot.application.digests",
    "bot.commands.people",
    "bot.commands.qm",
    "bot.jobs.loop",
    "bot.wiring.jobs",
    "bot.wiring.own_jobs",
    "core.jobs.model",
    "core.people.service",
    "core.ports.keeping",
    "core.schedules.model",
    "core.transfer.importing",
    "core.transfer.model",
    "core.transfer.sheet",
    "cryptography",
    "discord",
    "openpyxl",
    "prometheus_client",
    "pydantic",
    "rapidfuzz",
    "rich.console",
    "rich.traceback",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy.dialects.mssql",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm",
    "typer",
)
"""What a typed line has no use for, each with all that is in it: to load them takes longer than all the rest."""

OF_A_LINE = {
    "adapters.storage.repositories": {"people", "tasks", "workspaces"},
    "bot.commands": {"tasks"},
    "bot.texts": {"schedules", "tasks"},
    "core": {
        "boards",
        "chat",
        "dates",
        "files",
        "history",
        "jobs",
        "people",
        "ports",
        "reminders",
        "schedules",
        "shared",
        "tasks",
        "transfer",
        "undo",
        "workspaces",
    },
}
"""The rooms from which a line about tasks loads something; those of other areas stay closed, however many there are."""

MOST = 335
"""Modules of ours that such a line loads."""


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.mark.parametrize("words", [["--help"], ["exec", "--help"], ["serve", "--help"], ["manifest", "--help"], []])
async def test_help_opens_nothing(here: CommandLineHere, words: list[str]) -> None:
    here.settings["QM_PORT"] = "even wrong settings do not matter"
    ended = await here.run(*words)
    assert "Usage:" in ended.out + ended.err
    assert list(here.folder.iterdir()) == []


async def test_help_names_every_command(here: CommandLineHere) -> None:
    shown = (await here.run("--help")).out
    assert "reminders, health and metrics." in shown
    assert [name for name in ("serve", "exec", "migrate", "doctor", "manifest", "demo") if name not in shown] == []


def test_help_loads_nothing_heavy(shell: CommandLine) -> None:
    program = f"import sys, bot.cli.main, bot.cli.commands; print(sorted({HEAVY!r} & set(sys.modules)))"
    # Measuring coverage loads things of its own into every process.
    unmeasured = {name: value for name, value in shell.environment.items() if not name.startswith("COV")}
    ended = subprocess.run([sys.executable, "-c", program], env=unmeasured, capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


async def test_a_line_loads_no_platform_no_server_and_no_other_database(shell: CommandLine) -> None:
    await shell.exec("/task add Milk")  # so that the list has buttons
    shell.settings["PYTHONPROFILEIMPORTTIME"] = "1"
    told = (await shell.run("exec", "/task list")).err
    loaded = re.findall(r"^import time:.*\| +(\S+)$", told, re.MULTILINE)
    assert "adapters.storage.engine.dialects.sqlite" in loaded
    assert [name for name in loaded if f"{name}.".startswith(tuple(f"{part}." for part in NOT_FOR_A_LINE))] == []
    assert {house: _rooms(house, loaded) for house in OF_A_LINE} == OF_A_LINE
    ours = [name for name in loaded if name.startswith(("adapters.", "bot.", "core."))]
    assert len(ours) <= MOST


def _rooms(house: str, loaded: Sequence[str]) -> set[str]:
    """The folders of one from which modules were loaded."""
    inside = [name.removeprefix(f"{house}.").split(".") for name in loaded if name.startswith(f"{house}.")]
    return {parts[0] for parts in inside if len(parts) > 1}


async def test_an_unknown_word_is_answered_with_the_usage(shell: CommandLine) -> None:
    ended = await shell.run("sevre")
    assert ended.code == 2
    assert "sevre" in ended.err
    assert "Traceback" not in ended.err


async def test_migrate_makes_the_database_and_again_changes_nothing(here: CommandLineHere) -> None:
    assert (await here.run("migrate")).code == 0
    path = here.folder / "data" / "quartermaster.db"
    before = path.read_bytes()
    again = await here.run("migrate")
    assert (again.code, again.out) == (0, "The database is up to date.\n")
    assert path.read_bytes() == before
