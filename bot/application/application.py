"""The application behind every platform: plans requests, runs them through the middleware, completes typed lines."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from bot.application.awaited import Awaited
from bot.application.execute import Execute
from bot.application.queue import Lane, QueueFullError
from bot.application.run import Middleware, Next, Run, chain
from bot.grammar.completion import Completer
from bot.grammar.filling import Filler
from bot.grammar.plan import Planner
from bot.grammar.prefixing import Prefixing
from bot.grammar.registry import Registry
from bot.identity.groups import Groups
from bot.identity.identities import Identities
from bot.middleware.resolve import Resolve
from bot.texts.errors import BUSY
from core.chat.actor import Actor
from core.chat.reply import Form, Reply
from core.chat.request import Request
from core.chat.spec import Catalogue, Completion, Cost, Plan
from core.shared.clock import Clock
from core.shared.errors import QuartermasterError
from core.shared.ids import new_code

REFERENCE_LENGTH = 8
TURNS = 3
"""Of the loop, in which a platform passes an answer on: what nobody waits for comes after them."""


@dataclass(slots=True)
class Ticket:
    """A request under way; implements `core.chat.application.Ticket`."""

    progress: float | None = None
    work: "asyncio.Task[None] | None" = None
    meanwhile: Reply | None = None
    """What is said until the answer of the job comes that is waited for, or in its place."""
    expected: tuple[int, str] | None = None
    """The workspace and the key of the job whose answer becomes the reply."""
    _answer: Reply | None = None
    _waiting: "set[asyncio.Future[Reply | None]]" = field(default_factory=set)

    async def within(self, seconds: float) -> Reply | None:
        """Return the reply if it is ready in time, else None; the work goes on."""
        return await self._wait(seconds) if self._answer is None else self._answer

    async def reply(self) -> Reply:
        """Wait for the reply."""
        while self._answer is None:
            await self._wait()
        return self._answer

    def settle(self, reply: Reply) -> None:
        """Give the reply to whoever waits for it or will; only the first one counts."""
        if self._answer is None:
            self._answer = reply
            for waiter in self._waiting:
                _wake(waiter, reply)

    def settle_meanwhile(self) -> None:
        """Give what was said meanwhile in place of the answer that comes by another way."""
        self.expected = None
        if self.meanwhile:
            self.settle(self.meanwhile)

    async def _wait(self, seconds: float | None = None) -> Reply | None:
        """Wait for the reply; each has a future of their own, for one of all would be looked at a turn later."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Reply | None] = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, _wake, waiter, None)
        self._waiting.add(waiter)
        try:
            return await waiter
        finally:
            self._waiting.discard(waiter)
            if timer:
                timer.cancel()


