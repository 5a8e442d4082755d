"""Posts leave in order, one at a time for each destination, and none in doubt is forgotten or sent blindly."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.storage.schema.tables import outbox
from adapters.storage.work import scope
from core.chat.reply import Action, Choice, Field, Reply
from core.chat.text import Mention, Moment
from core.ports.storage import OutboxItem, OutboxState, Post
from tests.contract.storage.world import NOON, Place

LONG_AFTER = NOON + timedelta(hours=1)


async def _queue(place: Place, *posts: Post, at: datetime = NOON) -> None:
    async with place.writing() as work:
        for post in posts:
            work.outbox.add(post, at)


def _to(place: Place, title: str, *, member: bool = False) -> Post:
    return Post(Reply(title=title), place.general.id, place.ann if member else None)


async def _claim(place: Place, now: datetime = NOON, limit: int = 10) -> list[OutboxItem]:
    return list(await place.storage.outbox.claim(now, limit))


def _titles(items: list[OutboxItem]) -> list[str]:
    return [item.post.reply.title for item in items]


async def test_a_post_comes_back_as_it_was_queued(here: Place) -> None:
    reply = Reply(
        title="Reminder",
        text=(Mention(here.ann, "Ann"), ": ", Moment(NOON, "today 13:00")),
        fields=(Field("share", "Share", 0.5, "number"),),
    )
    post = Post(reply, here.general.id, here.ann)
    await _queue(here, post)
    [item] = await _claim(here)
    assert item == OutboxItem(item.id, here.id, post, OutboxState.PENDING, 0, NOON)


async def test_the_buttons_of_a_post_can_be_pressed(here: Place) -> None:
    later = Action("Snooze", choices=(Choice("3 hours", "/task snooze 1 in 3 h"),))
    await _queue(here, Post(Reply(actions=(Action("Done", "/task done 1"), later)), member_id=here.ann))
    [item] = await _claim(here)
    done, snooze = item.post.reply.actions
    found = [await here.storage.system.action(key, NOON) for key in (done.id, snooze.choices[0].id)]
    assert [action.command for action in found if action] == ["/task done 1", "/task snooze 1 in 3 h"]
    assert {action.workspace_id for action in found if action} == {here.id}


async def test_posts_of_one_destination_leave_in_order_one_at_a_time(here: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "b"))
    await _queue(here, _to(here, "c"))
    for title in "abc":
        [item] = await _claim(here)
        assert _titles([item]) == [title]
        assert await _claim(here) == []
        await here.storage.outbox.sent(item.id, "ts-1", NOON)
    assert await _claim(here) == []


async def test_destinations_do_not_wait_for_one_another(here: Place, there: Place) -> None:
    await _queue(here, _to(here, "channel 1"), _to(here, "channel 2"), _to(here, "ann", member=True))
    await _queue(there, _to(there, "there"))
    assert _titles(await _claim(here)) == ["channel 1", "ann", "there"]


async def test_no_more_than_the_limit_is_claimed(here: Place, there: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "b", member=True))
    await _queue(there, _to(there, "c"))
    assert _titles(await _claim(here, limit=2)) == ["a", "b"]
    assert _titles(await _claim(here, limit=2)) == ["c"]


async def test_a_post_is_claimed_when_it_is_due(here: Place) -> None:
    await _queue(here, _to(here, "later"), at=LONG_AFTER)
    assert await _claim(here, LONG_AFTER - timedelta(microseconds=1)) == []
    assert _titles(await _claim(here, LONG_AFTER)) == ["later"]


async def test_a_post_put_back_is_tried_again_when_due_and_holds_back_those_behind(here: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "b"))
    [item] = await _claim(here)
    await here.storage.outbox.retry(item.id, LONG_AFTER, "rate_limited")
    assert await _claim(here) == []
    [again] = await _claim(here, LONG_AFTER)
    assert (again.id, again.state, again.attempts) == (item.id, OutboxState.PENDING, 1)


async def test_a_post_given_up_lets_the_next_pass(here: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "b"))
    [item] = await _claim(here)
    await here.storage.outbox.failed(item.id, "channel_not_found", NOON)
    assert _titles(await _claim(here)) == ["b"]
    assert _titles(await _claim(here, LONG_AFTER)) == ["b"]


async def test_a_post_of_unknown_outcome_comes_back_in_doubt(here: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "b"))
    [item] = await _claim(here)
    await here.storage.outbox.unknown(item.id, NOON + timedelta(seconds=30))
    assert await _claim(here) == []
    [doubtful] = await _claim(here, NOON + timedelta(seconds=30))
    assert (doubtful.id, doubtful.state, doubtful.attempts) == (item.id, OutboxState.SENDING, 1)


async def test_a_claim_nobody_reported_on_comes_back_in_doubt_by_itself(here: Place) -> None:
    await _queue(here, _to(here, "a"))
    [item] = await _claim(here)
    assert await _claim(here, NOON + timedelta(seconds=60)) == []
    [doubtful] = await _claim(here, LONG_AFTER)
    assert (doubtful.id, doubtful.state) == (item.id, OutboxState.SENDING)


async def test_after_a_start_what_was_under_way_is_due_at_once_and_in_doubt(here: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "b", member=True))
    first, second = await _claim(here)
    await here.storage.outbox.sent(second.id, "ts", NOON)
    assert await here.storage.outbox.recover(NOON) == 1
    [doubtful] = await _claim(here)
    assert (doubtful.id, doubtful.state) == (first.id, OutboxState.SENDING)


async def test_a_doubtful_post_found_missing_is_sent_again_as_certain(here: Place) -> None:
    await _queue(here, _to(here, "a"))
    [item] = await _claim(here)
    await here.storage.outbox.unknown(item.id, NOON)
    [doubtful] = await _claim(here)
    await here.storage.outbox.retry(doubtful.id, NOON, "not_found")
    [certain] = await _claim(here)
    assert (certain.state, certain.attempts) == (OutboxState.PENDING, 2)


async def test_what_is_finished_stays_finished(here: Place) -> None:
    await _queue(here, _to(here, "a"))
    [item] = await _claim(here)
    await here.storage.outbox.sent(item.id, "ts", NOON)
    await here.storage.outbox.retry(item.id, NOON, "late")
    await here.storage.outbox.unknown(item.id, NOON)
    assert await _claim(here, LONG_AFTER) == []
    assert await here.storage.outbox.recover(LONG_AFTER) == 0


@pytest.mark.parametrize("outcome", ["sent", "failed", "retry", "unknown"])
async def test_an_unknown_item_is_no_error_and_others_stay_as_they_are(here: Place, outcome: str) -> None:
    queue = here.storage.outbox
    await _queue(here, _to(here, "a"))
    await {
        "sent": lambda: queue.sent("x", "ts", NOON),
        "failed": lambda: queue.failed("x", "gone", NOON),
        "retry": lambda: queue.retry("x", NOON, "later"),
        "unknown": lambda: queue.unknown("x", NOON),
    }[outcome]()
    assert [(item.post.reply.title, item.attempts) for item in await _claim(here)] == [("a", 0)]


async def test_a_post_rolled_back_never_leaves(here: Place) -> None:
    async with here.storage.workspace(here.id).write() as work:
        work.outbox.add(_to(here, "a"), NOON)
        await work.members.all()
    assert await _claim(here) == []


async def test_a_post_that_cannot_be_read_is_given_up_and_in_nobody_s_way(here: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "b"), _to(here, "ann", member=True))
    items = {item.post.reply.title: item for item in await _claim(here)}
    async with here.writing() as work:
        writing: Any = work.members._transaction  # type: ignore[attr-defined]
        broken = scope.update(outbox).where(outbox.c.id == items["a"].id)
        await writing.run(lambda db: db.change(broken, post='[{"reply":{"visibility":"somebody"}}]'))
    for item in items.values():
        await here.storage.outbox.retry(item.id, NOON, "delayed")
    assert _titles(await _claim(here)) == ["ann"]
    assert _titles(await _claim(here)) == ["b"]
    assert (await here.storage.outbox.backlog())[0] == 2


async def test_a_destination_rests_after_a_post_and_others_do_not(here: Place, there: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "b"), _to(here, "c"), _to(here, "ann", member=True))
    await _queue(there, _to(there, "there"))
    [item, *others] = await _claim(here)
    assert _titles(others) == ["ann", "there"]
    await here.storage.outbox.sent(item.id, "ts-1", NOON, timedelta(seconds=1))
    assert await _claim(here, NOON + timedelta(seconds=0.999)) == []
    assert _titles(await _claim(here, NOON + timedelta(seconds=1))) == ["b"]


async def test_a_post_that_is_put_off_for_longer_is_not_hurried_by_the_rest_of_its_line(here: Place) -> None:
    await _queue(here, _to(here, "a"))
    await _queue(here, _to(here, "b"), at=LONG_AFTER)
    [item] = await _claim(here)
    await here.storage.outbox.sent(item.id, "ts-1", NOON, timedelta(seconds=1))
    assert await _claim(here, NOON + timedelta(seconds=2)) == []
    assert _titles(await _claim(here, LONG_AFTER)) == ["b"]


async def test_posts_of_workspaces_that_have_enough_under_way_are_left(here: Place, there: Place) -> None:
    await _queue(here, _to(here, "a"), _to(here, "ann", member=True))
    await _queue(there, _to(there, "there"))
    found = await here.storage.outbox.claim(NOON, 10, [here.id])
    assert [item.post.reply.title for item in found] == ["there"]


async def test_what_was_lost_before_a_post_is_known_until_one_arrives(here: Place) -> None:
    queue = here.storage.outbox

    async def end(title: str, reason: str = "") -> str:
        await _queue(here, _to(here, title), _to(here, "elsewhere", member=True))
        items = {item.post.reply.title: item.id for item in await _claim(here)}
        await queue.failed(items["elsewhere"], "undeliverable", NOON)
        await (queue.failed(items[title], reason, NOON) if reason else queue.sent(items[title], "ts", NOON))
        return items[title]

    async def lost(item: str, limit: int = 10) -> list[str]:
        return [post.reply.title for post in await queue.lost_before(item, limit)]

    await end("a", "undeliverable")
    await end("b")
    await end("c", "undeliverable")
    await end("d", "dropped")
    await end("e", "outcome_unknown")
    last = await end("f", "undeliverable")
    assert await lost(last) == ["e", "c"]
    assert await lost(last, 1) == ["e"]
