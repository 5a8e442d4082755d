"""Posts leave the outbox in order, each once as far as anybody can know, and find another way where one is closed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import relay as relay_module
from bot.jobs.given_up import GivenUp
from bot.jobs.relay import BUDGET, MOST_ATTEMPTS, Relay
from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, UserRef
from core.chat.text import plain, text
from core.people.model import Role
from core.ports.platform import Destination, PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.ports.storage import OutboxItem, OutboxQueue, Post, StorageUnavailableError
from tests.support.patience import until
from tests.unit.bot.conftest import Log
from tests.unit.bot.stage import Chat, Stage, staged

SHOP = ChannelRef("C1", "shop", ChannelKind.PUBLIC)
YARD = ChannelRef("C2", "yard", ChannelKind.PUBLIC)
DIRECT = ChannelRef("D1", "", ChannelKind.DIRECT)
LEASE = timedelta(minutes=2, seconds=1)


class Office:
    """A Slack team with Ann and two channels, and the relay that serves it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.chat = stage.chat
        self.counted: list[tuple[str, str]] = []
        self.pauses: list[float] = []
        self.relay = Relay(
            stage.parts.storage.outbox,
            stage.product.identities,
            stage.parts.messengers,
            stage.clock,
            lambda platform, outcome: self.counted.append((platform, outcome)),
            self.pauses.append,
            GivenUp(stage.parts.storage, stage.product.identities, stage.clock).tell,
        )
        self.workspace = self.ann = self.shop = self.yard = self.direct = 0

    async def open(self) -> None:
        ids = []
        for channel in (SHOP, YARD, DIRECT):
            request = self.stage.request(platform=Platform.SLACK, channel=channel, user=UserRef("U1", "Ann"))
            actor = await self.stage.product.application.identify(request)
            ids.append(actor.channel_id)
            self.workspace, self.ann = actor.workspace_id, actor.member_id
        self.shop, self.yard, self.direct = ids
        self.chat.asked.clear()

    async def queue(
        self, words: str, *, channel: int | None = None, member: int | None = None, schedule: int = 0
    ) -> None:
        async with self.stage.parts.storage.workspace(self.workspace).write() as work:
            work.outbox.add(Post(Reply(text=text(words)), channel, member, schedule), self.stage.clock.now())
            await work.commit()

    async def step(self, later: timedelta = timedelta(0)) -> bool:
        self.stage.clock.moment += later
        began = await self.relay.step()
        await self.relay.settle(10.0)
        return began

    @property
    def posts(self) -> list[tuple[str, str]]:
        """Where each post went (a channel, or `@` and a person), and its words."""
        return [(where.channel or f"@{where.user}", plain(reply.text)) for where, reply, _ in self.chat.posts]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with staged(tmp_path) as stage:
        made = Office(stage)
        await made.open()
        yield made


def failing(error: Exception, at: str = "") -> Callable[[Destination, str], Awaitable[str | None]]:
    """The platform does not take the post, or only posts to `at`."""

    async def answer(where: Destination, _key: str) -> str | None:
        if where.channel == at or not at:
            raise error
        return None

    return answer


def losing(chat: Chat, error: Exception) -> Callable[[Destination, str], Awaitable[str | None]]:
    """The platform takes the post, but its answer is lost."""

    async def answer(where: Destination, key: str) -> str | None:
        chat.posts.append((where, Reply(text=text("taken")), key))
        raise error

    return answer


async def test_nothing_to_post_is_said_so(office: Office) -> None:
    assert await office.step() is False


async def test_a_post_to_a_channel_leaves_once(office: Office) -> None:
    await office.queue("hello", channel=office.shop)
    assert await office.step() is True
    assert await office.step() is False
    assert office.posts == [("C1", "hello")]
    assert office.counted == [("slack", "sent")]


