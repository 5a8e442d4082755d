"""Odd values are stored, told apart and looked for alike in every database."""

from dataclasses import replace
from typing import Any

import pytest

from core.chat.reply import Reply
from core.chat.request import ChannelKind, Platform
from core.files.model import StoredFile
from core.people.model import Identity, Role
from core.ports.storage import AuditEntry, Operation, Post, Storage, UndoEntry
from core.shared.errors import InvalidArgumentError
from core.shared.events import Event
from core.tasks.model import NOTES_LIMIT, TITLE_LIMIT, Task, TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Audience
from tests.contract.storage.world import NOON, Place

HUGE = [2**31 - 1, 2**31, 2**40, 2**63 - 1, 2**63, 2**100, -(2**31), -(2**40), -(2**63) - 1, 0]
ODD = ["a\0b", "\0", "a\ud83db", "\udc00", "\ud83d\ud83d"]
KEPT = ["a?b", "?", "a?b", "?", "??"]
EMOJI = "😀"
ALIKE = [
    "name",
    "Name",
    "NAME",
    "name ",
    "name  ",
    " name",
    "náme",
    "na\u0301me",
    "\uff4eame",
    "name\u00a0",
    "name\t",
    "name\x1f",
]


async def test_a_number_that_nothing_has_is_not_found(here: Place) -> None:
    await here.add(here.task(1))
    for number in HUGE:
        await _assert_nothing_is_found(here, number)


async def _assert_nothing_is_found(here: Place, number: int) -> None:
    async with here.reading() as work:
        assert await work.of(TASKS).find(number) is None
        assert await work.of(TASKS).get(number, here.everything) is None
        assert await work.of(TASKS).get(number, here.public) is None
        assert [task.number for task in await work.of(TASKS).get_many([number, 1], here.public)] == [1]
        assert await work.of(TASKS).suggest(str(number), here.everything) == []
        assert await work.messages.get(here.general.id, number, here.ann) is None
        assert await work.messages.get(number, 1, number) is None
        assert await work.boards.of(number, "task") is None
        assert await work.undo.latest(number, NOON) is None
        for wanted in (TaskFilter(channel_id=number), TaskFilter(assignee=number)):
            if number:
                assert (await work.of(TASKS).page(wanted, here.everything)).items == []
                assert (await work.of(TASKS).page(wanted, here.public)).items == []


async def test_a_reader_with_any_number_sees_what_is_public(here: Place) -> None:
    await here.add(here.task(1), here.task(2, channel_id=here.board.id))
    async with here.reading() as work:
        for number in HUGE:
            page = await work.of(TASKS).page(TaskFilter(), Audience(number, frozenset()))
            assert [task.number for task in page.items] == [1]


@pytest.mark.parametrize("cursor", ["n.0.q00.0", "p.0.1.zzzzzz", "n.0.0.zzzzzzzzzzzz", "n.zzzzzzzzzzzz.0.0"])
async def test_a_cursor_with_a_number_that_no_column_holds_is_refused(here: Place, cursor: str) -> None:
    async with here.reading() as work:
        with pytest.raises(InvalidArgumentError):
            await work.of(TASKS).page(TaskFilter(), here.everything, cursor=cursor)


async def test_a_place_beyond_every_message_is_their_end(here: Place) -> None:
    async with here.writing() as work:
        message = await work.messages.post(here.general.id, author_id=None, text="one", at=NOON)
        for number in (2**31, 2**40, 2**70):
            assert await work.messages.latest(here.general.id, here.ann, before=number) == [message]
            assert await work.messages.changes(here.general.id, here.ann, since=number) == []
            assert await work.messages.changes(here.general.id, here.ann, since=-number) == [message]


async def test_a_change_of_what_nothing_is_changes_nothing(here: Place) -> None:
    task = (await here.add(here.task(1)))[0]
    for number in HUGE[1:]:
        await _change_nothing(here, task, number)
    assert await here.find(1) == task


async def _change_nothing(here: Place, task: Task, number: int) -> None:
    async with here.writing() as work:
        before = await work.members.all()
        await work.members.set_role(number, Role.OWNER)
        await work.members.set_profile(number, name="Nobody", zone="", locale="")
        await work.members.move_identities(number, here.ann)
        assert not await work.of(TASKS).change(replace(task, number=number, title="Other"), 1)
        assert not await work.of(TASKS).change(replace(task, title="Other"), number)
        assert await work.messages.replace(here.general.id, number, Reply(), NOON) is None
        assert not await work.members.set_email(number, "nobody@example.org")
        assert not await work.members.forget(number, NOON)
        assert await work.members.get(number) is None
        assert await work.members.all() == before


@pytest.mark.parametrize(("odd", "kept"), list(zip(ODD, KEPT, strict=True)), ids=ascii)
async def test_what_no_database_takes_is_kept_as_question_marks(here: Place, odd: str, kept: str) -> None:
    first, second, third = (here.task(number, title=odd, notes=odd, origin=odd) for number in (1, 2, 3))
    async with here.writing() as work:
        work.of(TASKS).add(first)
        work.of(TASKS).add_all([second, third])
        assert await work.of(TASKS).change(replace(first, version=2), 1)
        await work.of(TASKS).change_many([replace(second, version=2)])
        work.undo.add(UndoEntry("undo", here.ann, here.general.id, "x", "x", {"text": odd}, NOON, NOON))
        work.events.record(Event("x", NOON, here.general.id, here.ann, {"text": odd}))
        work.outbox.add(Post(Reply(title=odd), channel_id=here.general.id), NOON)
        work.audit.add(AuditEntry(NOON, here.ann, here.general.id, "x", odd))
        await work.messages.post(here.general.id, author_id=None, reply=Reply(title=odd), key=odd, at=NOON)
        assert (await work.of(TASKS).get_many([1, 2, 3], here.everything))[2] == replace(
            third, title=kept, notes=kept, origin=kept
        )
        assert await work.messages.find(here.general.id, odd) == 1
    for number in (1, 2, 3):
        task = await here.find(number)
        assert task
        assert (task.title, task.notes, task.origin) == (kept, kept, kept)


