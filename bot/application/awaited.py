"""Jobs whose answers somebody waits for in this process: they take the place of what was said meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from core.chat.reply import Reply


class Waiting(Protocol):
    """What waits for a job's answer."""

    progress: float | None

    def settle(self, reply: Reply) -> None:
        """Take the answer."""
        ...

    def settle_meanwhile(self) -> None:
        """Make do with what was said meanwhile: the answer will come by another way."""
        ...


def _nobody_runs_jobs() -> bool:
    return False


@dataclass(slots=True)
class Awaited:
    """Who waits for which job, by its workspace and its key; without what runs jobs nobody waits for any."""

    is_on: Callable[[], bool] = _nobody_runs_jobs
    hand_over: Callable[[], Awaitable[bool]] | None = None
    """Where what runs jobs only comes up for one: brings it up, and tells whether jobs are run, here or elsewhere.

    To that a command is left which takes long, and which nobody works on any more.
    """
    word: Callable[[Reply], Reply] = lambda reply: reply
    """Has the last word on an answer."""
    _waiting: dict[tuple[int, str], Waiting] = field(default_factory=dict)

    def expect(self, workspace_id: int, key: str, waiting: Waiting) -> bool:
        """Wait for a job that is about to be queued; tell whether its answer can be expected soon."""
        if not self.is_on():
            return False
        self._waiting[workspace_id, key] = waiting
        return True

    def withdraw(self, waiting: Waiting) -> None:
        """Wait no more."""
        self._waiting = {place: one for place, one in self._waiting.items() if one is not waiting}

    def is_awaited(self, workspace_id: int, key: str) -> bool:
        """Tell whether somebody waits for a job here."""
        return (workspace_id, key) in self._waiting

    def tell(self, workspace_id: int, key: str, progress: float | None) -> None:
        """Tell who waits how far the job is."""
        if waiting := self._waiting.get((workspace_id, key)):
            waiting.progress = progress

    def answer(self, workspace_id: int, key: str, reply: Reply) -> None:
        """Give who waits the answer."""
        if waiting := self._waiting.pop((workspace_id, key), None):
            waiting.settle(self.word(reply))

    def leave(self, workspace_id: int, key: str) -> None:
        """Let nobody wait for a job here any longer: if it is not answered, another process sends a message of it."""
        if waiting := self._waiting.pop((workspace_id, key), None):
            waiting.settle_meanwhile()

    def close(self) -> None:
        """Let nobody wait any longer: what is not over is answered by a message, from whichever process ends it."""
        waiting, self._waiting = list(self._waiting.values()), {}
        self.is_on, self.hand_over = _nobody_runs_jobs, None
        for one in waiting:
            one.settle_meanwhile()
