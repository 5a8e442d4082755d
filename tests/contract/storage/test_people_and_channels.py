"""Members, identities, channels and the workspace's own settings."""

import asyncio
from dataclasses import replace

import pytest

from core.chat.request import ChannelKind, Platform
from core.files.model import StoredFile
from core.people.model import Identity, Member, Role
from core.ports.storage import AuditEntry
from core.shared.errors import NotFoundError
from core.tasks.repository import TASKS
from core.workspaces.model import Workspace, Zones
from tests.contract.storage.world import NOON, Place

OFF_THE_STAND_IN = "test_scope tries every method there"


async def test_a_member_is_found_with_every_identity(here: Place) -> None:
    async with here.writing() as work:
        await work.members.add_identity(Identity(Platform.DISCORD, here.space.id, "42", here.ann))
    async with here.reading() as work:
        members = await work.members.all()
    assert members == [
        Member(
            here.ann,
            "Ann",
            Role.OWNER,
            "",
            "",
            active=True,
            identities=(
                Identity(Platform.DISCORD, here.space.id, "42", here.ann),
                Identity(Platform.SLACK, here.space.id, "U-ann", here.ann),
            ),
        ),
        Member(here.ben, "Ben", Role.MEMBER, "", "", active=True),
    ]


async def test_identifiers_are_told_apart_by_case_and_trailing_space(here: Place) -> None:
    others = ["u-ann", "U-ANN", "U-ann ", " U-ann"]
    async with here.writing() as work:
        for other in others:
            await work.members.add_identity(Identity(Platform.SLACK, here.space.id, other, here.ben))
        ann, ben = await work.members.all()
    assert [identity.external_id for identity in ann.identities] == ["U-ann"]
    assert sorted(identity.external_id for identity in ben.identities) == sorted(others)


async def test_a_person_known_already_stays_who_they_are(here: Place) -> None:
    async with here.writing() as work:
        await work.members.add_identity(Identity(Platform.SLACK, here.space.id, "U-ann", here.ann))
        await work.members.add_identity(Identity(Platform.SLACK, here.space.id, "U-ann", here.ben))
        ann, ben = await work.members.all()
    assert ann.identities == (Identity(Platform.SLACK, here.space.id, "U-ann", here.ann),)
    assert ben.identities == ()


async def test_role_and_profile_change(here: Place) -> None:
    async with here.writing() as work:
        await work.members.set_role(here.ben, Role.ADMIN)
        await work.members.set_profile(here.ben, name="Benjamin", zone="Asia/Tokyo", locale="ja")
        members = {member.id: member for member in await work.members.all()}
    assert members[here.ben] == Member(here.ben, "Benjamin", Role.ADMIN, "Asia/Tokyo", "ja", active=True)
    assert members[here.ann].role is Role.OWNER


async def test_a_member_without_a_zone_is_asked_for_it_once_by_whoever_is_first(here: Place) -> None:
    async def ask(member: int) -> bool:
        async with here.writing() as work:
            return await work.members.ask_zone(member, NOON)

    assert sorted(await asyncio.gather(*(ask(here.ben) for _ in range(5)))) == [False] * 4 + [True]
    async with here.writing() as work:
        await work.members.set_profile(here.ann, name="Ann", zone="UTC", locale="")
        assert [member.zone_asked for member in await work.members.all()] == [False, True]
    assert not await ask(here.ann)


async def test_a_member_is_provisional_until_their_profile_is_known(here: Place) -> None:
    async with here.writing() as work:
        guessed = await work.members.add("U-cat", Role.MEMBER, is_provisional=True, at=NOON)
        assert (await work.members.all())[-1] == Member(
            guessed, "U-cat", Role.MEMBER, "", "", active=True, is_provisional=True
        )
        await work.members.set_profile(guessed, name="Cat", zone="UTC", locale="en")
        assert (await work.members.all())[-1] == Member(guessed, "Cat", Role.MEMBER, "UTC", "en", active=True)


async def test_joining_two_members_moves_what_the_first_was_known_by_and_given(here: Place) -> None:
    both, only = await here.add(here.task(assignees=(here.ben, here.ann)), here.task(assignees=(here.ann,)))
    async with here.writing() as work:
        await work.members.move_identities(here.ann, here.ben)
    async with here.reading() as work:
        members = {member.id: member for member in await work.members.all()}
    assert not members[here.ann].active
    assert members[here.ann].identities == ()
    assert members[here.ben].active
    assert members[here.ben].identities == (Identity(Platform.SLACK, here.space.id, "U-ann", here.ben),)
    assert await here.find(both.number) == replace(both, assignees=(here.ben,))
    assert await here.find(only.number) == replace(only, assignees=(here.ben,))


