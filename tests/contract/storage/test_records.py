"""Undo entries, stored actions, files, the audit trail and the operation log."""

import asyncio
from datetime import datetime, timedelta

from core.chat.reply import Action, Choice, Style
from core.files.model import StoredFile
from core.ports.storage import AuditEntry, Operation, UndoEntry
from tests.contract.storage.world import NOON, Place

LATER = NOON + timedelta(minutes=15)


def _entry(name: str, author: int, made: datetime = NOON) -> UndoEntry:
    payload = {"tasks": [{"number": 1, "title": "milk 🥛", "done": None, "share": 0.5}]}
    return UndoEntry(name, author, 3, "task done", "task.change", payload, made, made + timedelta(minutes=15))


async def test_an_undo_entry_is_used_once(here: Place) -> None:
    entry = _entry("u1", here.ann)
    async with here.writing() as work:
        work.undo.add(entry)
        assert await work.undo.get("u1") == entry
        assert await work.undo.get("u2") is None

    async def use() -> bool:
        async with here.writing() as work:
            return await work.undo.use("u1", NOON)

    assert sum(await asyncio.gather(*(use() for _ in range(10)))) == 1
    async with here.reading() as work:
        used = await work.undo.get("u1")
        assert used is not None
        assert used.used_at == NOON
        assert not await work.undo.latest(here.ann, NOON)


async def test_the_latest_undo_entry_is_the_newest_that_can_be_used(here: Place) -> None:
    async with here.writing() as work:
        for minute in range(3):
            work.undo.add(_entry(f"u{minute}", here.ann, NOON + timedelta(minutes=minute)))
        work.undo.add(_entry("other", here.ben, NOON + timedelta(minutes=9)))
        await work.undo.use("u2", NOON)
        latest = await work.undo.latest(here.ann, NOON)
        expired = await work.undo.latest(here.ann, NOON + timedelta(minutes=16))
    assert latest is not None
    assert latest.id == "u1"
    assert expired is None


async def test_actions_and_choices_are_found_by_their_ids_until_they_expire(here: Place) -> None:
    done = Action("Done", "/task done 1", style=Style.PRIMARY, once=True, only=here.ann, then="/task list", id="s.0")
    choices = (Choice("20 min", "/task snooze 1 20m", "s.1.0"), Choice("3 h", "/task snooze 1 3h", "s.1.1"))
    snooze = Action("Snooze", choices=choices, id="s.1")
    async with here.writing() as work:
        work.actions.add("s", (done, snooze), channel_id=here.general.id, expires_at=LATER)
    system = here.storage.system
    pressed = await system.action("s.0", NOON)
    assert pressed is not None
    assert (pressed.id, pressed.action, pressed.command) == ("s.0", done, "/task done 1")
    assert (pressed.workspace_id, pressed.expires_at) == (here.id, LATER)
    chosen = await system.action("s.1.1", NOON)
    assert chosen is not None
    assert (chosen.action, chosen.command) == (snooze, "/task snooze 1 3h")
    assert await system.action("s.0", LATER) is None


async def test_an_id_that_was_not_given_is_nothing(here: Place) -> None:
    async with here.writing() as work:
        work.actions.add("s", (Action("A", "/a", id="s.0"),), channel_id=1, expires_at=LATER)
    others = ["", ".", "s", "s.", "s.9", "s.0.0", "s.1.9", "S.0", "t.0", "s.0 ", "x" * 9999]
    assert {name: await here.storage.system.action(name, NOON) for name in others} == dict.fromkeys(others)


async def test_a_file_comes_back_as_described(here: Place) -> None:
    file = StoredFile("f1", "Übersicht.csv", "text/csv", 2**40, "a" * 64, here.ann, here.board.id, here.ann, NOON)
    async with here.writing() as work:
        work.files.add(file)
    async with here.reading() as work:
        assert await work.files.get("f1") == file
        assert await work.files.get("f2") is None


async def test_the_audit_trail_is_read_newest_first(here: Place) -> None:
    entries = [
        AuditEntry(NOON, here.ann, here.general.id, f"task {verb}", "1, 2", override=verb == "b") for verb in "abc"
    ]
    async with here.writing() as work:
        for entry in entries:
            work.audit.add(entry)
    async with here.reading() as work:
        assert await work.audit.latest(10) == entries[::-1]
        assert await work.audit.latest(1) == [entries[2]]


async def test_the_operation_log_is_read_newest_first_and_by_failure(here: Place, there: Place) -> None:
    def run(place: Place, error: str, reference: str) -> Operation:
        return Operation(place.id, place.ann, "task add", NOON, LATER, error, reference)

    mine = [run(here, "", "A"), run(here, "internal", "B"), run(here, "", "C")]
    await here.storage.system.record_operations([mine[0], run(there, "internal", "X"), *mine[1:]])
    await here.storage.system.record_operations([])
    nobody = Operation(here.id, None, "unknown", NOON, NOON, "", "D")
    await here.storage.system.record_operations([nobody])
    async with here.reading() as work:
        assert await work.operations.latest(10) == [nobody, *mine[::-1]]
        assert await work.operations.latest(2) == [nobody, mine[2]]
        assert await work.operations.latest(10, failed_only=True) == [mine[1]]
