"""Staying ahead of Slack's limits for messages: about one a second in each channel, several hundred a minute in all."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

AT_ONCE = 300
"""Messages that a workspace takes at once, and in each minute after."""
A_SECOND = AT_ONCE / 60
REMEMBERED = 10_000
"""Channels, of which the longest silent are forgotten."""


@dataclass(slots=True)
class _Allowance:
    """How many messages a workspace takes at that time."""

    left: float
    at: float


@dataclass(slots=True)
class Pace:
    """Tells when the next message may be posted, as far as this process knows of those before it."""

    rest: float
    """Seconds between two messages into one channel; 0 for no limits at all."""
    _posted: "OrderedDict[str, float]" = field(default_factory=OrderedDict)
    _allowances: dict[str, _Allowance] = field(default_factory=dict)

    def wait(self, team: str, channel: str) -> float:
        """Count a message, or return the seconds after which one may be posted there."""
        if not self.rest:
            return 0.0
        now = asyncio.get_running_loop().time()
        left = self._posted.get(channel, now - self.rest) + self.rest - now
        if left > 0:
            return left
        allowance = self._allowances.setdefault(team, _Allowance(AT_ONCE, now))
        allowance.left = min(AT_ONCE, allowance.left + (now - allowance.at) * A_SECOND)
        allowance.at = now
        if allowance.left < 1:
            return (1 - allowance.left) / A_SECOND
        allowance.left -= 1
        self.posted(channel)
        return 0.0

    def posted(self, channel: str) -> None:
        """Let a channel rest from now on."""
        self._posted[channel] = asyncio.get_running_loop().time()
        self._posted.move_to_end(channel)
        while len(self._posted) > REMEMBERED:
            self._posted.popitem(last=False)
