"""What people do in the console, over its own wire."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.platforms.web import texts
from tests.support.web import Frame, Page, Shop, sign_in, upload, visitor


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = Shop(tmp_path)
    await shop.start()
    yield shop
    await shop.stop()


@pytest.fixture
async def session(shop: Shop) -> AsyncIterator[aiohttp.ClientSession]:
    async with visitor() as session:
        await sign_in(session, shop)
        yield session


@pytest.fixture
async def page(shop: Shop, session: aiohttp.ClientSession) -> AsyncIterator[Page]:
    page = await Page.open(session, shop.origin)
    yield page
    await page.close()


@pytest.fixture
def general(page: Page) -> int:
    return page.channel("general")


def words(message: Frame) -> str:
    spans: list[Any] = message.get("reply", {}).get("text", [])
    return "".join(span if isinstance(span, str) else span["text"] for span in spans)


def button(message: Frame, label: str, row: int = 0) -> dict[str, Any]:
    reply = message["reply"]
    of_rows = [table["rows"][row]["actions"] for table in reply.get("tables", []) if len(table["rows"]) > row]
    found = [
        action for actions in (reply.get("actions", []), *of_rows) for action in actions if action["label"] == label
    ]
    return dict(found[0])


def place(message: Frame, action_id: str) -> dict[str, Any]:
    return {"seq": message["seq"], "proof": message["proofs"][action_id.split(".")[0]]}


async def press(page: Page, submission: str, channel: int, message: Frame, label: str) -> Frame:
    pressed = button(message, label)["id"]
    return await page.submit(submission, channel, action=pressed, place=place(message, pressed))


async def test_a_newcomer_is_told_all_they_need(page: Page) -> None:
    welcome = page.welcome

    assert [channel["name"] for channel in welcome["channels"]] == [texts.BOT_NAME, "general"]
    assert welcome["me"]["role"] == "owner"
    assert "task add" in [command["name"] for command in welcome["commands"]]
    assert welcome["work"] == ["task mine"]
    assert welcome["zone"] == "Europe/Berlin"
    assert welcome["upload_limit"] == 50_000_000


async def test_a_line_and_its_answer_become_messages(page: Page, general: int) -> None:
    await page.submit("a1", general, text="/task add Buy milk due:tomorrow assign:@me")
    line, answer = await page.messages(general)

    assert (line["text"], line["author"]) == ("/task add Buy milk due:tomorrow assign:@me", page.welcome["me"]["id"])
    assert (answer["author"], answer["answers"]) == (None, line["seq"])
    assert "Buy milk" in words(answer)
    assert not line["private"]
    assert not answer["private"]


async def test_talk_among_people_gets_no_answer(page: Page, general: int) -> None:
    await page.submit("a1", general, text="Good morning\neverybody")

    assert [item["text"] for item in await page.messages(general)] == ["Good morning\neverybody"]


async def test_a_mention_is_a_command_and_in_the_direct_channel_everything_is(page: Page, general: int) -> None:
    direct = page.channel(texts.BOT_NAME)
    await page.submit("a1", general, text="@quartermaster task add Buy milk")
    await page.submit("a2", direct, text="task add Buy bread")

    assert "Buy milk" in words((await page.messages(general))[-1])
    assert "Buy bread" in words((await page.messages(direct))[-1])


async def test_a_mistake_is_answered_to_its_author_alone(page: Page, general: int) -> None:
    await page.submit("a1", general, text="/task dnoe 3")
    line, answer = await page.messages(general)

    assert line["private"]
    assert answer["private"]
    assert answer["reply"]["problem"]["code"] == "unknown_command"


async def test_the_same_submission_is_done_once(page: Page, general: int, session: aiohttp.ClientSession) -> None:
    other = await Page.open(session, page.origin, "page-2")
    for _ in range(5):
        await page.send(type="submit", id="a1", channel=general, text="/task add Buy milk")
        await other.send(type="submit", id="a1", channel=general, text="/task add Buy milk")
    await page.frame("done")
    await other.frame("done")
    await page.submit("a1", general, text="/task add Buy milk")
    await page.submit("a2", general, text="/task list")
    messages = await page.messages(general)

    assert len(messages) == 4
    assert len(messages[-1]["reply"]["tables"][0]["rows"]) == 1
    await other.close()


async def test_a_submission_sent_again_after_a_restart_is_done_once(
    shop: Shop, page: Page, general: int, session: aiohttp.ClientSession
) -> None:
    await page.submit("a1", general, text="/task add Buy milk")
    await page.submit("a2", general, text="/task list")
    before = await page.messages(general)
    await shop.restart()
    again = await Page.open(session, shop.origin)
    await again.submit("a1", general, text="/task add Buy milk")
    await again.submit("a2", general, text="/task list")

    assert await again.messages(general) == before
    await again.close()


async def test_a_page_that_was_away_is_sent_what_it_missed(
    page: Page, general: int, session: aiohttp.ClientSession
) -> None:
    away = await Page.open(session, page.origin, "page-2")
    await away.follow(general)
    await page.submit("a1", general, text="/task add Buy milk")
    # The line may be seen before its answer.
    await away.until(lambda frame: frame["type"] == "messages" and "added" in str(frame["items"]))
    change = max(item["change"] for frame in away.frames if frame["type"] == "messages" for item in frame["items"])
    await away.close()
    await page.submit("a2", general, text="/task add Buy bread")
    back = await Page.open(session, page.origin, "page-2")
    missed = await back.follow(general, since=change)

    assert missed["kind"] == "changes"
    assert [item["change"] for item in missed["items"]] == sorted(item["change"] for item in missed["items"])
    assert any(item["text"] == "/task add Buy bread" for item in missed["items"])
    assert all(item["text"] != "/task add Buy milk" for item in missed["items"])
    await back.close()


async def test_a_page_that_missed_nothing_is_told_so(page: Page, general: int) -> None:
    await page.submit("a1", general, text="hello")
    (message,) = await page.messages(general)

    assert (await page.follow(general, since=message["change"]))["type"] == "current"


async def test_every_open_page_sees_what_happens(page: Page, general: int, session: aiohttp.ClientSession) -> None:
    follower = await Page.open(session, page.origin, "page-2")
    onlooker = await Page.open(session, page.origin, "page-3")
    await follower.follow(general)
    await page.submit("a1", general, text="hello")

    assert (await follower.frame("messages"))["items"][0]["text"] == "hello"
    assert (await onlooker.frame("activity"))["channel"] == general
    await follower.close()
    await onlooker.close()


async def test_a_button_replaces_its_message_and_says_what_it_did(page: Page, general: int) -> None:
    await page.submit("a1", general, text="/task add Buy milk")
    await page.submit("a2", general, text="/task list")
    shown = (await page.messages(general))[-1]
    await press(page, "a3", general, shown, "Done")
    messages = await page.messages(general)
    listing = next(item for item in messages if item["seq"] == shown["seq"])

    assert "tables" not in listing["reply"]
    assert listing["change"] > shown["change"]
    assert "completed" in words(messages[-1])


async def test_undo_takes_back_and_works_once(page: Page, general: int) -> None:
    await page.submit("a1", general, text="/task add Buy milk")
    added = (await page.messages(general))[-1]
    await press(page, "a2", general, added, "Undo")
    await press(page, "a3", general, added, "Undo")
    await page.submit("a4", general, text="/task list")
    messages = await page.messages(general)
    undone = next(item for item in messages if item["seq"] == added["seq"])

    assert "undid" in words(undone)
    assert "tables" not in messages[-1]["reply"]
    assert sum("undid" in words(item) for item in messages) == 1


async def test_a_message_is_replaced_only_by_a_button_it_held(page: Page, general: int) -> None:
    await page.submit("a1", general, text="/task add Buy milk")
    await page.submit("a2", general, text="/task list")
    _, added, _, listing = await page.messages(general)
    done = button(listing, "Done")["id"]
    forged = {"seq": added["seq"], "proof": listing["proofs"][done.split(".")[0]]}
    await page.submit("a3", general, action=done, place=forged)
    messages = await page.messages(general)

    assert next(item for item in messages if item["seq"] == added["seq"]) == added
    assert next(item for item in messages if item["seq"] == listing["seq"]) == listing


async def test_an_unknown_button_is_explained(page: Page, general: int) -> None:
    await page.submit("a1", general, action="NOSUCHSET.0")
    (answer,) = await page.messages(general)

    assert answer["reply"]["problem"]["code"] == "not_found"


async def test_a_missing_argument_opens_a_form_and_the_form_does_it(page: Page, general: int) -> None:
    await page.submit("a1", general, text="/task add")
    form = next(frame for frame in page.frames if frame["type"] == "form")["form"]
    assert form["command"] == "task add"
    assert [field["name"] for field in form["fields"] if field["required"]] == ["title"]
    assert await page.messages(general) == []

    await page.submit("a2", general, command="task add", arguments={"title": "Buy milk", "due": "tomorrow 9am"})
    line, answer = await page.messages(general)
    assert line["text"] == '/task add Buy milk due:"tomorrow 9am"'
    assert "Buy milk" in words(answer)


async def test_what_is_wrong_with_a_form_is_said_at_its_field(page: Page, general: int) -> None:
    await page.submit("a1", general, command="task add", arguments={"title": "Buy milk", "due": "someday"})
    problem = next(frame for frame in page.frames if frame["type"] == "problem")["problem"]

    assert (problem["code"], problem["field"]) == ("invalid_argument", "due")
    assert await page.messages(general) == []


async def test_a_button_that_needs_more_asks_with_a_form(page: Page, general: int) -> None:
    await page.submit("a1", general, text="/task add Buy milk")
    await page.submit("a2", general, text="/task list")
    listing = (await page.messages(general))[-1]
    assign = button(listing, "Assign")["id"]
    await page.submit("a3", general, action=assign, place=place(listing, assign))
    asked = next(frame for frame in page.frames if frame["type"] == "form")
    assert asked["action"] == assign
    assert "people" in [field["name"] for field in asked["form"]["fields"]]

    arguments = {**asked["form"]["fixed"], "people": "@me"}
    await page.submit("a4", general, action=assign, arguments=arguments, place=place(listing, assign))
    assert "Owner" in words((await page.messages(general))[-1])


async def test_a_dropped_file_is_imported(page: Page, general: int, session: aiohttp.ClientSession) -> None:
    token = await upload(session, page.origin, "tasks.csv", b"title,due,priority\nMilk,2026-12-01,high\nBread,,low\n")
    await page.submit("a1", general, text="/task import", files=[token])
    preview = (await page.messages(general))[-1]
    labels = [action["label"] for action in preview["reply"]["actions"]]
    assert labels, preview
    await press(page, "a2", general, preview, labels[0])
    await page.submit("a3", general, text="/task list")
    rows = (await page.messages(general))[-1]["reply"]["tables"][0]["rows"]

    assert sorted(row["cells"][1] for row in rows) == ["Bread", "Milk"]


async def test_suggests_what_may_come_next(page: Page, general: int) -> None:
    async def suggested(line: str) -> list[str]:
        await page.send(type="complete", id=1, channel=general, line=line, cursor=len(line))
        return [item["label"] for item in (await page.frame("completions"))["items"]]

    assert "/task" in await suggested("/ta")
    assert "add" in await suggested("/task a")
    assert "@me" in await suggested("/task list assign:@")
    assert "@me" in await suggested("/task list assignee:@"), "a name from before is still understood"
    assert await suggested("good morning") == []


async def test_a_channel_is_made_and_everybody_sees_it(page: Page, session: aiohttp.ClientSession) -> None:
    other = await Page.open(session, page.origin, "page-2")
    await page.send(type="create_channel", id="c1", name="#Stock Room")
    created = (await page.frame("created"))["channel"]
    listed = await other.frame("channels")

    assert created["name"] == "stock-room"
    assert created["id"] in [item["id"] for item in listed["items"]]
    await page.submit("a1", created["id"], text="/task add Count the shelf")
    assert len(await page.messages(created["id"])) == 2
    await other.close()


@pytest.mark.parametrize("name", ["", "   ", "a/b", "x" * 41, "<b>", "\u202e", "direct:ann"])
async def test_a_channels_name_is_plain(page: Page, name: str) -> None:
    await page.send(type="create_channel", id="c1", name=name)

    assert (await page.frame("failed"))["message"] == texts.CHANNEL_NAME


async def test_nobody_writes_where_they_do_not_belong(page: Page) -> None:
    assert (await page.submit("a1", 999, text="hello"))["message"] == texts.NO_SUCH_CHANNEL
    await page.send(type="open", channel=999)
    await page.send(type="older", channel=999, before=10)
    await page.send(type="people")
    assert (await page.frame("people"))["items"][0]["name"] == "Owner"
    assert all(frame["type"] not in {"messages", "current"} for frame in page.frames)


async def test_earlier_messages_come_page_by_page(page: Page, general: int) -> None:
    for number in range(60):
        await page.send(type="submit", id=f"a{number}", channel=general, text=f"line {number}")
    for _ in range(60):
        await page.frame("done")
    newest = await page.follow(general)
    await page.send(type="older", channel=general, before=newest["items"][0]["seq"])
    older = await page.until(lambda frame: frame.get("kind") == "older")
    shown = [item["text"] for item in (*older["items"], *newest["items"])]

    assert newest["more"]
    assert not older["more"]
    assert len(newest["items"]) == 50
    assert sorted(shown) == sorted(f"line {number}" for number in range(60))


async def test_many_pages_at_once_lose_nothing(page: Page, general: int, session: aiohttp.ClientSession) -> None:
    pages = [await Page.open(session, page.origin, f"many-{number}") for number in range(8)]
    await page.follow(general)

    async def work(number: int, one: Page) -> None:
        for turn in range(10):
            await one.submit(f"w{number}-{turn}", general, text=f"/task add Thing {number}.{turn}")

    await asyncio.gather(*(work(number, one) for number, one in enumerate(pages)))
    seen: dict[int, Frame] = {}
    while len(seen) < 160:
        frame = await page.frame("messages")
        seen.update({item["seq"]: item for item in frame["items"]})

    assert sorted(seen) == list(range(1, 161))
    assert sum("added" in words(item) for item in seen.values()) == 80
    for one in pages:
        await one.close()


async def test_my_work_is_told_and_told_to_have_changed(page: Page, general: int) -> None:
    await page.send(type="work")
    empty = await page.frame("work")
    assert empty["channel"] == page.channel(texts.BOT_NAME)
    assert "tables" not in empty["reply"]
    await page.send(type="submit", id="add-1", channel=general, text="/task add Buy milk assign:@me")
    await page.frame("work_moved")
    await page.send(type="work")
    shown = await page.frame("work")
    (row,) = shown["reply"]["tables"][0]["rows"]
    assert row["cells"][:2] == [1, "Buy milk"]
    done = next(action["id"] for action in row["actions"] if action["label"] == "Done")
    await page.send(type="submit", id="done-1", channel=shown["channel"], action=done)
    await page.frame("work_moved")
    await page.send(type="work")
    assert "tables" not in (await page.frame("work"))["reply"]


async def test_my_work_is_not_told_to_have_changed_by_what_is_nobodys(page: Page, general: int) -> None:
    await page.send(type="submit", id="add-1", channel=general, text="/task add Buy milk")
    await page.frame("done")
    await page.send(type="work", page="n.zzzzzzzzzzzz")
    answer = await page.frame("work")
    assert answer["page"] == "n.zzzzzzzzzzzz"
    assert not [frame for frame in page.frames if frame["type"] == "work_moved"]
