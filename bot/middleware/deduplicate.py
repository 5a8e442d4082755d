"""The same delivery is done once and answered alike, whether it comes again later or ten times at once."""

import asyncio
from dataclasses import dataclass, field

from bot.run import Next, Run
from core.chat.reply import Reply
from core.ports.storage import AlreadyDeliveredError


@dataclass(slots=True)
class Deduplicate:
    """Lets repetitions wait for the first one's answer; what was settled before is answered from the record.

    The record itself is made by the first write of the request, in its own transaction.
    """

    _under_way: dict[str, "asyncio.Future[Reply]"] = field(default_factory=dict)

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Run the first of equal deliveries and give its answer to all of them."""
        key = run.delivery_id
        if not key:
            return await proceed(run)
        first = self._under_way.get(key)
        if first:
            return await asyncio.shield(first)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._under_way[key] = answer
        try:
            reply = await self._once(run, proceed)
        except asyncio.CancelledError:
            answer.cancel()
            raise
        except Exception as error:  # whatever it is, those who wait for this answer get the same
            answer.set_exception(error)
            answer.exception()
            raise
        else:
            answer.set_result(reply)
            return reply
        finally:
            del self._under_way[key]

    async def _once(self, run: Run, proceed: Next) -> Reply:
        try:
            return await proceed(run)
        except AlreadyDeliveredError as repeated:
            return repeated.reply
