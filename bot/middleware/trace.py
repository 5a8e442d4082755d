"""Every run leaves a trace: a line in the log, an entry in the operation log, a figure for the metrics."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.ports.storage import Operation
from core.shared.clock import Clock
from core.shared.value_objects import value_object

log = structlog.get_logger()


@value_object
class Trace:
    """Records start, end and error of each run; never what was typed."""

    clock: Clock
    record: Callable[[Operation], None]

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run, and have the outcome, whatever it is, recorded once the answer is on its way."""
        structlog.contextvars.bind_contextvars(request=run.reference)
        try:
            reply = await proceed(run)
        finally:
            structlog.contextvars.unbind_contextvars("request")
        run.afterwards.append(partial(self._tell, run, reply.problem.code if reply.problem else "", self.clock.now()))
        return reply

    def _tell(self, run: Run, error: str, ended: datetime) -> None:
        command = run.command.info.name if run.command else "unknown"
        log.info(
            "command",
            command=command,
            outcome=error or "ok",
            platform=run.request.platform.value,
            reference=run.reference,
            milliseconds=round((ended - run.started_at).total_seconds() * 1000, 1),
        )
        if run.actor:
            self.record(
                Operation(
                    run.actor.workspace_id, run.actor.member_id, command, run.started_at, ended, error, run.reference
                )
            )
