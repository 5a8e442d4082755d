"""Discord as a whole: everything of this package tied together behind one class."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection

import structlog

from adapters.platforms.discord.answers import Answers
from adapters.platforms.discord.api import DiscordApi, Route
from adapters.platforms.discord.asked import Views
from adapters.platforms.discord.attachments import Packing
from adapters.platforms.discord.client import DiscordMessenger
from adapters.platforms.discord.commands import application_commands, fingerprint
from adapters.platforms.discord.connection import Connection, Ears
from adapters.platforms.discord.events import Event
from adapters.platforms.discord.gateway import Gateway
from adapters.platforms.discord.guilds import EnsureSpace, Guilds
from adapters.platforms.discord.marks import Mentions
from adapters.platforms.discord.messages import Messages
from adapters.platforms.discord.options import DiscordOptions
from adapters.platforms.follow_ups import FollowUps
from core.chat.application import Application
from core.chat.reply import FileLink
from core.files.service import file_key
from core.ports.charts import ChartPictures
from core.ports.files import FileStore
from core.ports.platform import PostDelayedError, PostRejectedError
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.shared.errors import NotFoundError, QuartermasterError

log = structlog.get_logger(__name__)

UserOf = Callable[[str, int], str | None]
"""From a guild and a member to that member's Discord user id, from memory."""
FINGERPRINT = 200


class DiscordNotReadyError(QuartermasterError):
    """Discord can't be served yet or any more; `reason` is a stable word."""

    code = "discord_not_ready"

    def __init__(self, reason: str) -> None:
        """Keep the word."""
        super().__init__(reason)
        self.reason = reason


class DiscordPlatform:
    """Discord over its gateway.

    Only one process may be connected at a time: `start()` and `rest()` connect and disconnect, as often as needed;
    posts leave in between too. To stop without losing anything acknowledged: `stop_taking()`, finish the application's
    requests, `stop()`.
    """

    def __init__(
        self,
        *,
        application: Application,
        storage: Storage,
        files: FileStore,
        pictures: ChartPictures,
        clock: Clock,
        options: DiscordOptions,
        ensure_space: EnsureSpace,
        user_of: UserOf,
    ) -> None:
        self._application = application
        self._store = files
        self._options = options
        self._ensure_space = ensure_space
        self._user_of = user_of
        self._api = api = DiscordApi(options)
        self._follow_ups = follow_ups = FollowUps()
        ears = Ears(self._take, self._joined, self._left, self._ready, self._present)
        self._connection = connection = Connection(options, ears)
        self._guilds = guilds = Guilds(api, storage, clock, ensure_space, follow_ups, connection, options.bot_token)
        messages, packing = Messages(api, options), Packing(self._read_file, pictures)
        answers = Answers(api, messages, packing, options.timings, self._mentions, guilds.missing)
        self._gateway = Gateway(application, storage, clock, answers, messages, guilds, follow_ups, options.timings)
        self._syncing: asyncio.Task[None] | None = None
        self._is_connecting = False
        views = Views(api, guilds, clock)
        self.messenger = DiscordMessenger(api, guilds, views, messages, packing, self._mentions)

    async def start(self) -> None:
        """Begin to serve. Discord's absence does not keep the rest from starting: it is waited for a moment only."""
        self._is_connecting = True
        self._connection.start()
        await self._connection.settled(self._options.timings.settle)

    async def rest(self) -> None:
        """Leave what comes from Discord to another process; what was taken is answered all the same."""
        self._is_connecting = False
        await self._connection.stop()
        self._guilds.forget()

    async def stop_taking(self) -> None:
        """Take nothing new; what came before is answered."""
        self._connection.close()

    async def stop(self) -> None:
        """Answer what is still to be answered, then let go of Discord."""
        self._connection.close()
        late = await self._follow_ups.drain(self._options.timings.drain)
        if late:
            log.error("discord_answers_given_up", count=late)
        if self._syncing:
            self._syncing.cancel()
            await asyncio.gather(self._syncing, return_exceptions=True)
        await self._connection.stop()
        await self._api.close()

    async def check(self) -> None:
        """Return if Discord can be served, or is another process's to serve; raises `DiscordNotReadyError`."""
        if not self._is_connecting:
            return
        if not self._connection.is_ready:
            raise DiscordNotReadyError("gateway")
        if self._syncing is None or not self._syncing.done():
            raise DiscordNotReadyError("commands")

    # ------------------------------------------------------------ what the connection hears

    def _take(self, event: Event) -> None:
        if event.guild and not self._guilds.is_served(event.guild):
            log.warning("discord_guild_unknown", guild=event.guild)
        self._gateway.take(event)

    async def _joined(self, guild: str) -> None:
        await self._guilds.joined(guild)

    def _left(self, guild: str) -> None:
        self._guilds.left(guild)

    def _present(self, guilds: Collection[str]) -> None:
        self._guilds.only(guilds)

    async def _ready(self, application: str) -> None:
        self._guilds.bot_user = application
        await self._guilds.load()
        if self._syncing is None or self._syncing.done():
            self._syncing = asyncio.create_task(self._synchronise(application), name="discord commands")

    # ------------------------------------------------------------ commands

    async def _synchronise(self, application: str) -> None:
        """Tell Discord the commands if they have changed, until it has taken them."""
        commands = application_commands(self._application.catalogue)
        digest, key = fingerprint(commands), f"discord/commands-{application}"
        pause = self._options.timings.first_retry
        while True:
            try:
                if await self._stored(key) == digest:
                    return
                await self._api.send(Route("PUT", "/applications/{app}/commands", {"app": application}), commands)
                await self._store.put(key, _chunks(digest), limit=FINGERPRINT)
            except PostRejectedError as error:
                log.exception("discord_commands_refused", reason=error.reason)
                return
            except PostDelayedError as error:
                await asyncio.sleep(max(error.seconds, pause))
            except (QuartermasterError, OSError) as error:
                log.warning("discord_commands_not_synchronised", cause=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._options.timings.again)
            else:
                log.info("discord_commands_synchronised", count=len(commands))
                return

    async def _stored(self, key: str) -> str:
        try:
            return b"".join([chunk async for chunk in self._store.read(key)]).decode(errors="replace")
        except NotFoundError:
            return ""

    # ------------------------------------------------------------ what the parts need

    def _mentions(self, guild: str) -> Mentions:
        return lambda member_id: self._user_of(guild, member_id)

    async def _read_file(self, guild: str, link: FileLink) -> AsyncIterator[bytes]:
        space = await self._ensure_space(guild)
        async for chunk in self._store.read(file_key(space.workspace_id, link.id)):
            yield chunk


async def _chunks(words: str) -> AsyncIterator[bytes]:
    yield words.encode()