async def test_posts_of_one_destination_leave_in_order_and_others_do_not_wait(office: Office) -> None:
    for words in ("one", "two", "three"):
        await office.queue(words, channel=office.shop)
    await office.queue("elsewhere", channel=office.yard)
    office.chat.answers = [failing(PostDelayedError(30.0), at="C1") for _ in range(2)]
    await office.step()
    assert office.posts == [("C2", "elsewhere")]
    await office.step(timedelta(seconds=10))
    assert office.posts == [("C2", "elsewhere")]
    while await office.step(timedelta(seconds=31)):
        pass
    assert office.posts == [("C2", "elsewhere"), ("C1", "one"), ("C1", "two"), ("C1", "three")]


async def test_a_post_for_a_person_goes_to_their_direct_messages(office: Office) -> None:
    await office.queue("for you", channel=office.shop, member=office.ann)
    await office.step()
    assert office.posts == [("@U1", "for you")]


async def test_a_person_who_cannot_be_reached_is_told_in_the_channel(office: Office, log: Log) -> None:
    await office.queue("for you", channel=office.shop, member=office.ann)
    office.chat.answers = [failing(PostRejectedError("cannot_dm_bot"))]
    await office.step()
    assert office.posts == [("C1", "for you")]
    assert office.counted == [("slack", "rejected"), ("slack", "sent")]
    assert log.entries("post_rejected")[0]["reason"] == "cannot_dm_bot"


async def test_somebody_gone_is_told_in_the_channel(office: Office) -> None:
    await office.queue("for nobody", channel=office.shop, member=999)
    await office.step()
    assert office.posts == [("C1", "for nobody")]


async def test_what_was_for_one_person_is_not_posted_to_another_direct_channel(office: Office, log: Log) -> None:
    await office.queue("for you", channel=office.direct, member=office.ann)
    office.chat.answers = [failing(PostRejectedError("user_disabled"))]
    await office.step()
    assert office.posts == []
    assert log.entries("post_given_up")[0]["reason"] == "undeliverable"
    assert await office.step(LEASE) is False


async def test_what_nobody_takes_is_given_up_and_the_next_one_leaves(office: Office) -> None:
    await office.queue("lost", channel=office.shop)
    await office.queue("next", channel=office.shop)
    office.chat.answers = [failing(PostRejectedError("channel_not_found"))]
    await office.step()
    await office.step()
    assert office.posts == [("C1", "next")]


async def test_a_post_without_any_destination_is_given_up(office: Office) -> None:
    await office.queue("nowhere", channel=999)
    assert await office.step() is True
    assert await office.step(LEASE) is False
    assert office.posts == []


async def test_a_post_for_a_platform_that_is_not_connected_is_given_up(office: Office) -> None:
    office.stage.parts.messengers.clear()
    await office.queue("nowhere", channel=office.shop)
    await office.step()
    assert await office.step(LEASE) is False


@pytest.mark.parametrize("error", [PostOutcomeUnknownError(), TimeoutError(), RuntimeError("the client broke")])
async def test_a_post_of_unknown_outcome_is_looked_for_and_not_posted_again(office: Office, error: Exception) -> None:
    await office.queue("hello", channel=office.shop)
    office.chat.answers = [losing(office.chat, error)]
    await office.step()
    assert office.chat.asked == []
    await office.step(LEASE)
    assert office.chat.asked == ["find C1"]
    assert len(office.posts) == 1
    assert await office.step(LEASE) is False


async def test_a_post_of_unknown_outcome_that_did_not_arrive_is_posted_again(office: Office) -> None:
    await office.queue("hello", channel=office.shop)
    office.chat.answers = [failing(PostOutcomeUnknownError())]
    await office.step()
    await office.step(LEASE)
    assert office.posts == [("C1", "hello")]


async def test_a_post_in_doubt_that_is_put_off_is_looked_for_again(office: Office) -> None:
    await office.queue("hello", channel=office.shop)
    office.chat.answers = [failing(PostOutcomeUnknownError()), failing(PostDelayedError(5.0))]
    await office.step()
    await office.step(LEASE)
    assert office.posts == []
    await office.step(LEASE)
    assert office.chat.asked == ["find C1", "find C1"]
    assert office.posts == [("C1", "hello")]


