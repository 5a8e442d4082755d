"""Slack as a whole: everything of this package tied together behind one class."""

import asyncio
from collections.abc import AsyncIterator, Callable

import structlog
from aiohttp import web

from adapters.platforms.follow_ups import FollowUps
from adapters.platforms.slack import oauth
from adapters.platforms.slack.answers import Answers
from adapters.platforms.slack.api import SlackApi
from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.client import SlackMessenger
from adapters.platforms.slack.files import Files
from adapters.platforms.slack.gateway import Gateway, make_app
from adapters.platforms.slack.home import Home
from adapters.platforms.slack.http import PATH, Door
from adapters.platforms.slack.installations import EnsureSpace, Installations
from adapters.platforms.slack.late import LateAnswers
from adapters.platforms.slack.messages import Messages
from adapters.platforms.slack.modals import Modals
from adapters.platforms.slack.mrkdwn import Mentions
from adapters.platforms.slack.options import SlackOptions
from adapters.platforms.slack.pace import Pace
from adapters.platforms.slack.shortcuts import Shortcuts
from adapters.platforms.slack.socket import Socket
from adapters.platforms.slack.talks import Talks
from adapters.platforms.slack.translate import Attach
from adapters.platforms.slack.turns import Turns
from core.chat.application import Application
from core.chat.reply import FileLink
from core.files.service import file_key
from core.ports.charts import ChartPictures
from core.ports.files import FileStore
from core.ports.platform import PostRejectedError
from core.ports.secrets import SecretBox
from core.ports.storage import Storage
from core.shared.clock import Clock
from core.shared.errors import QuartermasterError

log = structlog.get_logger(__name__)

UserOf = Callable[[str, int], str | None]
"""From a Slack team and a member to that member's Slack user id there, from memory."""


class SlackNotReadyError(QuartermasterError):
    """Slack can't be served yet or any more; `reason` is a stable word."""

    code = "slack_not_ready"

    def __init__(self, reason: str) -> None:
        """Keep the word."""
        super().__init__(reason)
        self.reason = reason


