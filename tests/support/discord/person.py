"""A person in Discord: types commands, presses buttons, fills in modals, talks to the app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.support.discord import payloads
from tests.support.discord.channels import change, remove, store
from tests.support.discord.command_form import MESSAGE_MENU
from tests.support.discord.composing import Composed, Composer, NotAcceptedError
from tests.support.discord.entering import entered, entities_of, missing
from tests.support.discord.exchange import Delivery, Exchange, Watch, last_with
from tests.support.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.support.discord.messages import Control, Json, Message, View
from tests.support.discord.permissions import Permission
from tests.support.discord.world import Channel, StoredFile, User
from tests.support.local_platform import NotShownError

if TYPE_CHECKING:
    from tests.support.discord.platform import DiscordPlatform


class Person:
    """Somebody at a keyboard."""

    def __init__(self, platform: DiscordPlatform, user: User) -> None:
        self.platform = platform
        self.user = user

    # ------------------------------------------------------------ commands

    async def command(self, line: str, text: str = "", *, channel: Channel, **options: Any) -> Exchange:
        """Type a slash command: the whole line, or the command and its text; `options` are filled in directly."""
        found = self._compose(f"{line} {text}", options, channel)
        return await self._send(COMMAND, channel, self._command_data(found, channel))

    async def suggest(self, line: str, option: str, typed: str, *, channel: Channel) -> Exchange:
        """Type into an option that completes; `options` of the exchange are what the app suggests."""
        found = self._compose(line, {option: typed}, channel, is_partial=True)
        if not any(known["name"] == option and known.get("autocomplete") for known in found.known):
            raise NotAcceptedError(f"{option} does not complete")
        return await self._send(AUTOCOMPLETE, channel, self._command_data(found, channel, focused=option))

    async def shortcut(self, name: str, message: Message) -> Exchange:
        """Use a command of the message's menu."""
        self._must_see(message)
        known = self._commands_in(message.channel)
        registered = next((one for one in known if one["name"] == name and one["type"] == MESSAGE_MENU), None)
        if registered is None:
            raise NotAcceptedError(f"there is no {name!r} in the menu")
        return await self._send(COMMAND, message.channel, payloads.message_command(registered, message))

    def commands(self, channel: Channel) -> list[str]:
        """The names of the slash commands the person is offered there, subcommands included."""
        found = []
        for command in self._commands_in(channel):
            if command["type"] == MESSAGE_MENU:
                continue
            steps = [one for one in command.get("options", ()) if one["type"] in (1, 2)]
            inner = [f"{command['name']} {step['name']}" for step in steps]
            found += inner or [command["name"]]
        return found

    def _commands_in(self, channel: Channel) -> list[Json]:
        allowed = channel.allowed(self.user)
        if not allowed & Permission.VIEW_CHANNEL or not allowed & Permission.USE_APPLICATION_COMMANDS:
            raise NotAcceptedError(f"{self.user.name} can't use commands in {channel.name or channel.id}")
        guild = None if channel.kind == "im" else channel.guild
        context = 1 if channel.kind == "im" else 0
        found = []
        for command in self.platform.commands.shown(guild):
            needed = command["default_member_permissions"]
            is_allowed = needed is None or (int(needed) and int(allowed) & int(needed) == int(needed))
            if command["contexts"] is not None and context not in command["contexts"]:
                continue
            if is_allowed or guild is None or allowed & Permission.ADMINISTRATOR:
                found.append(command)
        return found

    def _compose(
        self, line: str, options: Mapping[str, Any], channel: Channel, *, is_partial: bool = False
    ) -> Composed:
        known = self._commands_in(channel)
        composer = Composer(self.platform.world, self.user, channel, known, self.platform.typist)
        return composer.compose(line, options, is_partial=is_partial)

    def _command_data(self, found: Composed, channel: Channel, focused: str = "") -> Json:
        resolved = payloads.resolved_of(self.platform.url, channel, self.user, found.entities)
        return payloads.command(found.registered, found.options(focused), resolved)

    # ------------------------------------------------------------ controls

    async def press(self, what: Message | Exchange, label: str) -> Exchange:
        """Press the button with that label (or custom id)."""
        message = last_with(what, label) if isinstance(what, Exchange) else what
        control = message.control(label)
        if control.kind != "button" or control.element.get("disabled") or control.element.get("url"):
            raise NotAcceptedError(f"{label!r} can't be pressed: {control.element}")
        return await self._act(message, control, [])

    async def choose(self, what: Message | Exchange, label: str, value: Any) -> Exchange:
        """Choose in a select: an option's label or value, a user, a role, a channel, or several of them."""
        message = last_with(what, label) if isinstance(what, Exchange) else what
        control = message.control(label)
        values: list[str] = entered(control, value)
        message.chosen[control.custom_id] = values
        return await self._act(message, control, values)

    async def _act(self, message: Message, control: Control, values: list[str]) -> Exchange:
        self._must_see(message)
        entities = entities_of(self.platform.world, [values] if control.kind != "string_select" else [])
        resolved = payloads.resolved_of(self.platform.url, message.channel, self.user, entities)
        data = payloads.component(control, values, resolved)
        return await self._send(COMPONENT, message.channel, data, source=message)

    # ------------------------------------------------------------ modals

    def fill(self, view: View, values: Mapping[str, Any]) -> None:
        """Enter values by label or custom id; nothing is sent yet."""
        self._must_have(view)
        for what, value in values.items():
            control = view.control(what)
            view.chosen[control.custom_id] = entered(control, value)

    async def submit(self, view: View, values: Mapping[str, Any] | None = None) -> Exchange:
        """Fill in and submit a modal; Discord's client refuses while required inputs are empty."""
        self.fill(view, values or {})
        if empty := missing(view):
            raise NotAcceptedError(f"please complete {empty}")
        opened_by = view.opener.interaction
        assert opened_by is not None
        entities = entities_of(self.platform.world, view.chosen.values())
        resolved = payloads.resolved_of(self.platform.url, opened_by.channel, self.user, entities)
        data = payloads.submission(view, resolved)
        return await self._send(MODAL_SUBMIT, opened_by.channel, data, source=opened_by.source, submitted=view)

    async def close(self, view: View) -> None:
        """Close a modal; the app never hears of it."""
        self._must_have(view)
        view.is_open = False

    def upload(self, name: str, content: bytes) -> StoredFile:
        """A file of the person's, to give to a command or a modal, or to post."""
        if len(content) > self.platform.file_bytes:
            raise NotAcceptedError("the file is too large for Discord")
        return self.platform.world.file(self.user, name, content)

    # ------------------------------------------------------------ talking

    async def say(
        self, text: str, channel: Channel, *, thread_ts: str | None = None, files: Sequence[StoredFile] = ()
    ) -> list[Exchange]:
        """Post a message, in the thread of a message if asked; one exchange, if the app can see it."""
        if thread_ts is not None:
            channel = self._thread(channel, thread_ts)
        if not channel.allowed(self.user) & Permission.SEND_MESSAGES:
            raise NotAcceptedError(f"{self.user.name} can't write in {channel.name or channel.id}")
        body = {"content": self._typed(channel, text)}
        message = store(self.platform, channel, self.user, body, {file.id: file for file in files})
        if not channel.allowed(self.platform.world.bot) & Permission.VIEW_CHANNEL:
            return []
        delivery = Delivery(self.platform, "MESSAGE_CREATE", payloads.message(self.platform, message))
        watch = Watch(channel, message.id, self.direct_channel)
        return [Exchange(self.platform, self.user, delivery, watch=watch)]

    async def reply(self, text: str, message: Message) -> None:
        """Reply to a message, as Discord's client does by itself with a ping: its author counts as mentioned."""
        self._must_see(message)
        body = {"content": self._typed(message.channel, text), "message_reference": {"message_id": message.id}}
        author = self.platform.world.users[message.data["author"]["id"]]
        store(self.platform, message.channel, self.user, body, {}, more={"mentions": [author.public()]})

    def edit(self, message: Message, text: str) -> None:
        """Change what one said."""
        change(self.platform, message, {"content": self._typed(message.channel, text)}, {})

    def _thread(self, channel: Channel, root: str) -> Channel:
        known = self.platform.world.channels.get(root)
        if known is None:
            known = self.platform.world.thread(channel, "Thread", self.user, root)
            self.platform.gateway.dispatch("THREAD_CREATE", known.public() | {"newly_created": True})
        return known

    def _typed(self, channel: Channel, text: str) -> str:
        for user in channel.guild.members:
            text = text.replace(f"@{user.name}", user.mention)
        return text

    async def mention(self, text: str, channel: Channel, *, thread_ts: str | None = None) -> Exchange:
        """Mention the app; `@bot` in the text stands for its name."""
        exchanges = await self.say(
            text.replace("@bot", f"@{self.platform.world.bot.name}"), channel, thread_ts=thread_ts
        )
        if not exchanges:
            raise NotAcceptedError("the app does not get this message")
        return exchanges[0]

    async def direct_message(self, text: str, *, files: Sequence[StoredFile] = ()) -> Exchange:
        """Write to the app directly."""
        return (await self.say(text, self.direct_channel, files=files))[0]

    def delete(self, message: Message) -> None:
        """Delete a message: one's own, or anyone's where one may; an ephemeral one is dismissed."""
        self._must_see(message)
        own = message.data["author"]["id"] == self.user.id or message.is_ephemeral
        if not own and not message.channel.allowed(self.user) & Permission.MANAGE_MESSAGES:
            raise NotAcceptedError("this person may not delete that message")
        remove(self.platform, message)

    @property
    def direct_channel(self) -> Channel:
        """The person's conversation with the app."""
        return self.platform.world.direct(self.user)

    # ------------------------------------------------------------ inside

    async def _send(
        self, kind: int, channel: Channel, data: Json, *, source: Message | None = None, submitted: View | None = None
    ) -> Exchange:
        clock = self.platform.clock
        interaction_id = clock.snowflake()
        token = f"interaction-{interaction_id}"
        found = Interaction(self.platform, interaction_id, token, kind, self.user, channel, clock.now(), source)
        found.payload = payloads.interaction(found, data)
        self.platform.interactions[token] = found
        delivery = Delivery(self.platform, "INTERACTION_CREATE", found.payload)
        return await Exchange(self.platform, self.user, delivery, found, submitted=submitted).start()

    def _must_see(self, message: Message) -> None:
        if message.deleted or (message.ephemeral_to or self.user) is not self.user:
            raise NotShownError("this person does not see that message")
        if not message.channel.allowed(self.user) & Permission.VIEW_CHANNEL:
            raise NotAcceptedError(f"{self.user.name} does not see {message.channel.name or message.channel.id}")

    def _must_have(self, view: View) -> None:
        if view.user is not self.user or not view.is_open:
            raise NotShownError("that modal is not on this person's screen")
