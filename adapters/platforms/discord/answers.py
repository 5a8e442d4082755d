"""Answers on their way to people: whatever Discord does meanwhile, an acknowledged interaction is answered.

The first response is the answer itself if that is ready in time, else a deferral, whose visibility has to be right at
once. For a quarter of an hour the answer can then be edited in or follow; after that it is a message in the channel, or
a direct one if it is for one person alone. What can be repeated without harm (edits, a first response, posts with a
nonce) is tried until it is shown. A follow-up of unknown outcome is looked for in the channel first; one that only its
reader sees can't be looked for and is sent again: at worst it is read twice, while nothing is done twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any

import structlog

from adapters.platforms.discord import texts
from adapters.platforms.discord.api import DiscordApi, File, Route, listed
from adapters.platforms.discord.attachments import Packing
from adapters.platforms.discord.controls import Home
from adapters.platforms.discord.events import Event
from adapters.platforms.discord.marks import Mentions
from adapters.platforms.discord.messages import Messages
from adapters.platforms.discord.options import Timings
from adapters.platforms.discord.permissions import named
from adapters.platforms.discord.render import CONTENT, Rendered, render, short
from adapters.platforms.persisting import GivenUpError, Look, persist
from core.chat.reply import Placement, Reply, Visibility
from core.chat.request import ChannelKind
from core.ports.platform import PostDelayedError, PostOutcomeUnknownError, PostRejectedError
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

EPHEMERAL = 1 << 6
REPLY, DEFER, DEFER_UPDATE, UPDATE, SUGGEST, MODAL = 4, 5, 6, 7, 8, 9
SHORTEST_PAUSE = 0.01
"""Discord says to the millisecond when it takes the next call."""
FIRST_RESPONSE = 2.8
"""Seconds after its arrival in which an interaction takes a first response."""
LAST_TRY = 1.0
"""Seconds for one more try, which tells what became of those before it."""
_WEBHOOK = "/webhooks/{app}/{token}"
_ORIGINAL = f"{_WEBHOOK}/messages/@original"

MentionsOf = Callable[[str], Mentions]
"""The look-up of members' Discord ids, by guild."""


Missing = Callable[[str, str], int]
"""The permissions that the app lacks in a channel, by guild and channel."""


class State(Enum):
    """How far an interaction has been responded to."""

    NEW = "new"
    THINKING = "thinking"
    """Deferred: the first answer takes the place of "is thinking"."""
    DONE = "done"
    VOID = "void"
    """It takes no response: three seconds were over, or it is a message to the app."""
    ELSEWHERE = "elsewhere"
    """Somebody else answers it: a copy of this program, or this one before it was started again."""


@dataclass(slots=True)
class Exchange:
    """One interaction or message, and how far its answer is; `guild` is whose it is, also in direct messages."""

    event: Event
    guild: str
    state: State = State.NEW
    is_public: bool = False

    @property
    def home(self) -> Home:
        """Return what controls in its answers are about, wherever these may have to go."""
        asked_in = self.event.asked_in
        return Home(self.guild, "" if asked_in.kind is ChannelKind.DIRECT else asked_in.id)

    @property
    def parts(self) -> dict[str, str]:
        """Return what the addresses of its answers are made of."""
        return {"token": self.event.token, "app": self.event.application}


@value_object
class Showing:
    """A message on its way: `replaces` the one whose control was used; without `is_vital` it may be left out."""

    shown: Rendered
    files: Sequence[File]
    key: str
    is_public: bool
    replaces: bool = False
    is_vital: bool = True


