"""Slack and Discord behind one face, so that one scenario runs on both.

What differs is only how a person reaches a row of a list: on Slack each row has its buttons, on Discord the rows share
selects in which one chooses the row.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from adapters.platforms.slack.manifest import slack_manifest
from bot.grammar.plan import Planner
from bot.settings.model import (
    ApplicationSettings,
    DiscordSettings,
    ServerSettings,
    Settings,
    SlackSettings,
    StorageSettings,
)
from bot.wiring.bootstrap import Tuning
from bot.wiring.serving import Served, serving
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from tests.support import discord_product, slack_product
from tests.support.clock import HeldClock, RunningClock
from tests.support.discord import DiscordPlatform
from tests.support.further_areas import FurtherArea
from tests.support.product_process import ready
from tests.support.slack import SlackPlatform
from tests.support.storage import QUICK, fresh_url


@dataclass(frozen=True)
class Shown:
    """What a person sees: the words without marks, whether nobody else sees them, and the platform's message."""

    message: Any
    exchange: Any = None

    @property
    def words(self) -> str:
        """The words, without what makes them bold."""
        return re.sub(r"[*\\\u200b]", "", str(self.message.shown))

    @property
    def is_private(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.message.is_ephemeral) or self.message.channel.kind == "im"

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons and selects."""
        return [re.sub(r": which one\?$", "", label) for label in self.message.labels]


class Chat(Protocol):
    """A platform with a team: Anna, who administers it, Ben, and a channel that both are in."""

    name: str
    menu: str
    """What the command in a message's menu is called."""
    platform: Any

    def pinned(self) -> str:
        """What the message says that is pinned in the channel."""
        ...

    def link(self, message: Any) -> str:
        """The permanent link to a message, as far as it is alike every time."""
        ...

    def settings(self) -> dict[str, Any]:
        """The part of the product's settings that is about this platform."""
        ...

    async def connected(self, served: Served) -> None:
        """The product runs: let people reach it."""
        ...

    def person(self, name: str) -> Any:
        """Somebody by name, known from then on."""
        ...

    def channel(self) -> Any:
        """The channel."""
        ...

    async def use(self, who: Any, shown: Shown, label: str, row: str) -> Any:
        """Press the button of one row of a list of several."""
        ...


class Talk:
    """What people do, alike on every platform."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    async def type(self, name: str, line: str) -> Shown:
        """Type a command and see its answer."""
        exchange = await self.chat.person(name).command(line, channel=self.chat.channel())
        return Shown(await exchange.answer(), exchange)

    async def mention(self, name: str, line: str, *, thread: str | None = None) -> Shown:
        """Mention the bot at the beginning of a message, in the thread of a message if asked, and see the answer."""
        exchange = await self.chat.person(name).mention(f"@bot {line}", self.chat.channel(), thread_ts=thread)
        return Shown(await exchange.answer(), exchange)

    async def tell(self, name: str, line: str, **files: Any) -> Shown:
        """Write to the bot directly and see the answer."""
        exchange = await self.chat.person(name).direct_message(line, **files)
        return Shown(await exchange.answer(), exchange)

    async def say(self, name: str, words: str) -> Any:
        """Say something in the channel to nobody in particular."""
        await self.chat.person(name).say(words, self.chat.channel())
        return self.chat.channel().messages[-1]

    async def ask(self, name: str, line: str) -> Shown:
        """Type a command that lacks something and see the form."""
        exchange = await self.chat.person(name).command(line, channel=self.chat.channel())
        return Shown(await exchange.view(), exchange)

    async def press(self, name: str, shown: Shown, label: str, answers: int = 1) -> list[Shown]:
        """Press a button of a message and see what comes of it."""
        exchange = await self.chat.person(name).press(shown.message, label)
        if answers == 1:
            return [Shown(await exchange.answer(), exchange)]
        return [Shown(message, exchange) for message in await exchange.answers(answers)]

    async def use(self, name: str, shown: Shown, label: str, row: str, answers: int = 2) -> list[Shown]:
        """Press the button of one row of a list."""
        exchange = await self.chat.use(self.chat.person(name), shown, label, row)
        return [Shown(message, exchange) for message in await exchange.answers(answers)]

    async def pick(self, name: str, shown: Shown, label: str, choice: str) -> Shown:
        """Choose in a select what opens a form, and see the form."""
        exchange = await self.chat.person(name).choose(shown.message, label, choice)
        return Shown(await exchange.view(), exchange)

    async def form(self, name: str, shown: Shown, label: str) -> Shown:
        """Press a button that opens a form, and see the form."""
        exchange = await self.chat.person(name).press(shown.message, label)
        return Shown(await exchange.view(), exchange)

    async def send(self, name: str, form: Shown, values: dict[str, Any], answers: int = 1) -> list[Shown]:
        """Fill a form in, send it, and see what comes of it."""
        await self.chat.person(name).submit(form.message, values)
        if answers == 1:
            return [Shown(await form.exchange.answer())]
        return [Shown(message) for message in await form.exchange.answers(answers)]


@asynccontextmanager
async def talking(platform: str, folder: Path, further: FurtherArea | None = None) -> AsyncIterator[Talk]:
    """People on one platform, `slack` or `discord`, which the product serves, perhaps with a further area."""
    async with AsyncExitStack() as stack:
        chat: SlackChat | DiscordChat
        if platform == "slack":
            chat = SlackChat(await stack.enter_async_context(SlackPlatform()))
        else:
            chat = DiscordChat(await stack.enter_async_context(DiscordPlatform()))
        shop = Shop(folder, [chat], further)
        await shop.start()
        stack.push_async_callback(shop.stop)
        yield Talk(chat)


class SlackChat:
    """The local Slack."""

    name = "slack"
    menu = "make_task"

    def __init__(self, platform: SlackPlatform) -> None:
        self.platform = platform
        self._people = {
            "anna": platform.world.user("anna", is_admin=True),
            "ben": platform.world.user("ben"),
        }
        self._channel = platform.world.channel("general", list(self._people.values()))

    def pinned(self) -> str:
        found = self._channel.find(self._channel.pinned[-1])
        return found.shown if found else ""

    def link(self, message: Any) -> str:
        return f"/archives/{self._channel.id}/p{message.ts.replace('.', '')}"

    def settings(self) -> dict[str, Any]:
        return {"slack": slack_product.slack_settings(self.platform, "http")}

    async def connected(self, served: Served) -> None:
        catalogue = served.product.application.catalogue
        self.platform.app.use_manifest(dict(slack_manifest(catalogue, socket_mode=False)))
        self.platform.connect(f"http://{served.server.main}/slack/events")

    def person(self, name: str) -> Any:
        return self.platform.person(self._people[name])

    def channel(self) -> Any:
        return self._channel

    async def use(self, who: Any, shown: Shown, label: str, row: str) -> Any:
        """Press the button below the row; the first row's, for a message names controls by their labels."""
        assert re.search(r"#\d+ .*", shown.words)[0].startswith(row)  # type: ignore[index]
        return await who.press(shown.message, label)


