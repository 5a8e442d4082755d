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
"""So often is asked again for what can't go on; then an import is left at what was applied, an undo at what was undone.

Either can be taken back by hand, as long as any undo; after that nothing is kept of it.
"""


@dataclass(slots=True)
class ImportsGoOn:
    """Asks again what was asked, as its platform might: the same delivery goes on where it was, and is done once.

    Who asked is answered by a message, for their request is over. For who is no more nothing is asked: a person who was
    forgotten would be met anew.
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
        if not await self._is_wanted(workspace_id, job):
            await self._stop(workspace_id, job)
            return
        log.info("import_goes_on", state=job.state.value)
        reply = await self.handle(_request(job.asked))
        async with self.storage.workspace(workspace_id).read() as work:
            now_at = await work.imports.get(job.id)
        if now_at and now_at.state.is_under_way:
            self._failures[job.id] = self._failures.get(job.id, 0) + 1
            if self._failures[job.id] < TRIES:
                log.warning("import_stuck", code=reply.problem.code if reply.problem else "")
                return
            await self._stop(workspace_id, now_at)
        self._failures.pop(job.id, None)
        async with self.storage.workspace(workspace_id).write() as work:
            work.outbox.add(Post(reply, job.channel_id, job.member_id), self.clock.now())
            await work.commit()

    async def _is_wanted(self, workspace_id: int, job: Import) -> bool:
        """Tell whether who asked is still there."""
        async with self.storage.workspace(workspace_id).read() as work:
            member = await work.members.get(job.asked.member_id or job.member_id)
        return member is not None and member.active

    async def _stop(self, workspace_id: int, job: Import) -> None:
        """Leave an import at what was applied of it, to be undone, and an undo so that it can be gone on with."""
        now = self.clock.now()
        log.error("import_stopped", state=job.state.value)
        state = ImportState.UNDOING if job.state is ImportState.UNDOING else ImportState.ENDED
        asked = job.asked.settled()
        left = replace(job, asked=asked, touched_at=now, state=state, over_at=now + UNDO_WINDOW)
        async with self.storage.workspace(workspace_id).write() as work:
            if not await work.imports.advance(job, left):
                return
            if job.state is ImportState.APPLYING:
                record_import(work, left, int(job.findings["new"]), int(job.findings["updated"]))
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
