"""Answers on paper, laid out in processes of their own."""

import base64
from typing import TYPE_CHECKING

import structlog

from adapters.processes.errors import JobError
from adapters.processes.pool import ProcessPool
from core.shared.errors import BusyError

if TYPE_CHECKING:
    from core.chat.reply import Reply
    from core.ports.papers import Paper

log = structlog.get_logger(__name__)

SECONDS = 60.0
"""That laying out may take, on a machine that has much else to do."""


class PrintedPapers:
    """The `Papers` of a pool of processes."""

    def __init__(self, processes: ProcessPool) -> None:
        """Lay out in those processes."""
        self._processes = processes

    async def printed(self, reply: "Reply") -> "Paper | None":
        """Return the title, words, fields and tables of an answer as pages; None if that can't be done now."""
        # Few answers are printed, and no other command pays for it.
        from adapters.papers.sheet import sheet_data
        from core.ports.papers import Paper

        try:
            answer = await self._processes.run("print_sheet", sheet_data(reply), seconds=SECONDS)
        except (JobError, BusyError) as error:
            log.warning("not_printed", reason=type(error).__name__)
            return None
        return Paper(base64.b64decode(answer["paper"]), bool(answer["has_boxes"]))
