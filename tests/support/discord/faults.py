"""Faults to order: what the platform does wrong, on which route, how often."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal


@dataclass
class Fault:
    """One ordered fault. `reached` is set when it first strikes; `release` ends a hang."""

    route: str
    kind: Literal["answer", "hang", "drop"]
    times: int | None
    status: int = 500
    code: int = 0
    retry_after: float | None = None
    is_global: bool = False
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


def matches(pattern: str, route: str) -> bool:
    """Whether a route, such as `POST /channels/{channel}/messages`, is meant by a pattern with `*`."""
    return fnmatchcase(route, pattern)


class Faults:
    """The faults in force. A route is `METHOD /path/{part}`, and `*` in a pattern stands for anything.

    Beside the HTTP API there are `GET /cdn` (downloads) and `GET /ws` (opening the gateway's websocket).
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self,
        route: str,
        *,
        status: int = 500,
        code: int = 0,
        retry_after: float | None = None,
        is_global: bool = False,
        times: int | None = 1,
        after_effect: bool = False,
    ) -> Fault:
        """Answer with that status instead of working, `times` times (None: until cleared).

        With `after_effect` the work is done all the same, as when a proxy gives up on an answer that is on its way.
        """
        fault = Fault(route, "answer", times, status, code, retry_after, is_global, after_effect)
        return self._keep(fault)

    def hang(self, route: str, *, times: int | None = 1, after_effect: bool = False) -> Fault:
        """Hold the answer until released or the client gives up; with `after_effect` the work is already done then."""
        return self._keep(Fault(route, "hang", times, after_effect=after_effect))

    def drop(self, route: str, *, times: int | None = 1, after_effect: bool = True) -> Fault:
        """Cut the connection: after the work (its outcome stays unknown to the client) or before it."""
        return self._keep(Fault(route, "drop", times, after_effect=after_effect))

    def take(self, route: str) -> Fault | None:
        """The fault that strikes this call, counted."""
        for fault in self._faults:
            if matches(fault.route, route) and not fault.is_spent:
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
