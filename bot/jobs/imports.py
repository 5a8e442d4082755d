"""Imports, and their undo, that a process which is gone left half done go on by themselves."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog

from core.chat.reply import Reply
from core.chat.request import ChannelKind, ChannelRef, Platform, Request, UserRef
from core.ports.storage import Post, Storage
from core.shared.clock import Clock
from core.shared.undo import UNDO_WINDOW
from core.transfer.importing import PATIENCE, record_import
from core.transfer.model import Asked, Import, ImportState

log = structlog.get_logger()

TRIES = 10
"""So often an import is asked for again that can't go on; then what was applied of it is left, to be undone."""


@dataclass(slots=True)
class ImportsGoOn:
    """Asks again what was asked, as its platform might: the same delivery goes on where it was, and is done once.

    Who asked is answered by a message, for their request is over.
    """

    storage: Storage
    handle: Callable[[Request], Awaitable[Reply]]
    clock: Clock
    process: str
    _has_just_started: bool = True
    _failures: dict[str, int] = field(default_factory=dict)

    def take_over(self) -> None:
        """Begin: on a database that one process uses, whoever else worked on an import is gone."""
        self._has_just_started = True

    async def step(self) -> bool:
        """Go on with every import that nobody works on."""
        under_way = await self.storage.system.imports_under_way()
        alone, self._has_just_started = self._has_just_started and not self.storage.is_shared, False
        for workspace_id, job in under_way:
            is_late = self.clock.now() - job.touched_at >= PATIENCE
            if is_late or (alone and job.runner != self.process):
                await self._go_on(workspace_id, job)
        return False

    async def _go_on(self, workspace_id: int, job: Import) -> None:
        log.info("import_goes_on", state=job.state.value)
        reply = await self.handle(_request(job.asked))
        async with self.storage.workspace(workspace_id).read() as work:
            now_at = await work.imports.get(job.id)
        if now_at and now_at.state.is_under_way:
            self._failures[job.id] = self._failures.get(job.id, 0) + 1
            if self._failures[job.id] < TRIES or now_at.state is ImportState.UNDOING:
                log.warning("import_stuck", code=reply.problem.code if reply.problem else "")
                return
            await self._stop(workspace_id, now_at)
        self._failures.pop(job.id, None)
        async with self.storage.workspace(workspace_id).write() as work:
            work.outbox.add(Post(reply, job.channel_id, job.member_id), self.clock.now())
            await work.commit()

    async def _stop(self, workspace_id: int, job: Import) -> None:
        """Leave an import at what was applied of it, which can be undone."""
        now = self.clock.now()
        log.error("import_stopped", state=job.state.value)
        ended = replace(job, touched_at=now, state=ImportState.ENDED, over_at=now + UNDO_WINDOW)
        async with self.storage.workspace(workspace_id).write() as work:
            if not await work.imports.advance(job, ended):
                return
            if job.state is ImportState.APPLYING:
                record_import(work, ended, int(job.findings["new"]), int(job.findings["updated"]))
            await work.commit()


def _request(asked: Asked) -> Request:
    channel = {**asked.channel, "kind": ChannelKind(asked.channel["kind"])}
    return Request(
        platform=Platform(asked.platform),
        space_id=asked.space,
        channel=ChannelRef(**channel),
        user=UserRef(**asked.user),
        delivery_id=asked.delivery,
        text=asked.text,
    )