@value_object
class Answers:
    """Delivers replies to where they belong."""

    api: DiscordApi
    messages: Messages
    packing: Packing
    timings: Timings
    mentions: MentionsOf
    missing: Missing

    async def respond(self, exchange: Exchange, kind: int, data: Mapping[str, Any] | None = None) -> bool:
        """Make the first response; tell whether it, or an earlier try of it, was taken."""
        event = exchange.event
        parts = {"interaction": event.id, "token": event.token}
        route = Route("POST", "/interactions/{interaction}/{token}/callback", parts)
        body = {"type": kind} | ({"data": data} if data is not None else {})
        loop = asyncio.get_running_loop()
        tries, is_last = 0, False
        while True:
            tries += 1
            left = LAST_TRY if is_last else max(event.at + FIRST_RESPONSE - loop.time(), 0.05)
            try:
                async with asyncio.timeout(left):
                    await self.api.send(route, body, with_token=False)
            except PostRejectedError as error:
                if error.reason == "already_acknowledged" and tries > 1:
                    return True
                return self._refused(exchange, error.reason)
            except (PostOutcomeUnknownError, PostDelayedError, TimeoutError):
                if is_last:
                    return self._refused(exchange, "too_late")
                # One more tells whether it was taken, lest it be shown once more in another way.
                is_last = loop.time() - event.at > FIRST_RESPONSE
                await asyncio.sleep(min(self.timings.first_retry, 0.2))
            else:
                return True

    async def defer(self, exchange: Exchange, *, is_public: bool) -> None:
        """Acknowledge: the answer to a control comes as it will, that to a command as visible as was said now."""
        if exchange.event.message:
            if await self.respond(exchange, DEFER_UPDATE):
                exchange.state = State.DONE
            return
        exchange.is_public = is_public
        if await self.respond(exchange, DEFER, {"flags": 0 if is_public else EPHEMERAL}):
            exchange.state = State.THINKING

    async def show_progress(self, exchange: Exchange, progress: float) -> None:
        """Show how far something is where its answer will be; nothing depends on it."""
        if exchange.state is not State.THINKING:
            return
        body = self._rendered(exchange, Reply(progress=progress)).body()
        try:
            await self.api.send(Route("PATCH", _ORIGINAL, exchange.parts), body, with_token=False)
        except (PostRejectedError, PostDelayedError, PostOutcomeUnknownError) as error:
            log.info("discord_progress_not_shown", reason=getattr(error, "reason", error.code))

    async def answer_at_once(self, exchange: Exchange, reply: Reply) -> None:
        """Make a reply that is ready the first response, as far as that can be."""
        replaces = exchange.event.message and (reply.original or reply.placement is Placement.UPDATE)
        first = (reply.original or reply) if replaces else reply
        shown = self._rendered(exchange, first)
        if shown.has_files:
            await self.defer(exchange, is_public=is_public(exchange.event, reply))
            await self.deliver(exchange, reply, exchange.event.id)
            return
        body = shown.body()
        if replaces:
            took = await self.respond(exchange, UPDATE, {**body, "attachments": []})
        else:
            took = await self.respond(exchange, REPLY, _flagged(body, shown, is_public(exchange.event, first)))
        if took:
            exchange.state = State.DONE
        if not took or (replaces and reply.original):
            rest = replace(reply, original=None) if took else reply
            await self.deliver(exchange, rest, exchange.event.id)

    async def deliver(self, exchange: Exchange, reply: Reply, key: str) -> None:
        """Show a reply, the renewed message first if it has one; what can't be shown is logged."""
        if exchange.state is State.ELSEWHERE:
            return
        try:
            if reply.original and exchange.event.message:
                renewed = await self._packed(exchange, reply.original, f"{key}/original")
                await self._send(exchange, replace(renewed, replaces=True, is_vital=False))
            replaces = bool(exchange.event.message) and reply.placement is Placement.UPDATE
            packed = await self._packed(exchange, replace(reply, original=None), key)
            await self._send(exchange, replace(packed, replaces=replaces))
        except (PostRejectedError, GivenUpError) as error:
            log.exception("discord_answer_lost", reason=getattr(error, "reason", "given_up"))

    async def say(self, exchange: Exchange, words: str, components: tuple[dict[str, Any], ...] = ()) -> None:
        """Show one person a sentence of our own."""
        shown = replace(short(words), components=components)
        body = _flagged(shown.body(), shown, is_public=False)
        if exchange.state is State.NEW and await self.respond(exchange, REPLY, body):
            exchange.state = State.DONE
            return
        try:
            await self._send(exchange, Showing(shown, (), exchange.event.id, is_public=False))
        except (PostRejectedError, GivenUpError) as error:
            log.exception("discord_answer_lost", reason=getattr(error, "reason", "given_up"))

    def _rendered(self, exchange: Exchange, reply: Reply) -> Rendered:
        return render(reply, exchange.home, self.mentions(exchange.guild))

    def _refused(self, exchange: Exchange, reason: str) -> bool:
        is_elsewhere = reason == "already_acknowledged"
        exchange.state = State.ELSEWHERE if is_elsewhere else State.VOID
        log.warning("discord_response_refused", reason=reason)
        return False

    async def _packed(self, exchange: Exchange, reply: Reply, key: str) -> Showing:
        shown = self._rendered(exchange, reply)
        shown, files = await self.packing.pack(exchange.guild, shown, exchange.event.file_limit)
        return Showing(shown, files, key, is_public(exchange.event, reply))

    async def _send(self, exchange: Exchange, what: Showing) -> None:
        is_alive = asyncio.get_running_loop().time() - exchange.event.at < self.timings.token
        if is_alive and exchange.state in (State.THINKING, State.DONE):
            try:
                await self._by_token(exchange, what)
            except PostRejectedError as error:
                if error.reason != "token_expired":
                    raise
                log.info("discord_token_expired")
            else:
                return
        if not (what.replaces and await self._renewed(exchange, what)):
            await self._by_message(exchange, what)

    async def _by_token(self, exchange: Exchange, what: Showing) -> None:
        original = Route("PATCH", _ORIGINAL, exchange.parts)
        body = {**what.shown.body(), "attachments": listed(what.files)}
        if exchange.state is State.THINKING and not what.replaces:
            exchange.state = State.DONE
            if exchange.is_public == what.is_public:
                await self._persist(lambda: self.api.send(original, body, what.files, with_token=False))
                return
            # The deferral promised another visibility, and a follow-up would share it as long as it stands there.
            gone = Route("DELETE", _ORIGINAL, exchange.parts)
            await self._persist(lambda: self._delete(gone))
        elif what.replaces:
            await self._persist(lambda: self.api.send(original, body, what.files, with_token=False))
            return
        await self._follow_up(exchange, what)

    async def _renewed(self, exchange: Exchange, what: Showing) -> bool:
        """Change the message itself, where the token no longer does; tell whether that settles it."""
        parts = {"channel": exchange.event.place, "message": exchange.event.message}
        route = Route("PATCH", "/channels/{channel}/messages/{message}", parts)
        body = {**what.shown.body(), "attachments": listed(what.files)}
        try:
            await self._persist(lambda: self.api.send(route, body, what.files))
        except PostRejectedError as error:
            # It is gone, or only its reader sees it.
            log.info("discord_message_not_renewed", reason=error.reason)
            return not what.is_vital
        return True

    async def _delete(self, route: Route) -> bool:
        try:
            await self.api.send(route, with_token=False)
        except PostRejectedError as error:
            if error.reason != "message_not_found":
                raise
        return True

    async def _follow_up(self, exchange: Exchange, what: Showing) -> None:
        route = Route("POST", _WEBHOOK, exchange.parts)
        body = _flagged({**what.shown.body(), "attachments": listed(what.files)}, what.shown, what.is_public)
        look = (lambda: self._is_there(exchange, body)) if what.is_public else None
        await self._persist(lambda: self.api.send(route, body, what.files, with_token=False), look)

    async def _is_there(self, exchange: Exchange, body: Mapping[str, Any]) -> bool:
        """Tell whether a follow-up of unknown outcome stands in the channel."""
        for message in await self.messages.history(exchange.event.place):
            is_ours = str((message.get("author") or {}).get("id")) == exchange.event.application
            is_later = int(message["id"]) > int(exchange.event.id)
            same = _words(message) == _words(body)
            if is_ours and is_later and same:
                return True
        return False

    async def _by_message(self, exchange: Exchange, what: Showing) -> None:
        """Answer with a message: in the channel, or directly; where neither can be, say so in the channel."""
        event, shown, key = exchange.event, what.shown, f"{exchange.event.id}/{what.key}"
        if what.is_public or event.channel.kind is ChannelKind.DIRECT:
            post = partial(self.messages.post, event.place, what.shown, key, what.files, answers=event.said)
            try:
                await self._persist(post)
            except PostRejectedError as error:
                log.info("discord_answer_moved", reason=error.reason)
                if error.reason in ("missing_permissions", "missing_access"):
                    shown = self._explained(exchange, shown)
            else:
                return
        try:
            direct = str(await self._persist(lambda: self.messages.direct(event.user)))
            await self._persist(lambda: self.messages.post(direct, shown, key, what.files))
        except PostRejectedError as error:
            if error.reason != "no_direct_messages" or what.is_public:
                raise
            hint = replace(short(""), content=texts.NO_DIRECT.format(user=event.user), pings=(event.user,))
            await self._persist(lambda: self.messages.post(event.place, hint, f"{key}/hint", notify=True))
        else:
            if event.said and not what.is_public:
                await self._point_to_direct(event, f"{key}/hint")

    async def _point_to_direct(self, event: Event, key: str) -> None:
        """Say below a message that its answer went to its author alone, for nobody else may see it there."""
        try:
            await self._persist(
                partial(self.messages.post, event.place, short(texts.IN_DIRECT), key, answers=event.said)
            )
        except (PostRejectedError, GivenUpError) as error:
            log.info("discord_hint_lost", reason=getattr(error, "reason", "given_up"))

    def _explained(self, exchange: Exchange, shown: Rendered) -> Rendered:
        """Return an answer that had to move, with what has to be allowed for it to stand where it belongs."""
        channel = exchange.event.channel.id
        words = texts.missing_permissions(channel, named(self.missing(exchange.guild, channel)))
        return replace(shown, content=f"{shown.content[: CONTENT - len(words) - 2]}\n\n{words}".strip())

    async def _persist(self, attempt: Callable[[], Awaitable[object]], look: Look | None = None) -> object:
        """Try as long as it is of use; raises `PostRejectedError` and `GivenUpError`."""
        timings = self.timings
        return await persist(attempt, look, seconds=timings.follow_up, pause=timings.first_retry, least=SHORTEST_PAUSE)


def is_public(event: Event, reply: Reply) -> bool:
    """Tell whether a reply is for everybody in the channel; in direct messages nobody else is there."""
    if event.channel.kind is ChannelKind.DIRECT:
        return True
    is_update = bool(event.message) and reply.placement is Placement.UPDATE
    return reply.visibility is Visibility.CHANNEL and (reply.ok or is_update)


def _flagged(body: Mapping[str, Any], shown: Rendered, is_public: bool) -> dict[str, Any]:
    return {**body, "flags": shown.flags | (0 if is_public else EPHEMERAL)}


def _words(message: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    embeds = message.get("embeds") or ()
    return str(message.get("content") or ""), [
        (str(embed.get("title") or ""), str(embed.get("description") or "")) for embed in embeds
    ]
