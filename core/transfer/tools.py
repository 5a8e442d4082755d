"""What every import, undo and export of one request works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.chat.actor import Actor
from core.files.service import FileService
from core.ports.storage import Transactions, UnitOfWork
from core.ports.workbooks import Workbooks
from core.shared.clock import Clock
from core.transfer.roster import Channels, People
from core.transfer.sheet import Surroundings
from core.workspaces.model import Audience

Progress = Callable[[float], None]


def ignore(_fraction: float) -> None:
    """Hear of progress and do nothing."""


@dataclass(frozen=True, slots=True)
class TransferTools:
    """The request's own units of work, and those that imports have for each of their steps.

    `runner` names the process, `is_shared` tells whether others may work on the same imports.
    """

    transactions: Transactions
    steps: Transactions
    files: FileService
    workbooks: Workbooks
    clock: Clock
    runner: str = ""
    is_shared: bool = False


async def surroundings(
    work: UnitOfWork, actor: Actor, audience: Audience, now: datetime, zone: str = ""
) -> Surroundings:
    """Return whom and what a file may name."""
    channels = Channels.of(await work.channels.all(), actor, audience)
    return Surroundings(People.of(await work.members.all()), channels, now, zone or actor.zone)
