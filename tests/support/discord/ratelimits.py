"""Rate limits: a bucket for each route and top-level resource, and the global one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.discord.faults import matches

# As observed of Discord; it publishes none and asks to read the headers.
KNOWN: tuple[tuple[str, int, float], ...] = (
    ("POST /channels/{channel}/messages", 5, 5.0),
    ("PATCH /channels/{channel}/messages/{message}", 5, 5.0),
    ("DELETE /channels/{channel}/messages/{message}", 5, 1.0),
    ("* /webhooks/{app}/{token}*", 5, 2.0),
    ("* /channels/{channel}/*pins/{message}", 5, 4.0),
)
MAJOR = ("channel", "guild", "app", "token")
EXEMPT = ("POST /interactions/", "* /webhooks/")


@dataclass
class Bucket:
    """One window of a limit."""

    limit: int
    seconds: float
    key: str
    used: int = 0
    started: float = field(default_factory=time.monotonic)

    def take(self) -> bool:
        """Count a request; whether it is within the limit."""
        now = time.monotonic()
        if now - self.started >= self.seconds:
            self.started, self.used = now, 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    @property
    def reset_after(self) -> float:
        """Seconds until the window ends."""
        return max(0.0, self.seconds - (time.monotonic() - self.started))

    def headers(self) -> dict[str, str]:
        """The headers that tell a client where it stands."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self.used),
            "X-RateLimit-Reset": f"{time.time() + self.reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": self.key,
        }


class RateLimits:
    """The limits in force: generous unless set, so that only tests about limits wait for one."""

    def __init__(self) -> None:
        self._rules: list[tuple[str, int, float]] = []
        self._buckets: dict[tuple[str, ...], Bucket] = {}
        self._global: Bucket | None = None
        self.exceeded: list[str] = []

    def set(self, route: str, limit: int, seconds: float) -> None:
        """Limit a route (a pattern as for faults) for each channel, guild or interaction."""
        self._rules.insert(0, (route, limit, seconds))
        self._buckets.clear()

    def as_discord(self) -> None:
        """The limits that Discord is known to have, and its 50 requests a second in all."""
        for route, limit, seconds in KNOWN:
            self.set(route, limit, seconds)
        self.set_global(50, 1.0)

    def set_global(self, limit: int, seconds: float) -> None:
        """Limit all requests together, apart from those that answer interactions."""
        self._global = Bucket(limit, seconds, "global")

    def take(self, route: str, parts: Mapping[str, str]) -> tuple[Bucket, bool, bool]:
        """Count a request: its bucket, whether it is within the limits, and whether the global one is exceeded."""
        bucket = self._bucket(route, parts)
        is_exempt = any(matches(f"{pattern}*", route) for pattern in EXEMPT)
        if self._global is not None and not is_exempt and not self._global.take():
            self.exceeded.append(route)
            return self._global, False, True
        if not bucket.take():
            self.exceeded.append(route)
            return bucket, False, False
        return bucket, True, False

    def _bucket(self, route: str, parts: Mapping[str, str]) -> Bucket:
        rule = next((rule for rule in self._rules if matches(rule[0], route)), ("", 10_000, 1.0))
        majors = [parts[name] for name in MAJOR if name in parts]
        place = (route, *majors)
        if place not in self._buckets:
            key = hashlib.sha256(route.encode()).hexdigest()[:32]
            self._buckets[place] = Bucket(rule[1], rule[2], key)
        return self._buckets[place]
