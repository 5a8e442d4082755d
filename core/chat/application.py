"""The way in for every platform: what a gateway may ask of the application."""

from collections.abc import Sequence
from typing import Protocol

from core.chat.actor import Actor
from core.chat.reply import Form, Reply
from core.chat.request import Request
from core.chat.spec import Catalogue, Completion, Plan


class Ticket(Protocol):
    """A request under way in the application's own queue; it runs to its end whether or not anybody waits."""

    @property
    def progress(self) -> float | None:
        """Return how far the work is, from 0 to 1, if it tells."""
        ...

    async def within(self, seconds: float) -> Reply | None:
        """Return the reply if it is ready within so many seconds, else None; the work goes on."""
        ...

    async def reply(self) -> Reply:
        """Wait for the reply; it always comes, also for failures."""
        ...


class Application(Protocol):
    """Plans, runs and completes requests of any platform."""

    @property
    def catalogue(self) -> Catalogue:
        """Return all commands."""
        ...

    def plan(self, request: Request) -> Plan:
        """Tell what a typed command or submitted form will need; pure. Action presses are resolved first."""
        ...

    async def filled(self, request: Request, plan: Plan) -> Form | None:
        """Return the plan's form with what its record has now, as far as the asker may see it; as it was otherwise."""
        ...

    async def resolve(self, request: Request) -> Request:
        """Return the request with what is stored for its `action_id`, its command in `text`; others as they are.

        To submit what comes back saves a second look. Raises `NotFoundError` when the action is unknown or expired.
        """
        ...

    def submit(self, request: Request) -> Ticket:
        """Start a request in the bounded queue; a full queue answers "busy, try again" through the ticket."""
        ...

    async def handle(self, request: Request) -> Reply:
        """Run a request to its end in the queue and return its reply."""
        ...

    async def complete(self, request: Request, line: str, cursor: int) -> Sequence[Completion]:
        """Suggest what may come at `cursor` of a typed line: commands, arguments, choices, people, tasks."""
        ...

    async def identify(self, request: Request) -> Actor:
        """Return the member who asks, made known on first sight."""
        ...
