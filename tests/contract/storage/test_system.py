"""Workspaces, spaces, installations, codes, reminders, and what retention removes."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.chat.reply import Action, Reply
from core.chat.request import ChannelKind, Platform
from core.people.model import Identity
from core.ports.storage import AuditEntry, Operation, Post, Storage, UndoEntry
from core.shared.errors import ConflictError
from core.shared.events import Event
from core.tasks.model import Status, TaskFilter
from core.tasks.repository import TASKS
from core.workspaces.model import Installation, InstallationStatus, Space
from tests.contract.storage.world import NOON, Place, build_place

LATER = NOON + timedelta(minutes=15)


async def test_the_default_workspace_is_made_once(storage: Storage) -> None:
    made = await asyncio.gather(
        *(storage.system.ensure_default_workspace(zone="UTC", currency="EUR", locale="en", at=NOON) for _ in range(5))
    )
    assert len(set(made)) == 1
    assert await storage.system.workspaces() == made[:1]
    again = await storage.system.ensure_default_workspace(zone="Asia/Tokyo", currency="JPY", locale="ja", at=NOON)
    assert again == made[0]


async def test_a_workspace_is_found_by_its_exact_name_which_is_given_once(storage: Storage, here: Place) -> None:
    found = await storage.system.workspace("here")
    assert found is not None
    assert found.id == here.id
    assert await storage.system.workspace("Here") is None
    with pytest.raises(ConflictError):
        await storage.system.create_workspace("here", zone="UTC", currency="EUR", locale="en", at=NOON)


async def test_a_space_stays_in_the_workspace_it_was_made_in(storage: Storage, here: Place, there: Place) -> None:
    again = await storage.system.ensure_space(there.id, Platform.SLACK, "T-here", "Other", NOON)
    assert again == here.space
    assert await storage.system.spaces() == [here.space, there.space]
    discord = await storage.system.ensure_space(here.id, Platform.DISCORD, "T-here", "Guild", NOON)
    assert discord == Space(discord.id, here.id, Platform.DISCORD, "T-here", "Guild")


async def test_a_space_without_data_moves_and_is_met_anew(storage: Storage, here: Place) -> None:
    newcomer = await build_place(storage, "new")
    assert await storage.system.move_space(newcomer.space.id, here.id, NOON)
    assert replace(newcomer.space, workspace_id=here.id) in await storage.system.spaces()
    async with here.writing() as work:
        assert newcomer.general.id not in [channel.id for channel in await work.channels.all()]
        assert all(one.space_id == here.space.id for who in await work.members.all() for one in who.identities)
        general = await work.channels.ensure(newcomer.space.id, "C-public", "public", ChannelKind.PUBLIC, NOON)
        await work.members.add_identity(Identity(Platform.SLACK, newcomer.space.id, "U-ann", here.ann))
        assert general.id not in (newcomer.general.id, newcomer.board.id, newcomer.direct.id)
    async with newcomer.reading() as work:
        assert await work.channels.all() == []
        members = {member.id: member for member in await work.members.all()}
    assert not members[newcomer.ann].active
    assert members[newcomer.ann].identities == ()
    assert members[newcomer.ben].active


async def test_somebody_known_elsewhere_too_stays_when_a_space_moves(storage: Storage, here: Place) -> None:
    newcomer = await build_place(storage, "new")
    console = await storage.system.ensure_space(newcomer.id, Platform.WEB, "console", "Console", NOON)
    async with newcomer.writing() as work:
        await work.members.add_identity(Identity(Platform.WEB, console.id, "ann", newcomer.ann))
    assert await storage.system.move_space(newcomer.space.id, here.id, NOON)
    async with newcomer.reading() as work:
        assert (await work.members.all())[0].active


@pytest.mark.parametrize("kind", ["task", "removed task", "message"])
async def test_a_space_with_data_does_not_move(storage: Storage, here: Place, there: Place, kind: str) -> None:
    if kind == "message":
        async with there.writing() as work:
            await work.messages.post(there.general.id, author_id=None, text="hi", at=NOON)
    else:
        await there.add(there.task(removed_at=NOON if kind == "removed task" else None))
    assert not await storage.system.move_space(there.space.id, here.id, NOON)
    assert there.space in await storage.system.spaces()


async def test_a_space_moves_to_where_it_is_and_nowhere_unknown(storage: Storage, here: Place) -> None:
    assert await storage.system.move_space(here.space.id, here.id, NOON)
    assert not await storage.system.move_space(here.space.id, 999, NOON)
    assert not await storage.system.move_space(999, here.id, NOON)
    async with here.reading() as work:
        assert len(await work.channels.all()) == 3


async def test_a_code_is_spent_once_for_its_purpose_and_in_time(here: Place) -> None:
    system = here.storage.system
    async with here.writing() as work:
        await work.codes.add("one", "link", here.ann, LATER)
        await work.codes.add("two", "link", here.ann, LATER)
    assert await system.use_code("one", "connect", NOON) is None
    assert await system.use_code("unknown", "link", NOON) is None
    assert await system.use_code("two", "link", LATER) is None
    used = await asyncio.gather(*(system.use_code("one", "link", NOON) for _ in range(10)))
    assert sorted(used, key=bool) == [None] * 9 + [(here.id, here.ann)]


def _installation(place: Place) -> Installation:
    return Installation(
        space_id=place.space.id,
        workspace_id=place.id,
        platform=Platform.SLACK,
        external_id=place.space.external_id,
        token="xoxb-secret",
        bot_user_id="UBOT",
        app_id="A1",
        scopes=("chat:write", "commands"),
        status=InstallationStatus.ACTIVE,
        reason="",
        installed_at=NOON,
    )


async def test_an_installation_is_kept_replaced_and_disabled(here: Place) -> None:
    system, first = here.storage.system, _installation(here)
    await system.save_installation(first)
    assert await system.installations() == [first]
    await system.set_installation_status(here.space.id, InstallationStatus.DISABLED, "token_revoked", LATER)
    assert await system.installations() == [replace(first, status=InstallationStatus.DISABLED, reason="token_revoked")]
    second = replace(first, token="xoxb-new", scopes=(), installed_at=LATER)
    await system.save_installation(second)
    assert await system.installations() == [second]


async def test_an_installation_goes_along_with_its_space(here: Place, there: Place) -> None:
    await here.storage.system.save_installation(_installation(there))
    assert await here.storage.system.move_space(there.space.id, here.id, NOON)
    assert [one.workspace_id for one in await here.storage.system.installations()] == [here.id]


async def test_reminders_are_for_pending_tasks_of_every_workspace_the_longest_due_first(
    here: Place, there: Place
) -> None:
    [late] = await here.add(here.task(remind_at=NOON, assignees=(here.ben, here.ann)))
    [later] = await there.add(there.task(remind_at=NOON - timedelta(hours=1)))
    await here.add(
        here.task(remind_at=NOON + timedelta(microseconds=1)),
        here.task(),
        here.task(remind_at=NOON, status=Status.COMPLETED, completed_at=NOON),
        here.task(remind_at=NOON, removed_at=NOON),
    )
    system = here.storage.system
    assert await system.due(TASKS, NOON, 10) == [(there.id, later.number), (here.id, late.number)]
    assert await system.due(TASKS, NOON, 1) == [(there.id, later.number)]
    assert await system.due(TASKS, NOON - timedelta(days=1), 10) == []


async def _settled(place: Place, delivery: str) -> None:
    request = place.storage.request(place.id, delivery)
    async with request.write() as work:
        await work.of(TASKS).reserve_numbers()
        await work.commit()
    await request.settle(Reply(title=delivery))


async def _purge(place: Place, before: datetime) -> int:
    return await place.storage.system.purge(
        deliveries_before=before, outbox_before=before, operations_before=before, events_before=before, now=NOON
    )


async def test_retention_removes_what_is_old_and_nothing_else(here: Place) -> None:
    system, soon = here.storage.system, NOON + timedelta(seconds=1)
    await _settled(here, "d1")
    task = here.task(1)
    async with here.writing() as work:
        work.of(TASKS).add(task)
        for name, until in (("old", NOON), ("new", LATER)):
            await work.codes.add(name, "link", here.ann, until)
            work.actions.add(name, (Action("A", "/a", id=f"{name}.0"),), channel_id=1, expires_at=until)
            work.undo.add(UndoEntry(name, here.ann, 1, "task done", "x", {}, NOON, until))
        work.outbox.add(Post(Reply(title="sent"), here.general.id), NOON)
        work.outbox.add(Post(Reply(title="waits"), here.general.id), NOON)
    [sent] = await here.storage.outbox.claim(NOON, 1)
    await here.storage.outbox.sent(sent.id, "ts", NOON)

    assert await _purge(here, NOON) == 3
    assert await system.delivered("d1")
    assert await _purge(here, soon) == 2
    assert await system.delivered("d1") is None
    assert await system.action("old.0", NOON - timedelta(days=1)) is None
    assert await system.action("new.0", NOON)
    assert await system.use_code("new", "link", NOON)
    assert [item.post.reply.title for item in await here.storage.outbox.claim(NOON, 5)] == ["waits"]
    async with here.reading() as work:
        assert await work.undo.get("old") is None
        assert await work.undo.get("new")
        assert (await work.of(TASKS).page(TaskFilter(), here.everything)).total == 1


async def test_retention_gets_through_more_than_one_step(here: Place) -> None:
    async with here.writing() as work:
        for index in range(1203):
            work.actions.add(f"s{index}", (), channel_id=1, expires_at=NOON)
    before = here.storage.statistics().served
    assert await _purge(here, NOON) == 1203
    assert here.storage.statistics().served > before + 1203 // 500


async def test_old_events_and_operations_of_every_workspace_go_and_the_audit_trail_stays(
    here: Place, there: Place
) -> None:
    for place in (here, there):
        async with place.writing() as work:
            for at in (*[NOON] * 600, LATER):
                work.events.record(Event("x", at, place.general.id, place.ann, {}))
            work.audit.add(AuditEntry(NOON, place.ann, place.general.id, "task add", "#1"))
        await here.storage.system.record_operations(
            [Operation(place.id, place.ann, "task add", NOON, at, "", "R") for at in (*[NOON] * 600, LATER)]
        )
    # What is younger but was written before the last of the old ones holds nothing up.
    assert await _purge(here, NOON) == 0
    assert await _purge(here, LATER) == 4 * 600
    for place in (here, there):
        async with place.reading() as work:
            assert [one.ended_at for one in await work.operations.latest(10)] == [LATER]
            assert len(await work.audit.latest(10)) == 1
    assert await _purge(here, LATER + timedelta(seconds=1)) == 4


async def test_the_database_answers_and_says_how_it_is_used(storage: Storage, here: Place) -> None:
    await storage.ping()
    figures = storage.statistics()
    assert figures.size >= 2
    assert figures.served > 0
    assert (figures.waiting, figures.errors) == (0, 0)