async def test_a_channel_is_made_known_once_and_follows_its_name_and_kind(here: Place) -> None:
    async with here.writing() as work:
        again = await work.channels.ensure(here.space.id, "C-public", "public", ChannelKind.PUBLIC, NOON)
        renamed = await work.channels.ensure(here.space.id, "C-public", "town", ChannelKind.PRIVATE, NOON)
        assert again == here.general
        assert renamed == replace(here.general, name="town", kind=ChannelKind.PRIVATE)
        assert await work.channels.all() == [renamed, here.board, here.direct]


async def test_a_channel_keeps_its_zone_when_its_name_changes(here: Place) -> None:
    zoned = replace(here.general, zone="Asia/Tokyo")
    async with here.writing() as work:
        await work.channels.set_zone(here.general.id, "Asia/Tokyo")
        assert await work.channels.get(here.general.id) == zoned
        renamed = await work.channels.ensure(here.space.id, "C-public", "town", ChannelKind.PUBLIC, NOON)
        assert renamed == replace(zoned, name="town")
        assert await work.settings.zones() == Zones("Europe/Berlin", {here.general.id: "Asia/Tokyo"})
        await work.channels.set_zone(here.general.id, "")
        assert await work.channels.get(here.general.id) == replace(here.general, name="town")
        assert await work.settings.zones() == Zones("Europe/Berlin")
        assert await work.channels.get(10**6) is None


async def test_a_channel_met_by_many_at_once_is_one(here: Place) -> None:
    async def ensure() -> int:
        async with here.writing() as work:
            return (await work.channels.ensure(here.space.id, "C-new", "new", ChannelKind.PUBLIC, NOON)).id

    assert len(set(await asyncio.gather(*(ensure() for _ in range(10))))) == 1


async def test_a_channel_of_an_unknown_space_is_refused(here: Place) -> None:
    async with here.reading() as work:
        with pytest.raises(NotFoundError):
            await work.channels.ensure(987, "C", "c", ChannelKind.PUBLIC, NOON)


async def test_names_longer_than_what_is_kept_are_cut(here: Place) -> None:
    async with here.writing() as work:
        channel = await work.channels.ensure(here.space.id, "C-long", "n" * 999, ChannelKind.PUBLIC, NOON)
        again = await work.channels.ensure(here.space.id, "C-long", "n" * 999, ChannelKind.PUBLIC, NOON)
        member = await work.members.add("n" * 999, Role.MEMBER, at=NOON)
        names = {one.id: one.name for one in await work.members.all()}
    assert channel.name == names[member] == "n" * 200
    assert again == channel


async def test_half_a_character_is_kept_as_a_question_mark_and_looked_up_without_harm(here: Place) -> None:
    half = "a\ud83db"
    async with here.writing() as work:
        member = await work.members.add(half, Role.MEMBER, at=NOON)
        channel = await work.channels.ensure(here.space.id, half, half, ChannelKind.PUBLIC, NOON)
        message = await work.messages.post(channel.id, author_id=member, text=half, key=half, at=NOON)
        work.files.add(StoredFile("f", half, half, 1, "0" * 64, member, channel.id, None, NOON))
        work.audit.add(AuditEntry(NOON, member, channel.id, "task add", half))
        assert (await work.members.all())[-1].name == channel.name == "a?b"
        assert await work.messages.latest(channel.id, member) == [replace(message, text="a?b")]
        assert await work.of(TASKS).suggest(half, here.everything) == []
        assert await work.undo.get(half) is None
        assert await work.files.get(half) is None
    assert await here.storage.system.action(half, NOON) is None
    assert await here.storage.system.delivered(half) is None
    assert await here.storage.system.workspace(half) is None


async def test_the_workspace_keeps_its_settings(here: Place) -> None:
    async with here.writing() as work:
        assert await work.settings.get() == Workspace(here.id, "here", "Europe/Berlin", "EUR", "de")
        await work.settings.set_defaults(zone="UTC", currency="JPY", locale="ja")
    async with here.reading() as work:
        assert await work.settings.get() == Workspace(here.id, "here", "UTC", "JPY", "ja")


async def test_a_workspace_that_does_not_exist_is_a_clear_answer(here: Place) -> None:
    async with here.storage.workspace(999).read() as work:
        with pytest.raises(NotFoundError):
            await work.settings.get()
