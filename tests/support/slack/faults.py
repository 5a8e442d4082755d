"""Slack's faults: by the method."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support import faults

ERRORS = {429: "ratelimited", 500: "internal_error", 503: "service_unavailable"}


@dataclass
class Fault(faults.Fault):
    """One ordered fault, with what Slack says of it."""

    status: int = 200
    error: str = ""
    retry_after: int | None = None


class Faults(faults.Faults[Fault]):
    """The faults in force. A method is a Web API method, or `response_url`, `upload`, `download`; `*` is any."""

    def __init__(self) -> None:
        super().__init__(Fault)

    def add(
        self, method: str, *, status: int = 200, error: str = "", retry_after: int | None = None, times: int | None = 1
    ) -> Fault:
        """Answer with that status or error instead of working, `times` times (None: until cleared)."""
        reason = error or ERRORS.get(status, "fatal_error")
        return self.keep(Fault(method, "answer", times, status, error=reason, retry_after=retry_after))
