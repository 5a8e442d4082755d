"""An application that answers as it is told, for tests of what lies in front of it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from adapters.files import open_file_store
from adapters.platforms.web.gateway import WebConsole
from adapters.storage import SqlStorage
from core.chat.actor import Actor
from core.chat.application import Ticket
from core.chat.reply import Form, Reply, Visibility
from core.chat.request import ChannelKind, Platform, Request
from core.chat.spec import Answer, Catalogue, Completion, Plan
from core.files.model import StoredFile
from core.people.model import Identity, Role
from core.ports.storage import Storage
from core.shared.errors import NotFoundError
from core.workspaces.model import Space
from tests.support.clock import RunningClock
from tests.support.storage import make_storage, secret_box

Script = Callable[["Request", "ScriptedTicket"], Awaitable[Reply]]

_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass
class ScriptedTicket:
    """A request under way."""

    task: "asyncio.Future[Reply] | None" = None
    progress: float | None = None

    async def within(self, seconds: float) -> Reply | None:
        assert self.task is not None
        done, _ = await asyncio.wait({self.task}, timeout=seconds)
        return self.task.result() if done else None

    async def reply(self) -> Reply:
        assert self.task is not None
        return await asyncio.shield(self.task)


@dataclass
class ScriptedApplication:
    """Answers each text, command or action by its script; what has none is echoed.

    `plans` say of a text what it needs before it runs; `asked` are the requests that came.
    """

    storage: Storage
    space: Space
    scripts: dict[str, Script | Reply] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    catalogue: Catalogue = field(default_factory=lambda: Catalogue((), ()))

    def plan(self, request: Request) -> Plan:
        key = request.text or request.command or request.action_id
        return self.plans.get(key, Plan(None, Visibility.CHANNEL, Answer.MESSAGE, {}))

    async def filled(self, request: Request, plan: Plan) -> Form | None:
        return plan.form

    async def resolve(self, request: Request) -> Request:
        if request.action_id and request.action_id not in {*self.scripts, *self.plans}:
            raise NotFoundError("action", request.action_id)
        return replace(request, text=request.action_id)

    def submit(self, request: Request) -> Ticket:
        self.asked.append(request)
        ticket = ScriptedTicket()
        ticket.task = asyncio.ensure_future(self._answer(request, ticket))
        return ticket

    async def handle(self, request: Request) -> Reply:
        return await self.submit(request).reply()

    async def complete(self, request: Request, line: str, cursor: int) -> Sequence[Completion]:
        raise ConnectionError("the completer is away")

    async def identify(self, request: Request) -> Actor:
        async with self.storage.workspace(self.space.workspace_id).write() as work:
            known = {key.external_id: key.member_id for one in await work.members.all() for key in one.identities}
            member = known.get(request.user.id)
            if member is None:
                member = await work.members.add(request.user.name or request.user.id, Role.OWNER, at=_AT)
                await work.members.add_identity(Identity(request.platform, self.space.id, request.user.id, member))
            channel = await work.channels.ensure(
                self.space.id, request.channel.id, request.channel.name, request.channel.kind, _AT
            )
            await work.commit()
        return Actor(
            workspace_id=self.space.workspace_id,
            member_id=member,
            name=request.user.name,
            role=Role.OWNER,
            zone="Europe/Berlin",
            locale="en",
            platform=request.platform,
            space_id=self.space.id,
            channel_id=channel.id,
            channel_name=channel.name,
            channel_kind=ChannelKind(channel.kind),
        )

    async def _answer(self, request: Request, ticket: ScriptedTicket) -> Reply:
        key = request.text or request.command or request.action_id
        script = self.scripts.get(key, Reply(text=(f"echo {key}",), visibility=Visibility.CHANNEL))
        return script if isinstance(script, Reply) else await script(request, ticket)


class ScriptedShop:
    """A console in front of a scripted application, served on a free port."""

    application: ScriptedApplication
    storage: SqlStorage
    console: WebConsole
    origin: str

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Open a fresh database and listen."""
        self.storage = await make_storage(self._folder)
        self._stack.push_async_callback(self.storage.close)
        system = self.storage.system
        workspace = await system.ensure_default_workspace(zone="UTC", currency="EUR", locale="en", at=_AT)
        space = await system.ensure_space(workspace.id, Platform.WEB, "console", "Console", _AT)
        self.application = ScriptedApplication(self.storage, space)
        self.console = WebConsole(
            application=self.application,
            storage=self.storage,
            files=open_file_store(None, self._folder),
            secrets=secret_box(),
            clock=RunningClock(),
            space=space,
            file_key=_key_of,
            upload_limit=50_000_000,
        )
        app = web.Application()
        self.console.mount(app)
        runner = web.AppRunner(app, shutdown_timeout=1.0)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"

    def sign_in_url(self) -> str:
        """A fresh one-time link."""
        return self.origin + self.console.sign_in_path()

    async def stop(self) -> None:
        """Stop listening and close the database."""
        await self._stack.aclose()


def _key_of(file: StoredFile) -> str:
    return f"files/{file.id}"
