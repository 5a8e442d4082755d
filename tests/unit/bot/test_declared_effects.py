"""What a command's declaration says of its effects is what its own examples do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.areas import AREAS
from bot.grammar.registry import Registry
from core.chat.reply import Reply, Visibility
from core.chat.request import Attachment
from core.chat.spec import CommandInfo, Undo
from core.ports.storage import AuditEntry
from tests.unit.bot.stage import Stage, staged

COMMANDS = {info.name: info for info in Registry.of(AREAS).catalogue.commands}
BRINGS_NO_CHANGE = {"task reopen": "its example is about tasks that are open"}
REFUSED = {"task unboard": "the channel of the examples has no board", "user forget": "it asks before it goes ahead"}
TAKES_ANY_TEXT = {"task add": "whatever is typed is a title"}


def of(*undo: Undo) -> pytest.MarkDecorator:
    infos = {name: info for name, info in COMMANDS.items() if info.undo in undo}
    return pytest.mark.parametrize("info", infos.values(), ids=infos)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        for name in ("owner", "ann", "ben"):
            await made.type("/task list", by=name)
        for number in range(14):
            await made.type(f"/task add Number {number}")
        await made.type("/task repeat 12 daily")
        yield made


async def audit(stage: Stage) -> list[AuditEntry]:
    async with stage.parts.storage.workspace(1).read() as work:
        return list(await work.audit.latest(500))


async def run(stage: Stage, example: str) -> Reply:
    """Run an example, with a file at hand for the commands that read one."""

    async def rows() -> AsyncIterator[bytes]:
        yield b"title\nFrom a file\n"

    request = stage.request(example)
    if example.startswith("/task import"):
        request = replace(request, attachments=(Attachment("tasks.csv", "text/csv", None, rows),))
    return await stage.product.application.handle(request)


@of(Undo.NOT_NEEDED)
async def test_what_needs_no_undo_changes_nothing(stage: Stage, info: CommandInfo) -> None:
    before = len(await audit(stage))
    tasks = [row.cells for row in (await stage.type("/task list all")).tables[0].rows]
    for example in info.examples:
        reply = await run(stage, example)
        assert reply.problem is None, (example, reply.problem)
    assert [row.cells for row in (await stage.type("/task list all")).tables[0].rows] == tasks
    changed = (await audit(stage))[: len(await audit(stage)) - before]
    assert [entry.command for entry in changed] == []


async def test_a_file_that_is_only_checked_is_no_change_and_an_import_is_one(stage: Stage) -> None:
    before = len(await audit(stage))
    assert (await run(stage, "/task import")).problem is None
    assert len(await audit(stage)) == before
    assert (await run(stage, "/task import mode:good")).problem is None
    entry = (await audit(stage))[0]
    assert entry.command == "task import"
    assert entry.target.startswith("import ")


@of(Undo.INVERSE)
async def test_what_can_be_undone_offers_it_and_is_taken_back(stage: Stage, info: CommandInfo) -> None:
    undone = 0
    for example in info.examples:
        reply = await run(stage, example)
        assert reply.problem is None, (example, reply.problem)
        undo = [action for action in reply.actions if action.command.startswith("/qm undo ")]
        for action in undo:
            assert action.once
            back = await stage.press(action)
            assert back.problem is None, (example, back.problem)
            undone += 1
    assert undone or info.name in BRINGS_NO_CHANGE


async def test_reopening_is_undone_too(stage: Stage) -> None:
    await stage.type("/task done 12")
    reply = await stage.type("/task reopen 12")
    (undo,) = [action for action in reply.actions if action.command.startswith("/qm undo ")]
    assert (await stage.press(undo)).problem is None


@pytest.mark.parametrize("info", COMMANDS.values(), ids=COMMANDS)
async def test_answers_are_as_visible_as_declared_and_failures_private(stage: Stage, info: CommandInfo) -> None:
    reply = await run(stage, info.examples[0])
    assert (reply.problem is not None) == (info.name in REFUSED)
    is_private = info.name in BRINGS_NO_CHANGE or info.name in REFUSED
    assert reply.visibility is (Visibility.PRIVATE if is_private else info.visibility)
    failed = await stage.type(f"/{info.name} --nonsense=1 \x00")
    assert (failed.problem is None) == (info.name in TAKES_ANY_TEXT)
    assert failed.visibility is Visibility.PRIVATE or info.name in TAKES_ANY_TEXT
