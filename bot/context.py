"""What a command function is given besides its arguments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.directory import Directory
from bot.services import Services
from core.chat.actor import Actor
from core.chat.request import Request
from core.chat.spec import Catalogue
from core.workspaces.model import Audience


@dataclass(slots=True)
class Context:
    """One request on its way: who asks, when, and the services bound to its workspace and transaction.

    `touched` collects what the command changed, in words for the audit trail (`#12`); `override` is set when an
    administrator's right to see everything was used.
    """

    request: Request
    actor: Actor
    now: datetime
    services: Services
    directory: Directory
    catalogue: Catalogue
    load_audience: Callable[[bool], Awaitable[Audience]]
    reference: str = ""
    report_progress: Callable[[float], None] = lambda _fraction: None
    touched: list[str] = field(default_factory=list)
    override: bool = False

    async def audience(self, *, everywhere: bool = True) -> Audience:
        """Return what the actor may see: in this channel, or everywhere, which may ask the platform."""
        return await self.load_audience(everywhere)