async def test_a_post_in_doubt_goes_on_to_the_channel_where_the_person_cannot_be_written_to_any_more(
    office: Office,
) -> None:
    await office.queue("for you", channel=office.shop, member=office.ann)
    office.chat.answers = [failing(PostOutcomeUnknownError())]
    await office.step()
    office.chat.unreadable = [PostRejectedError("cannot_dm_bot")]
    await office.step(LEASE)
    assert office.chat.asked == ["find U1", "find C1"]
    assert office.posts == [("C1", "for you")]


async def test_a_post_under_way_when_the_process_died_is_looked_for_first(office: Office) -> None:
    await office.queue("hello", channel=office.shop)
    outbox = office.stage.parts.storage.outbox
    (item,) = await outbox.claim(office.stage.clock.now(), 5)
    spaces = {space.platform: space for space in await office.stage.product.identities.all_spaces()}
    office.chat.posts.append((Destination(spaces[Platform.SLACK], channel="C1"), item.post.reply, item.id))
    assert await outbox.recover(office.stage.clock.now()) == 1
    await office.step()
    assert office.chat.asked == ["find C1"]
    assert len(office.posts) == 1


async def test_where_history_cannot_be_read_a_post_in_doubt_is_never_posted_again(office: Office, log: Log) -> None:
    await office.queue("hello", channel=office.shop)
    office.chat.answers = [losing(office.chat, PostOutcomeUnknownError())]
    office.chat.unreadable = [PostOutcomeUnknownError() for _ in range(50)]
    for _ in range(MOST_ATTEMPTS + 3):
        await office.step(timedelta(minutes=15))
    assert len(office.posts) == 1
    assert log.entries("post_given_up")[0]["reason"] == "outcome_unknown"
    assert await office.step(timedelta(minutes=15)) is False


async def test_a_platform_that_says_when_to_come_back_is_obeyed(office: Office) -> None:
    await office.queue("hello", channel=office.shop)
    office.chat.answers = [failing(PostDelayedError(120.0))]
    await office.step()
    assert await office.step(timedelta(seconds=119)) is False
    assert await office.step(timedelta(seconds=2)) is True
    assert office.posts == [("C1", "hello")]
    assert office.chat.asked == []


async def test_a_platform_that_does_not_take_it_for_a_day_is_given_up(office: Office) -> None:
    await office.queue("hello", channel=office.shop)
    office.chat.answers = [failing(PostDelayedError(0.0)) for _ in range(50)]
    for _ in range(MOST_ATTEMPTS + 3):
        await office.step(timedelta(minutes=15))
    assert await office.step(BUDGET) is True
    assert await office.step(BUDGET) is False
    assert office.posts == []


async def test_a_broken_client_does_not_hold_back_other_destinations(office: Office, log: Log) -> None:
    await office.queue("one", channel=office.shop)
    await office.queue("two", channel=office.yard)
    office.chat.answers = [failing(RuntimeError("token xoxb-1-secret"), at="C1") for _ in range(2)]
    await office.step()
    assert office.posts == [("C2", "two")]
    assert log.entries("post_failed")[0]["kind"] == "RuntimeError"
    assert "xoxb-1-secret" not in log.text


