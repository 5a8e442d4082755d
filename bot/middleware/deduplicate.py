"""The same delivery is done once and answered alike, whether it comes again later or ten times at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.chat.request import Platform
from core.ports.storage import AlreadyDeliveredError

_Asker = tuple[Platform, str, str]


@dataclass(slots=True)
class _UnderWay:
    """A run that others may wait for: whose it is, its answer to come, and who hears how far it is."""

    asker: _Asker
    answer: "asyncio.Future[Reply]"
    _hearing: list[Callable[[float], None]] = field(default_factory=list)
    _reached: float | None = None

    def hears(self, told: Callable[[float], None]) -> None:
        """Tell somebody more how far it is."""
        self._hearing.append(told)
        if self._reached is not None:
            told(self._reached)

    def reach(self, fraction: float) -> None:
        """Tell all how far it is."""
        self._reached = fraction
        for told in self._hearing:
            told(fraction)


@dataclass(slots=True)
class Deduplicate:
    """Lets repetitions wait for the first one's answer; what was settled before is answered from the record.

    The record itself is made by the first write of the request, in its own transaction. Somebody else's press of the
    same button waits too, and then goes its own way: whether they may see the answer is for the steps behind to say.
    """

    _under_way: dict[str, _UnderWay] = field(default_factory=dict)

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run the first of equal deliveries and give its answer to all of the same person."""
        key = run.delivery_id
        if not key:
            return await proceed(run)
        asker = (run.request.platform, run.request.space_id, run.request.user.id)
        while first := self._under_way.get(key):
            if first.asker == asker:
                first.hears(run.report_progress)
                return await asyncio.shield(first.answer)
            await asyncio.wait({first.answer})
        under_way = self._under_way[key] = _UnderWay(asker, asyncio.get_running_loop().create_future())
        under_way.hears(run.report_progress)
        run.report_progress = under_way.reach
        try:
            return await self._first(under_way.answer, run, proceed)
        finally:
            del self._under_way[key]

    async def _first(self, answer: "asyncio.Future[Reply]", run: Run, proceed: Next) -> Reply:
        try:
            reply = await _once(run, proceed)
        except asyncio.CancelledError:
            answer.cancel()
            raise
        except Exception as error:  # whatever it is, those who wait for this answer get the same
            answer.set_exception(error)
            answer.exception()
            raise
        answer.set_result(reply)
        return reply


async def _once(run: Run, proceed: Next) -> Reply:
    try:
        return await proceed(run)
    except AlreadyDeliveredError as repeated:
        return repeated.reply
