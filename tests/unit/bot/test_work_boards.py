"""The board of a person: their open tasks in their direct messages, kept up to date whoever changes them and where."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.chat.reply import Action, Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain
from core.people.model import Identity, Role
from core.ports.platform import PostOutcomeUnknownError, PostRejectedError
from core.tasks.repository import TASKS
from tests.support.statements import statements
from tests.unit.bot.stage import Stage, button, staged
from tests.unit.bot.test_boards import ANNA, SHOP, Shop

BEN = UserRef("U2", "Ben")
DIRECT = {user.id: ChannelRef(f"D-{user.id}", "", ChannelKind.DIRECT) for user in (ANNA, BEN)}
SAFE = ChannelRef("C9", "safe", ChannelKind.PRIVATE)


class Office(Shop):
    """A team on the recording platform, each with a conversation with the bot."""

    async def says(self, user: UserRef, line: str, channel: ChannelRef = SHOP, **more: Any) -> Reply:
        reply = await self.stage.type(line, platform=Platform.SLACK, channel=channel, user=user, **more)
        assert reply.problem is None, reply.problem
        return reply

    async def directly(self, user: UserRef, line: str, **more: Any) -> Reply:
        return await self.says(user, line, DIRECT[user.id], **more)

    @property
    def face(self) -> Reply:
        """The newest state of the overview."""
        return self.chat.edits[-1][1] if self.chat.edits else self.chat.posts[-1][1]

    @property
    def titles(self) -> list[object]:
        """The tasks on it."""
        return [row.cells[1] for table in self.face.tables for row in table.rows]

    def of_row(self, row: int, label: str) -> Action:
        return next(one for one in self.face.tables[0].rows[row].actions if one.label == label)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with staged(tmp_path) as stage:
        yield await _opened(stage)


async def _opened(stage: Stage) -> Office:
    stage.chat.profiles.update({"U1": ANNA, "U2": BEN})
    office = Office(stage)
    for user in (ANNA, BEN):
        await office.directly(user, "/user whoami")
    return office


async def _up(office: Office, user: UserRef = BEN) -> None:
    await office.directly(user, "/task board")
    await office.turn()


async def test_it_shows_the_persons_own_open_tasks_of_all_channels_due_first(office: Office) -> None:
    await office.says(ANNA, "/task add Later due:friday assign:<@U2>")
    await office.says(ANNA, "/task add Late due:2026-01-02 assign:<@U1>,<@U2>", SAFE)
    await office.says(ANNA, "/task add Annas assign:@me")
    await office.says(ANNA, "/task add Nobodys")
    said = await office.directly(BEN, "/task board")
    assert "Your open tasks, of all channels, come up here" in plain(said.text)
    await office.turn()
    ((where, face, _),) = office.chat.posts
    assert (where.channel, office.chat.pinned) == ("D-U2", ["m1"])
    assert face.title == "My work"
    assert plain(face.text) == "2 tasks, 1 overdue."
    assert office.titles == ["Late", "Later"]
    late = face.tables[0].rows[0]
    assert (late.mark, late.cells[-1]) == ("warning", "Anna")
    assert [action.label for action in late.actions] == ["Done", "Snooze", "Assign"]
    assert [action.label for action in face.actions] == ["Add a task"]


async def test_what_others_do_elsewhere_shows_by_one_edit(office: Office) -> None:
    await _up(office)
    assert plain(office.face.text).startswith("Nothing is waiting for you.")
    await office.says(ANNA, "/task add Buy milk")
    await office.says(ANNA, "/task assign 1 <@U2>")
    await office.says(ANNA, "/task add Sweep assign:<@U2>", SAFE)
    await office.turn()
    assert (len(office.chat.edits), office.titles) == (1, ["Buy milk", "Sweep"])
    await office.says(ANNA, "/task edit 2 Sweep it well", SAFE)
    await office.turn()
    assert office.titles == ["Buy milk", "Sweep it well"]
    await office.says(ANNA, "/task due 2 tomorrow", SAFE)
    await office.turn()
    assert office.titles == ["Sweep it well", "Buy milk"]
    done = await office.says(ANNA, "/task done 1")
    await office.turn()
    assert office.titles == ["Sweep it well"]
    await office.says(ANNA, "", action=button(done, "Undo").id)
    await office.turn()
    assert office.titles == ["Sweep it well", "Buy milk"]
    await office.says(ANNA, "/task assign 1 <@U2> mode:remove")
    await office.says(ANNA, "/task remove 2", SAFE)
    await office.turn()
    assert office.titles == []


async def test_what_concerns_others_asks_the_database_nothing(office: Office) -> None:
    await _up(office)
    await office.directly(ANNA, "/task board")
    await office.turn()
    await office.turn()
    posts, edits = len(office.chat.posts), len(office.chat.edits)
    for line in ("/task add Buy milk", "/task add Sweep assign:@me", "/task done 2", "/task edit 1 Buy oat milk"):
        await office.says(ANNA, line)
    with statements() as seen:
        await office.turn()
    assert (len(office.chat.posts), len(office.chat.edits)) == (posts, edits)
    assert len(seen) == 1, "only Anna's own overview is asked for"
    await office.directly(BEN, "/task add For nobody, beside the overview")
    with statements() as seen:
        await office.turn()
    assert seen == []


async def test_an_edit_costs_one_statement(office: Office) -> None:
    await _up(office)
    await office.turn()
    for line in ("/task add Buy milk assign:<@U2>", "/task add Sweep assign:<@U2>", "/task done 1"):
        await office.says(ANNA, line)
        edits = len(office.chat.edits)
        with statements() as seen:
            await office.turn(seconds=31)
        assert len(office.chat.edits) == edits + 1
        assert len(seen) <= 1, seen
        await office.turn(seconds=61)


async def test_a_button_means_its_task_however_the_message_was_edited_since(office: Office) -> None:
    for title in ("One", "Two"):
        await office.says(ANNA, f"/task add {title} assign:<@U2>")
    await _up(office)
    done_two = office.of_row(1, "Done")
    await office.says(ANNA, "/task done 1")
    await office.says(ANNA, "/task add Three due:today assign:<@U2>")
    await office.turn(seconds=40 * 24 * 3600)
    assert office.titles == ["Three", "Two"]
    told = await office.directly(BEN, "", action=done_two.id)
    assert "Ben completed #2 Two" in plain(told.text)
    await office.turn()
    assert office.titles == ["Three"]


async def test_snoozing_by_its_button_brings_the_controls_back_to_what_they_were(office: Office) -> None:
    await office.says(ANNA, "/task add Buy milk assign:<@U2>")
    await _up(office)
    (later,) = [choice for choice in office.of_row(0, "Snooze").choices if choice.label == "3 hours"]
    told = await office.directly(BEN, "", action=later.id)
    assert "snoozed #1" in plain(told.text)
    await office.turn()
    assert len(office.chat.edits) == 1
    await office.says(ANNA, "/task snooze 1 in 3h")
    await office.turn()
    assert len(office.chat.edits) == 1


async def test_a_task_added_by_its_button_is_ones_own(office: Office) -> None:
    await _up(office)
    add = button(office.face, "Add a task")
    await office.directly(BEN, "", action=add.id, arguments={"title": "Buy milk"})
    await office.turn()
    assert office.titles == ["Buy milk"]


async def test_its_buttons_are_for_nobody_else(office: Office) -> None:
    await office.says(ANNA, "/task add Buy milk assign:<@U2>")
    await _up(office)
    reply = await office.stage.type(
        "", platform=Platform.SLACK, channel=DIRECT["U1"], user=ANNA, action=office.of_row(0, "Done").id
    )
    assert reply.problem


async def test_what_does_not_fit_is_counted_and_a_button_away(office: Office) -> None:
    for number in range(12):
        await office.says(ANNA, f"/task add Task {number} assign:<@U2>")
    await _up(office)
    assert plain(office.face.text) == "12 tasks. These come first; 2 more: /task mine"
    assert len(office.titles) == 10
    listed = await office.directly(BEN, "", action=button(office.face, "Show all").id)
    assert listed.title == "My work"


async def test_who_only_reads_gets_no_buttons_on_tasks(office: Office) -> None:
    await office.says(ANNA, "/task add Buy milk assign:<@U2>")
    await _up(office)
    space = await office.stage.product.identities.space(office.stage.request(platform=Platform.SLACK))
    actor = await office.stage.product.application.identify(
        office.stage.request(platform=Platform.SLACK, channel=SHOP, user=BEN)
    )
    async with office.stage.parts.storage.workspace(space.workspace_id).write() as work:
        await work.members.set_role(actor.member_id, Role.GUEST)
        await work.commit()
    office.stage.product.identities.forget_spaces()
    await office.says(ANNA, "/task edit 1 Buy oat milk")
    await office.turn()
    assert office.face.tables[0].rows[0].actions == ()


async def test_a_zone_of_ones_own_changes_when_things_are_due(office: Office) -> None:
    await office.says(ANNA, "/task add Buy milk due:2026-12-24 09:00 assign:<@U2>")
    await _up(office)
    before = office.face.tables[0].rows[0].cells[2]
    await office.directly(BEN, "/user zone Asia/Tokyo")
    await office.turn()
    assert office.face.tables[0].rows[0].cells[2] != before
    assert len(office.chat.edits) == 1


async def test_it_moves_down_and_is_taken_down(office: Office) -> None:
    await _up(office)
    moved = await office.directly(BEN, "/task board")
    assert "move down here" in plain(moved.text)
    await office.turn()
    assert (len(office.chat.posts), office.chat.removed) == (2, ["m1"])
    gone = await office.directly(BEN, "/task unboard")
    assert "The overview of your tasks goes." in plain(gone.text)
    await office.turn()
    await office.says(ANNA, "/task add Buy milk assign:<@U2>")
    await office.turn(seconds=61)
    assert office.chat.removed == ["m1", "m2"]
    assert office.chat.edits == []
    await office.directly(BEN, "", action=button(gone, "Put it up again").id)
    await office.turn()
    assert office.titles == ["Buy milk"]


async def test_a_conversation_that_two_spaces_share_has_one(office: Office) -> None:
    await office.says(ANNA, "/task add Buy milk assign:<@U2>")
    await _up(office)
    system, clock = office.stage.parts.storage.system, office.stage.clock
    first = await office.stage.product.identities.space(office.stage.request(platform=Platform.SLACK))
    other = await system.ensure_space(first.workspace_id, Platform.SLACK, "T2", "Other", clock.now())
    (board,) = await system.boards()
    async with office.stage.parts.storage.workspace(first.workspace_id).write() as work:
        await work.members.add_identity(Identity(Platform.SLACK, other.id, BEN.id, board.made_by))
        await work.commit()
    office.stage.product.identities.forget_spaces()
    moved = await office.directly(BEN, "/task board", space="T2")
    assert "move down here" in plain(moved.text)
    await office.turn()
    assert (len(office.chat.posts), office.chat.removed) == (2, ["m1"])
    await office.directly(BEN, "/task unboard")
    await office.turn()
    assert office.chat.removed == ["m1", "m2"]
    assert await system.boards() == []


async def test_in_a_conversation_of_other_people_it_is_refused(office: Office) -> None:
    office.chat.outside.add("D-others")
    others = ChannelRef("D-others", "", ChannelKind.DIRECT)
    reply = await office.stage.type("/task board", platform=Platform.SLACK, channel=others, user=BEN)
    assert reply.problem
    assert reply.problem.message == "I am not in this conversation, so I can't keep a board here."
    await office.turn()
    assert office.chat.posts == []


async def test_a_deleted_message_is_told_once_and_not_replaced(office: Office) -> None:
    await _up(office)
    office.chat.gone.add("m1")
    for number in range(3):
        await office.says(BEN, f"/task add Task {number} assign:@me")
        await office.turn(seconds=61)
    assert await office.notices() == ["The overview of your tasks is off"]
    assert len(office.chat.posts) == 1


def _refuses(reason: str) -> Any:
    async def answer(_where: object, _key: str) -> None:
        raise PostRejectedError(reason)

    return answer


async def test_closed_direct_messages_end_it_without_a_notice_that_could_not_arrive(office: Office) -> None:
    await office.directly(BEN, "/task board")
    office.chat.answers.append(_refuses("no_direct_messages"))
    await office.turn()
    await office.turn(seconds=61)
    assert office.chat.posts == []
    assert await office.notices() == []
    assert await office.stage.parts.storage.system.boards() == []


async def test_a_post_of_unknown_outcome_is_looked_for_before_it_is_repeated(office: Office) -> None:
    async def arrives_all_the_same(where: Any, key: str) -> None:
        office.chat.posts.append((where, Reply(), key))
        raise PostOutcomeUnknownError

    await office.directly(BEN, "/task board")
    office.chat.answers.append(arrives_all_the_same)
    await office.turn()
    await office.turn(seconds=10)
    await office.turn(seconds=10)
    assert len(office.chat.posts) == 1
    assert [message for message, _ in office.chat.edits] == ["m1"]


async def test_a_restart_goes_on_with_it_and_edits_nothing_without_need(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        before = await _opened(stage)
        await before.says(ANNA, "/task add Buy milk assign:<@U2>")
        await _up(before)
        done = before.of_row(0, "Done")
    async with staged(tmp_path, clock=stage.clock) as stage:
        after = Office(stage)
        await after.turn()
        assert (after.chat.posts, after.chat.edits) == ([], [])
        await after.says(ANNA, "/task add Sweep assign:<@U2>")
        await after.turn()
        assert ([message for message, _ in after.chat.edits], after.titles) == (["m1"], ["Buy milk", "Sweep"])
        await after.directly(BEN, "", action=done.id)
        await after.turn()
        assert after.titles == ["Sweep"]


async def test_what_another_process_changed_shows_within_the_minute(office: Office) -> None:
    await office.says(ANNA, "/task add Buy milk assign:<@U2>")
    await _up(office)
    space = await office.stage.product.identities.space(office.stage.request(platform=Platform.SLACK))
    async with office.stage.parts.storage.workspace(space.workspace_id).write() as work:
        found = await work.of(TASKS).find(1)
        assert found
        await work.of(TASKS).change(replace(found, title="Buy oat milk", version=2), 1)
        await work.commit()
    await office.turn()
    assert office.chat.edits == []
    await office.turn(seconds=61)
    assert office.titles == ["Buy oat milk"]


async def test_accounts_that_become_one_person_share_their_tasks_on_both_overviews(office: Office) -> None:
    await office.says(ANNA, "/task add Annas assign:<@U1>")
    await office.says(ANNA, "/task add Bens assign:<@U2>")
    await _up(office, BEN)
    await office.directly(ANNA, "/task board")
    await office.turn()
    offered = plain((await office.directly(ANNA, "/user link")).text)
    code = next(word for word in offered.replace("`", " ").split() if len(word) >= 8 and word.isupper())
    await office.directly(BEN, f"/user link {code} confirm:yes")
    await office.turn()
    newest = dict(office.chat.edits)
    assert [[row.cells[1] for row in newest[message].tables[0].rows] for message in ("m1", "m2")] == [
        ["Annas", "Bens"],
        ["Annas", "Bens"],
    ]
    done = newest["m1"].tables[0].rows[0].actions[0]
    told = await office.directly(BEN, "", action=done.id)
    assert "completed #1" in plain(told.text)
    assert office.chat.removed == []


async def test_of_somebody_who_is_no_active_member_nothing_is_shown_any_more(office: Office) -> None:
    await office.says(ANNA, "/task add Buy milk assign:<@U2>")
    await _up(office)
    space = await office.stage.product.identities.space(office.stage.request(platform=Platform.SLACK))
    actor = await office.stage.product.application.identify(
        office.stage.request(platform=Platform.SLACK, channel=SHOP, user=BEN)
    )
    async with office.stage.parts.storage.workspace(space.workspace_id).write() as work:
        heir = await work.members.add("Cleo", Role.MEMBER, at=office.stage.clock.now())
        await work.members.add_identity(Identity(Platform.SLACK, space.id, "U3", heir))
        # As another process would: the board stays behind with somebody who is out.
        (board,) = await office.stage.parts.storage.system.boards()
        await work.members.move_identities(actor.member_id, heir)
        await work.boards.put(board)
        await work.commit()
    await office.says(ANNA, "/task edit 1 Buy oat milk")
    await office.turn(seconds=61)
    await office.turn()
    assert office.chat.edits == []
    assert office.chat.removed == ["m1"]
    assert await office.stage.parts.storage.system.boards() == []


async def test_discord_offers_to_keep_the_list_where_it_can_be_kept(office: Office) -> None:
    async def mine(channel: ChannelRef, **more: Any) -> Reply:
        return await office.stage.type(
            "/task mine", platform=Platform.DISCORD, channel=channel, user=UserRef("7", "Cleo"), space="5", **more
        )

    direct = ChannelRef("70", "", ChannelKind.DIRECT)
    assert [action.label for action in (await mine(direct)).actions] == ["Keep it here"]
    kept = await office.stage.press(
        button(await mine(direct), "Keep it here"),
        platform=Platform.DISCORD,
        channel=direct,
        user=UserRef("7", "Cleo"),
        space="5",
    )
    assert "allow direct messages" in plain(kept.text)
    elsewhere = await mine(ChannelRef("71", "general", ChannelKind.PUBLIC))
    assert elsewhere.actions == ()
    assert "open direct messages with me" in plain(elsewhere.text)
    assert (await office.directly(BEN, "/task mine")).actions == ()