class SlackPlatform:
    """Slack over HTTP, over Socket Mode, or both.

    To be mounted, then started. To stop without losing anything acknowledged: `stop_taking()`, finish the
    application's requests, `stop()`, close the server.
    """

    def __init__(
        self,
        *,
        application: Application,
        storage: Storage,
        files: FileStore,
        pictures: ChartPictures,
        secrets: SecretBox,
        clock: Clock,
        options: SlackOptions,
        ensure_space: EnsureSpace,
        user_of: UserOf,
    ) -> None:
        self._store = files
        self._options = options
        self._ensure_space = ensure_space
        self._user_of = user_of
        self._api = api = SlackApi(options)
        self._follow_ups = follow_ups = FollowUps()
        self._installations = installations = Installations(api, storage, clock, ensure_space, follow_ups)
        self._files = Files(api, options, pictures)
        messages = Messages(api, options)
        answers = Answers(messages, self._files, installations, options.timings, self._mentions, self._read_file)
        channels = Channels(api, installations, clock)
        home = Home(application, api, installations, follow_ups, options.timings)
        storage.watch(home.committed, home.missed)
        attach, timings = self._attach_of, options.timings
        late = LateAnswers(
            answers, home, Turns(storage.leases, timings.turn, timings.deciding), follow_ups, timings.progress
        )
        talks = Talks(application, late, installations, channels, home, follow_ups, attach, timings)
        modals = Modals(api, installations, answers, options.timings)
        shortcuts = Shortcuts(application, api, installations, channels, modals)
        self._gateway = Gateway(
            application, answers, late, modals, talks, shortcuts, channels, follow_ups, attach, timings
        )
        self._oauth = oauth.Oauth(api, installations, secrets, clock, options)
        self._door: Door | None = None
        self._socket: Socket | None = None
        self._learning: asyncio.Task[None] | None = None
        self.messenger = SlackMessenger(
            api, installations, messages, self._files, self._mentions, self._read_file, Pace(timings.rest)
        )

    def mount(self, app: web.Application) -> None:
        """Add the addresses that Slack calls; those of the installation only if people may install."""
        app.router.add_post(PATH, self._receive)
        if self._options.uses_oauth:
            app.router.add_get(oauth.INSTALL_PATH, self._oauth.begin, allow_head=False)
            app.router.add_get(oauth.RETURN_PATH, self._oauth.finish, allow_head=False)

    async def start(self) -> None:
        """Begin to serve. Slack's absence does not keep the rest from starting: it is waited for a moment only."""
        app = make_app(self._gateway, self._api, self._installations, self._options.signing_secret)
        if self._options.signing_secret:
            self._door = Door(app, self._options.signing_secret)
        await self._load()
        self._learning = asyncio.create_task(self._learn(), name="slack installations")
        if self._options.app_token:
            self._socket = Socket(app, self._api, self._options.app_token, self._options.timings)
            await self._socket.start()
        await asyncio.wait({self._learning}, timeout=self._options.timings.settle)

    async def stop_taking(self) -> None:
        """Take nothing new; what came before is acknowledged and answered."""
        for way in (self._door, self._socket):
            if way:
                way.close()

    async def stop(self) -> None:
        """Answer what is still to be answered, then let go of Slack."""
        await self.stop_taking()
        late = await self.drain(self._options.timings.drain)
        if late:
            log.error("slack_answers_given_up", count=late)
        if self._learning:
            self._learning.cancel()
            await asyncio.gather(self._learning, return_exceptions=True)
        if self._socket:
            await self._socket.stop()
        await self._api.close()

    async def drain(self, seconds: float) -> int:
        """Wait until everything taken is acknowledged and answered; return how many answers were given up."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        for way in (self._door, self._socket):
            if way:
                await way.under_way.over(end - loop.time())
        return await self._follow_ups.drain(end - loop.time())

    @property
    def installations(self) -> Installations:
        """Return the workspaces that the app is installed in."""
        return self._installations

    async def check(self) -> None:
        """Return if Slack can be served; raises `SlackNotReadyError`."""
        if not self._installations.is_loaded:
            raise SlackNotReadyError("installations")
        if not self._installations.is_any_active and not self._options.uses_oauth:
            raise SlackNotReadyError("not_installed")
        if self._socket and not await self._socket.is_connected():
            raise SlackNotReadyError("socket_mode")

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        if self._door is None:
            # Without a signing secret nothing that comes here can be told from a forgery.
            raise web.HTTPNotFound
        return await self._door.handle(request)

    async def _learn(self) -> None:
        """Load what is stored and take the token of the settings into use, until both have worked."""
        while True:
            if await self._learned():
                return
            await asyncio.sleep(self._options.timings.again)

    async def _learned(self) -> bool:
        if not (self._installations.is_loaded or await self._load()):
            return False
        if not self._options.bot_token:
            return True
        try:
            await self._installations.admit(self._options.bot_token)
        except PostRejectedError as error:
            log.warning("slack_token_refused", reason=error.reason, setting="SLACK_BOT_TOKEN")
            return False
        except QuartermasterError as error:
            log.warning("slack_unavailable", cause=error.code)
            return False
        return True

    async def _load(self) -> bool:
        try:
            await self._installations.load()
        except QuartermasterError as error:
            log.warning("slack_installations_unavailable", cause=error.code)
            return False
        return True

    def _mentions(self, team: str) -> Mentions:
        return lambda member_id: self._user_of(team, member_id)

    def _attach_of(self, team: str) -> Attach:
        found = self._installations.active(team)
        token = found.token if found else ""
        return lambda file: self._files.attachment(file, token)

    async def _read_file(self, team: str, link: FileLink) -> AsyncIterator[bytes]:
        space = await self._ensure_space(team)
        async for chunk in self._store.read(file_key(space.workspace_id, link.id)):
            yield chunk