async def test_a_number_of_a_task_is_not_taken_for_another(here: Place) -> None:
    """The last number that a column holds stands for all beyond it, and is found by itself no less."""
    last = 2**31 - 1
    await here.add(here.task(last))
    assert await here.find(last) is not None


async def test_signs_of_two_units_fill_every_column(here: Place, storage: Storage) -> None:
    system, name = storage.system, EMOJI * 200
    workspace = await system.create_workspace(name, zone="UTC", currency="EUR", locale="en", at=NOON)
    assert await system.workspace(name) == workspace
    space = await system.ensure_space(here.id, Platform.WEB, EMOJI * 64, name, NOON)
    task = here.task(1, title=EMOJI * TITLE_LIMIT, notes=EMOJI * NOTES_LIMIT, origin=EMOJI * 500)
    await here.add(task)
    async with here.writing() as work:
        member = await work.members.add(name, Role.MEMBER, at=NOON)
        identity = Identity(Platform.WEB, space.id, EMOJI * 64, member)
        await work.members.add_identity(identity)
        channel = await work.channels.ensure(space.id, EMOJI * 128, name, ChannelKind.PUBLIC, NOON)
        message = await work.messages.post(channel.id, author_id=member, text=name, key=name, at=NOON)
        file = StoredFile("f", EMOJI * 255, EMOJI * 127, 1, "0" * 64, member, channel.id, None, NOON)
        work.files.add(file)
        work.audit.add(AuditEntry(NOON, member, channel.id, "x", name))
        assert (await work.members.all())[-1].identities == (identity,)
        assert await work.messages.find(channel.id, name) == message.seq
        assert await work.files.get("f") == file
        assert (await work.audit.latest(1))[0].target == channel.name == name
        assert await work.channels.ensure(space.id, EMOJI * 128, name, ChannelKind.PUBLIC, NOON) == channel
        assert [found.number for found in await work.of(TASKS).suggest(EMOJI * 20, here.everything)] == [1]
    assert await here.find(1) == task


async def test_names_that_look_alike_are_different_names(here: Place, storage: Storage) -> None:
    system = storage.system
    made = {
        name: await system.create_workspace(name, zone="UTC", currency="EUR", locale="en", at=NOON) for name in ALIKE
    }
    assert len({workspace.id for workspace in made.values()}) == len(ALIKE)
    assert [await system.workspace(name) for name in ALIKE] == list(made.values())
    spaces = [await system.ensure_space(here.id, Platform.WEB, name, "x", NOON) for name in ALIKE]
    assert [space.external_id for space in spaces] == ALIKE
    async with here.writing() as work:
        channels = [await work.channels.ensure(spaces[0].id, name, name, ChannelKind.PUBLIC, NOON) for name in ALIKE]
        assert [channel.external_id for channel in await work.channels.all()][3:] == ALIKE
        posts = [
            (await work.messages.post(channels[0].id, author_id=None, text=name, key=name, at=NOON)).seq
            for name in ALIKE
        ]
        assert [await work.messages.find(channels[0].id, name) for name in ALIKE] == posts
        for name in ALIKE:
            await work.members.add_identity(Identity(Platform.WEB, spaces[0].id, name, here.ben))
        assert len((await work.members.all())[1].identities) == len(ALIKE)
    await system.record_operations([Operation(here.id, None, name, NOON, NOON, "", name) for name in ALIKE])
    async with here.reading() as work:
        assert [one.reference for one in await work.operations.latest(50)][::-1] == ALIKE


async def test_texts_sort_by_their_signs(here: Place) -> None:
    """Capitals before small letters, plain ones before accented ones, whatever language a server was set up for."""
    names = ["#", "10", "9", "A", "Z", "[", "_", "a", "z", "Ä", "ß", "é", "ж", "語", "ﬁ", "\uff4e"]
    assert names == sorted(names)
    async with here.writing() as work:
        for name in reversed(names):
            await work.members.add_identity(Identity(Platform.SLACK, here.space.id, name, here.ben))
        ben: Any = next(member for member in await work.members.all() if member.id == here.ben)
    assert [identity.external_id for identity in ben.identities] == names


@pytest.mark.parametrize("title", ["[draft] plan", "100% sure", "a_b", "back\\slash", "x^y", "a-z", "]"])
async def test_completion_takes_signs_of_patterns_for_themselves(here: Place, title: str) -> None:
    await here.add(here.task(1, title=title), here.task(2, title="draft d r a f t"), here.task(3, title="azb 1000 xy"))
    async with here.reading() as work:
        assert [task.number for task in await work.of(TASKS).suggest(title, here.everything)] == [1]
        assert [task.number for task in await work.of(TASKS).suggest(title[:2], here.everything)][:1] == [1]
        assert await work.of(TASKS).suggest("[a-z]", here.everything) == []
        assert await work.of(TASKS).suggest("[", here.everything) == ([(await here.find(1))] if title[0] == "[" else [])
