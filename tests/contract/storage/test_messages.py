"""Console messages are numbered without gaps, come once by key, and are read by those who may."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from core.chat.reply import Reply
from core.messages.model import Message
from core.ports.storage import UnitOfWork
from tests.contract.storage.world import NOON, Place


async def _post(place: Place, text: str, *, key: str = "", only: int | None = None) -> Message:
    async with place.writing() as work:
        return await work.messages.post(place.general.id, author_id=place.ann, text=text, key=key, only=only, at=NOON)


async def _changes(work: UnitOfWork, place: Place, since: int) -> list[tuple[int, int]]:
    found = await work.messages.changes(place.general.id, place.ann, since=since)
    return [(message.seq, message.change) for message in found]


async def test_a_message_comes_back_as_it_was_posted(here: Place) -> None:
    reply = Reply(title="Hello", text=("a", "\n", "b"))
    async with here.writing() as work:
        words = await work.messages.post(here.general.id, author_id=here.ann, text="hi\n🥛", at=NOON)
        answer = await work.messages.post(
            here.general.id, author_id=None, reply=reply, only=here.ann, answers=words.seq, key="k", at=NOON
        )
    assert words == Message(here.general.id, 1, 1, here.ann, None, "hi\n🥛", None, NOON, NOON)
    assert answer == Message(here.general.id, 2, 2, None, here.ann, "", reply, NOON, NOON, answers=1)
    async with here.reading() as work:
        assert await work.messages.latest(here.general.id, here.ann) == [words, answer]
        assert await work.messages.get(here.general.id, 2, here.ann) == answer
        assert await work.messages.find(here.general.id, "k") == 2
        assert await work.messages.find(here.general.id, "other") is None


async def test_messages_posted_at_once_are_numbered_without_gaps(here: Place) -> None:
    async def post(index: int) -> int:
        async with here.storage.workspace(here.id).write() as work:
            message = await work.messages.post(here.general.id, author_id=None, text=str(index), at=NOON)
            if index % 5:
                await work.commit()
                return message.seq
        return 0

    numbers = await asyncio.gather(*(post(index) for index in range(40)))
    assert sorted(number for number in numbers if number) == list(range(1, 33))


async def test_channels_are_numbered_each_by_itself(here: Place) -> None:
    await _post(here, "one")
    async with here.writing() as work:
        other = await work.messages.post(here.board.id, author_id=None, text="two", at=NOON)
    assert (other.seq, other.change) == (1, 1)


async def test_the_same_key_again_returns_the_first_message(here: Place) -> None:
    first = await _post(here, "first", key="k")
    assert await _post(here, "second", key="k") == first
    assert (await asyncio.gather(*(_post(here, "more", key="k") for _ in range(5)))) == [first] * 5
    assert (await _post(here, "other", key="l")).seq == 2
    assert [(await _post(here, "none")).seq for _ in range(2)] == [3, 4]


async def test_a_reply_is_replaced_and_counts_as_a_change(here: Place) -> None:
    async with here.writing() as work:
        await work.messages.post(here.general.id, author_id=None, reply=Reply(title="Old"), at=NOON)
        await work.messages.post(here.general.id, author_id=here.ann, text="hi", at=NOON)
        later = NOON + timedelta(seconds=1)
        edited = await work.messages.replace(here.general.id, 1, Reply(title="New"), later)
        assert edited is not None
        assert edited == replace(edited, seq=1, change=3, reply=Reply(title="New"), created_at=NOON, updated_at=later)
        assert await _changes(work, here, 0) == [(2, 2), (1, 3)]
        assert await _changes(work, here, 2) == [(1, 3)]
        assert await _changes(work, here, 3) == []


async def test_only_a_bot_message_that_is_there_is_replaced(here: Place) -> None:
    await _post(here, "mine")
    async with here.writing() as work:
        assert await work.messages.replace(here.general.id, 1, Reply(), NOON) is None
        assert await work.messages.replace(here.general.id, 9, Reply(), NOON) is None
    assert (await _post(here, "next")).change == 2


async def test_what_is_for_one_alone_is_seen_by_that_one(here: Place) -> None:
    await _post(here, "all")
    await _post(here, "ann only", only=here.ann)
    async with here.reading() as work:
        for member, seen in ((here.ann, [1, 2]), (here.ben, [1])):
            assert [m.seq for m in await work.messages.latest(here.general.id, member)] == seen
            assert [m.seq for m in await work.messages.changes(here.general.id, member, since=0)] == seen
        assert await work.messages.get(here.general.id, 2, here.ben) is None
        assert await work.messages.get(here.general.id, 2, here.ann)


async def test_history_is_read_page_by_page_oldest_first(here: Place) -> None:
    for index in range(7):
        await _post(here, str(index))
    async with here.reading() as work:
        newest = await work.messages.latest(here.general.id, here.ann, limit=3)
        before = await work.messages.latest(here.general.id, here.ann, before=newest[0].seq, limit=3)
        rest = await work.messages.latest(here.general.id, here.ann, before=before[0].seq, limit=3)
        some = await work.messages.changes(here.general.id, here.ann, since=2, limit=2)
    assert [[m.seq for m in page] for page in (newest, before, rest, some)] == [[5, 6, 7], [2, 3, 4], [1], [3, 4]]
