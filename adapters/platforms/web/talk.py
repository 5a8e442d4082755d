"""What each frame of a page asks for, and who answers it."""

import asyncio
from dataclasses import replace
from typing import assert_never

import structlog

from adapters.platforms.web import texts
from adapters.platforms.web.conversation import Conversation, Submission
from adapters.platforms.web.frames import Complete, CreateChannel, Frame, Hello, Older, Open, People, Submit, Work
from adapters.platforms.web.hub import Hub, Page, channels_frame, head
from adapters.platforms.web.render import (
    render_catalogue,
    render_channel,
    render_completions,
    render_offers,
    render_people,
    render_reply,
)
from adapters.platforms.web.rooms import ChannelNameError, Rooms
from adapters.platforms.web.translate import bare_request, command_text
from core.chat.actor import Actor
from core.chat.application import Application
from core.chat.overview import Overview
from core.chat.reply import Reply
from core.ports.storage import Storage
from core.workspaces.model import Channel

_log = structlog.get_logger(__name__)


class Talk:
    """Answers the frames of every page."""

    def __init__(
        self,
        application: Application,
        storage: Storage,
        rooms: Rooms,
        hub: Hub,
        conversation: Conversation,
        workspace_id: int,
    ) -> None:
        self._application = application
        self._storage = storage
        self._rooms = rooms
        self._hub = hub
        self._conversation = conversation
        self._workspace_id = workspace_id
        self._completing: dict[Page, asyncio.Task[None]] = {}
        self._looking: dict[Page, asyncio.Task[None]] = {}

    async def take(self, page: Page, frame: Frame) -> None:
        """Do what a frame asks for."""
        match frame:
            case Submit():
                self._submit(page, frame)
            case Complete():
                self._complete(page, frame)
            case Open():
                if frame.channel in page.visible:
                    await self._hub.open(page, frame.channel, frame.since)
            case Older():
                if frame.channel in page.visible:
                    await self._hub.older(page, frame.channel, frame.before)
            case People():
                page.tell({"type": "people", "items": await people(self._storage, self._workspace_id)})
            case Work():
                self._look(page, frame)
            case CreateChannel():
                await self._create_channel(page, frame)
            case Hello():
                pass  # a second one says nothing new
            case _:
                assert_never(frame)

    def forget(self, page: Page) -> None:
        """Drop what a page that is gone was still waiting for, except what it submitted."""
        for asked in (self._completing, self._looking):
            task = asked.pop(page, None)
            if task is not None:
                task.cancel()

    def _submit(self, page: Page, frame: Submit) -> None:
        channel = page.visible.get(frame.channel)
        if channel is None:
            page.tell({"type": "failed", "id": frame.id, "message": texts.NO_SUCH_CHANNEL})
            return
        self._conversation.submit(Submission(frame, page.reader, page.member_id, channel, page.id))

    def _complete(self, page: Page, frame: Complete) -> None:
        """Answer the newest question only: an older one under way is dropped."""
        former = self._completing.pop(page, None)
        if former is not None:
            former.cancel()
        channel = page.visible.get(frame.channel)
        if channel is not None and frame.cursor <= len(frame.line):
            self._completing[page] = asyncio.create_task(self._suggest(page, frame, channel))

    async def _suggest(self, page: Page, frame: Complete, channel: Channel) -> None:
        if not command_text(frame.line, channel.kind):
            page.tell({"type": "completions", "id": frame.id, "items": []})
            return
        try:
            request = bare_request(page.reader, channel, text=frame.line)
            items = await self._application.complete(request, frame.line, frame.cursor)
        except Exception:  # why: completion is a convenience; its fault is ours to read, not the person's
            _log.exception("console.completion.failed")
            items = []
        page.tell({"type": "completions", "id": frame.id, "items": render_completions(items)})

    def _look(self, page: Page, frame: Work) -> None:
        """Look up what the reader has before them; of several questions the newest is answered."""
        former = self._looking.pop(page, None)
        if former is not None:
            former.cancel()
        work = self._application.catalogue.work
        if work is not None:
            self._looking[page] = asyncio.create_task(self._show_work(page, frame, work))

    async def _show_work(self, page: Page, frame: Work, work: Overview) -> None:
        try:
            direct = await self._rooms.direct(page.reader.user)
            turned = frame.of or work.commands[0]

            async def ask(command: str) -> Reply:
                arguments = {"page": frame.page} if frame.page and command == turned else {}
                request = replace(bare_request(page.reader, direct), command=command, arguments=arguments)
                return await self._application.handle(request)

            reply = await work.look(ask)
        except Exception:  # why: the page asks again; the fault is ours to read, not the person's
            _log.exception("console.work.failed")
            page.tell({"type": "error", "message": texts.INTERNAL})
            return
        page.tell({"type": "work", "channel": direct.id, "page": frame.page, "reply": render_reply(reply)})

    async def _create_channel(self, page: Page, frame: CreateChannel) -> None:
        try:
            channel = await self._rooms.create(frame.name)
        except ChannelNameError as error:
            page.tell({"type": "failed", "id": frame.id, "message": error.sentence})
            return
        # The others' pages learn of it by its event.
        await self._hub.refresh(page)
        page.tell(channels_frame(page))
        page.tell({"type": "created", "id": frame.id, "channel": render_channel(channel)})


async def greet(
    page: Page, actor: Actor, application: Application, storage: Storage, hub: Hub, upload_limit: int
) -> None:
    """Tell a new page all it needs before the first message."""
    heads = await hub.heads(page)
    work = application.catalogue.work
    page.tell(
        {
            "type": "welcome",
            "me": {"id": actor.member_id, "name": actor.name, "role": actor.role.label},
            "bot": texts.BOT_NAME,
            "zone": actor.zone,
            "upload_limit": upload_limit,
            "prefix": application.catalogue.prefix,
            "work": list(work.commands) if work else [],
            "commands": render_catalogue(application.catalogue),
            "offers": render_offers(application.catalogue),
            "people": await people(storage, actor.workspace_id),
            "channels": channels_frame(page)["items"],
            "heads": {str(channel_id): head(message) for channel_id, message in heads.items()},
        }
    )


async def people(storage: Storage, workspace_id: int) -> list[object]:
    """Return the workspace's members."""
    async with storage.workspace(workspace_id).read() as work:
        return list(render_people(await work.members.all()))
