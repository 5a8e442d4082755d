"""A pressed button becomes the command that was stored for it; then the command is planned."""

from dataclasses import replace

from bot.application.run import Next, Run
from bot.grammar.plan import Planner
from core.chat.reply import Reply
from core.chat.request import Request
from core.ports.storage import SystemStore
from core.shared.clock import Clock
from core.shared.errors import NotFoundError
from core.shared.value_objects import value_object


@value_object
class Resolve:
    """Looks actions up and plans."""

    system: SystemStore
    planner: Planner
    clock: Clock

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Find out what is asked."""
        run.request = await self.resolved(run.request)
        run.action = run.request.action
        plan = run.plan or self.planner.plan(run.request)
        run.plan = plan
        if plan.command:
            run.command = self.planner.registry.find(plan.command.area, plan.command.action)
        return await proceed(run)

    async def resolved(self, request: Request) -> Request:
        """Return a request with its button's action and command; raises `NotFoundError` if unknown or expired."""
        if not request.action_id or request.action:
            return request
        action = await self.system.action(request.action_id, self.clock.now())
        if action is None:
            raise NotFoundError("button", "")
        return replace(request, text=action.command, action=action)
