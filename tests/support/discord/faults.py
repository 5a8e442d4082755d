"""Discord's faults: by the route."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.support import faults


@dataclass
class Fault(faults.Fault):
    """One ordered fault, with what Discord says of it."""

    code: int = 0
    retry_after: float | None = None
    is_global: bool = False


def matches(pattern: str, where: str) -> bool:
    """Whether a route, such as `POST /channels/{channel}/messages`, is meant by a pattern with `*`."""
    return fnmatchcase(where, pattern)


class Faults(faults.Faults[Fault]):
    """The faults in force. A route is `METHOD /path/{part}`, and `*` in a pattern stands for anything.

    Beside the HTTP API there are `GET /cdn` (downloads) and `GET /ws` (opening the gateway's websocket).
    """

    means = staticmethod(matches)

    def __init__(self) -> None:
        super().__init__(Fault)

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
        fault = Fault(route, "answer", times, status, after_effect, code=code, retry_after=retry_after)
        fault.is_global = is_global
        return self.keep(fault)