async def test_a_post_whose_arrival_could_not_be_recorded_is_looked_for(
    office: Office, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    async def away(*_: object) -> None:
        raise StorageUnavailableError("locked")

    await office.queue("hello", channel=office.shop)
    with monkeypatch.context() as patched:
        patched.setattr(type(office.stage.parts.storage.outbox), "sent", away)
        await office.step()
    assert log.entries("post_not_recorded")
    await office.step(LEASE)
    assert office.chat.asked == ["find C1"]
    assert len(office.posts) == 1


async def test_a_person_known_only_on_this_machine_is_told_in_the_channel(office: Office) -> None:
    # A named workspace on the command line makes identities of a platform that nothing can be posted to.
    await office.stage.parts.storage.system.create_workspace(
        "second", zone="UTC", currency="EUR", locale="en", at=office.stage.clock.now()
    )
    request = office.stage.request(platform=Platform.TERMINAL, space="second", by="pat")
    actor = await office.stage.product.application.identify(request)
    async with office.stage.parts.storage.workspace(actor.workspace_id).write() as work:
        work.outbox.add(Post(Reply(), actor.channel_id, actor.member_id), office.stage.clock.now())
        await work.commit()
    assert await office.step() is True
    assert await office.step(LEASE) is False


async def test_a_post_put_off_says_when_it_is_due_again(office: Office) -> None:
    await office.queue("hello", channel=office.shop)
    office.chat.answers = [failing(PostDelayedError(30.0))]
    await office.step()
    assert office.pauses == [30.0]


async def test_owners_are_told_of_a_post_that_was_given_up_but_not_of_such_a_notice(office: Office) -> None:
    async with office.stage.parts.storage.workspace(office.workspace).write() as work:
        await work.members.set_role(office.ann, Role.OWNER)
        await work.commit()
    office.stage.product.identities.forget_spaces()
    await office.queue("lost", channel=office.shop)
    office.chat.answers = [failing(PostRejectedError("is_archived"), at="C1")]
    while await office.step(timedelta(seconds=1)):
        pass
    (where, words), *others = office.posts
    assert (where, others) == ("@U1", [])
    assert "My message for #shop could not be delivered" in words
    assert "lost" not in words

    await office.queue("lost again", channel=office.shop)
    office.chat.answers = [failing(PostRejectedError("is_archived")) for _ in range(4)]
    while await office.step(timedelta(seconds=1)):
        pass
    assert len(office.posts) == 1


async def test_who_is_mentioned_is_known_before_anybody_has_typed_anything(office: Office) -> None:
    identities = office.stage.product.identities
    identities.forget_spaces()
    await office.queue("Water the plants", channel=office.shop)
    assert await office.step()
    assert (
        identities.user_in(Platform.SLACK, office.stage.request(platform=Platform.SLACK).space_id, office.ann) == "U1"
    )


async def test_nobody_waits_for_a_platform_that_is_slow_in_one_place(office: Office) -> None:
    slow = asyncio.Event()

    async def hang(where: Destination, _key: str) -> str | None:
        if where.channel == "C1":
            await slow.wait()
        return None

    await office.queue("slow", channel=office.shop)
    await office.queue("behind it", channel=office.shop)
    await office.queue("elsewhere", channel=office.yard)
    office.chat.answers = [hang, hang]
    assert await office.relay.step() is True
    await until(lambda: office.posts == [("C2", "elsewhere")], what="the post elsewhere")
    await office.queue("and again", channel=office.yard)
    assert await office.relay.step() is True
    await until(lambda: len(office.posts) == 2, what="the next post elsewhere")
    slow.set()
    await office.relay.settle(10.0)
    while await office.step():
        pass
    assert office.posts[2:] == [("C1", "slow"), ("C1", "behind it")]


async def test_one_workspace_leaves_room_for_others(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "OF_ONE_WORKSPACE", 1)
    asked: list[tuple[int, list[int]]] = []
    waiting = asyncio.Event()

    async def hang(_where: Destination, _key: str) -> str | None:
        await waiting.wait()
        return None

    claim = type(office.relay.queue).claim

    async def noted(queue: OutboxQueue, now: datetime, limit: int, without: list[int]) -> Sequence[OutboxItem]:
        asked.append((limit, [*without]))
        return await claim(queue, now, limit, without)

    monkeypatch.setattr(type(office.relay.queue), "claim", noted)
    await office.queue("slow", channel=office.shop)
    await office.queue("elsewhere", channel=office.yard)
    office.chat.answers = [hang]
    assert await office.relay.step() is True
    assert await office.relay.step() is False
    assert asked == [(1, []), (1, [office.workspace])]
    waiting.set()
    await until(lambda: 0.0 in office.pauses, what="a word that there is room again")
    await office.step()
    assert office.posts == [("C1", "slow"), ("C2", "elsewhere")]


async def test_a_destination_rests_as_long_as_its_platform_wants(office: Office) -> None:
    office.chat.rest = 1.0
    for words in ("one", "two"):
        await office.queue(words, channel=office.shop)
    await office.step()
    assert office.pauses == [1.0]
    assert await office.step(timedelta(seconds=0.9)) is False
    assert await office.step(timedelta(seconds=0.2)) is True
    assert office.posts == [("C1", "one"), ("C1", "two")]


async def test_an_outage_of_hours_loses_and_doubles_nothing_and_what_comes_late_says_so(office: Office) -> None:
    for words in ("one", "two"):
        await office.queue(words, channel=office.shop)
    office.chat.answers = [losing(office.chat, PostOutcomeUnknownError())]
    office.chat.unreadable = [PostDelayedError(0.0) for _ in range(400)]
    await office.step()
    for _ in range(400):
        await office.step(timedelta(minutes=1))
    while await office.step(timedelta(minutes=1)):
        pass
    assert [where for where, _ in office.posts] == ["C1", "C1"]
    assert office.chat.completed == ["m1"]
    assert office.posts[1][1].splitlines()[0].startswith("Late: this was to be here at ")
    assert office.posts[1][1].splitlines()[1] == "two"


async def test_pauses_grow_to_a_minute_where_the_platform_names_none(office: Office) -> None:
    await office.queue("hello", channel=office.shop)
    office.chat.answers = [failing(PostDelayedError(0.0)) for _ in range(8)]
    for _ in range(8):
        await office.step(timedelta(minutes=2))
    assert office.pauses == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_files_that_could_not_follow_a_message_yet_follow_it_when_told(office: Office) -> None:
    await office.queue("with a picture", channel=office.shop)
    office.chat.answers = [losing(office.chat, PostOutcomeUnknownError(7.0))]
    await office.step()
    assert office.pauses == [7.0]
    await office.step(timedelta(seconds=8))
    assert office.chat.completed == ["m1"]
    assert len(office.posts) == 1


async def test_whose_schedule_it_is_hears_once_of_what_is_not_posted_until_it_is_again(office: Office) -> None:
    ann: dict[str, Any] = {"platform": Platform.SLACK, "channel": SHOP, "user": UserRef("U1", "Ann")}
    assert (await office.stage.type('/report schedule tasks "every hour"', **ann)).ok

    async def run(*words: str) -> list[str]:
        """Queue posts of the schedule, let time pass, and return what Ann is told directly."""
        told = len(office.posts)
        for post in words:
            await office.queue(post, channel=office.shop, schedule=1)
        while await office.step(timedelta(seconds=1)):
            pass
        return [said for where, said in office.posts[told:] if where == "@U1"]

    office.chat.answers = [failing(PostRejectedError("is_archived"), at="C1")] * 4
    (notice,) = await run("one", "two", "three")
    assert notice.splitlines()[0] == (
        "#1 tasks for #shop could not be delivered: the platform refused it everywhere I may post. "
        "The channel is archived: unarchive it, or have this sent elsewhere."
    )
    reply = next(reply for where, reply, _ in office.chat.posts if where.user == "U1")
    assert [one.label for one in reply.actions] == ["Run now", "Pause"]
    office.chat.answers = []
    assert await run("four") == []
    office.chat.answers = [failing(PostRejectedError("not_in_channel"), at="C1")]
    (again,) = await run("five")
    assert "type `/invite @quartermaster` there" in again


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(days=1)])
async def test_what_a_clock_that_was_ahead_put_off_leaves_once_that_is_right(office: Office, ahead: timedelta) -> None:
    await office.step()
    await office.step(ahead)
    office.chat.answers = [failing(PostDelayedError(30.0))]
    await office.queue("by the wrong clock", channel=office.shop)
    await office.step()
    await office.queue("never tried by it", channel=office.yard)
    await office.step(-ahead)
    await office.queue("behind it", channel=office.shop)
    while await office.step(LEASE):
        pass
    assert sorted(office.posts) == [("C1", "behind it"), ("C1", "by the wrong clock"), ("C2", "never tried by it")]
    assert office.posts.index(("C1", "by the wrong clock")) < office.posts.index(("C1", "behind it"))
