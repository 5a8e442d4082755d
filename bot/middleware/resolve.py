"""A pressed button becomes the command that was stored for it; then the command is planned."""

from dataclasses import dataclass, replace

from bot.application.run import Next, Run
from bot.grammar.plan import Planner
from core.chat.reply import Reply
from core.ports.storage import StoredAction, SystemStore
from core.shared.clock import Clock
from core.shared.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Resolve:
    """Looks actions up and plans."""

    system: SystemStore
    planner: Planner
    clock: Clock

    async def __call__(self, run: Run, proceed: Next) -> Reply:
        """Find out what is asked."""
        if run.request.action_id:
            run.action = await self.find(run.request.action_id)
            run.request = replace(run.request, text=run.action.command)
        plan = run.plan or self.planner.plan(run.request)
        run.plan = plan
        if plan.command:
            run.command = self.planner.registry.find(plan.command.area, plan.command.action)
        return await proceed(run)

    async def find(self, action_id: str) -> StoredAction:
        """Return a stored action; raises `NotFoundError` for an unknown or expired one."""
        action = await self.system.action(action_id, self.clock.now())
        if action is None:
            raise NotFoundError("button", "")
        return action
