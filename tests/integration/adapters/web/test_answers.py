"""What becomes of an application's answers: put beside, in place, into a form, or told as still under way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from adapters.platforms.web import conversation, texts
from adapters.platforms.web.gateway import mount_closed
from core.chat.reply import Action, Form, FormField, Placement, Problem, Reply, Visibility
from core.chat.request import Request
from core.chat.spec import Answer, Plan
from tests.support.scripted import ScriptedApplication, ScriptedShop, ScriptedTicket
from tests.support.web import Frame, Page, visitor


@dataclass
class Stage:
    """A page in front of a scripted application."""

    shop: ScriptedShop
    page: Page
    general: int

    @property
    def application(self) -> ScriptedApplication:
        return self.shop.application

    async def replies(self) -> list[Frame]:
        return [item for item in await self.page.messages(self.general) if item["author"] is None]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    shop = ScriptedShop(tmp_path)
    await shop.start()
    async with visitor() as session:
        async with session.get(shop.sign_in_url()):
            pass
        page = await Page.open(session, shop.origin)
        yield Stage(shop, page, page.channel("general"))
        await page.close()
    await shop.stop()


def buttons(*, text: str = "before", ident: str = "SET.0") -> Reply:
    return Reply(text=(text,), visibility=Visibility.CHANNEL, actions=(Action("Go", "go", id=ident),))


async def press(stage: Stage, submission: str, held: Frame, ident: str = "SET.0", **more: object) -> Frame:
    proof = held["proofs"][ident.split(".")[0]]
    return await stage.page.submit(
        submission, stage.general, action=ident, place={"seq": held["seq"], "proof": proof}, **more
    )


async def test_a_slow_answer_is_told_as_under_way_and_then_posted(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "PROGRESS_SECONDS", 0.01)
    go_on = asyncio.Event()

    async def slow(_request: Request, ticket: ScriptedTicket) -> Reply:
        ticket.progress = 0.5
        await go_on.wait()
        return Reply(text=("finally",), visibility=Visibility.CHANNEL)

    stage.application.scripts["/slow"] = slow
    await stage.page.send(type="submit", id="a1", channel=stage.general, text="/slow")
    working = await stage.page.until(lambda frame: frame["type"] == "working" and frame["progress"] == 0.5)
    assert working["id"] == "a1"
    assert [item["text"] for item in await stage.page.messages(stage.general)] == ["/slow"]
    go_on.set()
    await stage.page.frame("done")
    line, answer = await stage.page.messages(stage.general)

    assert (answer["reply"]["text"], answer["answers"]) == (["finally"], line["seq"])


async def test_a_page_that_comes_back_while_work_is_under_way_is_told_the_end(stage: Stage) -> None:
    go_on = asyncio.Event()

    async def slow(_request: Request, _ticket: ScriptedTicket) -> Reply:
        await go_on.wait()
        return Reply(text=("finally",))

    stage.application.scripts["/slow"] = slow
    await stage.page.send(type="submit", id="a1", channel=stage.general, text="/slow")
    await stage.page.frame("working")
    await stage.page.close()
    back = await Page.open(stage.page.session, stage.page.origin, "page-1")
    await back.send(type="submit", id="a1", channel=stage.general, text="/slow")
    await back.send(type="people")
    await back.frame("people")
    go_on.set()
    await back.frame("done")

    assert len(stage.application.asked) == 1
    assert len(await stage.replies()) == 1
    await back.close()


async def test_a_reply_can_take_the_place_of_its_message(stage: Stage) -> None:
    stage.application.scripts["/list"] = buttons()
    stage.application.scripts["SET.0"] = Reply(text=("after",), placement=Placement.UPDATE)
    await stage.page.submit("a1", stage.general, text="/list")
    (held,) = await stage.replies()
    await press(stage, "a2", held)
    (replaced,) = await stage.replies()

    assert (replaced["seq"], replaced["reply"]["text"], replaced["edited"]) == (held["seq"], ["after"], True)


async def test_a_failure_never_takes_the_place_of_a_message(stage: Stage) -> None:
    stage.application.scripts["/list"] = buttons()
    stage.application.scripts["SET.0"] = Reply(problem=Problem("busy", "Busy."), placement=Placement.UPDATE)
    await stage.page.submit("a1", stage.general, text="/list")
    (held,) = await stage.replies()
    await press(stage, "a2", held)
    first, second = await stage.replies()

    assert first == held
    assert second["reply"]["problem"]["message"] == "Busy."
    assert second["private"]


async def test_a_reply_can_do_both(stage: Stage) -> None:
    stage.application.scripts["/list"] = buttons()
    stage.application.scripts["SET.0"] = Reply(
        text=("done",), visibility=Visibility.CHANNEL, original=buttons(text="again", ident="NEXT.0")
    )
    await stage.page.submit("a1", stage.general, text="/list")
    (held,) = await stage.replies()
    await press(stage, "a2", held)
    first, second = await stage.replies()

    assert (first["reply"]["text"], list(first["proofs"])) == (["again"], ["NEXT"])
    assert second["reply"]["text"] == ["done"]


async def test_the_same_press_sent_again_answers_once(stage: Stage) -> None:
    stage.application.scripts["/list"] = buttons()
    stage.application.scripts["SET.0"] = Reply(text=("done",), visibility=Visibility.CHANNEL)
    await stage.page.submit("a1", stage.general, text="/list")
    (held,) = await stage.replies()
    await press(stage, "a2", held)
    await press(stage, "a2", held)

    assert len(await stage.replies()) == 2


async def test_presses_on_one_message_are_answered_in_order(stage: Stage) -> None:
    order: list[str] = []
    first_waits = asyncio.Event()

    async def first(_request: Request, _ticket: ScriptedTicket) -> Reply:
        await first_waits.wait()
        order.append("first")
        return Reply(text=("first",), placement=Placement.UPDATE)

    async def second(_request: Request, _ticket: ScriptedTicket) -> Reply:
        order.append("second")
        return Reply(text=("second",), placement=Placement.UPDATE)

    stage.application.scripts.update({"/list": buttons(), "SET.0": first, "SET.1": second})
    await stage.page.submit("a1", stage.general, text="/list")
    (held,) = await stage.replies()
    place = {"seq": held["seq"], "proof": held["proofs"]["SET"]}
    await stage.page.send(type="submit", id="a2", channel=stage.general, action="SET.0", place=place)
    await stage.page.send(type="submit", id="a3", channel=stage.general, action="SET.1", place=place)
    await stage.page.frame("working")
    first_waits.set()
    await stage.page.until(lambda frame: frame["type"] == "done" and frame["id"] == "a3")
    (replaced,) = await stage.replies()

    assert order == ["first", "second"]
    assert replaced["reply"]["text"] == ["second"]


async def test_a_persons_lines_stay_in_order(stage: Stage) -> None:
    async def unhurried(_request: Request, _ticket: ScriptedTicket) -> Reply:
        for _ in range(20):
            await asyncio.sleep(0)
        return Reply(text=("slow",))

    stage.application.scripts["/one"] = unhurried
    await stage.page.send(type="submit", id="a1", channel=stage.general, text="/one")
    await stage.page.send(type="submit", id="a2", channel=stage.general, text="/two")
    await stage.page.until(lambda frame: frame["type"] == "done" and frame["id"] == "a2")

    assert [item["text"] for item in await stage.page.messages(stage.general)] == ["/one", "", "/two", ""]


FORM = Form("Ask", "thing ask", (FormField("what", "What", "line", required=True),), {}, "Ask")


async def test_an_answer_that_is_only_a_form_is_shown_and_not_posted(stage: Stage) -> None:
    stage.application.scripts["/ask"] = Reply(form=FORM)
    await stage.page.submit("a1", stage.general, text="/ask")

    assert next(frame for frame in stage.page.frames if frame["type"] == "form")["form"]["title"] == "Ask"
    assert await stage.page.messages(stage.general) == []


async def test_a_button_may_need_a_form_first(stage: Stage) -> None:
    stage.application.scripts.update(
        {"/list": buttons(), "SET.0": Reply(text=("asked",), visibility=Visibility.CHANNEL)}
    )
    await stage.page.submit("a1", stage.general, text="/list")
    stage.application.plans["SET.0"] = Plan(None, Visibility.PRIVATE, Answer.FORM, {}, form=FORM)
    (held,) = await stage.replies()
    await press(stage, "a2", held)
    shown = next(frame for frame in stage.page.frames if frame["type"] == "form")
    assert (shown["action"], shown["form"]["command"]) == ("SET.0", "thing ask")
    assert len(stage.application.asked) == 1
    del stage.application.plans["SET.0"]
    await press(stage, "a3", held, arguments={"what": "this"})

    assert dict(stage.application.asked[-1].arguments) == {"what": "this"}
    assert (await stage.replies())[-1]["reply"]["text"] == ["asked"]


async def test_a_fault_in_front_of_the_application_is_one_sentence(stage: Stage) -> None:
    async def broken(_request: Request, _ticket: ScriptedTicket) -> Reply:
        raise ZeroDivisionError("secret detail")

    stage.application.scripts["/broken"] = broken
    ended = await stage.page.submit("a1", stage.general, text="/broken")

    assert (ended["type"], ended["message"]) == ("failed", texts.INTERNAL)
    assert "secret" not in str(stage.page.frames)


async def test_a_fault_of_completion_suggests_nothing(stage: Stage) -> None:
    await stage.page.send(type="complete", id=7, channel=stage.general, line="/t", cursor=2)
    suggested = await stage.page.frame("completions")

    assert (suggested["id"], suggested["items"]) == (7, [])


async def test_too_much_at_once_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "MAX_RUNNING", 1)
    go_on = asyncio.Event()

    async def slow(_request: Request, _ticket: ScriptedTicket) -> Reply:
        await go_on.wait()
        return Reply(text=("finally",))

    stage.application.scripts["/slow"] = slow
    await stage.page.send(type="submit", id="a1", channel=stage.general, text="/slow")
    await stage.page.send(type="submit", id="a2", channel=stage.general, text="/two")
    refused = await stage.page.frame("failed")
    go_on.set()

    assert (refused["id"], refused["message"]) == ("a2", texts.BUSY)
    assert (await stage.page.frame("done"))["id"] == "a1"


async def test_closing_lets_what_is_under_way_finish(stage: Stage) -> None:
    go_on = asyncio.Event()

    async def slow(_request: Request, _ticket: ScriptedTicket) -> Reply:
        await go_on.wait()
        return Reply(text=("finally",), visibility=Visibility.CHANNEL)

    stage.application.scripts["/slow"] = slow
    await stage.page.send(type="submit", id="a1", channel=stage.general, text="/slow")
    await stage.page.frame("working")
    closing = asyncio.create_task(stage.shop.console.close())
    go_on.set()
    await stage.page.frame("done")
    async for _ in stage.page.socket:
        pass
    assert stage.page.socket.close_code == 1012
    await closing
    async with stage.shop.storage.workspace(stage.application.space.workspace_id).read() as work:
        kept = await work.messages.latest(stage.general, 0)

    assert [message.text for message in kept] == ["/slow", ""]


async def test_a_console_that_is_off_says_why_in_one_sentence() -> None:
    app = web.Application()
    mount_closed(app, "The console is off.")
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/") as response,
    ):
        assert (response.status, (await response.text()).strip()) == (403, "The console is off.")
    await runner.cleanup()
