"""One request on its way through the middleware."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.application.context import Context
from bot.grammar.declaration import Command
from bot.identity.directory import Directory
from core.chat.actions import StoredAction
from core.chat.actor import Actor
from core.chat.reply import Reply
from core.chat.request import Request
from core.chat.spec import Plan
from core.ports.storage import RequestTransactions


@dataclass(slots=True)
class Run:
    """What is known of a request so far; each middleware fills in its part.

    `reference` is what a person quotes when something breaks; `error` the code of what went wrong, for the log.
    `afterwards` is what nobody has to wait for: it is done once the answer is on its way.
    """

    request: Request
    started_at: datetime
    reference: str
    report_progress: Callable[[float], None]
    plan: Plan | None = None
    command: Command | None = None
    action: StoredAction | None = None
    actor: Actor | None = None
    directory: Directory | None = None
    transactions: RequestTransactions | None = None
    context: Context | None = None
    expect: Callable[[int, str], bool] = lambda _workspace, _key: False
    is_job: bool = False
    """Whether a job asks, which is tried again by itself."""
    is_recorded: bool = False
    """Whether it began to bring something in, or to put something out, which is found among the jobs."""
    has_job: bool = False
    """Whether a job stands for it: its row is there, or being written."""
    goes_on: bool = False
    """Whether it is not over although it was answered."""
    error: str = ""
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    @property
    def delivery_id(self) -> str:
        """Return what makes a repetition recognisable: the button for one that works once, else the delivery."""
        return f"action:{self.action.id}" if self.action and self.action.action.once else self.request.delivery_id

    @property
    def known_command(self) -> Command:
        """Return the command; for use behind the planning step."""
        if self.command is None:
            raise LookupError("the run has no command yet")
        return self.command

    @property
    def known_plan(self) -> Plan:
        """Return the plan; for use behind the planning step."""
        if self.plan is None:
            raise LookupError("the run has no plan yet")
        return self.plan

    @property
    def known_actor(self) -> Actor:
        """Return who asks; for use behind the identity step."""
        if self.actor is None:
            raise LookupError("the run has no actor yet")
        return self.actor


Next = Callable[[Run], Awaitable[Reply]]


class Middleware(Protocol):
    """One concern around everything behind it."""

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Do this concern's part before and after `proceed(run)`, or answer without it."""
        ...


def chain(middleware: list[Middleware], last: Next) -> Next:
    """Return the function that runs the middleware in order around `last`."""
    following = last
    for layer in reversed(middleware):
        following = partial(layer, proceed=following)
    return following
