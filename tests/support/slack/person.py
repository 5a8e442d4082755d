"""A person in Slack: types commands, presses buttons, fills in modals, talks to the app."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.support.local_platform import NotShownError
from tests.support.slack import payloads, response_urls
from tests.support.slack.chat import store
from tests.support.slack.delivery import Delivery, Kind, Transport
from tests.support.slack.exchange import Exchange, Watch, last_with
from tests.support.slack.messages import Control, Json, Message, View
from tests.support.slack.modals import make_trigger
from tests.support.slack.views import NotAcceptedError, entered, missing_inputs, state_of
from tests.support.slack.world import Channel, StoredFile, User

if TYPE_CHECKING:
    from tests.support.slack.platform import SlackPlatform

COMMAND_TEXT = 8_000


class Person:
    """Somebody at a keyboard. `transport` chooses how Slack reaches the app: by HTTP or by Socket Mode."""

    def __init__(self, platform: SlackPlatform, user: User, transport: Transport) -> None:
        self.platform = platform
        self.user = user
        self.transport = transport

    # ------------------------------------------------------------ commands

    async def command(self, line: str, text: str = "", *, channel: Channel) -> Exchange:
        """Type a slash command: the whole line, or the command and its text."""
        self._must_be_in(channel)
        name, _, rest = line.partition(" ")
        known = self.platform.app.commands
        if known is not None and name not in known:
            raise NotAcceptedError(f"{name} is not a valid command")
        text = (text or rest).strip()[:COMMAND_TEXT]
        if (known or {}).get(name):
            text = payloads.escape(self.platform.world, self.user, text)
        found = response_urls.make(self.platform, "commands", self.user, channel)
        trigger = make_trigger(self.platform, self.user)
        payload = payloads.command(self.platform, self.user, name, text, found, trigger)
        exchange = self._exchange("slash_commands", payload)
        exchange.trigger, exchange.answers_at = trigger, found
        return await exchange.start(exchange.take_command)

    # ------------------------------------------------------------ controls

    async def press(self, what: Message | Exchange | View, label: str) -> Exchange:
        """Press the button with that label (or action id, or value)."""
        what = last_with(what, label) if isinstance(what, Exchange) else what
        control = what.control(label)
        if control.kind != "button":
            raise NotAcceptedError(f"{label!r} is a {control.kind}")
        return await self._act(what, control, {})

    async def choose(self, what: Message | Exchange | View, label: str, value: Any) -> Exchange:
        """Choose in a select, an overflow menu, a picker, checkboxes: an option's text, a user, a date."""
        what = last_with(what, label) if isinstance(what, Exchange) else what
        control = what.control(label)
        entry = self._enter(what, control, value)
        return await self._act(what, control, {key: part for key, part in entry.items() if key != "type"})

    async def suggest(self, what: Message | Exchange | View, label: str, typed: str) -> Exchange:
        """Type into an external select; `options` of the exchange are what the app suggests."""
        what = last_with(what, label) if isinstance(what, Exchange) else what
        self._must_see(what)
        control = what.control(label)
        exchange = self._exchange("interactive", payloads.suggestion(self.platform, self.user, what, control, typed))
        return await exchange.start(exchange.take_suggestion)

    async def _act(self, what: Message | View, control: Control, value: Json) -> Exchange:
        trigger = make_trigger(self.platform, self.user)
        if isinstance(what, View):
            self._must_see(what)
            exchange = self._exchange("interactive", payloads.view_action(self.platform, what, trigger, control, value))
        else:
            self._must_see(what)
            found = response_urls.make(self.platform, "actions", self.user, what.channel, what)
            payload = payloads.message_action(self.platform, found, trigger, control, value)
            exchange = self._exchange("interactive", payload, answers_at=found)
        exchange.trigger = trigger
        return await exchange.start(exchange.take_interaction)

    def _enter(self, what: Message | View, control: Control, value: Any) -> Json:
        entry = entered(control, _plain(value), self.platform.url)
        if control.kind != "overflow":
            what.chosen[f"{control.block_id}/{control.action_id}"] = entry
        if isinstance(what, View):
            what.data["state"] = state_of(what.blocks, what.chosen)
        return entry

    # ------------------------------------------------------------ modals

    def fill(self, view: View, values: Mapping[str, Any]) -> None:
        """Enter values by label, block id or action id; nothing is sent yet."""
        self._must_see(view)
        for what, value in values.items():
            self._enter(view, view.control(what), value)

    async def submit(self, view: View, values: Mapping[str, Any] | None = None) -> Exchange:
        """Fill in and submit a modal; Slack's client refuses while required inputs are empty."""
        self.fill(view, values or {})
        if missing := missing_inputs(view.blocks, view.chosen):
            raise NotAcceptedError(f"please complete {missing}")
        if view.data["submit"] is None:
            raise NotAcceptedError("the modal has no submit button")
        view.errors = {}
        trigger = make_trigger(self.platform, self.user)
        exchange = self._exchange("interactive", payloads.submission(self.platform, view, trigger))
        exchange.trigger, exchange.submitted = trigger, view
        return await exchange.start(exchange.take_submission)

    async def close(self, view: View) -> Exchange | None:
        """Close a modal; the app hears of it only if it asked for that."""
        self._must_see(view)
        view.is_open = False
        if not view.data["notify_on_close"]:
            return None
        exchange = self._exchange("interactive", payloads.closing(self.platform, view, is_cleared=False))
        return await exchange.start(exchange.take_interaction)

    def upload(self, name: str, content: bytes) -> StoredFile:
        """A file of the person's, to give to a `file_input` or to post."""
        return self.platform.world.file(self.user, name, content)

    # ------------------------------------------------------------ talking

    async def say(
        self, text: str, channel: Channel, *, thread_ts: str | None = None, files: Sequence[StoredFile] = ()
    ) -> list[Exchange]:
        """Post a message; one exchange for each event that the app is sent of it."""
        self._must_be_in(channel)
        for file in files:
            file.channels.append(channel.id)
        shared = [file.public(self.platform.url) for file in files]
        data = payloads.typed_message(self.platform, self.user, text, shared)
        message = store(self.platform, channel, data, thread_ts=thread_ts)
        installation = self.platform.world.installation(self.user.team)
        exchanges = []
        for kind in self._events_of(message):
            payload = payloads.event(self.platform, installation, payloads.said(message, kind))
            watch = Watch(channel, message.ts, message.thread_ts)
            exchanges.append(self._exchange("events_api", payload, watch=watch))
        await asyncio.gather(*(exchange.start(exchange.take_event) for exchange in exchanges))
        return exchanges

    def _events_of(self, message: Message) -> list[str]:
        """The events of a message that the app gets: only where it is a member, and what it subscribed to."""
        bot = self.platform.world.installation(self.user.team).bot
        wanted, channel = self.platform.app.events, message.channel
        if bot not in channel.members:
            return []
        kinds = []
        if channel.kind != "im" and f"<@{bot.id}>" in message.text and "app_mention" in wanted:
            kinds.append("app_mention")
        return kinds + (["message"] if payloads.subscription(channel) in wanted else [])

    async def mention(self, text: str, channel: Channel, *, thread_ts: str | None = None) -> Exchange:
        """Mention the app; `@bot` in the text stands for its name."""
        name = self.platform.world.installation(self.user.team).bot.name
        exchanges = await self.say(text.replace("@bot", f"@{name}"), channel, thread_ts=thread_ts)
        if not exchanges:
            raise NotAcceptedError("the app does not get this message")
        return exchanges[0]

    async def direct_message(self, text: str, *, files: Sequence[StoredFile] = ()) -> Exchange:
        """Write to the app directly."""
        exchanges = await self.say(text, self.direct_channel, files=files)
        if not exchanges:
            raise NotAcceptedError("the app does not get direct messages")
        return exchanges[0]

    @property
    def direct_channel(self) -> Channel:
        """The person's conversation with the app."""
        return self.platform.world.direct(self.user, self.platform.world.installation(self.user.team).bot)

    # ------------------------------------------------------------ elsewhere

    async def open_home(self, tab: str = "home") -> Exchange:
        """Open the app's Home or Messages tab."""
        installation = self.platform.world.installation(self.user.team)
        inner = payloads.home_opened(self.platform, self.user, self.direct_channel, tab)
        exchange = self._exchange("events_api", payloads.event(self.platform, installation, inner))
        return await exchange.start(exchange.take_event)

    async def shortcut(self, callback_id: str, message: Message | None = None) -> Exchange:
        """Use a message shortcut on `message`, or a global one."""
        trigger = make_trigger(self.platform, self.user)
        if message is None:
            payload = payloads.global_shortcut(self.platform, self.user, trigger, callback_id)
            exchange = self._exchange("interactive", payload)
        else:
            self._must_see(message)
            found = response_urls.make(self.platform, "app", self.user, message.channel)
            payload = payloads.message_shortcut(self.platform, found, trigger, message, callback_id)
            exchange = self._exchange("interactive", payload)
            exchange.answers_at = found
        exchange.trigger = trigger
        return await exchange.start(exchange.take_interaction)

    # ------------------------------------------------------------ inside

    def _exchange(
        self,
        kind: Kind,
        payload: Json,
        *,
        watch: Watch | None = None,
        answers_at: response_urls.ResponseUrl | None = None,
    ) -> Exchange:
        delivery = Delivery(self.platform, self.transport, kind, payload)
        return Exchange(self.platform, self.user, delivery, watch=watch, answers_at=answers_at)

    def _must_be_in(self, channel: Channel) -> None:
        if self.user not in channel.members:
            raise NotAcceptedError(f"{self.user.name} is not in {channel.name or channel.id}")

    def _must_see(self, what: Message | View) -> None:
        if isinstance(what, View):
            if what.user is not self.user or not what.is_open:
                raise NotShownError("that view is not on this person's screen")
        elif what.deleted or (what.ephemeral_to or self.user) is not self.user:
            raise NotShownError("this person does not see that message")
        else:
            self._must_be_in(what.channel)


def _plain(value: Any) -> Any:
    """What a picker yields for a person, a channel, a moment."""
    if isinstance(value, User | Channel):
        return value.id
    if isinstance(value, datetime):
        return int(value.timestamp())
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
