"""What follows from something a person did: the acknowledgement, the answers, the errors shown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.discord.interactions import AUTOCOMPLETE, COMPONENT, MODAL_SUBMIT, Interaction
from tests.support.discord.messages import Json, Message, View
from tests.support.discord.world import Channel, User
from tests.support.local_platform import NotShownError

if TYPE_CHECKING:
    from tests.support.discord.platform import DiscordPlatform

NO_RESPONSE = "The application did not respond"
FAILED = "This interaction failed"
TROUBLE = "Something went wrong. Try again."
NO_OPTIONS = "Loading options failed"
SHOWN = {COMPONENT: FAILED, MODAL_SUBMIT: TROUBLE, AUTOCOMPLETE: NO_OPTIONS}


@dataclass
class Watch:
    """Where an answer to a message is looked for: what the app posts there, or to its author directly, after it."""

    channel: Channel
    after: str
    direct: Channel

    def found(self, user: User) -> Message | None:
        """The app's first message there that `user` can see."""
        alone = [message for message in self.channel.ephemerals if message.ephemeral_to is user]
        seen = [*self.channel.messages, *alone, *self.direct.messages]
        later = [m for m in seen if m.by_bot and not m.deleted and not m.is_thinking and int(m.id) > int(self.after)]
        return min(later, key=lambda message: int(message.id), default=None)


@dataclass
class Delivery:
    """The event on its way to the app."""

    platform: DiscordPlatform
    name: str
    payload: Json

    async def first(self) -> None:
        """Send it to every session."""
        self.platform.gateway.dispatch(self.name, self.payload)

    async def repeat(self, times: int = 1) -> None:
        """Send the very same event again, whatever became of it before."""
        for _ in range(times):
            self.platform.gateway.dispatch(self.name, self.payload)


@dataclass(eq=False)
class Exchange:
    """One thing a person did. `error_shown` is what Discord tells the person when the app fails to respond in time.

    What follows from submitting a modal counts for the exchange that opened it too.
    """

    platform: DiscordPlatform
    user: User
    delivery: Delivery
    interaction: Interaction | None = None
    watch: Watch | None = None
    submitted: View | None = None
    shown_view: View | None = None
    error_shown: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    _revision: int = 0

    def __post_init__(self) -> None:
        if self.interaction is not None:
            self.interaction.exchange = self
            self._revision = len(self.interaction.source.revisions) if self.interaction.source else 0

    @property
    def payload(self) -> Json:
        """What was sent to the app."""
        return self.delivery.payload

    @property
    def status(self) -> int | None:
        """The status of the first response's call (200 or 204); None if none came in time."""
        return self.interaction.status if self.interaction else None

    @property
    def response(self) -> int | None:
        """Discord's number for the kind of the first response: 4 message, 5 deferral, 9 modal …"""
        return self.interaction.response if self.interaction else None

    @property
    def latency(self) -> float:
        """Seconds until the first response came."""
        return self.interaction.latency if self.interaction else 0.0

    @property
    def is_thinking(self) -> bool:
        """Whether the person is shown "… is thinking"; Discord gives that up when the token ends."""
        found = self.interaction
        return bool(found and found.original and found.original.is_thinking and not found.is_expired)

    @property
    def options(self) -> list[Json]:
        """The suggestions of an autocompletion."""
        return self.interaction.choices if self.interaction else []

    async def start(self) -> Exchange:
        """Deliver; for an interaction, wait for the first response as long as Discord does."""
        await self.delivery.first()
        if self.interaction is None:
            return self
        try:
            if not self.platform.gateway.sessions:
                raise TimeoutError
            async with asyncio.timeout(self.platform.ack_seconds):
                await self.interaction.responded.wait()
        except TimeoutError:
            self.interaction.is_void = True
            self.error_shown = SHOWN.get(self.interaction.kind, NO_RESPONSE)
        else:
            if self.submitted is not None:
                self.submitted.is_open = False
        self.platform.changed()
        return self

    def take_answer(self, message: Message) -> None:
        """A message that answers, counted once."""
        if message not in self.messages:
            self.messages.append(message)
        if self.submitted is not None:
            self.submitted.opener.take_answer(message)
        self.platform.changed()

    def take_view(self, view: View) -> None:
        """The modal that it opened."""
        self.shown_view = view
        self.platform.changed()

    async def answer(self, seconds: float = 30.0) -> Message:
        """The first answer a person sees; an update of the message whose control was used counts."""
        return await self.platform.until(self._answer, seconds, f"an answer (shown so far: {self.error_shown!r})")

    async def answers(self, count: int, seconds: float = 30.0) -> list[Message]:
        """That many answers."""
        await self.platform.until(lambda: len(self.messages) >= count, seconds, f"{count} answers")
        return self.messages[:count]

    async def view(self, seconds: float = 30.0) -> View:
        """The modal that it opened."""
        return await self.platform.until(lambda: self.shown_view, seconds, f"a modal (so far: {self.error_shown!r})")

    def _answer(self) -> Message | None:
        if self.messages:
            return self.messages[0]
        source = self.interaction.source if self.interaction else None
        if source is not None and len(source.revisions) > self._revision:
            return source
        return self.watch.found(self.user) if self.watch else None


def last_with(exchange: Exchange, what: str) -> Message:
    """The latest answer that shows the control `what`."""
    for message in reversed(exchange.messages):
        try:
            message.control(what)
        except NotShownError:
            continue
        return message
    raise NotShownError(f"no answer shows {what!r}")