class DiscordChat:
    """The local Discord."""

    name = "discord"
    menu = "Make a task"

    def __init__(self, platform: DiscordPlatform) -> None:
        self.platform = platform
        self._people = {
            "anna": platform.world.user("anna", is_admin=True),
            "ben": platform.world.user("ben"),
        }
        self._channel = platform.world.channel("general", list(self._people.values()))

    def pinned(self) -> str:
        found = self._channel.find(self._channel.pinned[-1])
        return found.shown if found else ""

    def link(self, message: Any) -> str:
        return f"/channels/{self._channel.guild.id}/{self._channel.id}/{message.id}"

    def settings(self) -> dict[str, Any]:
        return {"discord": discord_product.discord_settings(self.platform)}

    async def connected(self, served: Served) -> None:
        """The product connects by itself; people fill the options in as its own grammar says."""
        self.platform.typist = partial(options_of, Planner(served.product.application.registry, HeldClock()))

    def person(self, name: str) -> Any:
        return self.platform.person(self._people[name])

    def channel(self) -> Any:
        return self._channel

    async def use(self, who: Any, shown: Shown, label: str, row: str) -> Any:
        """Choose the row in the select of that button."""
        return await who.choose(shown.message, f"{label}: which one?", row)


def options_of(planner: Planner, name: str, rest: str, _known: list[dict[str, Any]]) -> dict[str, str]:
    """Which option each part of a line belongs to, such as `task` and `people` for `1 @ben`."""
    nowhere = ChannelRef("", "", ChannelKind.DIRECT)
    line = Request(Platform.DISCORD, "", nowhere, UserRef(""), text=f"/{name} {rest}")
    arguments = planner.plan(line).arguments
    return {argument: " ".join(values) for argument, values in arguments.items()}


class Shop:
    """The product serving some chats at once, on a folder of its own."""

    def __init__(self, folder: Path, chats: list[Chat], further: FurtherArea | None = None) -> None:
        self.folder = folder
        self.chats = chats
        self.further = further
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Start, and wait until every chat can be served."""
        given: dict[str, Any] = {
            "slack": SlackSettings(),
            "discord": DiscordSettings(),
        }
        for chat in self.chats:
            given |= chat.settings()
        url = fresh_url(self.folder)
        if self.further:
            await self.further.prepare(url)
        settings = Settings(
            StorageSettings(data_dir=self.folder, database_url=url),
            ServerSettings(port=0),
            ApplicationSettings(timezone="Europe/Amsterdam"),
            **given,
        )
        tuning = Tuning(
            limits=slack_product.PLENTY,
            board_seconds=0.2,
            storage=QUICK,
            slack=slack_product.brisk(),
            discord=discord_product.brisk(),
            **(self.further.tuning if self.further else {}),
        )
        served = await self._stack.enter_async_context(serving(settings, clock=RunningClock(), tuning=tuning))
        for chat in self.chats:
            await chat.connected(served)
        await ready(f"http://{served.server.main}")

    async def stop(self) -> None:
        """Stop in good order."""
        await self._stack.aclose()
