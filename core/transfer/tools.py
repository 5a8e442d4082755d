"""What every import, undo and export of one request works with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import perf_counter

from core.chat.actor import Actor
from core.files.service import FileService
from core.ports.storage import Transactions, UnitOfWork
from core.ports.workbooks import Workbooks
from core.shared.clock import Clock
from core.shared.stepping import Serving, StepThread, give_way, nobody
from core.shared.value_objects import value_object
from core.transfer.roster import Channels, People
from core.transfer.sheet import Surroundings
from core.workspaces.model import Audience

Progress = Callable[[float], None]


def ignore(_fraction: float) -> None:
    """Hear of progress and do nothing."""


def _none() -> int:
    return 0


@value_object
class TransferTools:
    """The request's own units of work, and those that imports have for each of their steps.

    `runner` names the process, `is_shared` tells whether others may work on the same imports. By the `stopwatch`, in
    seconds, steps are made so long that nobody waits long for one; `commits` counts everybody's, and tells whether
    there is anybody. Who is being served (`is_serving`) goes first.
    """

    transactions: Transactions
    steps: Transactions
    files: FileService
    workbooks: Workbooks
    clock: Clock
    runner: str = ""
    is_shared: bool = False
    stopwatch: Callable[[], float] = perf_counter
    commits: Callable[[], int] = _none
    is_serving: Serving = nobody

    def thread(self) -> StepThread:
        """Return a thread for what takes long."""
        return StepThread(self.is_serving)

    async def give_way(self) -> None:
        """Wait, within reason, until nobody is being served whom a step would hold up."""
        await give_way(self.is_serving)


@value_object
class Asker:
    """Who asks for something to be taken in, what they may see, and who hears how far it is (fractions up to 1)."""

    actor: Actor
    audience: Audience
    progress: Progress = ignore

    def within(self, begin: float, end: float) -> "Asker":
        """Return the same for a part of the work, whose progress goes from one fraction to another."""
        return replace(self, progress=lambda fraction: self.progress(begin + (end - begin) * fraction))


async def surroundings(
    work: UnitOfWork, actor: Actor, audience: Audience, now: datetime, zone: str = ""
) -> Surroundings:
    """Return whom and what a file may name."""
    channels = Channels.of(await work.channels.all(), actor, audience)
    return Surroundings(People.of(await work.members.all(), actor), channels, now, zone or actor.zone)
