"""The connection to Discord's gateway, by discord.py: what people do comes in, and the state of servers is kept.

Only here and in `heard` and `places` are the SDK's objects known, and only here its two base addresses are set: it
never asks where to connect. Its own HTTP client does nothing but log in.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route as SdkRoute

from adapters.platforms.discord.events import Event
from adapters.platforms.discord.guilds import Room
from adapters.platforms.discord.heard import heard, may_be_heard
from adapters.platforms.discord.options import DiscordOptions
from adapters.platforms.discord.permissions import Rights
from adapters.platforms.discord.places import overwrites_of, place_of
from core.shared.value_objects import value_object

log = structlog.get_logger(__name__)

SDK_LOG = "discord"
DEAD_TOKEN = 4004
HEARTBEAT = 30.0
_UNHEARD = ("MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK")

Take = Callable[[Event], None]
Joined = Callable[[str], Awaitable[None]]
Left = Callable[[str], None]
Ready = Callable[[str], Awaitable[None]]
Present = Callable[[Collection[str]], None]


@value_object
class Ears:
    """Who hears of what: what people do, a guild joined or left, the app's own user, and all its guilds."""

    take: Take
    joined: Joined
    left: Left
    ready: Ready
    present: Present


class Client(discord.Client):
    """discord.py's client with nothing kept but servers, roles and channels."""

    def __init__(self, ears: Ears, options: DiscordOptions, connected: asyncio.Event) -> None:
        super().__init__(
            # None of them is privileged; what the manifest says is asked for is this.
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            heartbeat_timeout=HEARTBEAT,
            guild_ready_timeout=options.timings.guilds,
        )
        self._ears = ears
        self._options = options
        self._connected = connected
        self.is_listening = True
        self._spare_messages()

    def _spare_messages(self) -> None:
        """Keep the SDK from building what nobody looks at: every message of a channel, every edit and deletion."""
        parsers = self._connection.parsers
        for name in _UNHEARD:
            parsers.pop(name, None)
        build = parsers["MESSAGE_CREATE"]

        def hear(data: Any) -> None:
            if may_be_heard(data, str(self.user.id) if self.user else ""):
                build(data)

        parsers["MESSAGE_CREATE"] = hear

    async def setup_hook(self) -> None:
        """Tell who we are before anything comes in."""
        await self._ears.ready(str(self.application_id))

    async def close(self) -> None:
        """Leave, and end the wait for further servers, which the SDK would leave running."""
        waiting = self._connection._ready_task
        if waiting is not None:
            waiting.cancel()
        await super().close()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait before a further session, for Discord allows few."""
        if not initial:
            await asyncio.sleep(self._options.timings.identify)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand an interaction on at once, for somebody waits; everything else takes the SDK's way, a task each."""
        if event != "interaction":
            super().dispatch(event, *args, **kwargs)
        elif self.is_listening:
            try:
                self._ears.take(event_of(args[0], asyncio.get_running_loop().time()))
            except Exception:  # one that can't be read must not end the connection
                log.exception("discord_event_failed", handler=event)

    async def on_message(self, message: discord.Message) -> None:
        """Hand on what is said to the app."""
        if self.is_listening and self.user:
            said = heard(message, str(self.user.id), asyncio.get_running_loop().time())
            if said:
                self._ears.take(said)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Learn of a server that the app is in."""
        await self._ears.joined(str(guild.id))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Learn of a new server."""
        await self._ears.joined(str(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Learn that a server sent the app away."""
        self._ears.left(str(guild.id))

    async def on_ready(self) -> None:
        """Tell whoever waits for the connection."""
        log.info("discord_connected")
        self._ears.present([str(guild.id) for guild in self.guilds])
        self._connected.set()

    async def on_disconnect(self) -> None:
        """Tell the log."""
        log.info("discord_disconnected")

    async def on_resumed(self) -> None:
        """Tell the log."""
        log.info("discord_resumed")

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Log what goes wrong in a handler; the next event is served all the same."""
        log.exception("discord_event_failed", handler=event_method)


@dataclass(slots=True)
class Connection:
    """Keeps a client connected; implements `Known`."""

    options: DiscordOptions
    ears: Ears
    _client: Client | None = None
    _running: "asyncio.Task[None] | None" = None
    _is_ready: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin to connect, and go on until stopped."""
        logging.getLogger(SDK_LOG).setLevel(logging.CRITICAL)
        if self.options.api_url:
            SdkRoute.BASE = self.options.base_url
        if self.options.gateway_url:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.options.gateway_url)
        self._running = asyncio.create_task(self._run(), name="discord connection")

    async def settled(self, seconds: float) -> None:
        """Return when the connection is ready, or after so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_ready.wait()

    @property
    def is_ready(self) -> bool:
        """Tell whether interactions come in."""
        return self._client is not None and self._client.is_ready() and not self._client.is_closed()

    def close(self) -> None:
        """Take nothing new."""
        if self._client is not None:
            self._client.is_listening = False

    async def stop(self) -> None:
        """Leave the gateway, and forget what it told; it may be started again."""
        self.close()
        running, self._running, self._client = self._running, None, None
        self._is_ready = asyncio.Event()
        if running is not None:
            running.cancel()
            # Not gathered: whoever loses patience must not keep the client from closing.
            await asyncio.wait({running})

    async def _run(self) -> None:
        while True:
            client = self._client = Client(self.ears, self.options, self._is_ready)
            try:
                await self._serve(client)
            finally:
                with contextlib.suppress(OSError, RuntimeError):
                    await client.close()
            await asyncio.sleep(self.options.timings.again)

    async def _serve(self, client: Client) -> None:
        try:
            await client.login(self.options.bot_token)
            await client.connect()
        except discord.LoginFailure:
            log.warning("discord_token_refused", setting="DISCORD_BOT_TOKEN")
        except discord.ConnectionClosed as error:
            if error.code == DEAD_TOKEN:
                log.warning("discord_token_refused", setting="DISCORD_BOT_TOKEN")
            else:
                log.warning("discord_closed", code=error.code)
        except Exception as error:  # whatever keeps Discord away, the way on is to try again
            log.warning("discord_unavailable", cause=type(error).__name__)

    # ------------------------------------------------------------ what is kept

    def guild_ids(self) -> Iterable[str]:
        """Return the guilds that the app is in."""
        return [str(guild.id) for guild in self._client.guilds] if self._client else []

    def rights(self, guild: str) -> Rights | None:
        """Return what a guild's roles give; None for an unknown guild."""
        found = self._guild(guild)
        if found is None or found.unavailable:
            return None
        return Rights(guild, str(found.owner_id), {str(role.id): role.permissions.value for role in found.roles})

    def rooms(self, guild: str) -> Iterable[Room]:
        """Return a guild's channels."""
        found = self._guild(guild)
        return [Room(str(one.id), one.name, overwrites_of(one)) for one in found.channels] if found else []

    def bot_roles(self, guild: str) -> Iterable[str]:
        """Return the app's own roles."""
        found = self._guild(guild)
        own: discord.Member | None = found.me if found else None
        return [str(role.id) for role in own.roles] if own else []

    def _guild(self, guild: str) -> discord.Guild | None:
        return self._client.get_guild(int(guild)) if self._client and guild.isdigit() else None


def event_of(interaction: discord.Interaction, at: float) -> Event:
    """Return an interaction free of the SDK's objects."""
    message = interaction.message
    permissions = interaction.permissions
    return Event(
        id=str(interaction.id),
        kind=int(interaction.type.value),
        token=interaction.token,
        application=str(interaction.application_id),
        guild=str(interaction.guild_id or ""),
        channel=place_of(interaction.guild, interaction.channel, str(interaction.channel_id or "")),
        user=str(interaction.user.id),
        name=interaction.user.display_name,
        locale=str(interaction.locale.value),
        is_admin=bool(interaction.guild_id) and (permissions.administrator or permissions.manage_guild),
        at=at,
        data=dict(interaction.data or {}),
        message=str(message.id) if message else "",
        components=[dict(row.to_dict()) for row in message.components] if message else [],
        file_limit=interaction.filesize_limit,
    )
