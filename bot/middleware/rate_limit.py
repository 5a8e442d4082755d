"""A member can't be faster than the limit, so that one script or stuck key does not starve a team."""

import math
import time
from dataclasses import dataclass, field

from bot.application.run import Next, Run
from core.chat.reply import Reply
from core.chat.spec import Cost
from core.shared.errors import TooManyRequestsError
from core.shared.value_objects import value_object

_MOST_BUCKETS = 10_000


@value_object
class Limit:
    """A token bucket: so many at once, refilled at so many a second."""

    burst: float
    per_second: float


@dataclass(slots=True)
class RateLimit:
    """Counts per member, quick commands and jobs apart."""

    limits: dict[Cost, Limit]
    _buckets: dict[tuple[int, Cost], tuple[float, float]] = field(default_factory=dict)

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Refuse what comes too fast, with the seconds to wait; a job was let in when it was asked for."""
        if run.is_job:
            return await proceed(run)
        cost = run.command.info.cost if run.command else Cost.QUICK
        self._take(run.known_actor.member_id, cost)
        return await proceed(run)

    def _take(self, member_id: int, cost: Cost) -> None:
        limit, now, key = self.limits[cost], time.monotonic(), (member_id, cost)
        tokens, at = self._buckets.get(key, (limit.burst, now))
        tokens = min(limit.burst, tokens + (now - at) * limit.per_second)
        if tokens < 1:
            raise TooManyRequestsError(max(1, math.ceil((1 - tokens) / limit.per_second)))
        if len(self._buckets) >= _MOST_BUCKETS:
            self._buckets.clear()
        self._buckets[key] = (tokens - 1, now)
