"""Who asks: from a platform's person in a platform's channel to a member of a workspace."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import bot.identity.profiles
from bot.identity.identities import DIRECTORY_LIFE
from bot.identity.profiles import ASKED_AGAIN
from core.chat.actor import Actor
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.people.model import Member, Role
from core.shared.errors import InvalidArgumentError, NotFoundError, RefusedError
from core.shared.events import Event
from tests.unit.bot.conftest import Log
from tests.unit.bot.stage import BACK, Stage, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as made:
        yield made


async def who(stage: Stage, by: str = "owner", **more: Any) -> Actor:
    return await stage.product.application.identify(stage.request(by=by, **more))


async def on_slack(stage: Stage, by: str = "U1", space: str = "T1", **more: Any) -> Actor:
    more = {"channel": SHOP, **more}
    return await who(stage, by, platform=Platform.SLACK, space=space, **more)


async def members(stage: Stage, workspace: int = 1) -> list[Member]:
    async with stage.parts.storage.workspace(workspace).read() as work:
        return list(await work.members.all())


# ---------------------------------------------------------------- newcomers


async def test_the_first_person_of_the_console_is_owner_the_rest_are_members(stage: Stage) -> None:
    owner, ann = await who(stage), await who(stage, "ann")
    assert (owner.role, ann.role) == (Role.OWNER, Role.MEMBER)
    assert owner.workspace_id == ann.workspace_id


@pytest.mark.parametrize("platform", [Platform.TERMINAL, Platform.HTTP])
async def test_the_console_the_command_line_and_http_are_one_space(stage: Stage, platform: Platform) -> None:
    owner = await who(stage)
    assert (await who(stage, platform=platform)).member_id == owner.member_id
    assert len(await members(stage)) == 1


async def test_the_owner_may_come_by_the_command_line_first_and_is_called_alike(stage: Stage) -> None:
    owner = await who(stage, platform=Platform.TERMINAL, user=UserRef("owner", "owner"))
    assert (owner.role, owner.name) == (Role.OWNER, "Owner")
    assert await who(stage) == owner


@pytest.mark.parametrize(
    ("profile", "role"),
    [
        (UserRef("U1", "Ann"), Role.MEMBER),
        (UserRef("U1", "Ann", is_admin=True), Role.ADMIN),
        (UserRef("U1", "Ann", is_guest=True), Role.GUEST),
        (UserRef("U1", "Ann", is_admin=True, is_guest=True), Role.ADMIN),
    ],
)
async def test_a_platforms_administrators_start_as_admins_and_its_guests_as_guests(
    stage: Stage, profile: UserRef, role: Role
) -> None:
    stage.chat.profiles["U1"] = profile
    assert (await on_slack(stage)).role is role


async def test_nobody_of_a_platform_is_owner_for_being_called_so(stage: Stage) -> None:
    assert (await on_slack(stage, "owner")).role is Role.MEMBER


async def test_a_newcomers_profile_is_asked_once_and_kept(stage: Stage) -> None:
    stage.chat.profiles["U1"] = UserRef("U1", "Ann Lee", zone="america/new_york", locale="fr")
    ann = await on_slack(stage)
    await on_slack(stage, channel=BACK)
    assert (ann.name, ann.zone, ann.locale) == ("Ann Lee", "America/New_York", "fr")
    assert stage.chat.asked == ["profile U1"]


async def test_somebody_whose_profile_is_not_to_be_had_starts_with_what_the_request_tells(
    stage: Stage, log: Log
) -> None:
    ann = await on_slack(stage, user=UserRef("U9", "ann.lee"))
    assert (ann.name, ann.role) == ("ann.lee", Role.MEMBER)
    assert log.entries("profile_unavailable")


async def test_a_platform_that_does_not_answer_delays_nobody_for_long(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> UserRef:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(stage.chat, "profile", never)
    monkeypatch.setattr(bot.identity.profiles, "PROFILE_TIMEOUT", 0.01)
    assert (await on_slack(stage)).role is Role.MEMBER


async def test_whom_the_platform_did_not_tell_of_is_asked_for_again_after_an_hour(stage: Stage) -> None:
    before = await on_slack(stage, user=UserRef("U1", "ann.lee"))
    stage.chat.profiles["U1"] = UserRef("U1", "Ann Lee", zone="Asia/Tokyo", locale="ja", is_admin=True)
    stage.clock.moment += ASKED_AGAIN - timedelta(seconds=1)
    assert await on_slack(stage, user=UserRef("U1", "ann.lee")) == before
    stage.clock.moment += timedelta(seconds=1)
    after = await on_slack(stage)
    assert (after.member_id, after.name, after.zone) == (before.member_id, "Ann Lee", "Asia/Tokyo")
    assert (after.locale, after.role) == ("ja", Role.ADMIN)
    assert not (await members(stage))[0].is_provisional
    stage.clock.moment += ASKED_AGAIN
    await on_slack(stage)
    assert stage.chat.asked == ["profile U1", "profile U1"]


async def test_asking_again_outlives_the_process(tmp_path: Path) -> None:
    async with staged(tmp_path) as first:
        await on_slack(first)
    async with staged(tmp_path) as second:
        second.chat.profiles["U1"] = UserRef("U1", "Ann", is_guest=True)
        ann = await on_slack(second)
    assert (ann.name, ann.role) == ("Ann", Role.GUEST)


async def test_a_zone_known_from_elsewhere_stays_until_the_platform_tells_another(stage: Stage) -> None:
    ann = await on_slack(stage)
    async with stage.parts.storage.workspace(1).write() as work:
        await work.members.set_profile(ann.member_id, name="U1", zone="Asia/Tokyo", locale="ja", is_provisional=True)
        work.events.record(Event("member.linked", stage.clock.now(), None, None, {}))
        await work.commit()
    stage.chat.profiles["U1"] = UserRef("U1", "Ann")
    stage.clock.moment += ASKED_AGAIN
    after = await on_slack(stage)
    assert (after.name, after.zone, after.locale) == ("Ann", "Asia/Tokyo", "ja")


async def test_a_role_given_meanwhile_stays_when_the_platform_tells_at_last(stage: Stage) -> None:
    ann = await on_slack(stage)
    async with stage.parts.storage.workspace(1).write() as work:
        await work.members.set_role(ann.member_id, Role.CLERK)
        work.events.record(Event("member.role_changed", stage.clock.now(), None, None, {}))
        await work.commit()
    stage.chat.profiles["U1"] = UserRef("U1", "Ann", is_admin=True)
    stage.clock.moment += ASKED_AGAIN
    assert await on_slack(stage) == replace(ann, name="Ann", role=Role.CLERK)


async def test_what_is_asked_again_is_asked_once_for_all_who_wait(stage: Stage) -> None:
    await on_slack(stage)
    stage.chat.profiles["U1"] = UserRef("U1", "Ann")
    stage.clock.moment += ASKED_AGAIN
    found = await asyncio.gather(*(on_slack(stage) for _ in range(20)))
    assert {actor.name for actor in found} == {"Ann"}
    assert stage.chat.asked == ["profile U1", "profile U1"]


async def test_a_platform_that_still_does_not_answer_is_left_alone_for_another_hour(stage: Stage) -> None:
    for _ in range(3):
        await on_slack(stage)
        await on_slack(stage)
        stage.clock.moment += ASKED_AGAIN
    assert stage.chat.asked == ["profile U1"] * 3


async def test_a_slow_platform_does_not_hold_back_newcomers_of_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def slow(*_: object) -> UserRef:
        asked.set()
        await answer.wait()
        return UserRef("U1", "Ann")

    monkeypatch.setattr(stage.chat, "profile", slow)
    monkeypatch.setattr(bot.identity.profiles, "PROFILE_TIMEOUT", 30.0)
    waiting = asyncio.create_task(on_slack(stage))
    await asked.wait()
    assert (await who(stage, "ben")).role is Role.MEMBER
    answer.set()
    assert (await waiting).name == "Ann"


async def test_twenty_first_commands_at_once_make_one_member_and_one_channel(stage: Stage) -> None:
    stage.chat.profiles["U1"] = UserRef("U1", "Ann")
    found = await asyncio.gather(*(on_slack(stage) for _ in range(20)))
    assert len({actor.member_id for actor in found}) == 1
    assert len({actor.channel_id for actor in found}) == 1
    assert [member.name for member in await members(stage, found[0].workspace_id)] == ["Ann"]
    assert stage.chat.asked == ["profile U1"]


async def test_twenty_newcomers_at_once_are_twenty_members(stage: Stage) -> None:
    found = await asyncio.gather(*(who(stage, f"person{number}") for number in range(20)))
    assert len({actor.member_id for actor in found}) == 20
    assert len(await members(stage)) == 20


async def test_a_member_who_was_switched_off_is_refused(stage: Stage) -> None:
    await who(stage)
    ann = await who(stage, "ann")
    owner = await who(stage)
    async with stage.parts.storage.workspace(1).write() as work:
        await work.members.move_identities(owner.member_id, ann.member_id)
        await work.commit()
    stage.clock.moment += DIRECTORY_LIFE
    assert (await who(stage)).member_id == ann.member_id
    stage.product.identities.forget_spaces()
    inactive = next(member for member in await members(stage) if not member.active)
    assert inactive.id == owner.member_id
    reply = await stage.type("/user list", by="ann")
    assert [row.cells[0] for row in reply.tables[0].rows] == ["Ann"]


# ---------------------------------------------------------------- zones and channels


@pytest.mark.parametrize("zone", ["Nowhere/Town", "../../etc/passwd", "x" * 500, "\x00", "Factory"])
async def test_a_zone_that_does_not_exist_is_never_anybodys(stage: Stage, zone: str) -> None:
    assert (await who(stage, user=UserRef("ann", "Ann", zone=zone))).zone == "Europe/Berlin"
    reply = await stage.type("/task add Buy milk due:tomorrow 9am", user=UserRef("ann", "Ann", zone=zone))
    assert reply.problem is None


async def test_own_zone_goes_before_the_workspaces(stage: Stage) -> None:
    assert (await who(stage, "ben")).zone == "Europe/Berlin"
    assert (await who(stage, user=UserRef("ann", "Ann", zone="Asia/Tokyo"))).zone == "Asia/Tokyo"
    assert (await who(stage, user=UserRef("ann", "Ann"))).zone == "Asia/Tokyo"


async def test_a_renamed_channel_is_brought_up_to_date(stage: Stage) -> None:
    before = await on_slack(stage)
    after = await on_slack(stage, channel=ChannelRef("C1", "store", ChannelKind.PRIVATE))
    assert after.channel_id == before.channel_id
    assert (after.channel_name, after.channel_kind) == ("store", ChannelKind.PRIVATE)


async def test_a_channel_whose_name_is_not_told_keeps_the_one_it_has(stage: Stage) -> None:
    await on_slack(stage)
    assert (await on_slack(stage, channel=ChannelRef("C1", "", ChannelKind.PUBLIC))).channel_name == "shop"


async def test_a_channel_without_any_name_goes_by_its_id(stage: Stage) -> None:
    assert (await on_slack(stage, channel=ChannelRef("C7", "", ChannelKind.PUBLIC))).channel_name == "C7"


# ---------------------------------------------------------------- workspaces


async def test_the_first_space_shares_the_default_workspace_and_a_second_one_has_its_own(stage: Stage) -> None:
    console, first, second = await who(stage), await on_slack(stage), await on_slack(stage, space="T2")
    assert console.workspace_id == first.workspace_id
    assert second.workspace_id != first.workspace_id
    assert first.space_id != second.space_id


@pytest.mark.parametrize(
    ("name", "kept"), [("\u202eAnn\u200b \n Lee\u0007", "Ann Lee"), ("\u200b", "U9"), ("\u05e2\u05d1", "\u05e2\u05d1")]
)
async def test_a_name_is_one_line_without_what_hides_or_turns(stage: Stage, name: str, kept: str) -> None:
    assert (await on_slack(stage, "U9", user=UserRef("U9", name))).name == kept


async def test_the_command_line_speaks_as_a_member_by_name(stage: Stage) -> None:
    ann = await on_slack(stage, user=UserRef("U9", "Ann Lee"))
    found = await who(stage, "ann-lee", platform=Platform.TERMINAL)
    assert found.member_id == ann.member_id


async def test_a_name_of_several_is_refused_on_the_command_line_rather_than_made_anew(stage: Stage) -> None:
    for number, name in enumerate(["Ann Lee", "Ann Diaz"]):
        await on_slack(stage, f"U{number}", user=UserRef(f"U{number}", name))
    before = len(await members(stage))
    with pytest.raises(InvalidArgumentError) as caught:
        await who(stage, "ann", platform=Platform.TERMINAL)
    assert (caught.value.reason, caught.value.details["count"]) == ("several_people", 2)
    assert len(await members(stage)) == before


async def test_the_command_line_names_a_channel_as_people_do(stage: Stage) -> None:
    shop = await on_slack(stage)
    found = await who(stage, platform=Platform.TERMINAL, channel=ChannelRef("shop", "shop", ChannelKind.PUBLIC))
    assert found.channel_id == shop.channel_id


async def test_the_command_line_may_name_another_workspace_but_makes_none(stage: Stage) -> None:
    other = await on_slack(stage, space="T1"), await on_slack(stage, space="T2")
    assert (await who(stage, platform=Platform.TERMINAL, space="slack-T2")).workspace_id == other[1].workspace_id
    with pytest.raises(NotFoundError):
        await who(stage, platform=Platform.TERMINAL, space="nowhere")


async def test_a_person_of_another_team_with_the_same_id_is_somebody_else(stage: Stage) -> None:
    one, two = await on_slack(stage, "U1", "T1"), await on_slack(stage, "U1", "T2")
    assert (one.workspace_id, one.member_id) != (two.workspace_id, two.member_id)


async def test_twenty_requests_of_a_new_team_make_one_space(stage: Stage) -> None:
    found = await asyncio.gather(*(on_slack(stage, f"U{number}", "T5") for number in range(20)))
    assert len({actor.space_id for actor in found}) == 1
    assert len({actor.workspace_id for actor in found}) == 1


async def test_a_workspace_that_a_dying_process_left_without_its_space_is_taken_up(stage: Stage) -> None:
    await on_slack(stage)
    left = await stage.parts.storage.system.create_workspace(
        "slack-T2", zone="UTC", currency="EUR", locale="en", at=stage.clock.now()
    )
    assert (await on_slack(stage, space="T2")).workspace_id == left.id
    assert (await on_slack(stage, space="T2")).workspace_id == left.id


# ---------------------------------------------------------------- what is kept in memory


async def test_people_are_read_again_when_they_change_and_now_and_then(stage: Stage) -> None:
    await who(stage)
    identities, storage = stage.product.identities, stage.parts.storage
    before = await identities.directory(1)
    assert await identities.directory(1) is before
    async with storage.workspace(1).write() as work:
        work.events.record(Event("task.added", stage.clock.now(), None, None, {}))
        await work.commit()
    assert await identities.directory(1) is before
    async with storage.workspace(1).write() as work:
        work.events.record(Event("member.changed", stage.clock.now(), None, None, {}))
        await work.commit()
    after = await identities.directory(1)
    assert after is not before
    stage.clock.moment += DIRECTORY_LIFE - timedelta(seconds=1)
    assert await identities.directory(1) is after
    stage.clock.moment += timedelta(seconds=1)
    assert await identities.directory(1) is not after


async def test_a_member_is_mentioned_by_what_their_space_calls_them(stage: Stage) -> None:
    ann = await on_slack(stage)
    identities = stage.product.identities
    assert identities.user_in(Platform.SLACK, "T1", ann.member_id) == "U1"
    assert identities.user_in(Platform.SLACK, "T1", 999) is None
    assert identities.user_in(Platform.SLACK, "T9", ann.member_id) is None
    owner = await who(stage)
    assert identities.user_in(Platform.SLACK, "T1", owner.member_id) is None


async def test_a_joined_space_is_found_in_its_new_workspace_at_once(stage: Stage) -> None:
    await on_slack(stage, space="T1")
    stage.chat.profiles["U2"] = UserRef("U2", "Bea", is_admin=True)
    before = await on_slack(stage, "U2", "T2")
    offered = await stage.type("/qm connect")
    code = next(span.text for span in offered.text if not isinstance(span, str) and span.kind == "code").split()[-1]
    there = {"platform": Platform.SLACK, "space": "T2", "channel": SHOP}
    reply = await stage.type(f"/qm connect {code}", "U2", delivery="d1", **there)
    assert reply.problem is None, reply.problem
    after = await on_slack(stage, "U2", "T2")
    assert (before.workspace_id, after.workspace_id) == (2, 1)
    assert after.role is Role.ADMIN
    assert await stage.type(f"/qm connect {code}", "U2", delivery="d1", **there) == reply
    assert (await stage.type("/task add Buy milk", "U2", **there)).problem is None
    listed = await stage.type("/task list all channel:all")
    assert [row.cells[1] for row in listed.tables[0].rows] == ["Buy milk"]


async def test_refused_identities_are_told_in_words(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(*_: object) -> None:
        raise RefusedError("inactive")

    monkeypatch.setattr(type(stage.product.identities), "actor", refuse)
    reply = await stage.type("/task list")
    assert reply.problem is not None
    assert reply.problem.message == "Your membership here is switched off."
