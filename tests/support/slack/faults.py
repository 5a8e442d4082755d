"""Faults to order: what the platform does wrong, for which method, how often."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

ERRORS = {429: "ratelimited", 500: "internal_error", 503: "service_unavailable"}


@dataclass
class Fault:
    """One ordered fault. `reached` is set when it first strikes; `release` ends a hang."""

    method: str
    kind: Literal["answer", "hang", "drop"]
    times: int | None
    status: int = 200
    error: str = ""
    retry_after: int | None = None
    after_effect: bool = False
    hits: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let what hangs go on, and nothing hang here any more."""
        self.times = self.hits
        self.released.set()

    @property
    def is_spent(self) -> bool:
        """Whether it struck as often as was asked."""
        return self.times is not None and self.hits >= self.times


class Faults:
    """The faults in force. A method is a Web API method, or `response_url`, `upload`, `download`; `*` is any."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self, method: str, *, status: int = 200, error: str = "", retry_after: int | None = None, times: int | None = 1
    ) -> Fault:
        """Answer with that status or error instead of working, `times` times (None: until cleared)."""
        reason = error or ERRORS.get(status, "fatal_error")
        return self._keep(Fault(method, "answer", times, status=status, error=reason, retry_after=retry_after))

    def hang(self, method: str, *, times: int | None = 1, after_effect: bool = False) -> Fault:
        """Hold the answer until released or the client gives up; with `after_effect` the work is already done then."""
        return self._keep(Fault(method, "hang", times, after_effect=after_effect))

    def drop(self, method: str, *, times: int | None = 1, after_effect: bool = True) -> Fault:
        """Cut the connection: after the work (its outcome stays unknown to the client) or before it."""
        return self._keep(Fault(method, "drop", times, after_effect=after_effect))

    def take(self, method: str) -> Fault | None:
        """The fault that strikes this call, counted."""
        for fault in self._faults:
            if fault.method in (method, "*") and not fault.is_spent:
                fault.hits += 1
                fault.reached.set()
                return fault
        return None

    def clear(self) -> None:
        """No more faults; what hangs goes on."""
        for fault in self._faults:
            fault.release()
        self._faults.clear()

    def _keep(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault
