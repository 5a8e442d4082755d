"""What a command's declaration says of its effects is what its own examples do."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.commands.areas import AREAS
from bot.grammar.registry import Registry
from core.chat.reply import Cell, Reply, Visibility
from core.chat.request import Attachment
from core.chat.spec import ArgumentKind, CommandInfo, Undo
from core.jobs.kinds import EXPORT
from core.ports.storage import AuditEntry
from tests.support.areas import declared, place
from tests.support.clock import HeldClock
from tests.support.fitting import misfits
from tests.unit.bot.stage import Stage, staged

COMMANDS = {info.name: info for info in Registry.of(AREAS).catalogue.commands}
DECLARED = {area.name: declared(area.name) for area in AREAS}
IMPORTING = [info for info in COMMANDS.values() if info.action == "import"]


def expected(info: CommandInfo, what: str) -> bool:
    """Whether an area says of a command of its that it is one of those."""
    return info.action in getattr(DECLARED[info.area], what)


def of(*undo: Undo) -> pytest.MarkDecorator:
    infos = {name: info for name, info in COMMANDS.items() if info.undo in undo}
    return pytest.mark.parametrize("info", infos.values(), ids=infos)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    """A folder in which all was typed once that examples need, and when that was done: typing it takes a second."""
    folder = tmp_path_factory.mktemp("furnished")
    return folder, asyncio.run(_furnish(folder))


async def _furnish(folder: Path) -> datetime:
    async with staged(folder) as made:
        for name in ("owner", "ann", "ben"):
            await made.type("/task list", by=name)
        for area, said in DECLARED.items():
            for line in said.before:
                reply = await made.type(line)
                assert reply.problem is None, (line, reply.problem, place(area))
        return made.clock.now()


@pytest.fixture
async def stage(tmp_path: Path, furnished: tuple[Path, datetime]) -> AsyncIterator[Stage]:
    folder, moment = furnished
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    async with staged(tmp_path, clock=HeldClock(moment)) as made:
        yield made


async def audit(stage: Stage) -> list[AuditEntry]:
    async with stage.parts.storage.workspace(1).read() as work:
        return list(await work.audit.latest(500))


async def run(stage: Stage, info: CommandInfo, line: str) -> Reply:
    """Run an example, with a file at hand where it reads one."""
    for ahead in DECLARED[info.area].ahead.get(info.action, ()):
        assert (await stage.type(ahead)).problem is None, (ahead, place(info.area))

    async def content() -> AsyncIterator[bytes]:
        area = DECLARED[info.area]
        yield area.files.get(info.action, area.file)

    request = stage.request(line)
    # What may be about a file is so where nothing else is said.
    files = [one for one in info.arguments if one.kind is ArgumentKind.FILE]
    if any(one.required for one in files) or (files and line == f"/{info.name}"):
        request = replace(request, attachments=(Attachment("records.csv", "text/csv", None, content),))
    return await stage.product.application.handle(request)


async def records(stage: Stage, but: str = "") -> list[list[tuple[Cell, ...]]]:
    """What the lists of all areas show, but for one."""
    lists = [f"/{area.name} list" for area in AREAS if f"{area.name} list" in COMMANDS and area.name != but]
    shown = [await stage.type(f"{line} all" if line == "/task list" else line) for line in lists]
    return [[row.cells for table in reply.tables for row in table.rows] for reply in shown]


@of(Undo.NOT_NEEDED)
async def test_what_needs_no_undo_changes_nothing(stage: Stage, info: CommandInfo) -> None:
    before = len(await audit(stage))
    # What was put out is found among the jobs, and is nothing to take back.
    but = "job" if info.job == EXPORT else ""
    held = await records(stage, but)
    for example in info.examples:
        reply = await run(stage, info, example)
        assert reply.problem is None, (example, reply.problem, place(info.area))
    assert await records(stage, but) == held
    changed = (await audit(stage))[: len(await audit(stage)) - before]
    assert [entry.command for entry in changed] == []


@pytest.mark.parametrize("info", IMPORTING, ids=lambda info: info.name)
async def test_a_file_that_is_only_checked_is_no_change_and_an_import_is_one(stage: Stage, info: CommandInfo) -> None:
    before = len(await audit(stage))
    assert (await run(stage, info, f"/{info.name}")).problem is None, place(info.area)
    assert len(await audit(stage)) == before
    assert (await run(stage, info, f"/{info.name} mode:good")).problem is None
    entry = (await audit(stage))[0]
    assert entry.command == info.name
    assert entry.target.startswith("import "), place(info.area)


@of(Undo.INVERSE)
async def test_what_can_be_undone_offers_it_and_is_taken_back(stage: Stage, info: CommandInfo) -> None:
    undone = 0
    for example in info.examples:
        reply = await run(stage, info, example)
        assert reply.problem is None, (example, reply.problem, place(info.area))
        undo = [action for action in reply.actions if action.command.startswith("/qm undo ")]
        for action in undo:
            assert action.once
            back = await stage.press(action)
            assert back.problem is None, (example, back.problem)
            undone += 1
    assert undone or expected(info, "unchanging"), f"nothing to take back: `unchanging` of {place(info.area)}"


async def test_reopening_is_undone_too(stage: Stage) -> None:
    await stage.type("/task done 12")
    reply = await stage.type("/task reopen 12")
    (undo,) = [action for action in reply.actions if action.command.startswith("/qm undo ")]
    assert (await stage.press(undo)).problem is None


@pytest.mark.parametrize("info", COMMANDS.values(), ids=COMMANDS)
async def test_answers_are_as_visible_as_declared_and_failures_private(stage: Stage, info: CommandInfo) -> None:
    reply = await run(stage, info, info.examples[0])
    is_refused, takes_any_text = expected(info, "refused"), expected(info, "any_text")
    assert (reply.problem is not None) == is_refused, (reply.problem, f"`before` or `refused` of {place(info.area)}")
    assert misfits(reply) == [], "Slack or Discord would not take it"
    is_private = any(expected(info, what) for what in ("unchanging", "private")) or is_refused
    assert reply.visibility is (Visibility.PRIVATE if is_private else info.visibility), place(info.area)
    failed = await stage.type(f"/{info.name} --nonsense=1 \x00")
    assert (failed.problem is None) == takes_any_text, (failed.problem, f"`any_text` of {place(info.area)}")
    assert failed.visibility is Visibility.PRIVATE or takes_any_text


def test_whatever_was_declared_is_about_a_command() -> None:
    told = {
        f"{area} {action}"
        for area, said in DECLARED.items()
        for actions in (said.unchanging, said.refused, said.any_text, said.overridable)
        for action in actions
    }
    assert told - set(COMMANDS) == set()
