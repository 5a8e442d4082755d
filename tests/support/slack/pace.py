"""Slack's limit of about a message a second in each channel: what comes sooner is told to come again."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field


@dataclass
class Pace:
    """Takes a message into a channel only so many seconds after the one before it; 0 takes all."""

    seconds: float = 0.0
    refused: int = 0
    _taken: dict[str, float] = field(default_factory=dict)

    def left(self, method: str, channel: str) -> int:
        """Return in how many whole seconds a call may come again, 0 for one that is taken now."""
        if not self.seconds or method != "chat.postMessage":
            return 0
        now, before = time.monotonic(), self._taken.get(channel, -math.inf)
        if now - before >= self.seconds:
            self._taken[channel] = now
            return 0
        self.refused += 1
        return math.ceil(before + self.seconds - now)