@dataclass(slots=True)
class QuartermasterApplication:
    """Implements `core.chat.application.Application`."""

    registry: Registry
    planner: Planner
    identities: Identities
    completer: Completer
    filler: Filler
    resolver: Resolve
    clock: Clock
    middleware: list[Middleware]
    quick: Lane
    jobs: Lane
    awaited: Awaited = field(default_factory=Awaited)
    _run: Next = field(init=False)
    _prefixing: Prefixing = field(init=False)
    _closed: bool = False
    _latest: tuple[Request, Plan] | None = None

    def __post_init__(self) -> None:
        """Tie the middleware to the command functions."""
        self._run = chain(self.middleware, Execute(self.planner, Groups(self.identities, self.identities.messengers)))
        self._prefixing = Prefixing(self.registry.catalogue)
        self.awaited.word = self._prefixing.reply

    @property
    def catalogue(self) -> Catalogue:
        """Return all commands."""
        return self.registry.catalogue

    def plan(self, request: Request) -> Plan:
        """Tell what a request will need; pure. Platforms ask right before they submit, so the latest plan is kept."""
        if self._latest is None or self._latest[0] is not request:
            self._latest = (request, self._prefixing.plan(self.planner.plan(request)))
        return self._latest[1]

    async def filled(self, request: Request, plan: Plan) -> Form | None:
        """Return the plan's form with what its record has now; as it was for whoever is not to know that."""
        if plan.form is None:
            return None
        try:
            actor, directory = await self.identities.actor(request)
            return await self.filler.fill(actor, directory, plan, plan.form)
        except QuartermasterError:
            return plan.form

    async def resolve(self, request: Request) -> Request:
        """Return the request with what is stored for its button."""
        return await self.resolver.resolved(request)

    def submit(self, request: Request) -> Ticket:
        """Start a request in the lane that its cost asks for; a full one answers "busy" at once."""
        ticket = Ticket()
        plan = None if request.action_id and not request.action else self.plan(request)
        lane = self.jobs if plan and plan.command and plan.command.cost is Cost.JOB else self.quick
        try:
            if self._closed:
                raise QueueFullError
            name = f"request {request.platform.value}"
            ticket.work = lane.start(lambda: self._work(request, plan, ticket), name)
        except QueueFullError:
            ticket.settle(Reply(problem=BUSY))
        return ticket

    async def handle(self, request: Request) -> Reply:
        """Run a request to its end in the queue and return its reply."""
        ticket = self.submit(request)
        reply = await ticket.reply()
        if ticket.work:
            await asyncio.wait({ticket.work})
        return reply

    async def complete(self, request: Request, line: str, cursor: int) -> Sequence[Completion]:
        """Suggest what may come next in a typed line."""
        actor, directory = await self.identities.actor(request)
        return await self.completer.complete(actor, directory, line, cursor)

    async def identify(self, request: Request) -> Actor:
        """Return the member who asks."""
        actor, _ = await self.identities.actor(request)
        return actor

    async def drain(self, seconds: float) -> int:
        """Take nothing new, finish what was taken, and return how many requests had to be given up."""
        self._closed = True
        self.awaited.close()
        quick, jobs = await asyncio.gather(self.quick.drain(seconds), self.jobs.drain(seconds))
        return quick + jobs

    async def run_for_job(self, request: Request, report_progress: Callable[[float], None]) -> Reply:
        """Run what a job asks, outside the queue: how many jobs go on at once is for their kinds to say.

        Raises `StorageUnavailableError`: the job is tried again.
        """
        now, reference = self.clock.now(), new_code(REFERENCE_LENGTH)
        run = Run(request, now, reference, report_progress, is_job=True)
        try:
            return await self._run(run)
        finally:
            await _finish(run)

    def _expect(self, ticket: Ticket, workspace_id: int, key: str) -> bool:
        is_expected = self.awaited.expect(workspace_id, key, ticket)
        ticket.expected = (workspace_id, key) if is_expected else None
        return is_expected

    async def _work(self, request: Request, plan: Plan | None, ticket: Ticket) -> None:
        run = Run(
            request=request,
            started_at=self.clock.now(),
            reference=new_code(REFERENCE_LENGTH),
            report_progress=_progress_of(ticket),
            plan=plan,
            expect=partial(self._expect, ticket),
        )
        try:
            reply = self._prefixing.reply(await self._run(run))
            if ticket.expected and reply.ok:
                ticket.meanwhile = reply
            else:
                self.awaited.withdraw(ticket)
                ticket.expected = None
                ticket.settle(reply)
        except BaseException:  # why: whoever waits is answered, also when the work is given up
            ticket.settle(Reply(problem=BUSY))
            raise
        finally:
            await _finish(run)


async def _finish(run: Run) -> None:
    """Let the answer leave, then do what it did not have to wait for; that is not lost to an impatient end either."""
    try:
        for _ in range(TURNS):
            await asyncio.sleep(0)
    finally:
        for step in run.afterwards:
            step()


def _wake(waiter: "asyncio.Future[Reply | None]", reply: Reply | None) -> None:
    if not waiter.done():
        waiter.set_result(reply)


def _progress_of(ticket: Ticket) -> Callable[[float], None]:
    def report(fraction: float) -> None:
        ticket.progress = min(max(fraction, 0.0), 1.0)

    return report
